"""A run folder as a value: what was asked for, what happened, the rows, and whether all of it is there.

All commands that are given a run read it through here, and so come to the same answer about it.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Final

from ift_builder import jsonl
from ift_builder.errors import RunFolderError
from ift_builder.journal import open_to_read
from ift_builder.runs import fields
from ift_builder.runs.examples import example_of
from ift_builder.runs.folder import settled
from ift_builder.runs.manifest import Manifest
from ift_builder.runs.names import DROPPED, EXAMPLES, JOURNAL, MANIFEST, SETTINGS, shards
from ift_builder.runs.settings import Settings
from ift_builder.sources import shards as parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ift_builder.journal import Journal
    from ift_builder.records import Example

NOT_ENDED: Final = "the run has not come to an end yet"
GO_ON: Final = "run its command again to go on"
"""What to do about a run that was stopped, or killed."""

_MISSING: Final = "copy the missing files, or run the command that made them again"
_FEW: Final = 3


def manifest_of(folder: Path) -> Manifest | None:
    """What happened in the run in a folder; None where there is none, or none that has come to an end.

    Raises:
        RunFolderError: The file cannot be read, or was changed by hand.
    """
    found = fields.read(folder / MANIFEST)
    return None if found is None else Manifest.of(found)


def stopped(manifest: Manifest | None) -> str:
    """How a run was stopped before its end, in words; `""` for one that came to an end."""
    status = manifest.stopped_early if manifest else ""
    return f"the run was stopped before its end ({status})" if status else ""


@dataclass(frozen=True, slots=True)
class Run:
    """The run in a folder. Use `open_run`."""

    path: Path
    """Where it is."""

    settings: Settings | None
    """What was asked for; None for a folder of examples alone."""

    manifest: Manifest | None
    """What happened; None for a run that has not come to an end, and for a folder of examples alone."""

    files: tuple[Path, ...]
    """The files that hold the examples, in order."""

    @property
    def day(self) -> date:
        """The day on which its rows were written, in UTC."""
        return datetime.fromtimestamp(max(file.stat().st_mtime for file in self.files), timezone.utc).date()

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.resolve().name

    @property
    def command(self) -> str:
        """Whose run it is; `""` where nothing tells."""
        return self.settings.command if self.settings else ""

    @property
    def missing(self) -> str:
        """Why not all rows are there, in words; `""` for a whole run."""
        told = [name for name in (self.manifest.files if self.manifest else ()) if name.startswith("examples")]
        gone = [name for name in told if not (self.path / name).exists()]
        if gone:
            return f"the run is not whole: {len(gone)} of its {len(told)} files of examples are missing ({_few(gone)})"
        if not self.files:
            return NOT_ENDED
        named = [] if self.files[0].name == EXAMPLES else shards(self.path)
        if [(number, count) for _, number, count in named] != [(number, len(named)) for number in range(len(named))]:
            return f"the run is not whole: {len(named)} parquet files, where their names speak of {named[0][2]}"
        return ""

    @property
    def stopped(self) -> str:
        """How a run was stopped before its end, in words; `""` for one that came to an end."""
        return stopped(self.manifest)

    @property
    def unfinished(self) -> str:
        """What keeps the run from being all that was asked for, in words; `""` if nothing."""
        return self.missing or self.stopped

    def check_whole(self) -> None:
        """Refuses a run of which rows are missing; one that was stopped early has all that it kept.

        Raises:
            RunFolderError: Rows are missing.
        """
        if self.missing:
            hint = GO_ON if self.manifest is None and not self.files else _MISSING
            raise RunFolderError(self.missing, where=str(self.path), hint=hint)

    def examples(self) -> Iterator[Example]:
        """The examples in their order.

        Raises:
            InputError: A row is not an example; names file and row.
        """
        for where, row in self.rows():
            yield example_of(row, where)

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(place, row) of each example, as it stands in the file.

        Raises:
            InputError: A file cannot be read.
        """
        for path in self.files:
            if path.suffix == ".parquet":
                yield from ((f"{path}, row {number}", row) for number, row in enumerate(parquet.rows(path)))
            else:
                yield from ((f"{path}:{number}", row) for number, row in jsonl.read(path))

    def dropped(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(place, row) of each candidate that was not kept.

        Raises:
            InputError: The file cannot be read.
        """
        path = self.path / DROPPED
        if path.exists():
            yield from ((f"{path}:{number}", row) for number, row in jsonl.read(path))

    def journal(self) -> AbstractContextManager[Journal | None]:
        """The journal, to read; None for a run that asked no model.

        Raises:
            JournalError: It cannot be read.
        """
        path = self.path / JOURNAL
        return open_to_read(path) if path.exists() else nullcontext()


def find_run(path: Path) -> Run | None:
    """The run in a folder, whole or not; None where there is none.

    Raises:
        RunBusyError: Its files are being moved in at this moment.
        RunFolderError: Settings or manifest cannot be read, or were changed by hand.
    """
    settled(path)
    lines = path / EXAMPLES
    files = (lines,) if lines.exists() else tuple(file for file, *_ in shards(path))
    found = fields.read(path / SETTINGS)
    if not files and found is None and not (path / JOURNAL).exists():
        return None
    return Run(path, Settings.of(found) if found else None, manifest_of(path), files)


def open_run(path: Path) -> Run:
    """The run in a folder, whole or not; `Run.check_whole` and `Run.missing` tell.

    Raises:
        RunFolderError: There is none, or settings or manifest cannot be read, or were changed by hand.
    """
    run = find_run(path)
    if run is None:
        raise RunFolderError("there is no run here", where=str(path), hint="a run folder holds examples.jsonl")
    return run


def _few(names: list[str]) -> str:
    return ", ".join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
