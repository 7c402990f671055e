"""Rows in the shapes and files that trainers know, read as they are."""

import copy
import csv
import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.errors import InputError
from ift_builder.formats import schemas
from ift_builder.formats.training_rows import DataFile, Unreadable, data_file, example_schema, read, view
from ift_builder.inputs import json_array
from tests.check.cases import CHAT, EXAMPLE, ask, talk

ROWS = [ask(), ask("Nenne drei Flüsse.", "Donau,\nRhein, “Elbe”", input="in 欧州"), ask("Name a fish.", "Eel.")]


def pairs_of(value):
    return [(pair.instruction, pair.input, pair.output) for pair in view(DataFile(Path("x")), 1, value).pairs]


def write(path, rows):
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as out:
            table = csv.DictWriter(out, rows[0])
            table.writeheader()
            table.writerows(rows)
    elif path.stem == "array":
        path.write_text(json.dumps(rows, indent=2))
    elif path.stem == "inside":
        path.write_bytes(orjson.dumps({"version": 1, "data": rows}))
    else:
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "array.json", "inside.json", "lines.json", "a.csv", "a.parquet"])
def test_every_kind_of_file_gives_the_same_rows(name, tmp_path):
    file = data_file(write(tmp_path / name, ROWS))

    assert [row for _, row in read(file)] == ROWS


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("a.jsonl", [":1", ":2", ":3"]),
        ("a.csv", [":2", ":3", ":5"]),
        ("array.json", ["[0]", "[1]", "[2]"]),
        ("a.parquet", ["[0]", "[1]", "[2]"]),
    ],
)
def test_a_place_is_a_line_or_a_row(name, places, tmp_path):
    file = data_file(write(tmp_path / name, ROWS))

    assert [view(file, number, row).place for number, row in read(file)] == [
        f"{tmp_path / name}{place}" for place in places
    ]


@pytest.mark.parametrize(
    ("shape", "row", "pairs"),
    [
        ("alpaca", {"instruction": "A?", "output": "B."}, [("A?", "", "B.")]),
        ("alpaca", {"instruction": "A?", "input": "x", "output": "B."}, [("A?", "x", "B.")]),
        ("example", EXAMPLE, [("Name three birds of prey.", "", "Eagle, owl, hawk.")]),
        ("messages", CHAT, [("Is it so?", "", "It is.")]),
        (
            "sharegpt",
            talk(("human", "A?"), ("gpt", "B."), key="conversations", names=("from", "value")),
            [("A?", "", "B.")],
        ),
        ("prompt-completion", {"prompt": "A?", "completion": "B."}, [("A?", "", "B.")]),
        (
            "prompt-completion, conversational",
            {"prompt": CHAT["messages"][:1], "completion": CHAT["messages"][1:]},
            [("Is it so?", "", "It is.")],
        ),
        ("preference", {"prompt": "A?", "chosen": "B.", "rejected": "C."}, [("A?", "", "B.")]),
        (
            "preference, conversational",
            {"chosen": CHAT["messages"], "rejected": CHAT["messages"]},
            [("Is it so?", "", "It is.")],
        ),
        ("seed-task", {"instruction": "A?", "instances": [{"input": "x", "output": "B."}]}, [("A?", "x", "B.")]),
        ("text", {"text": "Once."}, [("", "", "Once.")]),
    ],
)
def test_a_shape_is_told_by_its_columns(shape, row, pairs):
    assert view(DataFile(Path("x")), 1, row).shape == shape
    assert pairs_of(row) == pairs


def test_a_tool_call_is_a_turn_without_text():
    turns = [
        CHAT["messages"][0],
        {"role": "assistant", "content": None, "tool_calls": [{}]},
        {"role": "tool", "content": "42"},
    ]
    row = view(DataFile(Path("x")), 1, {"messages": [*turns, CHAT["messages"][1]]})

    assert row.faults == ()
    assert [said.calls_tool for said in row.conversations[0]] == [False, True, False, False]


def test_reading_goes_on_after_a_broken_line(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"a": 1}\n{"a": \n\n{"a": 3}\n')
    rows = list(read(DataFile(tmp_path / "a.jsonl")))

    assert [(number, isinstance(row, Unreadable)) for number, row in rows] == [(1, False), (2, True), (4, False)]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"a,b\n1\n1,2\n"), ("a.json", b'[{"a": 1}, {"a"'), ("a.parquet", b"PAR1"), ("b.json", b'{"a": ')],
)
def test_what_cannot_be_read_is_a_row_that_says_so(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    file = data_file(tmp_path / name)

    assert sum(isinstance(row, Unreadable) for _, row in read(file)) == 1


def test_a_file_that_vanished_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        list(read(DataFile(tmp_path / "a.jsonl")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(rows=st.lists(JSON, max_size=12), chunk=st.integers(1, 40), indent=st.sampled_from([None, 2]))
def test_an_array_is_read_the_same_in_pieces_of_any_size(rows, chunk, indent, tmp_path_factory):
    path = tmp_path_factory.mktemp("arrays") / "a.json"
    path.write_text(json.dumps(rows, indent=indent, ensure_ascii=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "_CHUNK", chunk)
        with path.open("rb") as file:
            assert [element.value for element in json_array.elements(file)] == rows


@given(st.data())
def test_the_fast_look_at_an_example_agrees_with_the_schema(data):
    row = copy.deepcopy(EXAMPLE)
    place = row
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if not (isinstance(place[name], dict) and data.draw(st.booleans())):
            break
        place = place[name]
    place[name] = data.draw(
        JSON | st.sampled_from(["0123456789abcdef", [{"role": "user", "content": "a"}], ["0" * 32], 3])
    )

    if example_schema._is_plain(row):
        assert schemas.complaint("example", {**row, "instruction": "x", "output": "x"}) == ""


def test_the_fast_look_is_enough_for_rows_as_we_write_them():
    full = {
        **EXAMPLE,
        "options": ["a"],
        "references": ["b"],
        "exemplars": [{"input": "a", "output": "b", "rationale": ""}],
        "history": [{"role": "user", "content": "a"}],
        "source": {**EXAMPLE["source"], "row": 3, "prompts": ["0" * 32], "parents": ["p"]},
    }

    assert example_schema._is_plain(EXAMPLE)
    assert example_schema._is_plain(full)
