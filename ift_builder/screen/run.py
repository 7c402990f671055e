"""The run that is judged again: refused unless its files and its journal are those of a finished sitting."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ift_builder import jsonl
from ift_builder.errors import RunFolderError
from ift_builder.formats.run_folder import DROPPED, EXAMPLES, JOURNAL, MANIFEST, SETTINGS
from ift_builder.journal import lock, open_to_read
from ift_builder.screen.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ift_builder.formats.run_folder import RunFolder
    from ift_builder.journal import Journal, NotedRound

_GO_ON = "run its command again to go on"


@dataclass(frozen=True, slots=True)
class Run:
    """A bootstrap run at the end of a sitting."""

    folder: RunFolder
    """Where it is."""

    settings: dict[str, Any]
    """What was asked for."""

    manifest: dict[str, Any]
    """What happened."""

    thresholds: Thresholds
    """What its candidates were judged by."""

    rounds: list[NotedRound]
    """Its proposals with their candidates, in the order in which they were judged."""

    @property
    def name(self) -> str:
        """The folder's name, and what its files hold: to recognise the run wherever it lies."""
        hashes = "".join(self.manifest["files"][name]["sha256"] for name in (EXAMPLES, DROPPED))
        return f"{self.folder.path.resolve().name} sha256:{sha256(hashes.encode()).hexdigest()[:16]}"


def opened(folder: RunFolder) -> Run:
    """The run in a folder.

    Raises:
        RunFolderError: There is none, or one of another command; it has not come to an end, or somebody is at work in
            it; its journal is of an earlier version; its files are not as it left them.
        JournalError: It has no journal, or one that cannot be read.
    """
    settings = _settings(folder)
    lock.refuse_busy(folder.path / JOURNAL)
    manifest = folder.manifest()
    if manifest is None:
        raise RunFolderError("the run has not come to an end yet", where=str(folder.path), hint=_GO_ON)
    with open_to_read(folder.path / JOURNAL) as journal, _as_it_was_left(folder, MANIFEST):
        rounds = _rounds(folder, manifest, journal)
        hashes = {name: manifest["files"][name]["sha256"] for name in (EXAMPLES, DROPPED)}
    for name, hashed in hashes.items():
        _refuse_changed(folder.path / name, hashed)
    with _as_it_was_left(folder, SETTINGS):
        return Run(folder, settings, manifest, Thresholds.of(settings), rounds)


@contextmanager
def _as_it_was_left(folder: RunFolder, name: str) -> Iterator[None]:
    """Refuses a file in which a value is missing or is none of its kind."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise RunFolderError(
            f"the file is not as the run left it ({error!r})",
            where=str(folder.path / name),
            hint="was it changed by hand?",
        ) from error


def _settings(folder: RunFolder) -> dict[str, Any]:
    settings = folder.settings()
    if settings is None:
        raise RunFolderError(
            "there is no run here", where=str(folder.path), hint="give the folder of a run of `ift-build bootstrap`"
        )
    command = settings.get("command") or settings.get("verb")  # `convert` says verb
    if command != "bootstrap":
        raise RunFolderError(
            f"a run of `{command}` has no recorded candidates; those of `bootstrap` have",
            where=str(folder.path),
            hint="judge the run again that it was made from"
            if command == "screen"
            else "`ift-build dedupe` drops near-duplicates from the rows of any dataset",
        )
    return settings


def _rounds(folder: RunFolder, manifest: dict[str, Any], journal: Journal) -> list[NotedRound]:
    """The rounds that the files account for; the journal may have more, answered ahead of the end."""
    then, now = manifest["requests"]["all_sittings"], journal.totals()
    if any(then[name] != now[name] for name in ("answered", "given_up")):
        raise RunFolderError(
            "the run was taken up again and has not come to an end yet", where=str(folder.path), hint=_GO_ON
        )
    rounds = journal.rounds(manifest["answers"]["seen"])
    if (
        len(rounds) != manifest["answers"]["seen"]
        or sum(len(noted.candidates) for noted in rounds) != manifest["tasks"]["seen"]
    ):
        raise RunFolderError(
            "the journal does not say in which order the candidates were judged; an earlier version wrote it",
            where=str(folder.path / JOURNAL),
            hint="run the command of the run again: it asks nothing that was answered, and adds what is missing",
        )
    return rounds


def _refuse_changed(path: Path, hashed: str) -> None:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise jsonl.unreadable(path, error) from error
    if digest.hexdigest() != hashed:
        raise RunFolderError(
            "the file is not as the run left it",
            where=str(path),
            hint="run the command of the run again: it writes the file anew and asks nothing that was answered",
        )
