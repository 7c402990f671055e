"""Lines of JSON: the one way in which rows are read and written."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder import inputs
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_OTHER_FILES: Final = {
    b"\x1f\x8b": "this is a gzip file: unpack it first (gunzip)",
    b"PK\x03\x04": "this is a zip file: unpack it first",
    b"PAR1": "this is a parquet file: `ift-build convert` reads it",
    b"\xff\xfe": "this is UTF-16: save it as UTF-8",
    b"\xfe\xff": "this is UTF-16: save it as UTF-8",
}
"""Files that are often given in the place of JSON lines, by their first bytes."""


def dumps(row: Any) -> bytes:
    """One row as a line: UTF-8, keys in the record's order, ends in a newline."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (line number from 1, object) for each line that is not blank.

    Raises:
        InputError: The file cannot be read, or a line is too long or not a JSON object; names file and line.
    """
    for number, _, row in read_lines(path):
        yield number, row


def read_lines(path: Path) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """As `read`, with the line as it stands between the two, but for the mark that a file may begin with.

    Raises:
        InputError: As `read`.
    """
    with inputs.opened(path) as file:
        for number, line in inputs.lines(file, path):
            if number == 1:
                line = line.removeprefix(BOM_UTF8)  # noqa: PLW2901 - the mark is the file's, not the row's
            if line.strip():
                yield number, line, _object(line, f"{path}:{number}")


def _object(line: bytes, where: str) -> dict[str, Any]:
    if fault := inputs.json_fault(line):
        raise InputError(f"the row is not read: {fault}", where=where, hint="a row is a few texts")
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        hint = f"each line must be one JSON object in UTF-8{_but_is(line)}"
        raise InputError(f"not valid JSON: {error}", where=where, hint=hint) from error
    if not isinstance(row, dict):
        one_a_line = "; write each row on a line of its own" if isinstance(row, list) else ""
        raise InputError(
            f"expected a JSON object, found {type(row).__name__}",
            where=where,
            hint=f'a row looks like {{"instruction": …}}{one_a_line}',
        )
    return row


def _but_is(line: bytes) -> str:
    """What a file is that begins so, where its first bytes tell, and what to do then."""
    return next((f"; {words}" for start, words in _OTHER_FILES.items() if line.startswith(start)), "")


def join(rows: Iterable[Any]) -> bytes:
    """All rows as the bytes of a file."""
    return b"".join(map(dumps, rows))
