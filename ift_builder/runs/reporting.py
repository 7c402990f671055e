"""The one file that is added to a run from outside: its page of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.errors import RunFolderError
from ift_builder.runs import staging
from ift_builder.runs.folder import exclusive
from ift_builder.runs.names import REPORT
from ift_builder.runs.problems import translated

if TYPE_CHECKING:
    from pathlib import Path

    from ift_builder.runs.reading import Run

_MARK: Final = b"ift-builder"
_HEAD: Final = 1 << 16
"""Bytes in which the mark stands in every page of ours, of earlier versions too."""


def put_report(run: Run, page: bytes) -> Path:
    """Writes a run's page and returns its path.

    Raises:
        RunBusyError: Another process is at work in the folder.
        RunFolderError: The page would take the place of a file of unknown origin, or cannot be written.
    """
    path = run.path / REPORT
    with exclusive(run.path), translated(run.path, f"write {REPORT}"):
        if run.settings is None and path.exists() and _MARK not in _head_of(path):
            raise RunFolderError(
                f"the folder holds a {REPORT} of unknown origin", where=str(path), hint="rename it, or take it away"
            )
        staging.put_file(run.path, REPORT, page)
    return path


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
