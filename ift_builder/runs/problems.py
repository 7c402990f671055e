"""What an error of the operating system means for someone who writes a run folder."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ift_builder import disk
from ift_builder.errors import RunFolderError
from ift_builder.runs.names import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANOTHER_FOLDER: Final = "choose another folder with --out"

_NAMED: Final = {
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "the file system is read-only",
}
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM)


@contextmanager
def translated(folder: Path, doing: str = "write here") -> Iterator[None]:
    """What the operating system refuses in this block is told to the user as `problem` says it."""
    try:
        yield
    except OSError as error:
        raise problem(folder, error, doing) from error


def problem(folder: Path, error: OSError, doing: str = "write here") -> RunFolderError:
    """The error for the user.

    Args:
        folder: The run folder.
        error: What the operating system said.
        doing: What could not be done, as it follows "cannot".
    """
    code = error.errno or 0
    otherwise = f"make the folder writable, or {ANOTHER_FOLDER}" if code in _FORBIDDEN else ANOTHER_FOLDER
    hint = disk.hint(error, otherwise)
    if disk.is_full(error) and (folder / JOURNAL).exists():
        hint += f"; every answer so far is kept in {JOURNAL}"
    return RunFolderError(f"cannot {doing} ({_NAMED.get(code) or disk.reason(error)})", where=str(folder), hint=hint)
