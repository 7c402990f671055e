"""Rows of json, jsonl, csv and parquet files as they are, in constant memory, without stopping at a broken line."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder.errors import InputError
from ift_builder.formats.training_rows import json_array

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS: Final = (".jsonl", ".json", ".csv", ".parquet")
"""The files that can be read."""

_PEEK: Final = 64
"""Bytes in which a file's first bracket stands."""

_BATCH: Final = 1_000
"""Rows of a parquet file that are Python objects at one time."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file with rows.

    Attributes:
        path: Where it is.
        counts_lines: Whether its rows are known by their line.
        told: Its rows as the manifest of its run or export tells them; None where nothing tells.
        missing: Why the rows of its run are not all there, in words; `""` if they are.
        stopped: How its run was stopped before its end, in words; `""` if it was not.
    """

    path: Path
    counts_lines: bool = True
    told: int | None = None
    missing: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands in a row's place where none can be read."""

    why: str
    """In words."""


def read(file: DataFile) -> Iterator[tuple[int, Any]]:
    """Yields (number, row) in order; what cannot be read is `Unreadable`, and reading goes on where it can.

    Raises:
        InputError: The file itself cannot be opened.
    """
    try:
        yield from _READERS[file.path.suffix.lower()](file.path)
    except OSError as error:
        raise InputError(
            f"cannot read the file ({error.strerror or error})",
            where=str(file.path),
            hint="check the path and its permissions",
        ) from error


def data_file(path: Path) -> DataFile:
    """A file by itself.

    Raises:
        InputError: It is of a kind that cannot be read.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            f"cannot read files of the kind {path.suffix or path.name!r}",
            where=str(path),
            hint=f"can be read: {', '.join(ENDINGS)}",
        )
    lines = path.suffix.lower() in (".jsonl", ".csv") or (path.suffix.lower() == ".json" and not _is_array(path))
    return DataFile(path, lines)


def _is_array(path: Path) -> bool:
    """Whether a `.json` file is one value, and not an object a line in spite of its name."""
    with path.open("rb") as file:
        if file.read(_PEEK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):  # before its one line fills the memory
            return True
        file.seek(0)
        first = file.readline()
        more = any(line.strip() for line in file)
    try:
        return not (more and isinstance(orjson.loads(first), dict))
    except orjson.JSONDecodeError:
        return True


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:  # noqa: PERF203 - reading goes on after a broken line
                if line.strip():
                    yield number, Unreadable(f"not valid JSON: {error}")


def _json(path: Path) -> Iterator[tuple[int, Any]]:
    if not _is_array(path):
        yield from _lines(path)
        return
    for number, value in json_array.read(path):
        yield number, Unreadable(value.what) if isinstance(value, InputError) else value


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        reader = csv.reader(text)
        header = next(reader, [])
        start = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield start, dict(zip(header, cells, strict=True))
            elif cells:
                yield start, Unreadable(f"the row has {len(cells)} fields where the header has {len(header)}")
            start = reader.line_num + 1


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    yield number, row
                    number += 1
    except (pa.ArrowException, OSError) as error:
        yield number, Unreadable(f"not a whole parquet file: {str(error).strip().splitlines()[0][:200]}")


_READERS: Final = {".jsonl": _lines, ".json": _json, ".csv": _csv, ".parquet": _parquet}
