"""What makes a journal unfit, and what to say about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final
from zlib import crc32

from ift_builder import disk
from ift_builder.errors import JournalError
from ift_builder.journal import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

VERSION: Final = 2
"""Of the tables; stands in the file's `user_version`. A table that older journals lack is added when a run goes on."""

READABLE: Final = (1, VERSION)
"""Version 1 had no checksums; a run that goes on makes it version 2."""

RESCUE: Final = (
    "nothing in it was changed; put an undamaged copy back, or save the answers by `sqlite3 journal.sqlite .recover`"
)
_KEPT: Final = "every answer that was recorded is kept"
_PUT_BACK: Final = "put journal.sqlite and, where there was one, journal.sqlite-wal back"


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def check_for_run(path: Path, *, begun: bool) -> None:
    """Checks the journal of a run before anything is written to it.

    Args:
        path: The journal; one that is not there is as good as an empty one.
        begun: Whether something outside the journal says that the run has begun.

    Raises:
        JournalError: It is damaged, of another version, or had more answers than it has.
    """
    recorded = count.read(path)
    answers = _answers(path)
    if answers is None and (recorded or (begun and recorded is None)):
        has = "is empty" if path.exists() else "is gone"
        raise JournalError(
            f"the run has begun, but its journal {has}: every request would be asked and paid again",
            where=str(path),
            hint=f"{_PUT_BACK}, or choose another folder",
        )
    if (answers or 0) < (recorded or 0):
        raise JournalError(
            f"the journal has {answers:,} answers, but {recorded:,} were recorded: "
            "the rest was in a file that is gone, or this is an older copy",
            where=str(path),
            hint=f"{_PUT_BACK}, or choose another folder; "
            f"remove {count.NAME} beside it to go on without the lost answers and pay for them again",
        )


def check_version(path: Path, connection: sqlite3.Connection) -> None:
    """Checks that this version can read the journal.

    Raises:
        JournalError: Another version wrote it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in READABLE:
        raise JournalError(
            f"the journal is of version {version}, this tool reads {' and '.join(map(str, READABLE))}",
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


def checksum(values: Sequence[Any]) -> int:
    """The checksum of a row, all columns before it."""
    return crc32("\0".join(map(str, values)).encode("utf-8", "surrogatepass"))


def damaged_row(path: Path, key: str) -> JournalError:
    """For a row that is not what was written."""
    without_it = f"DELETE FROM answers WHERE key = '{key}'"  # noqa: S608 - for the user to read, and a key is hex digits
    return JournalError(
        f"the answer with the key {key} is damaged in the journal",
        where=str(path),
        hint="nothing in it was changed; put an undamaged copy back, or have this answer asked and paid again: "
        f'sqlite3 journal.sqlite "{without_it}", and remove {count.NAME}',
    )


def _answers(path: Path) -> int | None:
    """Answers in the journal; None where nothing was ever written to it.

    Raises:
        JournalError: It is damaged, or of another version.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(connect_to_read(path)) as connection:
            findings = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if findings != ("ok",):
                raise JournalError(f"the journal is damaged ({findings[0]})", where=str(path), hint=RESCUE)
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                return None
            check_version(path, connection)
            (answers,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            return int(answers)
    except sqlite3.Error as error:
        raise problem(path, error) from error
