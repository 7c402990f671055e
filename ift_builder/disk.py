"""What an error of the operating system means for whoever writes a file, and what to do about it."""

from __future__ import annotations

import errno
import os
import tempfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_FULL: Final = {
    errno.ENOSPC: "the disk is full",
    getattr(errno, "EDQUOT", -1): "the disk quota is used up",
    errno.EFBIG: "the file would grow larger than it may",
}
"""Windows knows no quota by number."""

_PROBE: Final = 1 << 16
"""Bytes; a few pages of SQLite's, and no burden for a disk that is nearly full."""


def is_full(error: OSError) -> bool:
    """Whether there is no room for what was to be written."""
    return error.errno in _FULL


def reason(error: OSError) -> str:
    """What is wrong, in a few words."""
    return _FULL.get(error.errno or 0) or error.strerror or str(error)


def hint(error: OSError, otherwise: str) -> str:
    """What to do about a full disk; `otherwise` for another error."""
    if error.errno == errno.EFBIG:
        return "raise the limit on the size of files (ulimit -f), then run the same command again"
    return "free some space, then run the same command again" if is_full(error) else otherwise


def obstacle(folder: Path) -> OSError | None:
    """Why nothing can be written into a folder at the moment, found out by writing; None if something can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error
    return None
