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
    attempt = _Attempt(folder / LOCK)
    try:
        try:
            attempt.acquire()
        except OSError as error:
            raise problem(folder, error, "make the lock file") from error
        yield
    finally:
        attempt.end()


def check_free(folder: Path) -> None:
    """For those who only read, and want a folder that nobody writes.

    Raises:
        RunBusyError: Another process is at work in the folder.
    """
    if (folder / LOCK).exists() and os.access(folder, os.W_OK):  # a folder that nobody may write into is not busy
        with held(folder):
            pass


class _Attempt:
    """Taking the lock: whatever interrupts it, `end` frees what was taken and leaves no file that nobody holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: BaseFileLock | None = None
        self._descriptor: int | None = None

    def acquire(self) -> None:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only writers need it

        self._lock = FileLock(self._path)
        for _ in range(_TRIES):
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
            try:
                self._lock.acquire(blocking=False)
            except Timeout as error:
                raise _busy(self._path) from error
            if _stands(self._path, self._descriptor):
                return
            self._lock.release()
            self._close()
        raise _busy(self._path)

    def end(self) -> None:
        from filelock import Timeout  # noqa: PLC0415 - as above

        if self._lock is None or self._descriptor is None:
            return
        with suppress(OSError, Timeout):  # Timeout: another process has it, whose file stays
            self._lock.acquire(blocking=False)  # an interrupt may have come between the file and its lock
            self._path.unlink()  # Windows removes no file that another process has open
        self._lock.release(force=True)
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


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
