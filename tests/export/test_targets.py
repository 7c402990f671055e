"""Each target: all rows, in order, with fixed columns, no nulls, and the ids in the row or beside it."""

import orjson
import pytest
import yaml

from ift_builder.cli.export import _TARGETS
from ift_builder.export import TARGETS
from ift_builder.records import Example
from tests.files import rows_of
from tests.small_runs import conversation, example, rich, write_run

LINES = sorted(TARGETS.keys() - {"hf"})
CONVERSATIONS = sorted(TARGETS.keys() - {"hf", "alpaca"})


def nulls(value, path=""):
    """Where a JSON value has nulls."""
    if isinstance(value, dict):
        return [place for name, part in value.items() for place in nulls(part, f"{path}.{name}")]
    if isinstance(value, list):
        return [place for part in value for place in nulls(part, f"{path}[]")]
    return [path] if value is None else []


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run", [example(0), rich(1), conversation(2), rich(3, input="")])


@pytest.fixture
def plain_run(tmp_path):
    return write_run(tmp_path / "run", [example(0), rich(1), rich(2, input=""), example(3)])


def exported(ift_build, run, target, *options):
    ran = ift_build("export", run, "--to", target, "--out", run / target, *options, "--json")
    assert ran.code == 0, ran.err
    return run / target


def test_the_command_line_offers_all_targets():
    assert list(_TARGETS) == list(TARGETS)


@pytest.mark.parametrize("target", CONVERSATIONS)
def test_every_row_arrives_in_order_with_fixed_columns_and_no_nulls(target, run, ift_build):
    rows = rows_of(exported(ift_build, run, target) / "train.jsonl")

    assert len(rows) == 4
    assert {tuple(row) for row in rows} == {tuple(TARGETS[target].columns)}
    assert not nulls(rows)
    for given, row in zip(rows_of(run / "examples.jsonl"), rows, strict=True):
        text = orjson.dumps(row).decode()
        for field in ("instruction", "input", "output", "system", "rationale"):
            assert orjson.dumps(given[field]).decode()[1:-1] in text


@pytest.mark.parametrize("target", LINES)
def test_every_row_can_be_traced_to_its_record(target, plain_run, ift_build):
    folder = exported(ift_build, plain_run, target, "--validation", "0.5")
    ids = {row["id"] for row in rows_of(plain_run / "examples.jsonl")}
    rows = {split: rows_of(folder / f"{split}.jsonl") for split in ("train", "validation")}
    if TARGETS[target].has_ids:
        found = [row["id"] for part in rows.values() for row in part]
    else:
        sidecar = rows_of(folder / "ids.jsonl")
        assert sorted((line["split"], line["row"]) for line in sidecar) == [
            (split, number) for split in rows for number in range(len(rows[split]))
        ]
        found = [line["id"] for line in sidecar]

    assert set(found) == ids
    assert len(found) == 4
    assert (folder / "ids.jsonl").exists() != TARGETS[target].has_ids


@pytest.mark.parametrize("target", TARGETS)
def test_ids_can_stand_beside_the_rows_of_every_target(target, plain_run, ift_build):
    options = ("--ids", "sidecar", "--exemplars", "omit")
    folder = exported(ift_build, plain_run, target, *options)
    if TARGETS[target].as_tables:
        import pyarrow.parquet as pq

        rows = pq.read_table(folder / "data" / "train.parquet").to_pylist()
    else:
        rows = rows_of(folder / "train.jsonl")

    assert {tuple(row) for row in rows} == {tuple(name for name in TARGETS[target].columns if name != "id")}
    ids = [
        {"split": "train", "row": number, "id": row["id"]}
        for number, row in enumerate(rows_of(plain_run / "examples.jsonl"))
    ]
    assert rows_of(folder / "ids.jsonl") == ids
    assert "`id`" not in (folder / "README.md").read_text()


def test_without_the_option_the_rows_are_what_they_were(plain_run, ift_build):
    folder = exported(ift_build, plain_run, "messages")

    assert list(rows_of(folder / "train.jsonl")[0]) == ["id", "messages"]
    assert not (folder / "ids.jsonl").exists()


@pytest.mark.parametrize("target", TARGETS)
def test_an_export_that_together_would_refuse_for_its_ids_says_so(target, plain_run, ift_build):
    options = ("export", plain_run, "--to", target, "--exemplars", "omit", "--out")
    said = ift_build(*options, plain_run / "rows").err
    silent = ift_build(*options, plain_run / "beside", "--ids", "sidecar").err

    assert ("--ids sidecar" in said) == (target in ("messages", "prompt-completion", "text"))
    assert "--ids sidecar" not in silent


def test_alpaca_has_exactly_its_three_columns(plain_run, ift_build):
    rows = rows_of(
        exported(ift_build, plain_run, "alpaca", "--exemplars", "omit", "--rationale", "omit") / "train.jsonl"
    )

    assert rows[0] == {name: getattr(example(0), name) for name in ("instruction", "input", "output")}
    assert {tuple(row) for row in rows} == {("instruction", "input", "output")}


def test_alpaca_refuses_what_it_has_no_place_for(run, ift_build):
    ran = ift_build("export", run, "--to", "alpaca", "--out", run / "alpaca")

    assert ran.code == 1
    assert conversation(2).id in ran.err
    assert "--system none" in ran.err
    assert not (run / "alpaca").exists()


def test_prompt_and_completion_put_together_are_the_text(run, ift_build):
    pairs = rows_of(exported(ift_build, run, "prompt-completion") / "train.jsonl")
    texts = rows_of(exported(ift_build, run, "text") / "train.jsonl")

    assert [pair["prompt"] + pair["completion"] for pair in pairs] == [row["text"] for row in texts]


def test_sharegpt_names_its_speakers(run, ift_build):
    row = rows_of(exported(ift_build, run, "sharegpt") / "train.jsonl")[2]

    assert [turn["from"] for turn in row["conversations"]] == ["system", "human", "gpt", "human", "gpt"]


def test_openai_rows_have_messages_and_nothing_else(run, ift_build):
    ran = ift_build("export", run, "--to", "openai", "--out", run / "openai")

    assert all(list(row) == ["messages"] for row in rows_of(run / "openai" / "train.jsonl"))
    assert "fewer than 10 rows" in ran.err


def test_llama_factory_finds_the_files_of_both_splits(plain_run, ift_build):
    folder = exported(ift_build, plain_run, "llama-factory", "--validation", "0.25")
    info = orjson.loads((folder / "dataset_info.json").read_bytes())

    assert {name: entry["file_name"] for name, entry in info.items()} == {
        "run": "train.jsonl",
        "run_validation": "validation.jsonl",
    }
    row = rows_of(folder / "train.jsonl")[0]
    for entry in info.values():
        turn = row[entry["columns"]["messages"]][0]
        assert turn[entry["tags"]["role_tag"]] == entry["tags"]["user_tag"]
        assert turn[entry["tags"]["content_tag"]]


def test_axolotls_lines_are_yaml_and_name_the_files(plain_run, ift_build):
    folder = exported(ift_build, plain_run, "axolotl", "--validation", "0.25")
    lines = yaml.safe_load((folder / "axolotl.yaml").read_text())

    assert [entry["path"] for entry in lines["datasets"]] == ["train.jsonl"]
    assert [(entry["path"], entry["split"]) for entry in lines["test_datasets"]] == [("validation.jsonl", "train")]
    assert lines["datasets"][0]["field_messages"] in rows_of(folder / "train.jsonl")[0]


def test_hf_keeps_every_field_of_the_record_beside_the_conversation(run, ift_build):
    import pyarrow.parquet as pq

    rows = pq.read_table(exported(ift_build, run, "hf") / "data" / "train.parquet").to_pylist()

    assert set(TARGETS["hf"].columns) == {*Example.__slots__, "messages"}
    for given, row in zip(rows_of(run / "examples.jsonl"), rows, strict=True):
        assert {name: row[name] for name in given} == given
        assert row["messages"][-1]["role"] == "assistant"
