"""Datasets of a hub: both ways of reading give the same records, and what is not there is said in one line."""

import os
import subprocess
import sys

import datasets
import orjson
import pytest

from tests.conftest import ROOT
from tests.convert.conftest import ROWS, TEMPLATES
from tests.hub import CONVERTED, hub, revision_of
from tests.shipped_hub import write_script


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A hub with a dataset of two splits, one of two configurations, a script, and a script that the hub converted."""
    root = tmp_path_factory.mktemp("hub")
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["bad", "good"])}
    )
    rows = datasets.Dataset.from_list(ROWS[:1500], features=features)
    plain, configs, script = root / "org" / "reviews", root / "org" / "many", root / "org" / "script"
    for folder in (plain / "data", configs / "a", configs / "b", script):
        folder.mkdir(parents=True)
    rows.to_parquet(plain / "data" / "train-00000-of-00001.parquet")
    rows.select(range(10)).to_parquet(plain / "data" / "test-00000-of-00001.parquet")
    (plain / "README.md").write_text("---\nlicense: mit\n---\n")
    header = "---\nconfigs:\n- config_name: a\n  data_files: a/*\n- config_name: b\n  data_files: b/*\n---\n"
    (configs / "README.md").write_text(header)
    for name in "ab":
        (configs / name / "train.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS[:20]))
    write_script(script)
    write_script(root / "org" / "converted")
    for place in ("a/train/0000", "a/train/0001", "a/test/0000", "b/partial-train/0000", "b/train_rest/0000"):
        path = root / CONVERTED / "org" / "converted" / f"{place}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.select(range(700, 1400) if "0001" in place else range(700)).to_parquet(path)
    with hub(root) as address:
        yield root, address


@pytest.fixture
def convert(served, tmp_path):
    """`ift-build convert` in a process of its own: the hub's client reads HF_ENDPOINT when it is imported."""
    (tmp_path / "reviews.yaml").write_text(TEMPLATES)

    def call(*arguments, out="out"):
        command = [sys.executable, "-m", "ift_builder", "convert", *arguments, "--out", tmp_path / out]
        environment = {
            **os.environ,
            "HF_ENDPOINT": served[1],
            "HF_HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(ROOT),
        }
        template = ["--template", tmp_path / "reviews.yaml", "--quiet"]
        return subprocess.run([*command, *template], env=environment, capture_output=True, text=True, check=False)

    return call


@pytest.mark.parametrize("moves", [(), ("--shots", "2", "--cap", "500")], ids=["plain", "drawn"])
def test_streaming_gives_the_same_bytes(convert, tmp_path, served, moves):
    assert convert("org/reviews", *moves, out="a/x").returncode == 0
    assert convert("org/reviews", *moves, "--streaming", out="b/x").returncode == 0
    files = ("examples.jsonl", "dropped.jsonl", "settings.json")

    for name in files:
        assert (tmp_path / "a/x" / name).read_bytes() == (tmp_path / "b/x" / name).read_bytes()
    row = orjson.loads((tmp_path / "a/x/examples.jsonl").read_bytes().splitlines()[0])
    source = row["source"]
    assert (source["dataset"], source["config"], source["split"]) == ("org/reviews", "default", "train")
    assert source["revision"] == revision_of(served[0] / "org" / "reviews")


MISSING = {
    "dataset": (["org/nothing"], "there is no dataset 'org/nothing'"),
    "split": (["org/reviews", "--split", "dev"], "no split 'dev'"),
    "configuration": (["org/many", "--config-name", "c"], "no configuration 'c'"),
    "choice of a configuration": (["org/many"], "several configurations"),
    "revision": (["org/reviews", "--revision", "0" * 40], "no such revision"),
    "data": (["org/script"], "is a loading script, which is never run"),
    "data at this revision": (["org/converted", "--revision", "main"], "is a loading script at this revision"),
    "choice of a converted configuration": (["org/converted"], "several configurations"),
    "choice of a converted split": (["org/converted", "--config-name", "b"], "partial-train, train_rest"),
}


@pytest.mark.parametrize(("arguments", "words"), MISSING.values(), ids=MISSING)
def test_what_the_hub_does_not_have_is_said_in_one_message(convert, tmp_path, arguments, words):
    ran = convert(*arguments)

    assert ran.returncode == 1, ran.stderr
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "must never run" not in ran.stderr + ran.stdout
    assert not (tmp_path / "out").exists()


def test_a_converted_script_is_read_from_all_files_of_its_split_and_the_run_says_so(convert, tmp_path, served):
    loaded = convert("org/converted", "--config-name", "a", out="a/x")
    streamed = convert("org/converted", "--config-name", "a", "--streaming", out="b/x")
    commit = revision_of(served[0] / CONVERTED / "org" / "converted")
    manifest = orjson.loads((tmp_path / "a/x/manifest.json").read_bytes())
    rows = [orjson.loads(line) for line in (tmp_path / "a/x/examples.jsonl").read_bytes().splitlines()]

    assert (loaded.returncode, streamed.returncode) == (0, 0), loaded.stderr + streamed.stderr
    assert (tmp_path / "a/x/examples.jsonl").read_bytes() == (tmp_path / "b/x/examples.jsonl").read_bytes()
    assert [row["source"]["row"] for row in rows] == list(range(1400))
    assert {row["source"]["revision"] for row in rows} == {commit}
    assert (manifest["datasets"][0]["revision"], manifest["rows"]) == (commit, 1400)
    assert "refs/convert/parquet" in manifest["datasets"][0]["notes"][0]
    assert "never run: read from the hub's own conversion" in loaded.stderr
    assert "must never run" not in loaded.stderr + streamed.stderr


def test_an_old_name_without_a_namespace_is_the_dataset_that_the_hub_takes_it_for(convert, tmp_path):
    assert convert("reviews").returncode == 0
    row = orjson.loads((tmp_path / "out" / "examples.jsonl").read_bytes().splitlines()[0])

    assert row["source"]["dataset"] == "org/reviews"


def test_a_dataset_cannot_be_given_twice_under_two_names(convert):
    ran = convert("org/reviews", "org/reviews")

    assert ran.returncode == 1
    assert "given twice" in ran.stderr
