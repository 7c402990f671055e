"""JSON lines and JSON, as they are or gzipped.

JSON lines and JSON arrays are read in batches, in constant memory; a JSON file that is one object is read whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.inputs import json_array as arrays
from ift_builder.inputs import limits
from ift_builder.sources.found_columns import FoundColumns
from ift_builder.sources.table import BATCH_ROWS, Batch, Dataset
from ift_builder.sources.texts import BYTE_ORDER_MARK, lines, refuse_other_encodings, require_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
"""The integers that JSON can be written with here; longer ones would be read as floats, which are other numbers."""

_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG_DIGITS = b"0" * 19
"""What an integer beyond 64 bits has at least, each digit made a zero; texts and fractions may have it too."""


@dataclass(slots=True)
class JsonLines:
    """Rows that are still lines of JSON: they are parsed where they are used."""

    path: str
    first_row: int
    lines: list[tuple[int, bytes]]

    def __len__(self) -> int:
        return len(self.lines)

    def columns(self, names: Sequence[str]) -> list[list[Any]]:
        """The named columns; a row that lacks one has a null there."""
        rows = self.rows()
        return [[row.get(name) for row in rows] for name in names]

    def rows(self) -> list[dict[str, Any]]:
        """The rows as mappings."""
        return [_object(line, self.path, number) for number, line in self.lines]


@dataclass(slots=True)
class Objects:
    """Rows that are mappings already."""

    first_row: int
    objects: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(self.objects)

    def columns(self, names: Sequence[str]) -> list[list[Any]]:
        """The named columns; a row that lacks one has a null there."""
        return [[row.get(name) for row in self.objects] for name in names]

    def rows(self) -> list[dict[str, Any]]:
        """The rows as mappings."""
        return self.objects


def json_lines(path: Path, **facts: Any) -> Dataset:
    """A file with one JSON object a line."""
    return _with_facts(partial(_json_line_batches, path), path, **facts)


def json_array(path: Path, **facts: Any) -> Dataset:
    """A JSON file: an array of objects, or an object with one such array, or in spite of its name one object a line."""
    with inputs.unzipped(path) as file:
        if arrays.begins_array(file):
            return _with_facts(partial(_element_batches, path), path, **facts)
        if arrays.holds_object_lines(file):
            return json_lines(path, **facts)
    data = inputs.read_bytes(path, limits.MAX_WHOLE).removeprefix(BYTE_ORDER_MARK)
    if fault := inputs.json_fault(data, limits.MAX_WHOLE_VALUES):
        raise InputError(f"the file is not read: {fault}", where=str(path), hint="write it with one object a line")
    try:
        content = _loads(data, str(path))
    except orjson.JSONDecodeError as error:
        refuse_other_encodings(data, path, 1)
        raise _not_json(error, path) from error
    return rows_of(_array(content, path), path, **facts)


def _not_json(problem: object, path: Path) -> InputError:
    return InputError(
        f"not valid JSON: {problem}", where=str(path), hint="it must be an array of objects, or one object a line"
    )


def rows_of(rows: list[dict[str, Any]], path: Path, **facts: Any) -> Dataset:
    """Rows that are in memory."""
    return _with_facts(
        lambda: (Objects(start, rows[start : start + BATCH_ROWS]) for start in range(0, len(rows), BATCH_ROWS)),
        path,
        **facts,
    )


def _with_facts(batches: Any, path: Path, **facts: Any) -> Dataset:
    """The dataset, with what its first batch says about the columns."""
    first = next(iter(batches()), None)
    if first is None:
        raise InputError("the dataset has no rows", where=str(path))
    columns = FoundColumns(first.rows(), batches)
    return Dataset(columns=columns, batches=lambda _: batches(), **facts)


def _json_line_batches(path: Path) -> Iterator[Batch]:
    filled = ((number, line) for number, line in lines(path) if line and not line.isspace())
    start = 0
    for batch in inputs.batches_by_size(filled, BATCH_ROWS, len):
        yield JsonLines(str(path), start, batch)
        start += len(batch)


def _element_batches(path: Path) -> Iterator[Batch]:
    """The rows of an array, parsed once to know where they end and once for their values, as lines are."""
    start = 0
    for batch in inputs.batches_by_size(_elements(path), BATCH_ROWS, len):
        yield Objects(start, [_element(text, path) for _, text in batch])
        start += len(batch)


def _elements(path: Path) -> Iterator[tuple[int, str]]:
    with inputs.unzipped(path) as file:
        try:
            yield from enumerate(element.text for element in arrays.elements(file))
        except InputError as error:
            require_utf8(path)
            error.where = str(path)
            raise


def _element(text: str, path: Path) -> dict[str, Any]:
    try:
        row = _loads(text.encode("utf-8", "surrogateescape"), str(path))
    except orjson.JSONDecodeError as error:
        require_utf8(path)
        raise _not_json(error, path) from error
    return _array([row], path)[0]


def _loads(data: bytes, where: str) -> Any:
    content = orjson.loads(data)
    if _LONG_DIGITS in data.translate(_DIGITS_AS_ZEROS):  # a third of the time of a regular expression
        json.loads(data, parse_int=partial(_integer, where))
    return content


def _integer(where: str, digits: str) -> int:
    if len(digits) > len(str(LARGEST_INTEGER)) or not SMALLEST_INTEGER <= int(digits) <= LARGEST_INTEGER:
        raise InputError(
            f"the integer {digits[:40]} has more than 64 bits", where=where, hint="write it as a text, in quotes"
        )
    return int(digits)


def _object(line: bytes, path: str, number: int) -> dict[str, Any]:
    where = f"{path}:{number}"
    if fault := inputs.json_fault(line):
        raise InputError(f"the row is not read: {fault}", where=where, hint="a row is a few texts")
    try:
        row = _loads(line, where)
    except orjson.JSONDecodeError as error:
        refuse_other_encodings(line, path, number)
        raise InputError(
            f"not valid JSON: {error}", where=where, hint="each line must be one JSON object in UTF-8"
        ) from error
    if not isinstance(row, dict):
        raise InputError(f"expected a JSON object, found {type(row).__name__}", where=where)
    return row


def _array(content: Any, path: Path) -> list[dict[str, Any]]:
    if isinstance(content, dict):
        lists = [
            value
            for value in content.values()
            if isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
        ]
        content = lists[0] if len(lists) == 1 else [content]
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise InputError("expected an array of JSON objects", where=str(path), hint='rows look like [{"text": …}, …]')
    return content
