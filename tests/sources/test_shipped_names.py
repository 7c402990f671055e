"""The names that shipped template files go by: each opens its dataset on the hub, wherever the hub has the rows."""

import os
import subprocess
import sys

import orjson
import pytest

from ift_builder.rendering import catalogue
from ift_builder.rendering.hub_names import defaults_for
from tests.conftest import ROOT
from tests.files import rows_of
from tests.hub import CONVERTED, hub, revision_of
from tests.shipped_hub import SCRIPTS, config_of

FILES = catalogue.shipped()
ALIASES = [(alias, file.name) for file in FILES.values() for alias in file.aliases if alias not in FILES]

NO_TRAIN = {
    "anli": ({"name": "anli"}, "train_r3", "train_r1"),
    "jfleg": ({"name": "jfleg"}, "validation", "test"),
    "mmlu": ({"name": "mmlu"}, "validation", "auxiliary_train"),
    "mnli_matched": ({"name": "glue", "config": "mnli_matched"}, "validation", "test"),
    "mnli_mismatched": ({"name": "nyu-mll/glue", "config": "mnli_mismatched"}, "validation", "test"),
}
"""What is asked for, the split that is read unasked, and one of the others."""

ASKED = [
    *({"name": name, "streaming": True} for name in FILES),
    *({"name": name, "streaming": False} for name in (*SCRIPTS, "banking77", "ag_news", "squad", "glue_sst2")),
    *({**asked, "streaming": streaming} for asked, *_ in NO_TRAIN.values() for streaming in (True, False)),
    {"name": "glue", "streaming": True},
    {"name": "glue", "config": "sst2", "streaming": True},
    {"name": "Samsung/samsum", "streaming": True},
    {"name": "anli", "split": "test_r1", "streaming": True},
    {"name": "ybisk/piqa", "revision": "main", "streaming": True},
    {"name": "ybisk/piqa", "revision": "refs/convert/parquet", "streaming": True},
    {"name": "no_such_name", "streaming": True},
]


@pytest.fixture(scope="module")
def opened(shipped, tmp_path_factory):
    """What came of each thing that was asked for, all in one process."""
    home, asked = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("asked") / "asked.jsonl"
    asked.write_bytes(b"".join(orjson.dumps(question) + b"\n" for question in ASKED))
    with hub(shipped) as address:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.shipped_hub", asked],
            env={**os.environ, "HF_ENDPOINT": address, "HF_HOME": str(home), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            cwd=ROOT,
            check=True,
        )
    answers = [orjson.loads(line) for line in ran.stdout.splitlines()]

    def of(name, **others):
        question = {"name": name, "streaming": True, **others}
        return next(answer for other, answer in zip(ASKED, answers, strict=True) if other == question)

    return of


@pytest.mark.parametrize("name", FILES)
def test_a_short_name_opens_its_dataset(opened, name):
    file, found = FILES[name], opened(name)

    assert found["name"] in (file.dataset, *file.access.also)
    assert found["config"] == config_of(file)
    assert found["split"] in file.access.splits_of(found["config"])
    assert name in found["templates"]
    assert found["values"]


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_an_alias_stands_for_the_dataset_of_its_file(alias, name):
    file, meant = FILES[name], catalogue.named(alias)
    wanted = defaults_for(alias, file.configs[0] if file.configs else "")

    assert {file.dataset for file in meant} == {file.dataset}
    assert [place for place in wanted.names if place != alias] == [file.dataset, *file.access.also]
    if len(meant) == 1:
        assert defaults_for(alias).config == (file.configs[0] if file.configs else "")


def test_a_name_of_several_configurations_has_to_be_told_which(opened):
    refused, found = opened("glue"), opened("glue", config="sst2")

    assert all(config in refused["hint"] for config in ("cola", "mnli", "sst2", "wnli"))
    assert (found["name"], found["config"], found["templates"]) == ("nyu-mll/glue", "sst2", ["glue_sst2"])


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_dataset_that_is_a_script_is_read_from_the_hubs_conversion(opened, shipped, name, streaming):
    found = opened(name, streaming=streaming)

    assert found["revision"] == revision_of(shipped / CONVERTED / FILES[name].dataset)
    assert any("refs/convert/parquet" in note for note in found["notes"])
    assert found["licence"].lower() == FILES[name].licence.lower() or FILES[name].licence == "unknown"


@pytest.mark.parametrize("streaming", [True, False])
def test_a_script_without_conversion_is_read_from_another_copy(opened, shipped, streaming):
    found = opened("banking77", streaming=streaming)

    assert found["name"] == "legacy-datasets/banking77"
    assert found["revision"] == revision_of(shipped / "legacy-datasets" / "banking77")
    assert any("legacy-datasets/banking77 is read instead" in note for note in found["notes"])


def test_an_alias_that_the_hub_no_longer_has_is_read_under_the_files_own_name(opened):
    found = opened("Samsung/samsum")

    assert found["name"] == "knkarthick/samsum"
    assert any("Samsung/samsum" in note for note in found["notes"])


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize(("asked", "split", "other"), NO_TRAIN.values(), ids=NO_TRAIN)
def test_a_dataset_without_train_has_a_default_and_names_its_splits(opened, asked, split, other, streaming):
    found = opened(**asked, streaming=streaming)
    (note,) = [note for note in found["notes"] if "no split train" in note]

    assert found["split"] == split
    assert f"{split} is read" in note
    assert other in note


def test_the_split_that_the_user_names_needs_no_note(opened):
    found = opened("anli", split="test_r1")

    assert (found["split"], found["notes"]) == ("test_r1", [])


def test_a_revision_that_is_a_script_is_not_replaced(opened):
    assert "loading script" in opened("ybisk/piqa", revision="main")["error"]


def test_the_conversion_can_be_asked_for_by_its_revision(opened, shipped):
    found = opened("ybisk/piqa", revision="refs/convert/parquet")

    assert found["revision"] == revision_of(shipped / CONVERTED / "ybisk" / "piqa")


def test_a_name_that_neither_we_nor_the_hub_know_is_refused(opened):
    assert "there is no dataset 'no_such_name'" in opened("no_such_name")["error"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_which_splits_its_configurations_have_and_when_it_was_compared(name):
    access = FILES[name].access

    assert all(access.splits_of(config) for config in FILES[name].configs or ("",))
    assert access.compared >= "2026-11-28"


def test_convert_takes_short_names_and_the_records_say_where_their_rows_are_from(shipped, tmp_path):
    names = ("piqa", "banking77", "cola", "sst2", "anli")
    with hub(shipped) as address:
        own = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ift_builder", "convert", *names, "--out", tmp_path / "out", "--no-report"]
        ran = subprocess.run(
            [*command, "--quiet"], env={**os.environ, **own}, capture_output=True, text=True, check=True
        )
    sources = [row["source"] for row in rows_of(tmp_path / "out" / "examples.jsonl")]
    found = {(source["dataset"], source["config"], source["split"]): source["revision"] for source in sources}

    assert found == {
        ("ybisk/piqa", "default", "train"): revision_of(shipped / CONVERTED / "ybisk" / "piqa"),
        ("legacy-datasets/banking77", "default", "train"): revision_of(shipped / "legacy-datasets" / "banking77"),
        ("nyu-mll/glue", "cola", "train"): revision_of(shipped / "nyu-mll" / "glue"),
        ("nyu-mll/glue", "sst2", "train"): revision_of(shipped / "nyu-mll" / "glue"),
        ("facebook/anli", "plain_text", "train_r3"): revision_of(shipped / "facebook" / "anli"),
    }
    assert len({row["id"] for row in rows_of(tmp_path / "out" / "examples.jsonl")}) == len(sources)
    for said in ("refs/convert/parquet", "legacy-datasets/banking77 is read instead", "train_r3 is read"):
        assert said in ran.stderr
