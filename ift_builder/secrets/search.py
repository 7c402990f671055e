"""Finds secrets and their parts in a text, fast where there are none.

Any 8 characters in a row contain 4 that begin at a multiple of 4. So of a text each fourth place is looked at, as a
number of 32 bits, and compared with all 4 characters in a row of all forms of the secrets: by a table of hashes for all
places of a block at a time, then exactly. Where one is found, the match is extended both ways.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ift_builder.secrets import escapes
from ift_builder.secrets.forms import PART, Form, forms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]

_WORD: Final = 4
"""Bytes of a 32-bit number; two of them less one are the most that still lie in 8 characters."""

_FEW_BYTES: Final = 512
"""Up to here a loop is faster than NumPy."""

_BLOCK_WORDS: Final = 1 << 16
"""Words looked at together; they fit into the processor's cache."""

_HASH_BITS: Final = 18
_FACTOR: Final = 2_654_435_761
"""Knuth's multiplicative hash: 2**32 divided by the golden ratio (The Art of Computer Programming 3, 6.4)."""


class Finder:
    """Finds these secrets."""

    def __init__(self, secrets: frozenset[str]) -> None:
        self._forms = [form for secret in sorted(secrets) for form in forms_of(secret)]
        self._words: defaultdict[int, list[tuple[Form, int]]] = defaultdict(list)
        for form in self._forms:
            for at in range(len(form.text) - _WORD + 1):
                self._words[int.from_bytes(form.text[at : at + _WORD], sys.byteorder)].append((form, at))
        self._escapes = escapes.sought(frozenset(b"".join(form.text for form in self._forms)))
        self._reach = max((len(form.text) for form in self._forms), default=0) + escapes.LONGEST
        self._table: Any = None

    def spans(self, data: bytes) -> list[Span]:
        """Where secrets are, in order, none touching another."""
        if len(data) < PART:
            return []
        found = list(self._plain(data))
        for start, end in escapes.stretches(data, self._escapes, self._reach):
            found += ((start + first, start + last) for first, last in self._escaped(data[start:end]))
        return _joined(data, found) if found else []

    def _escaped(self, data: bytes) -> Iterator[Span]:
        """What is found only when escapes are undone, layer by layer."""
        above = [data]
        for text in escapes.layers(data):
            spans = list(self._plain(text))
            for origin in map(escapes.origins, reversed(above if spans else [])):
                spans = [(origin(start), origin(end)) for start, end in spans]
            yield from spans
            above.append(text)

    def _plain(self, data: bytes) -> Iterator[Span]:
        done = 0
        for place in self._places(data):
            if place >= done and (span := self._longest(data, place)):
                done = span[1]
                yield span

    def _places(self, data: bytes) -> Iterator[int]:
        """Where in the text 4 characters of a form begin, of each fourth place."""
        words = memoryview(data)[: len(data) // _WORD * _WORD].cast("I")
        if len(data) <= _FEW_BYTES:
            yield from (_WORD * index for index, word in enumerate(words) if word in self._words)
            return
        for start in range(0, len(words), _BLOCK_WORDS):
            block = words[start : start + _BLOCK_WORDS]
            yield from (_WORD * (start + index) for index in self._likely(block) if block[index] in self._words)

    def _likely(self, words: memoryview[int]) -> list[int]:
        """Where in the block the hash of a word is that of one which is looked for."""
        import numpy as np  # noqa: PLC0415 - heavy, and few texts are long enough

        def hashes(numbers: Any) -> Any:
            return (numbers * np.uint32(_FACTOR)) >> np.uint32(32 - _HASH_BITS)

        if self._table is None:
            self._table = np.zeros(1 << _HASH_BITS, dtype=bool)
            self._table[hashes(np.fromiter(self._words, np.uint32))] = True
        likely: list[int] = np.flatnonzero(self._table[hashes(np.frombuffer(words, np.uint32))]).tolist()
        return likely

    def _longest(self, data: bytes, place: int) -> Span | None:
        """The longest stretch around the place that is a secret or a part of one."""
        word = int.from_bytes(data[place : place + _WORD], sys.byteorder)
        spans = [span for form, at in self._words[word] if (span := _around(data, place, form, at))]
        return max(spans, key=lambda span: span[1] - span[0], default=None)


def _around(data: bytes, place: int, form: Form, at: int) -> Span | None:
    """The stretch that is as the form, if it counts.

    Args:
        data: The text.
        place: Where 4 characters are equal in the text.
        form: How the secret is written.
        at: Where they are equal in the form.
    """
    text = form.text
    if not form.parts:
        start = place - at
        return (start, start + len(text)) if start >= 0 and data.startswith(text, start) else None
    back = 0
    while back < min(at, place) and data[place - back - 1] == text[at - back - 1]:
        back += 1
    ahead, most = _WORD, min(len(text) - at, len(data) - place)
    while ahead < most and data[place + ahead] == text[at + ahead]:
        ahead += 1
    counts = any(form.parts[at - back : max(0, at + ahead - PART + 1)])
    return (place - back, place + ahead) if counts else None


def _joined(data: bytes, found: list[Span]) -> list[Span]:
    """The spans in order, without the escapes that they would cut; what touches is one."""
    joined: list[Span] = []
    for start, end in sorted(found):
        span = escapes.outside(data, start), escapes.outside(data, end)
        if joined and span[0] <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], span[1])
        elif span[0] < span[1]:
            joined.append(span)
    return joined
