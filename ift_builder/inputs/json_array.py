"""A JSON array, element by element: memory is bounded by an element, not by the array."""

from __future__ import annotations

import codecs
import json
import re
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from ift_builder.errors import InputError
from ift_builder.inputs import limits
from ift_builder.inputs.files import size
from ift_builder.inputs.json_text import json_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

PEEK: Final = 64
"""Bytes in which a file's first bracket stands."""

_CHUNK: Final = 1 << 20
"""Bytes read at a time."""

_REST_OF_A_NUMBER: Final = 3
"""Characters, such as `e-1`, that may still belong to a number where the text read so far ends."""

_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = _MARK + b" \t\r\n"
_BETWEEN: Final = re.compile(r"[ \t\r\n,]*")
_DECODE: Final = json.JSONDecoder().raw_decode


class Element(NamedTuple):
    """One element of an array."""

    text: str
    """As it stands; bytes that are no UTF-8 are halves of characters (`surrogateescape`)."""

    value: Any
    """What it says."""


def begins_array(file: IO[bytes]) -> bool:
    """Whether the first thing in a file is a bracket; the file is put back to its start."""
    start = file.read(PEEK).lstrip(_BLANK)
    file.seek(0)
    return start.startswith(b"[")


def holds_object_lines(file: IO[bytes]) -> bool:
    """Whether the first line that is not blank is an object by itself, and something follows it."""
    while (line := file.readline(limits.MAX_ROW + 1)).isspace():
        pass
    line = line.removeprefix(_MARK)
    try:
        is_object = not json_fault(line) and isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:  # also of a line that is too long to be one
        return False
    return is_object and any(part.strip() for part in iter(partial(file.read, _CHUNK), b""))


def elements(file: IO[bytes]) -> Iterator[Element]:
    """The elements of the array that the file begins with.

    Raises:
        InputError: The file does not go on as JSON, or an element is too large; it names no place.
    """
    text = _Text(file)
    buffer, place = text.read(_CHUNK).lstrip().removeprefix("["), 0
    while True:
        place = _BETWEEN.match(buffer, place).end()  # type: ignore[union-attr]  # it matches nothing, too
        if buffer[place : place + 1] == "]":
            return
        value, end, problem = _first(buffer, place)
        is_unsure = problem or (type(value) in (int, float) and end + _REST_OF_A_NUMBER > len(buffer))
        if is_unsure and (more := _more(text, buffer[place:])):
            buffer, place = buffer[place:] + more, 0
            continue
        if problem:
            raise InputError(f"not valid JSON: {problem}")
        yield Element(buffer[place:end], value)
        place = end


def _first(buffer: str, place: int) -> tuple[Any, int, str]:
    """(value that begins at `place`, where it ends, why none is whole).

    Raises:
        InputError: It is too large or too deep, whatever comes.
    """
    try:
        value, end = _DECODE(buffer, place)
    except RecursionError:
        raise InputError(
            f"the row is not read: its lists and objects are nested more than {limits.MAX_DEPTH} deep"
        ) from None
    except ValueError as error:  # also numbers of thousands of digits
        return None, place, getattr(error, "msg", str(error))
    if fault := json_fault(_bytes(buffer[place:end])):
        raise InputError(f"the row is not read: {fault}")
    return value, end, ""


class _Text:
    """A file's text in pieces; a `TextIOWrapper` would close the file, which is not its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")

    def read(self, size: int) -> str:
        """What the next `size` bytes say, and more where they end within a character; `""` at the end."""
        while True:
            data = self._file.read(size)
            if (text := self._decoder.decode(data, final=not data)) or not data:
                return text


def _more(text: _Text, unread: str) -> str:
    """As much again as there is, which is all of one element: so each is tried a few times only.

    Raises:
        InputError: The element is larger than is allowed.
    """
    if fault := json_fault(_bytes(unread)):
        raise InputError(f"the row is not read: {fault}")
    if len(unread) > limits.MAX_ROW:
        raise InputError(f"a row is longer than {size(limits.MAX_ROW)}", hint="docs/limits.md says what is allowed")
    return text.read(max(_CHUNK, len(unread)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
