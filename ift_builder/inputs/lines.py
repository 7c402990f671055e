"""Lines of bounded length, and batches of bounded size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, AnyStr, TypeVar

from ift_builder.errors import InputError
from ift_builder.inputs import limits
from ift_builder.inputs.files import size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO

T = TypeVar("T")


class LongLineError(InputError):
    """A line, row or value is too long to be read."""

    def __init__(self, where: str, what: str = "the line") -> None:
        super().__init__(
            f"{what} is longer than {size(limits.MAX_ROW)}",
            where=where,
            hint="is it data, with one row a line? docs/limits.md says what is allowed",
        )


def readline(file: IO[AnyStr], where: str) -> AnyStr:
    """The next line; empty at the end of the file.

    Raises:
        LongLineError: It is longer than `MAX_ROW`; what was read of it is gone.
    """
    line = file.readline(limits.MAX_ROW + 1)
    if len(line) > limits.MAX_ROW:
        raise LongLineError(where)
    return line


def lines(file: IO[AnyStr], path: Path) -> Iterator[tuple[int, AnyStr]]:
    """Yields (line number from 1, line) to the end of the file.

    Raises:
        LongLineError: As `readline`; names file and line.
    """
    most, number = limits.MAX_ROW, 0
    while line := file.readline(most + 1):
        number += 1
        if len(line) > most:
            raise LongLineError(f"{path}:{number}")
        yield number, line


def skip_line(file: IO[bytes]) -> None:
    """Reads on to the end of a line of which the beginning was too long, in a file that is not zipped."""
    while block := file.read(1 << 20):
        if (end := block.find(b"\n")) >= 0:
            file.seek(end + 1 - len(block), os.SEEK_CUR)
            return


class RecordLines:
    """The lines of a file whose records may be several lines long, as CSV's.

    Attributes:
        size: Length of the lines since whoever reads set it to 0 at the end of a record.
    """

    def __init__(self, numbered: Iterable[tuple[int, str]], path: Path, delimiter: str) -> None:
        self._numbered = numbered
        self._path = path
        self._delimiter = delimiter
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._numbered:
            self.size += len(line)
            if self.size > limits.MAX_ROW:
                raise LongLineError(f"{self._path}:{number}", "the row that ends here or later")
            if len(line) > limits.MAX_VALUES and line.count(self._delimiter) > limits.MAX_VALUES:
                raise InputError(f"the line has more than {limits.MAX_VALUES:,} fields", where=f"{self._path}:{number}")
            yield line


def batches_by_size(
    numbered: Iterable[tuple[int, T]], rows: int, size_of: Callable[[T], int]
) -> Iterator[list[tuple[int, T]]]:
    """Puts numbered rows into lists of up to `rows`, fewer where they are long."""
    batch: list[tuple[int, T]] = []
    total = 0
    for one in numbered:
        length = size_of(one[1])
        if batch and (len(batch) == rows or total + length > limits.MAX_BATCH):
            yield batch
            batch, total = [], 0
        batch.append(one)
        total += length
    if batch:
        yield batch
