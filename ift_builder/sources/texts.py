"""Files of text, and plain words for what is not UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder import inputs
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields (line number from 1, line), without the byte order mark that some editors write at a file's start.

    Raises:
        InputError: The file cannot be read, or a line is too long.
    """
    with inputs.unzipped(path) as file:
        numbered = inputs.lines(file, path)
        for number, line in numbered:
            yield number, line.removeprefix(BYTE_ORDER_MARK)
            break
        yield from numbered


def require_utf8(path: Path) -> None:
    """Raises InputError for the first line that is no UTF-8: what looks like broken JSON may be that."""
    for number, line in lines(path):
        refuse_other_encodings(line, path, number)


def text_of(line: bytes, path: Path, number: int) -> str:
    """The line of a text file.

    Raises:
        InputError: It is not UTF-8, or holds a NUL.
    """
    if b"\x00" in line:
        raise _not_utf8(path, number, line)
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(path, number, line) from error


def _not_utf8(path: Path | str, number: int, line: bytes) -> InputError:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return InputError(
            "the file is UTF-16, not UTF-8",
            where=f"{path}:{number}",
            hint=f"convert it: iconv -f UTF-16 -t UTF-8 {path} > new",
        )
    if b"\x00" in line:
        return InputError(
            "the line holds a NUL character", where=f"{path}:{number}", hint="save the file as UTF-8 text without NULs"
        )
    return InputError(
        "the line is not UTF-8",
        where=f"{path}:{number}",
        hint=f"if the file is Latin-1, convert it: iconv -f LATIN1 -t UTF-8 {path} > new",
    )


def refuse_other_encodings(data: bytes, path: Path | str, number: int) -> None:
    """Raises InputError where the data, from line `number` on, is no UTF-8: what looks like broken JSON may be that."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        place = number + data[: error.start].count(b"\n")
        raise _not_utf8(path, place, data) from error
    if b"\x00" in data:
        raise _not_utf8(path, number + data[: data.index(b"\x00")].count(b"\n"), data)
