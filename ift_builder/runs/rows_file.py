"""A file of rows as it is written: counted and hashed on the way, so that the manifest can say what it holds."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ift_builder.runs.manifest import FileFacts
from ift_builder.runs.problems import translated
from ift_builder.secrets import redact_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


_BLOCK: Final = 1 << 18
"""Bytes that are taken together: secrets are looked for in many lines as fast as in one."""


class RowsFile:
    """Writes lines; no secret gets into them. Use `new`.

    Attributes:
        rows: Rows written.
    """

    def __init__(self, raw: BinaryIO, folder: Path) -> None:
        self._raw = raw
        self._folder = folder
        self._hash = sha256()
        self._size = 0
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self.rows = 0

    def write(self, lines: bytes, rows: int = 1) -> None:
        """Appends `lines`, which hold `rows` rows.

        Raises:
            RunFolderError: They cannot be written.
        """
        self._waiting.append(lines)
        self._waiting_bytes += len(lines)
        self.rows += rows
        if self._waiting_bytes >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Writes what waits.

        Raises:
            RunFolderError: It cannot be written.
        """
        block = redact_bytes(b"".join(self._waiting))
        self._waiting, self._waiting_bytes = [], 0
        with translated(self._folder):
            self._raw.write(block)
        self._hash.update(block)
        self._size += len(block)

    def facts(self) -> FileFacts:
        """What the file holds, once it is whole."""
        return FileFacts(self.rows, self._size, self._hash.hexdigest())


@contextmanager
def new(path: Path, folder: Path) -> Iterator[RowsFile]:
    """A new file of rows.

    Args:
        path: Where it is written.
        folder: The folder that the user knows of, for errors.

    Raises:
        RunFolderError: It cannot be written.
    """
    with translated(folder):
        raw = path.open("xb")
    try:
        rows = RowsFile(raw, folder)
        yield rows
        rows.flush()
    finally:
        with translated(folder):
            raw.close()
