"""Opens files that a user names, after a look at what they are: to open a FIFO waits for ever, a device has no end."""

from __future__ import annotations

import gzip
import stat
import zlib
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Final

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KINDS: Final = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_DAMAGED: Final = (OSError, EOFError, zlib.error)

_BUFFER: Final = 1 << 18
"""Bytes that the system is asked for at a time; long lines are put together of so large pieces."""

_BLOCK: Final = 1 << 20
"""Bytes read at a time."""


def require_regular(path: Path) -> None:
    """Refuses a pipe, socket or device; a folder, or a path where nothing is, is for whoever opens it to judge.

    That includes `<(command)` of a shell, which is a pipe: files are read more than once (for their hash, for their
    columns, for their rows), and the same command, run again to go on, must find the same bytes.

    Raises:
        InputError: It is one of these.
    """
    try:
        kind = _KINDS.get(stat.S_IFMT(path.stat().st_mode))
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return
    if kind:
        raise InputError(
            f"this is {kind}, not a file",
            where=str(path),
            hint="write what it gives into a file first: it is read more than once, and a resumed run reads it again",
        )


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes as they stand.

    Raises:
        InputError: It is no regular file, or cannot be read.
    """
    require_regular(path)
    try:
        with path.open("rb", buffering=_BUFFER) as file:
            yield file
    except OSError as error:
        raise unreadable(path, error) from error


@contextmanager
def unzipped(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unzipped as they are read where its name ends in `.gz`.

    Raises:
        InputError: As `opened`, or the zipped data is damaged.
    """
    with opened(path) as raw:
        if path.suffix.lower() != ".gz":
            yield raw
            return
        try:
            with gzip.GzipFile(fileobj=raw) as file:
                yield file  # type: ignore[misc]
        except _DAMAGED as error:
            raise unreadable(path, error) from error


def blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes in pieces, for hashes.

    Raises:
        InputError: As `opened`.
    """
    with opened(path) as file:
        while block := file.read(_BLOCK):
            yield block


def read_bytes(path: Path, limit: int) -> bytes:
    """All of a file that is small by its nature, unzipped as by `unzipped`.

    Raises:
        InputError: As `unzipped`, or it has more than `limit` bytes.
    """
    with unzipped(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"the file is larger than {size(limit)}", where=str(path), hint="is it the right file?")
    return data


def read_text(path: Path, limit: int) -> str:
    """As `read_bytes`, without a byte order mark.

    Raises:
        InputError: As `read_bytes`.
        UnicodeDecodeError: It is not UTF-8.
    """
    return read_bytes(path, limit).decode("utf-8-sig")


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes as they stand, in hex digits.

    Raises:
        InputError: As `opened`.
    """
    digest = sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()


def unreadable(path: Path, error: Exception) -> InputError:
    """What to say about a file that cannot be read."""
    return InputError(
        f"cannot read the file ({getattr(error, 'strerror', None) or error})",
        where=str(path),
        hint="check the path, its permissions, and that it is whole",
    )


def size(limit: int) -> str:
    """A limit in words."""
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit:,} bytes"
