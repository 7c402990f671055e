"""The one writer of run folders: one lock, one order, and all new files stand at once or none does.

The order: claim, rows, and then in one step (`staging`) settings, rows, manifest, card; the journal's last row is the
caller's. On an error, and on a kill before that step, the folder is as it was.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder.journal import Journal, open_for_run
from ift_builder.runs import card, owner, rows_file, staging
from ift_builder.runs.folder import exclusive
from ift_builder.runs.names import CARD, DROPPED, EXAMPLES, JOURNAL, MANIFEST, SETTINGS, shards
from ift_builder.runs.problems import problem, translated
from ift_builder.runs.reading import manifest_of
from ift_builder.runs.settings import check_same
from ift_builder.sources import ParquetExamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ift_builder.runs.manifest import Manifest
    from ift_builder.runs.rows_file import RowsFile
    from ift_builder.runs.settings import Settings

_INDENTED: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@contextmanager
def writing(folder: Path, command: str, *, keeps_journal: bool = False) -> Iterator[RunWriter]:
    """The folder of one run of a command, for this process alone.

    Args:
        folder: Where it goes.
        command: The command.
        keeps_journal: Whether the command keeps a journal.

    Raises:
        RunBusyError: Another process is at work in it.
        SettingsDifferError: It holds a run of another command.
        RunFolderError: It holds files of unknown origin, lies inside a run, or cannot be made or written.
    """
    with exclusive(folder):
        run = RunWriter(folder, owner.check_own(folder, command, keeps_journal=keeps_journal))
        try:
            yield run
        finally:
            run.discard()


class RunWriter:
    """Writes a run. Use `writing`.

    Attributes:
        folder: The run folder.
        earlier: What the run in the folder was started with; None for a new one.
    """

    def __init__(self, folder: Path, earlier: Settings | None) -> None:
        self.folder = folder
        self.earlier = earlier
        self._settings: Mapping[str, Any] = {}
        self._staged: Path | None = None

    @property
    def earlier_manifest(self) -> Manifest | None:
        """What happened in the run in the folder; None for one that has not come to an end."""
        return manifest_of(self.folder)

    def check(self, settings: Mapping[str, Any], *, free: frozenset[str] = frozenset()) -> None:
        """Refuses settings that are not those of the run in the folder.

        Args:
            settings: JSON values by name; everything the result depends on.
            free: Names that may change, such as how many requests are in flight.

        Raises:
            SettingsDifferError: The run was started with other settings; names them.
        """
        if self.earlier is not None:
            check_same(self.folder, self.earlier, settings, free)

    def claim(self, settings: Mapping[str, Any], *, free: frozenset[str] = frozenset()) -> None:
        """Makes the folder this run's own: `check`, and the settings are written with the rows."""
        self.check(settings, free=free)
        self._settings = settings

    @contextmanager
    def journal(self, settings: Mapping[str, Any], *, free: frozenset[str] = frozenset()) -> Iterator[Journal]:
        """The run's journal, and the claim: settings are written at once, since without them no answer is of use.

        Where nothing was answered yet, the run may start with other settings.

        Raises:
            SettingsDifferError: As `check`.
            RunFolderError: There are answers, but no settings any more.
            JournalError: The journal is damaged, or lacks answers.
        """
        with open_for_run(self.folder / JOURNAL, begun=self.earlier is not None) as journal:
            if not journal.is_empty:
                if self.earlier is None:
                    raise owner.unknown(self.folder, JOURNAL)
                self.check(settings, free=free)
            self._settings = settings
            with translated(self.folder):
                staging.put_file(self.folder, SETTINGS, orjson.dumps(settings, option=_INDENTED))
            yield journal

    def rows(self, name: str = EXAMPLES) -> AbstractContextManager[RowsFile]:
        """A new file of rows."""
        return rows_file.new(self._scratch() / name, self.folder)

    def parquet(self) -> ParquetExamples:
        """New parquet files of examples."""
        return ParquetExamples(self._scratch(), lambda error: problem(self.folder, error))

    def finish(self, manifest: Manifest, render_card: Callable[..., str]) -> None:
        """Puts all new files in the place of the old ones.

        Args:
            manifest: What happened; its counts must add up.
            render_card: See `card.rendered`.
        """
        for level, counts in manifest.levels.items():
            assert counts.add_up, f"the counts of {level} do not add up: {counts}"
        text = card.rendered(self.folder.resolve().name, render_card, self._settings, manifest)
        staged, self._staged = self._scratch(), None
        with translated(self.folder):
            staging.write(staged / SETTINGS, orjson.dumps(self._settings, option=_INDENTED))
            staging.write(staged / MANIFEST, orjson.dumps(manifest.as_json(), option=_INDENTED))
            staging.write(staged / CARD, text)
            staging.put(staged, [EXAMPLES, DROPPED, *(path.name for path, *_ in shards(self.folder))])

    def discard(self) -> None:
        """Takes away what was written and not put in its place."""
        if self._staged is not None:
            staging.discard(self._staged)

    def _scratch(self) -> Path:
        """The folder in which the new files are written."""
        if self._staged is None:
            with translated(self.folder):
                self._staged = staging.new_folder(self.folder)
        return self._staged
