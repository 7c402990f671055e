r"""Undoes the escapes that a text may be written with, and keeps where each character stood.

Percent signs (URLs), `\uXXXX`, `\xXX` and backslashes before marks (JSON, program text), and references (HTML).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 3
"""Escapes of escapes of escapes: `%252520` is a blank in an address in an address in an address."""

_PERCENT: Final = rb"%[2-9A-Fa-f][0-9A-Fa-f]"
_RARE: Final = (_PERCENT, rb"\\[ux/]", rb"&#")
"""Beginnings of escapes that are seldom met in text, each found fast by its first character."""

_MARKED: Final = frozenset("\"'\\&<>")
"""Characters of a secret that JSON and HTML escape, so that their frequent escapes have to be looked at, too."""

_LONGEST: Final = len(r"\u0000")

_ESCAPE: Final = re.compile(
    rb"%(?P<percent>[2-9A-Fa-f][0-9A-Fa-f])"
    rb"|\\+(?:u(?P<unicode>[0-9A-Fa-f]{4})|x(?P<hex>[2-7][0-9A-Fa-f])|(?P<mark>[\"'/\\]))"
    rb"|(?P<reference>&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|amp|lt|gt|quot|apos);)"
)


def sought(secrets: frozenset[str]) -> list[re.Pattern[bytes]]:
    """Patterns of which a text holds one if one of these secrets may be escaped in it."""
    has_marks = any(_MARKED.intersection(secret) for secret in secrets)
    return [re.compile(pattern) for pattern in ((_PERCENT, rb"\\", rb"&") if has_marks else _RARE)]


def undone(data: bytes) -> tuple[bytes, Callable[[int], int]] | None:
    """The text without one layer of escapes, and what tells where a place in it was in `data`; None without any."""
    pieces: list[bytes] = []
    places, origins = [0], [0]
    at = size = 0
    for escape in _ESCAPE.finditer(data):
        character = _character(escape)
        pieces += data[at : escape.start()], character
        size += escape.start() - at
        places += size, size + len(character)
        origins += escape.start(), escape.end()
        at, size = escape.end(), size + len(character)
    if not at:
        return None
    pieces.append(data[at:])

    def origin(place: int) -> int:
        nearest = bisect_right(places, place) - 1
        return min(origins[nearest] + place - places[nearest], len(data))

    return b"".join(pieces), origin


def outside(data: bytes, place: int) -> int:
    """The place, or the end of the backslash's escape that it would cut: what is left of JSON has to be JSON."""
    backslash = data.rfind(b"\\", max(0, place - _LONGEST + 1), place)
    first = backslash
    while first > 0 and data[first - 1] == data[backslash]:
        first -= 1
    if backslash < 0 or (backslash - first) % 2:  # none, or one that is escaped itself
        return place
    length = _LONGEST if data[backslash + 1 : backslash + 2] == b"u" else 2
    return max(place, min(backslash + length, len(data)))


def _character(escape: re.Match[bytes]) -> bytes:
    if digits := escape["percent"] or escape["hex"]:
        return bytes([int(digits, 16)])
    if digits := escape["unicode"]:
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return escape["mark"] or unescape(escape["reference"].decode()).encode("utf-8", "surrogatepass")
