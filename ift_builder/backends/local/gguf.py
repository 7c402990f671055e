"""Reads the head of a GGUF file: what a model says of itself, and where its tensors lie.

The layout is that of the GGUF specification (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), versions 2
and 3: magic, version, counts, metadata, tensor infos, padding, tensors. llama.cpp answers every file that it cannot
load with the same error, so what can be told apart is told apart here.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder import inputs
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)

_NUMBERS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""`struct`'s letters by the specification's numbers of value types; the two below are the other types."""

_STRING: Final = 8
_ARRAY: Final = 9

_ALIGNMENT: Final = 32
"""Bytes to which tensors are aligned where the file does not say."""

_MOST_DIMENSIONS: Final = 8
"""ggml has four; a file with more than this is damaged."""


_MAX_TEXT: Final = 16 * 2**20
"""Bytes of one text of the metadata; the longest, chat templates, have some ten thousand."""

_MAX_ENTRIES: Final = 100_000
"""Entries of the metadata, and tensors: models have some fifty of the former and a thousand of the latter."""


@dataclass(frozen=True, slots=True)
class Head:
    """All of a file that comes before its tensors."""

    metadata: dict[str, Any]
    """Values by key; an array is given as its length, since vocabularies are long and nobody here reads them."""

    tensors: tuple[int, ...]
    """Where each tensor begins, in bytes from the start of the file, in ascending order."""

    size: int
    """Bytes of the head itself."""


def read(path: Path) -> Head:
    """The head of a file.

    Raises:
        InputError: The file cannot be read, is no GGUF file, or ends too early.
    """
    inputs.require_regular(path)
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise InputError(
                    "this is no model file: it does not begin as GGUF files do",
                    where=str(path),
                    hint="download the .gguf file itself, not a page about it or a pointer to it",
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return _Reader(content, path).head()
    except OSError as error:
        raise InputError(
            f"cannot read the model file ({error.strerror})",
            where=str(path),
            hint="--model takes the path of a .gguf file; check it and its permissions",
        ) from error


class _Reader:
    """Goes through the head once."""

    def __init__(self, content: mmap.mmap, path: Path) -> None:
        self._content = content
        self._path = path
        self._at = len(MAGIC)

    def head(self) -> Head:
        try:
            version = self._number("I")
            if version not in VERSIONS:
                raise self._damaged(f"its GGUF version {version} is not one of {VERSIONS}")
            tensors, entries = self._number("Q"), self._number("Q")
            if max(tensors, entries) > _MAX_ENTRIES:
                raise self._damaged(f"it speaks of {tensors:,} tensors and {entries:,} entries of metadata")
            metadata = dict(self._entry() for _ in range(entries))
            offsets = sorted(self._tensor() for _ in range(tensors))
        except struct.error as error:
            raise self._cut() from error
        alignment = metadata.get("general.alignment", _ALIGNMENT)
        if type(alignment) is not int or alignment <= 0:
            raise self._damaged("its alignment makes no sense")
        start = -(-self._at // alignment) * alignment
        if offsets and start + offsets[-1] >= len(self._content):
            raise self._cut()
        return Head(metadata, tuple(start + offset for offset in offsets), self._at)

    def _entry(self) -> tuple[str, Any]:
        return self._text(), self._value(self._number("I"))

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._text()
        if kind == _ARRAY:
            return self._array()
        if kind not in _NUMBERS:
            raise self._damaged(f"it has a value of an unknown type ({kind})")
        return self._number(_NUMBERS[kind])

    def _array(self) -> int:
        """Goes over an array; its length."""
        kind, length = self._number("I"), self._number("Q")
        if kind == _STRING:
            for _ in range(length):
                self._over(self._number("Q"))
        elif kind in _NUMBERS:
            self._over(length * struct.calcsize("<" + _NUMBERS[kind]))
        else:
            raise self._damaged(f"it has an array of an unknown type ({kind})")
        return int(length)

    def _tensor(self) -> int:
        """Goes over a tensor's description; where it begins, from the first tensor on."""
        self._text()
        dimensions = self._number("I")
        if dimensions > _MOST_DIMENSIONS:
            raise self._damaged(f"it has a tensor of {dimensions} dimensions")
        self._over(8 * dimensions + 4)
        return int(self._number("Q"))

    def _text(self) -> str:
        length = self._number("Q")
        start = self._at
        self._over(length)
        if length > _MAX_TEXT:
            raise self._damaged(f"it has a text of {length:,} bytes in its metadata")
        return self._content[start : self._at].decode("utf-8", "replace")

    def _number(self, letter: str) -> Any:
        (number,) = struct.unpack_from("<" + letter, self._content, self._at)
        self._at += struct.calcsize("<" + letter)
        return number

    def _over(self, size: int) -> None:
        self._at += size
        if self._at > len(self._content):
            raise self._cut()

    def _cut(self) -> InputError:
        return InputError(
            "the model file is cut off: it ends before its tensors do",
            where=str(self._path),
            hint=f"download it again; it has {len(self._content):,} bytes now",
        )

    def _damaged(self, how: str) -> InputError:
        return InputError(
            f"the model file cannot be understood: {how}",
            where=str(self._path),
            hint="download it again, or convert it with a newer llama.cpp",
        )
