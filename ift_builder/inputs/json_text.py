"""JSON, and whether it may be parsed: what is short to write and large or deep to build is refused before that."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder.errors import InputError
from ift_builder.inputs import limits
from ift_builder.inputs.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
"""A text, whole or cut off by the end: so that each byte is looked at once, whatever stands there."""

_BRACKETS: Final = b"[]{}"
_ALL_BUT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_STEPS: Final = [1 if byte in b"[{" else -1 for byte in range(256)]


def json_fault(data: bytes, values: int | None = None) -> str:
    """Why the text is not to be parsed, in words; `""` if nothing speaks against it.

    Args:
        data: JSON, or what should be.
        values: How many values it may hold; None for `MAX_VALUES`.
    """
    most = limits.MAX_VALUES if values is None else values
    opening = data.count(b"[") + data.count(b"{")
    commas = data.count(b",") if len(data) > most else 0  # it has no more of them than bytes
    if opening <= limits.MAX_DEPTH and opening + commas <= most:
        return ""
    bare = _TEXTS.sub(b"", data)
    if bare.count(b"[") + bare.count(b"{") + bare.count(b",") > most:
        return f"it holds more than {most:,} values"
    brackets = bare.translate(None, _ALL_BUT_BRACKETS)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > limits.MAX_DEPTH:
        return f"its lists and objects are nested more than {limits.MAX_DEPTH} deep"
    return ""


def read_json(path: Path) -> Any:
    """The content of a file that is one JSON value.

    Raises:
        InputError: As `read_bytes`, or it is no JSON, or has too many values or levels.
    """
    data = read_bytes(path, limits.MAX_WHOLE)
    if fault := json_fault(data, limits.MAX_WHOLE_VALUES):
        raise InputError(f"the file is not read: {fault}", where=str(path))
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error}", where=str(path)) from error
