"""The lock file that keeps a run folder for one process; the operating system frees it when its holder dies."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ift_builder import disk
from ift_builder.errors import JournalError, RunBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = ".journal.lock"


@contextmanager
def held(journal: Path) -> Iterator[None]:
    """The folder of a journal for this process alone.

    Raises:
        RunBusyError: Another process has it.
        JournalError: The lock file cannot be made.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only runs need it

    lock = FileLock(journal.with_name(_NAME))
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise RunBusyError(
            "another process is at work in this run folder",
            where=str(journal.parent),
            hint="wait for it, or choose another folder",
        ) from error
    except OSError as error:
        raise JournalError(
            f"cannot make the lock file ({disk.reason(error)})",
            where=str(journal.parent),
            hint=disk.hint(error, "make the folder writable, or choose another with --out"),
        ) from error
    try:
        yield
    finally:
        lock.release()


def refuse_busy(journal: Path) -> None:
    """For those who only read, and want a run that has come to an end.

    Raises:
        RunBusyError: Another process is at work in the journal's folder.
    """
    if journal.with_name(_NAME).exists():
        with suppress(JournalError), held(journal):  # a folder that nobody may write into is not busy
            pass
