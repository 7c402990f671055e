"""Standard streams that a command can rely on, whatever it was started with.

* A stream that was closed (`>&-`) leads nowhere, so that no file that is opened later gets its number.
* Standard error takes what it can: a message that nobody can read must not end a run that is being paid for.
* Standard output that takes no more ends the command: in peace where nobody reads on (`| head`), otherwise with a
  message. Afterwards it takes everything and keeps nothing, so that Python's last flush finds nothing to do.
* A character that the stream's encoding does not know is escaped.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
from typing import TYPE_CHECKING, Any, TextIO

from ift_builder import disk
from ift_builder.errors import IftError

if TYPE_CHECKING:
    from collections.abc import Callable


class NobodyReadsError(Exception):
    """Whoever read standard output has left."""


class OutputLostError(IftError):
    """Standard output cannot be written."""


def prepare() -> None:
    """Puts streams that keep the promises above in the place of Python's."""
    for number in (0, 1, 2):
        _open_if_closed(number)
    sys.stdout = _over(sys.stdout, _say_lost)
    sys.stderr = _over(sys.stderr, lambda _: None)


def _open_if_closed(number: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        taken = os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
        os.set_inheritable(taken, True)  # noqa: FBT003 - takes no names


def _over(stream: TextIO | None, on_failure: Callable[[OSError], None]) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - stays open as long as the program
    is_ascii = codecs.lookup(stream.encoding).name == "ascii"  # nobody's choice but a bare system's, as click sees it
    return io.TextIOWrapper(
        io.BufferedWriter(_Raw(stream, on_failure)),
        "utf-8" if is_ascii else stream.encoding,
        "backslashreplace",
        line_buffering=bool(stream.line_buffering),
    )


def _say_lost(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise NobodyReadsError from error
    hint = f"the files that the command has written stand; {disk.hint(error, 'check where its output leads')}"
    raise OutputLostError(f"cannot write to standard output ({disk.reason(error)})", hint=hint) from error


class _Raw(io.RawIOBase):
    """The bytes of a stream until it fails; nothing afterwards."""

    def __init__(self, stream: TextIO, on_failure: Callable[[OSError], None]) -> None:
        self._stream = stream  # kept alive, since it would close the file
        self._raw = getattr(stream.buffer, "raw", stream.buffer)
        self._on_failure = on_failure
        self._is_lost = False

    def write(self, data: Any) -> int:
        if not self._is_lost:
            try:
                while (written := self._raw.write(data)) is None:  # it does not block, and is full
                    select.select([], [self._raw], [])
                return int(written)
            except OSError as error:
                self._is_lost = True
                self._on_failure(error)
        return len(data)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def fileno(self) -> int:
        return int(self._raw.fileno())
