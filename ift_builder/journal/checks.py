"""What makes a journal unfit, and what to say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.errors import JournalError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

VERSION: Final = 1
"""Of the tables; stands in the file's `user_version`. A table that older journals lack is added when a run goes on."""

RESCUE: Final = (
    "nothing in it was changed; `sqlite3 journal.sqlite .recover` may save the answers, "
    "or take the folder away and start again"
)


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
    """What SQLite's error means for the user."""
    return JournalError(f"cannot use the journal ({error})", where=str(path), hint=RESCUE)
