"""The lock that keeps a folder for one writer; the operating system frees it when its holder dies.

The lock file is removed at the end, so that it is no litter. A process that had opened it before then holds a lock on
a file that nobody else will find; so whoever has got the lock makes sure that the file still stands in the folder.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ift_builder.errors import RunBusyError
from ift_builder.runs.names import LOCK
from ift_builder.runs.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import BaseFileLock

_TRIES: Final = 5
"""Each fails only if another process freed the lock in that very moment."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """A folder for this process alone.

    Raises:
        RunBusyError: Another process has it.
        RunFolderError: The lock file cannot be made.
    """
    path = folder / LOCK
    try:
        lock, descriptor = _acquired(path)
    except OSError as error:
        raise problem(folder, error, "make the lock file") from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no file that another process has open
            path.unlink()
        lock.release()
        os.close(descriptor)


def check_free(folder: Path) -> None:
    """For those who only read, and want a folder that nobody writes.

    Raises:
        RunBusyError: Another process is at work in the folder.
    """
    if (folder / LOCK).exists() and os.access(folder, os.W_OK):  # a folder that nobody may write into is not busy
        with held(folder):
            pass


def _acquired(path: Path) -> tuple[BaseFileLock, int]:
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only writers need it

    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            lock = FileLock(path)
            lock.acquire(blocking=False)
        except Timeout as error:
            os.close(descriptor)
            raise _busy(path) from error
        except OSError:
            os.close(descriptor)
            raise
        if _stands(path, descriptor):
            return lock, descriptor
        lock.release()
        os.close(descriptor)
    raise _busy(path)


def _stands(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one of that name; then the lock, taken in between, is on that one too."""
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(descriptor))


def _busy(path: Path) -> RunBusyError:
    return RunBusyError(
        "another process is at work in this folder",
        where=str(path.parent),
        hint="wait for it, or choose another folder",
    )
