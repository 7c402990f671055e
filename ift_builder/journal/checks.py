"""What makes a journal unfit, and what to say about it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from ift_builder import disk
from ift_builder.errors import JournalError

if TYPE_CHECKING:
    from pathlib import Path

VERSION: Final = 1
"""Of the tables; stands in the file's `user_version`. A table that older journals lack is added when a run goes on."""

RESCUE: Final = (
    "nothing in it was changed; put an undamaged copy back, or save the answers by `sqlite3 journal.sqlite .recover`"
)
_KEPT: Final = "every answer that was recorded is kept"


def check(path: Path, connection: sqlite3.Connection) -> None:
    """Refuses a journal that is damaged, or of another version."""
    findings = connection.execute("PRAGMA quick_check(1)").fetchone()
    if findings != ("ok",):
        raise JournalError(f"the journal is damaged ({findings[0]})", where=str(path), hint=RESCUE)
    check_version(path, connection)


def check_version(path: Path, connection: sqlite3.Connection) -> None:
    """Refuses a journal that another version wrote."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise JournalError(
            f"the journal is of version {version}, this tool reads {VERSION}",
            where=str(path),
            hint="use the version of ift-builder that wrote it",
        )


def problem(path: Path, error: Exception) -> JournalError:
    """What SQLite's error means for the user.

    SQLite raises `OperationalError` for what the machine denies it, and other errors for what it finds in the file.
    What was denied, its codes do not say before Python 3.11, and not reliably after; writing a little beside it does.
    """
    if not isinstance(error, sqlite3.OperationalError):
        return JournalError(f"cannot use the journal ({error})", where=str(path), hint=RESCUE)
    denied = disk.obstacle(path.parent)
    if denied is None:
        hint = f"{_KEPT}; check the disk and who else has the file open, then run the same command again"
        return JournalError(f"cannot use the journal ({error})", where=str(path), hint=hint)
    hint = disk.hint(denied, "make the folder writable, then run the same command again")
    return JournalError(f"cannot write the journal ({disk.reason(denied)})", where=str(path), hint=f"{_KEPT}; {hint}")
