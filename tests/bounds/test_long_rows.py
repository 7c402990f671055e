"""A line, field, element or file that is too long is said with its place, and takes no memory beyond the limit."""

import gzip
import json
from pathlib import Path

import pytest

from ift_builder import inputs, jsonl, sources
from ift_builder.errors import InputError
from ift_builder.formats import cot_tsv, seed_tasks, super_natural, yaml_file
from ift_builder.formats.training_rows import Unreadable, read
from ift_builder.inputs import limits
from ift_builder.runs.data_files import data_files

pytestmark = pytest.mark.usefixtures("small_limits")

ROW = b'{"instruction": "Name a fish.", "output": "Eel."}'
LONG = b'{"instruction": "' + b"a" * (20 << 20) + b'"}'
"""Three hundred times the limit; zipped it has 20 kB."""

MANY = b'{"a": [' + b"{}," * 10_000 + b"{}]}"
"""Within the limit in bytes, and beyond it in values."""


def zipped(path, data):
    path.write_bytes(gzip.compress(data, 1))
    return path


def batches(path):
    dataset = sources.open_dataset(str(path))
    return list(dataset.batches(list(dataset.columns)))


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("d.jsonl.gz", ROW + b"\n" + LONG, ":2"),
        ("d.json.gz", b"[" + ROW + b"," + LONG + b"]", ""),
        ("d.json.gz", LONG, ""),
        ("d.csv.gz", b"a,b\n1," + LONG, ":2"),
        ("d.csv.gz", b'a,b\n1,"' + b"x\n" * (10 << 20), ":"),
        ("d.csv.gz", b"a" + b",b" * 40_000, ":1"),
        ("d.tsv.gz", b"a\tb\n1\t" + LONG, ":2"),
    ],
    ids=["a line", "an element", "an object", "a field", "a field of many lines", "a header", "a tsv field"],
)
def test_a_zipped_file_of_one_endless_row_is_left_at_the_limit(name, data, place, tmp_path, peak):
    path = zipped(tmp_path / name, data)
    sources.open_dataset(str(zipped(tmp_path / "plain.csv.gz", b"a\n1")))  # so that all modules are there
    with peak() as used, pytest.raises(InputError) as caught:
        batches(path)
    took = used()

    assert took < 40 * limits.MAX_ROW
    assert caught.value.where.startswith(f"{path}{place}")
    assert "KiB" in caught.value.what or "bytes" in caught.value.what or "fields" in caught.value.what


@pytest.mark.parametrize("name", ["d.jsonl", "d.json"])
def test_a_row_of_many_values_is_refused_before_it_is_built(name, tmp_path):
    data = b"[" + ROW + b"," + MANY + b"]" if name == "d.json" else ROW + b"\n" + MANY
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match="values"):
        [batch.rows() for batch in batches(tmp_path / name)]


READERS = {
    "seeds": seed_tasks.read,
    "rows": lambda path: list(jsonl.read(path)),
    "a table of thoughts": lambda path: list(cot_tsv.read(path)),
    "templates": yaml_file.read,
}


@pytest.mark.parametrize("read_file", READERS.values(), ids=READERS)
def test_a_file_of_one_endless_line_is_left_at_the_limit(read_file, tmp_path, peak, monkeypatch):
    monkeypatch.setattr(yaml_file, "LARGEST_FILE", 64 << 10)
    (tmp_path / "f").write_bytes(LONG)
    with peak() as used, pytest.raises(InputError, match=r"f(:1)?: .*(longer|larger)"):
        read_file(tmp_path / "f")
    assert used() < 40 * limits.MAX_ROW


@pytest.mark.parametrize(
    ("name", "data", "rows"),
    [
        ("a.jsonl", b"\n".join([ROW, LONG, ROW, MANY, b"[" * 200_000, ROW]), [1, 2, 3, 4, 5, 6]),
        ("a.json", b"\n".join([ROW, LONG, ROW]), [1, 2, 3]),
        ("a.json", b"[" + ROW + b"," + LONG + b"," + ROW + b"]", [0, 1]),
        ("a.json", b"[" + ROW + b"," + MANY + b"]", [0, 1]),
        ("a.json", LONG, [0]),
        ("a.csv", b"a,b\n1,2\n3," + LONG + b"\n5,6\n", [2, 3]),
        ("a.csv", b'a,b\n1,2\n3,"' + b"x\n" * (1 << 20), [2, 3]),
    ],
    ids=["lines", "lines by another name", "an array", "an array of values", "an object", "csv", "csv of many lines"],
)
def test_check_names_rows_that_are_too_long_and_goes_on_where_it_can(name, data, rows, tmp_path, peak):
    (tmp_path / name).write_bytes(data)
    with peak() as used:
        (file,) = data_files(tmp_path / name)
        found = [(number, isinstance(row, Unreadable)) for number, row in read(file)]
        took = used()

    assert [number for number, _ in found] == rows
    assert any(is_unreadable for _, is_unreadable in found)
    assert took < 4 << 20, "some pieces of fixed size"


def test_rows_that_are_long_come_in_smaller_batches(tmp_path):
    rows = [{"text": f"{number:06}" * 1_000} for number in range(100)]
    for name, data in {"d.jsonl": jsonl.join(rows), "d.json": json.dumps(rows).encode()}.items():
        (tmp_path / name).write_bytes(data)
        found = batches(tmp_path / name)

        assert [row for batch in found for row in batch.rows()] == rows
        assert all(len(batch) * 6_000 <= limits.MAX_BATCH for batch in found)
        assert [batch.first_row for batch in found] == [sum(map(len, found[:place])) for place in range(len(found))]


def test_a_csv_file_with_long_rows_comes_in_smaller_batches(tmp_path):
    (tmp_path / "d.csv").write_bytes(b"a\n" + b"".join(b"%06d" % number * 1_000 + b"\n" for number in range(100)))
    found = batches(tmp_path / "d.csv")

    assert sum(map(len, found)) == 100
    assert all(len(batch) * 6_000 <= limits.MAX_BATCH for batch in found)


def test_parquet_with_long_rows_comes_in_smaller_batches(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"a": [f"{number:06}" * 1_000 for number in range(100)]}), tmp_path / "d.parquet")
    found = batches(tmp_path / "d.parquet")

    assert sum(map(len, found)) == 100
    assert all(len(batch) * 6_000 <= limits.MAX_BATCH for batch in found)


def test_parquet_with_rows_beyond_the_limit_is_refused_by_its_footer(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"a": ["a" * (1 << 20)]}), tmp_path / "d.parquet", compression="zstd")
    with pytest.raises(InputError, match="longer"):
        batches(tmp_path / "d.parquet")
    (file,) = data_files(tmp_path / "d.parquet")
    assert [isinstance(row, Unreadable) for _, row in read(file)] == [True]


def test_a_task_file_larger_than_any_is_no_task(tmp_path):
    task = {"Definition": "d", "Instances": [{"input": "i" * 200_000, "output": "o"}]}
    (tmp_path / "t.json").write_text(json.dumps(task))

    assert super_natural.read(tmp_path / "t.json") is None


def test_a_line_just_within_the_limit_is_read(tmp_path):
    row = {"a": "x" * (limits.MAX_ROW - 20)}
    (tmp_path / "a.jsonl").write_bytes(jsonl.dumps(row))

    assert [found for _, found in jsonl.read(tmp_path / "a.jsonl")] == [row]


def test_the_message_says_what_where_and_what_to_do(ift_build, tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(ROW + b"\n" + LONG)
    ran = ift_build("dedupe", tmp_path / "rows.jsonl", "--out", tmp_path / "out")

    assert ran.code == 1
    assert f"{tmp_path / 'rows.jsonl'}:2" in ran.err
    assert "one row a line" in ran.err


def test_lines_are_those_of_the_file_itself(tmp_path, monkeypatch):
    data = b"".join(b"x" * (number % 8) + b"\n" for number in range(50)) + b"end"
    (tmp_path / "f").write_bytes(data)
    monkeypatch.setattr(limits, "MAX_ROW", 8)
    with (tmp_path / "f").open("rb") as file:
        assert [line for _, line in inputs.lines(file, Path("f"))] == data.splitlines(keepends=True)
