r"""Undoes the escapes that a text may be written with, and keeps where each character stood.

Percent signs (URLs), `\uXXXX`, `\xXX` and backslashes before marks (JSON, program text), and references (HTML).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_DEPTH: Final = 3
"""Escapes of escapes of escapes: `%252520` is a blank in an address in an address in an address."""

_NAMES: Final = {"&": b"amp", "<": b"lt", ">": b"gt", '"': b"quot", "'": b"apos"}
_NESTING: Final = frozenset(b"%\\&")
"""What escapes begin with: it may be escaped itself."""

LONGEST: Final = len(r"\u0000")
"""Bytes of a backslash's escape."""

_LONGEST_REFERENCE: Final = len("&#1234567;")
"""Bytes from an escape's end in which all of it is, but for backslashes before its own."""

_ESCAPE: Final = re.compile(
    rb"%[2-9A-Fa-f][0-9A-Fa-f]"
    rb"|\\+(?:u[0-9A-Fa-f]{4}|x[2-7][0-9A-Fa-f]|[\"'/\\])"
    rb"|&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|amp|lt|gt|quot|apos);"
)


def sought(characters: frozenset[int]) -> tuple[re.Pattern[bytes], ...]:
    r"""Patterns of the escapes that these characters may be written with, each found fast by its first character.

    Others are frequent in some texts (`%20`, `\n`, `&lt;`), and need not be undone.
    """
    codes = sorted(characters | _NESTING)
    in_hex = _any_of(digits for code in codes for digits in (b"%02x" % code, b"%02X" % code))
    in_decimal = _any_of(b"%d" % code for code in codes)
    if max(codes) < 0x80:  # noqa: PLR2004 - ASCII
        unicode, numbers = rb"u00" + in_hex, rb"0*" + in_decimal + rb"|[xX]0*" + in_hex
    else:
        unicode, numbers = rb"u[0-9A-Fa-f]{4}", rb"[0-9]+|[xX][0-9A-Fa-f]+"
    marks = b"".join(re.escape(mark.encode()) for mark in "\"'/\\" if ord(mark) in characters)
    names = [name + b";" for mark, name in _NAMES.items() if ord(mark) in characters]
    backslash = _any_of([unicode, b"x" + in_hex, *([b"[" + marks + b"]"] if marks else [])])
    reference = _any_of([rb"#(?:" + numbers + rb");", rb"(?:amp;)+#", *names])
    return tuple(map(re.compile, (b"%" + in_hex, rb"\\" + backslash, b"&" + reference)))


def stretches(data: bytes, patterns: tuple[re.Pattern[bytes], ...], reach: int) -> list[tuple[int, int]]:
    """The stretches of the text in which the escapes are, with so many bytes on both sides."""
    places = sorted(found.start() for pattern in patterns for found in pattern.finditer(data))
    merged: list[tuple[int, int]] = []
    for place in places:
        start, end = max(0, place - reach), min(len(data), place + reach)
        if merged and start <= merged[-1][1]:
            start = merged.pop()[0]
        merged.append((start, end))
    return merged


def layers(data: bytes) -> Iterator[bytes]:
    """The text without one layer of escapes, without two, and so on, as far as there are any."""
    for _ in range(MAX_DEPTH):
        data, changed = _ESCAPE.subn(lambda escape: _character(escape[0][-_LONGEST_REFERENCE:]), data)
        if not changed:
            return
        yield data


def origins(data: bytes) -> Callable[[int], int]:
    """What tells where a place in the text without one layer of escapes was in `data`."""
    places, before = [0], [0]
    at = size = 0
    for escape in _ESCAPE.finditer(data):
        size += escape.start() - at
        at = escape.end()
        after = size + len(_character(escape[0][-_LONGEST_REFERENCE:]))
        places += size, after
        before += escape.start(), at
        size = after

    def origin(place: int) -> int:
        nearest = bisect_right(places, place) - 1
        return min(before[nearest] + place - places[nearest], len(data))

    return origin


def outside(data: bytes, place: int) -> int:
    """The place, or the end of the backslash's escape that it would cut: what is left of JSON has to be JSON."""
    backslash = data.rfind(b"\\", max(0, place - LONGEST + 1), place)
    first = backslash
    while first > 0 and data[first - 1] == data[backslash]:
        first -= 1
    if backslash < 0 or (backslash - first) % 2:  # none, or one that is escaped itself
        return place
    length = LONGEST if data[backslash + 1 : backslash + 2] == b"u" else 2
    return max(place, min(backslash + length, len(data)))


def _any_of(patterns: Iterable[bytes]) -> bytes:
    return b"(?:" + b"|".join(patterns) + b")"


@lru_cache(maxsize=1024)
def _character(escape: bytes) -> bytes:
    if escape.startswith(b"&"):
        return unescape(escape.decode()).encode("utf-8", "surrogatepass")
    kind, digits = escape.lstrip(b"\\")[:1], escape.lstrip(b"\\")[1:]
    if kind == b"u":
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return bytes([int(digits, 16)]) if digits else escape[-1:]
