"""Readers are linear: eight times the input takes about eight times the work, whatever stands in it."""

import io
import time
from contextlib import suppress

import pytest

from ift_builder import jsonl, sources
from ift_builder.answers import json_tasks
from ift_builder.errors import IftError
from ift_builder.formats import yaml_file
from ift_builder.formats.training_rows import read
from ift_builder.inputs import json_array, json_fault
from ift_builder.runs.data_files import data_files

SIZE = 8_000
"""Bytes of the smaller input."""

GROWTH = 8
ALLOWED = 3.0
"""Times the growth; quadratic work grows by eight times it."""


def work(of, data):
    """Processor seconds, the least of three."""

    def once():
        started = time.process_time()
        of(data)
        return time.process_time() - started

    return min(once() for _ in range(3))


def repeated(unit, size, before="", after=""):
    return (before + unit * (size // len(unit)) + after).encode()


def assert_linear(of, make):
    of(make(1_000))  # loads what it needs
    small, large = work(of, make(SIZE)), work(of, make(SIZE * GROWTH))

    assert large < ALLOWED * GROWTH * max(small, 0.001)


JSON_TEXTS = {
    "brackets": ("[", "", ""),
    "pairs of brackets": ("[],", "[", "[]]"),
    "a text of brackets": ("[{", '{"a": "', '"}'),
    "quotes without end": ('\\"', '"', ""),
    "backslashes": ("\\\\", '{"a": "', ""),
    "texts": ('"a",', "[", "1]"),
    "numbers": ("1,", "[", "1]"),
    "digits": ("1", "[", "]"),
    "small rows": ('{"a": 1}, ', "[", "{}]"),
    "one text": ("ab ", '[{"a": "', '"}]'),
    "one text without end": ("ab ", '[{"a": "', ""),
    "broken at once": ("ab ", "[?", ""),
    "blanks": (" ", "[", "]"),
    "line breaks": ("\n", "", "{}"),
}


def elements(data):
    try:
        return list(json_array.elements(io.BytesIO(data)))
    except IftError:
        return None


@pytest.mark.parametrize(("unit", "before", "after"), JSON_TEXTS.values(), ids=JSON_TEXTS)
@pytest.mark.parametrize(
    "reader",
    [json_fault, elements, lambda data: json_tasks.read(data.decode(), was_cut=False)],
    ids=["fault", "array", "answer"],
)
def test_json_is_looked_through_in_linear_time(reader, unit, before, after, monkeypatch):
    monkeypatch.setattr(json_array, "_CHUNK", 1 << 12)
    assert_linear(reader, lambda size: repeated(unit, size, before, after))


def checked(path):
    (file,) = data_files(path)
    return sum(1 for _ in read(file))


def converted(path):
    dataset = sources.open_dataset(str(path))
    return sum(len(batch.columns(list(dataset.columns))) for batch in dataset.batches(list(dataset.columns)))


FILES = {
    "rows": ("d.jsonl", '{"a": "b"}\n', "", ""),
    "one long row": ("d.jsonl", "ab ", '{"a": "', '"}\n'),
    "blank lines": ("d.jsonl", "\n", '{"a": 1}\n', ""),
    "an array": ("d.json", '{"a": "b"},\n', "[", "{}]"),
    "an object around an array": ("d.json", '{"a": "b"},\n', '{"data": [', "{}]}"),
    "lines in spite of the name": ("d.json", '{"a": "b"}\n', "", ""),
    "a table": ("d.csv", "1,2\n", "a,b\n", ""),
    "a table with a long field": ("d.csv", "ab\n", 'a,b\n1,"', '"\n'),
    "a table with a quote without end": ("d.csv", "ab\n", 'a,b\n1,"', ""),
    "a table with many quotes": ("d.csv", '""', 'a,b\n1,"', '"\n'),
}


@pytest.mark.parametrize(("name", "unit", "before", "after"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("reader", [checked, converted])
def test_files_are_read_in_linear_time(reader, name, unit, before, after, tmp_path):
    path = tmp_path / name

    def read_it(data):
        path.write_bytes(data)
        with suppress(IftError):
            reader(path)

    assert_linear(read_it, lambda size: repeated(unit, size, before, after))


YAML = {
    "texts": ("- text\n", "", ""),
    "a block": ("  text of the block\n", "a: |\n", ""),
    "a quoted text": ("word ", "a: '", "'\n"),
    "a quote without end": ("word ", "a: '", ""),
    "comments": ("# x\n", "", "a: 1\n"),
    "flow": ("{a: b}, ", "[", "c]"),
    "questions": ("? a\n", "", ""),
    "anchors": ("- &a b\n", "", ""),
    "escapes": ("\\n", 'a: "', '"\n'),
}


@pytest.mark.parametrize(("unit", "before", "after"), YAML.values(), ids=YAML)
def test_yaml_is_read_in_linear_time(unit, before, after, tmp_path):
    path = tmp_path / "t.yaml"

    def read_it(data):
        path.write_bytes(data)
        with suppress(IftError):
            yaml_file.read(path)

    assert_linear(read_it, lambda size: repeated(unit, size // 4, before, after))


def test_lines_are_read_in_linear_time(tmp_path):
    path = tmp_path / "a.jsonl"

    def read_it(data):
        path.write_bytes(data)
        return list(jsonl.read(path))

    assert_linear(read_it, lambda size: repeated('{"a": "b"}\n', size))
