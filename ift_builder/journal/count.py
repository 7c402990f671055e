"""How many answers the journal has, in a small file beside it, so that answers that are gone are missed.

A journal that was truncated or deleted looks like a new one, and SQLite does not notice that a `-wal` with committed
rows is gone. The count says that there was more. It is written after each commit, and never ahead of the journal:

* The journal's commit waits for the disk, and only then is the count written. Whatever kills the process or the
  machine at whatever moment, the count on the disk is that of an earlier commit or of the last one.
* It is not waited for, so that it costs a microsecond. After a power cut it may be too low, or hold no number: then
  it says less or nothing, and is set right when the run goes on. The digits lie in one sector, which a disk writes
  whole.
* Where a disk loses what it had promised to keep, the count is higher than the journal, and rightly so: answers are
  lost.

A run of an earlier version has no count, and a folder may be copied without it: nothing is missed then.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = ".journal.count"

_DIGITS: Final = 20
"""Fixed, so that a new count covers the old one whole."""


class Count:
    """The file, open for one process to write."""

    def __init__(self, journal: Path, answers: int) -> None:
        """Opens the file, makes it if need be, and sets the count.

        Args:
            journal: The journal beside which it stands.
            answers: Those that the journal has on the disk.

        Raises:
            OSError: It cannot be written.
        """
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        self._file = os.fdopen(os.open(journal.with_name(NAME), flags, 0o666), "r+b", buffering=0)
        self._answers = answers
        self._write()

    def add(self, answers: int) -> None:
        """Counts answers that the journal has on the disk from now on."""
        self._answers += answers
        if answers:
            with suppress(OSError):  # a count that is too low says less, but nothing wrong
                self._write()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _write(self) -> None:
        self._file.seek(0)
        self._file.write(b"%0*d\n" % (_DIGITS, self._answers))


def read(journal: Path) -> int | None:
    """The count beside a journal; None where there is none, or no number in it."""
    path = journal.with_name(NAME)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        digits = file.read(_DIGITS)
    return int(digits) if len(digits) == _DIGITS and digits.isdigit() else None
