"""Rows of json, jsonl, csv and parquet files as they are, in constant memory, without stopping at a broken line."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.formats.training_rows import json_rows
from ift_builder.formats.training_rows.json_rows import Unreadable
from ift_builder.inputs import limits
from ift_builder.inputs.parquet import rows_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS: Final = (".jsonl", ".json", ".csv", ".parquet")
"""The files that can be read."""


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


def read(file: DataFile) -> Iterator[tuple[int, Any]]:
    """Yields (number, row) in order; what cannot be read is `Unreadable`, and reading goes on where it can.

    Raises:
        InputError: The file itself cannot be opened.
    """
    try:
        yield from _READERS[file.path.suffix.lower()](file.path)
    except OSError as error:
        raise inputs.unreadable(file.path, error) from error


def data_file(path: Path) -> DataFile:
    """A file by itself.

    Raises:
        InputError: It is of a kind that cannot be read, or no regular file.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            f"cannot read files of the kind {path.suffix or path.name!r}",
            where=str(path),
            hint=f"can be read: {', '.join(ENDINGS)}",
        )
    inputs.require_regular(path)
    kind = path.suffix.lower()
    lines = kind in (".jsonl", ".csv") or (kind == ".json" and not json_rows.is_array(path))
    return DataFile(path, lines)


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(limits.MAX_ROW)
    with _text(path) as text:
        lines = inputs.RecordLines(inputs.lines(text, path), path, ",")
        reader = csv.reader(lines)
        header, start = None, 1
        try:
            for cells in reader:
                lines.size = 0
                if header is None:
                    header = cells
                elif len(cells) == len(header):
                    yield start, dict(zip(header, cells, strict=True))
                elif cells:
                    yield start, Unreadable(f"the row has {len(cells)} fields where the header has {len(header)}")
                start = reader.line_num + 1
        except InputError as error:  # where one that is too long ends, nobody can say
            yield start, Unreadable(error.what)
        except csv.Error as error:
            yield start, Unreadable(f"not valid CSV: {error}")


@contextmanager
def _text(path: Path) -> Iterator[IO[str]]:
    """The file as text, its line breaks as they stand."""
    inputs.require_regular(path)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        yield text


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    number = 0
    inputs.require_regular(path)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(rows_at_a_time(file.metadata, _BATCH, path)):
                for row in batch.to_pylist():
                    yield number, row
                    number += 1
    except InputError as error:
        yield number, Unreadable(error.what)
    except (pa.ArrowException, OSError) as error:
        yield number, Unreadable(f"not a whole parquet file: {str(error).strip().splitlines()[0][:200]}")


_READERS: Final = {".jsonl": json_rows.lines, ".json": json_rows.array_or_lines, ".csv": _csv, ".parquet": _parquet}
