"""CSV and TSV files with a header, as they are or gzipped, read in batches.

Such files do not say what is a number. A column whose first values are all written as Python would write numbers is
one of numbers; a value in it that is not stays text. So nothing comes out otherwise than it went in. Where a template
declares the column's type, the declared type wins.

A line with nothing in it is no row, but in a file of one column, where it is an empty field.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.inputs import limits
from ift_builder.sources.lines import LARGEST_INTEGER, SMALLEST_INTEGER
from ift_builder.sources.table import BATCH_ROWS, Batch, ColumnFacts, Dataset
from ift_builder.sources.texts import lines, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_KINDS: dict[type, str] = {str: "text", int: "integer", float: "number"}


@dataclass(slots=True)
class Cells:
    """Rows of a CSV file: texts, some columns of which are numbers."""

    path: str
    first_row: int
    places: dict[str, int]
    types: dict[str, type]
    cells: list[tuple[int, list[str]]]

    def __len__(self) -> int:
        return len(self.cells)

    def columns(self, names: Sequence[str]) -> list[list[Any]]:
        """The named columns; an empty field in a column of numbers is a null."""
        return [self._column(name) for name in names]

    def _column(self, name: str) -> list[Any]:
        place, type_ = self.places[name], self.types[name]
        if type_ is str:
            return [row[place] for _, row in self.cells]
        return [_number(type_, row[place]) for _, row in self.cells]


def _number(type_: type, text: str) -> Any:
    """The number; a text that is not written as Python would write it stays text, so that nothing is changed unseen."""
    return (type_(text) if _is_plain(type_, text) else text) if text else None


def delimited(path: Path, delimiter: str, **facts: Any) -> Dataset:
    """A CSV or TSV file with a header; texts stay as they are, columns of plain numbers become numbers."""
    header, types = _probe(path, delimiter)
    kinds = {name: ColumnFacts(_KINDS[type_], is_guessed=True) for name, type_ in types.items()}
    batches = partial(_cell_batches, path, delimiter, {name: place for place, name in enumerate(header)}, types)
    return Dataset(columns=kinds, batches=lambda _: batches(), **facts)


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The file's rows with their line numbers, the header first."""
    csv.field_size_limit(limits.MAX_ROW)  # the row's own limit is met first
    texts = inputs.RecordLines(((number, text_of(line, path, number)) for number, line in lines(path)), path, delimiter)
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    width = 0
    try:
        for fields in reader:
            texts.size = 0
            if not fields and width != 1:
                continue
            row = fields or [""]
            width = width or len(row)
            if len(row) != width:
                raise InputError(
                    f"the line has {len(row)} fields where the header has {width}",
                    where=f"{path}:{reader.line_num}",
                    hint=f"put texts that hold {delimiter!r} or line breaks into double quotes",
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            f"not valid CSV: {error}",
            where=f"{path}:{reader.line_num}",
            hint="quotes inside quoted texts are doubled",
        ) from error


def _batches(records: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    return inputs.batches_by_size(records, BATCH_ROWS, lambda row: sum(map(len, row)))


def _probe(path: Path, delimiter: str) -> tuple[list[str], dict[str, type]]:
    """The header, and the type of each column by its first rows."""
    records = _records(path, delimiter)
    header = next(records, (0, []))[1]
    rows = [row for _, row in next(_batches(records), [])]
    if not rows:
        raise InputError("the dataset has no rows", where=str(path), hint="the first line is the header")
    if len(set(header)) != len(header) or not all(header):
        raise InputError("the header must name each column once", where=f"{path}:1", hint=f"it is {header!r}")
    return header, {name: _type([row[place] for row in rows]) for place, name in enumerate(header)}


def _type(values: list[str]) -> type:
    """A number's type only where each value is written as Python would write the number: `007` and `1.50` are texts."""
    filled = [value for value in values if value]
    return next((type_ for type_ in (int, float) if filled and all(_is_plain(type_, value) for value in filled)), str)


def _is_plain(type_: type, value: str) -> bool:
    try:
        number = type_(value)
        fits = type_ is not int or SMALLEST_INTEGER <= number <= LARGEST_INTEGER
        return fits and str(number) == value and value not in ("nan", "inf", "-inf")
    except ValueError:
        return False


def _cell_batches(path: Path, delimiter: str, places: dict[str, int], types: dict[str, type]) -> Iterator[Batch]:
    records = islice(_records(path, delimiter), 1, None)
    start = 0
    for cells in _batches(records):
        yield Cells(str(path), start, places, types, cells)
        start += len(cells)
