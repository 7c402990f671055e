"""The run that is judged again: refused unless its files and its journal are those of a finished session."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ift_builder import inputs, runs
from ift_builder.errors import RunFolderError
from ift_builder.journal import open_to_read
from ift_builder.runs import DROPPED, EXAMPLES, GO_ON, JOURNAL, MANIFEST, SETTINGS
from ift_builder.screen.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ift_builder.journal import Journal, NotedRound


@dataclass(frozen=True, slots=True)
class Run:
    """A bootstrap run at the end of a session."""

    run: runs.Run
    """Its folder as a value."""

    settings: runs.Settings
    """What was asked for."""

    manifest: runs.Manifest
    """What happened."""

    thresholds: Thresholds
    """What its candidates were judged by."""

    rounds: list[NotedRound]
    """Its proposals with their candidates, in the order in which they were judged."""

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.run.path

    @property
    def name(self) -> str:
        """The folder's name, and what its files hold: to recognise the run wherever it lies."""
        hashes = "".join(self.manifest.files[name].sha256 for name in (EXAMPLES, DROPPED))
        return f"{self.run.name} sha256:{sha256(hashes.encode()).hexdigest()[:16]}"


def opened(folder: Path) -> Run:
    """The run in a folder.

    Raises:
        RunFolderError: There is none, or one of another command; it has not come to an end, or somebody is at work in
            it; its journal is of an earlier version; its files are not as it left them.
        JournalError: It has no journal, or one that cannot be read.
    """
    run = runs.find_run(folder)
    if run is None or run.settings is None:
        raise RunFolderError(
            "there is no run here", where=str(folder), hint="give the folder of a run of `ift-build bootstrap`"
        )
    _check_command(folder, run.command)
    runs.check_free(folder)
    run.check_whole()
    if run.manifest is None:
        raise RunFolderError(runs.NOT_ENDED, where=str(folder), hint=GO_ON)
    with open_to_read(folder / JOURNAL) as journal, _as_it_was_left(folder / MANIFEST):
        rounds = _rounds(folder, run.manifest, journal)
        hashes = {name: run.manifest.files[name].sha256 for name in (EXAMPLES, DROPPED)}
    for name, hashed in hashes.items():
        _refuse_changed(folder / name, hashed)
    with _as_it_was_left(folder / SETTINGS):
        return Run(run, run.settings, run.manifest, Thresholds.of(run.settings.values), rounds)


@contextmanager
def _as_it_was_left(path: Path) -> Iterator[None]:
    """Refuses a file in which a value is missing or is none of its kind."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise runs.not_as_left(path, repr(error)) from error


def _check_command(folder: Path, command: str) -> None:
    if command != "bootstrap":
        raise RunFolderError(
            f"a run of `{command}` has no recorded candidates; those of `bootstrap` have",
            where=str(folder),
            hint="judge the run again that it was made from"
            if command == "screen"
            else "`ift-build dedupe` drops near-duplicates from the rows of any dataset",
        )


def _rounds(folder: Path, manifest: runs.Manifest, journal: Journal) -> list[NotedRound]:
    """The rounds that the files account for; the journal may have more, answered ahead of the end."""
    then, now = manifest.requests, journal.totals()
    if then is None:
        raise KeyError("requests")
    if (then.answered, then.given_up) != (now["answered"], now["given_up"]):
        raise RunFolderError("the run was taken up again and has not come to an end yet", where=str(folder), hint=GO_ON)
    answers, tasks = manifest.levels["answers"].seen, manifest.levels["tasks"].seen
    rounds = journal.rounds(answers)
    if len(rounds) != answers or sum(len(noted.candidates) for noted in rounds) != tasks:
        raise RunFolderError(
            "the journal does not say in which order the candidates were judged; an earlier version wrote it",
            where=str(folder / JOURNAL),
            hint="run the command of the run again: it asks nothing that was answered, and adds what is missing",
        )
    return rounds


def _refuse_changed(path: Path, hashed: str) -> None:
    if inputs.sha256_of(path) != hashed:
        raise RunFolderError(
            "the file is not as the run left it",
            where=str(path),
            hint="run the command of the run again: it writes the file anew and asks nothing that was answered",
        )
