"""Which dataset it is that rows come from, and which templates are its own: nothing is guessed, nothing is mixed up."""

import gzip

import datasets
import orjson
import pytest

from ift_builder.convert import naming
from ift_builder.errors import InputError
from ift_builder.sources.table import Dataset
from tests.convert.test_super_natural import TASK

XNLI = {"premise": "It rains.", "hypothesis": "The street is wet.", "label": 0}
SUM = {"question": "1 + 1?", "answer": "Add them.\n#### 2"}


def written(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def test_templates_for_one_configuration_are_not_taken_for_rows_of_another(convert, tmp_path):
    data = written(tmp_path / "xnli.jsonl", XNLI)
    ran = convert(data, code=1)

    assert all(name in ran.err for name in ("xnli_fr (fr)", "xnli_zh (zh)", "--config-name", "--template"))
    assert ran.nothing_written
    (row,) = convert(data, "--config-name", "fr").examples
    assert (row["source"]["config"], row["source"]["language"]) == ("fr", "fr")
    assert len(convert(data, "--template", "xnli_fr").examples) == 1


def test_a_dataset_with_templates_for_one_configuration_needs_no_word(convert, tmp_path):
    assert len(convert(written(tmp_path / "gsm8k.jsonl", SUM)).examples) == 1


NOT_FOR_FILES = {
    "a split": ("--split", "test"),
    "a revision": ("--revision", "abc"),
    "a configuration beside templates": ("--config-name", "main", "--template", "gsm8k"),
}


@pytest.mark.parametrize("options", NOT_FOR_FILES.values(), ids=NOT_FOR_FILES)
def test_what_a_file_does_not_have_cannot_be_asked_of_it(convert, tmp_path, options):
    ran = convert(written(tmp_path / "gsm8k.jsonl", SUM), *options, code=1)

    assert f"{options[0]} {options[1]} means nothing for this file" in ran.err
    assert ran.nothing_written


@pytest.mark.parametrize("option", ["--split", "--revision", "--config-name"])
def test_nor_of_a_task_file(convert, tmp_path, option):
    (tmp_path / "task1.json").write_bytes(orjson.dumps(TASK))

    assert "means nothing" in convert(tmp_path / "task1.json", option, "x", code=1).err


@pytest.fixture
def saved(tmp_path):
    """A folder that `datasets` saved after it read a JSON file, and so called the dataset `json`."""
    data = written(tmp_path / "rows.jsonl", SUM)
    loaded = datasets.load_dataset("json", data_files=str(data), cache_dir=str(tmp_path / "cache"))
    loaded.save_to_disk(str(tmp_path / "gsm8k"))
    return tmp_path / "gsm8k"


def test_a_folder_that_was_saved_from_a_file_is_called_as_it_is_called(convert, saved):
    (row,) = convert(saved).examples
    assert (row["source"]["dataset"], row["source"]["config"]) == ("gsm8k", "")
    (row,) = convert(saved, "--config-name", "main").examples
    assert row["source"]["config"] == "main"
    assert "means nothing for this folder" in convert(saved, "--revision", "abc", code=1).err


def test_a_folder_that_knows_its_configuration_has_no_other(convert, tmp_path):
    found = datasets.Dataset.from_list([SUM])
    found.info.dataset_name, found.info.config_name = "gsm8k", "main"
    found.save_to_disk(str(tmp_path / "folder"))

    assert convert(tmp_path / "folder").examples[0]["source"]["config"] == "main"
    assert "holds the configuration main" in convert(tmp_path / "folder", "--config-name", "socratic", code=1).err


SAME_NAMES = {
    "in two folders": (("a/train.jsonl", "b/train.jsonl"), ["a/train", "b/train"]),
    "in folders far apart": (("a/x/train.jsonl", "b/train.jsonl"), ["a/x/train", "b/train"]),
    "of two kinds": (("train.jsonl", "train.ndjson"), ["train.jsonl", "train.ndjson"]),
}


@pytest.mark.parametrize(("files", "names"), SAME_NAMES.values(), ids=SAME_NAMES)
def test_files_of_one_name_are_told_apart(convert, tmp_path, files, names):
    other = written(tmp_path / "other.jsonl", SUM)
    paths = [written(tmp_path / file, SUM) for file in files]
    ran = convert(*paths, other, "--template", "gsm8k")

    assert [dataset["name"] for dataset in ran.manifest["datasets"]] == [*names, "other"]
    assert [row["source"]["dataset"] for row in ran.examples] == [*names, "other"]
    assert len({row["id"] for row in ran.examples}) == 3


def test_the_same_file_twice_is_refused_however_it_is_written(convert, tmp_path):
    data = written(tmp_path / "rows.jsonl", SUM)
    again = tmp_path / "." / ".." / tmp_path.name / "rows.jsonl"

    assert "given twice" in convert(data, again, "--template", "gsm8k", code=1).err


def test_a_compressed_task_file_is_a_task_file(convert, tmp_path):
    (tmp_path / "task1.json.gz").write_bytes(gzip.compress(orjson.dumps(TASK)))
    (tmp_path / "task1.json").write_bytes(orjson.dumps(TASK))
    packed, plain = convert(tmp_path / "task1.json.gz"), convert(tmp_path / "task1.json")

    assert [row["output"] for row in packed.examples] == [row["output"] for row in plain.examples] == ["bad", "dry"]
    assert packed.examples[0]["task"]["name"] == "task1"


def on_hub(config, split="train"):
    return Dataset(name="nyu-mll/glue", columns={}, batches=lambda _: iter(()), config=config, split=split)


def test_two_configurations_of_a_dataset_of_the_hub_can_be_converted_in_one_run():
    both = [on_hub("cola"), on_hub("sst2")]

    assert naming.distinct(["cola", "sst2"], both) == both


def test_a_dataset_of_the_hub_is_the_same_under_its_short_name():
    with pytest.raises(InputError, match="glue is given twice"):
        naming.distinct(["glue", "nyu-mll/glue"], [on_hub("cola"), on_hub("cola")])
