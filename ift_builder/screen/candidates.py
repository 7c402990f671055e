"""A run's candidates in the order in which they were judged, each with the rows that came of it.

The journal gives the order; both files are in that order too, so that one pass over each is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ift_builder import jsonl
from ift_builder.errors import RunFolderError
from ift_builder.runs import DROPPED, EXAMPLES
from ift_builder.screening.tasks import SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ift_builder.journal import NotedCandidate
    from ift_builder.records import Source
    from ift_builder.screen.run import Run


class Line(NamedTuple):
    """A row of a file."""

    raw: bytes
    """As it stands there."""

    row: dict[str, Any]
    """What it says."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A candidate and what became of it."""

    noted: NotedCandidate
    """The candidate as it was read."""

    source: Source
    """Where it came from."""

    examples: Sequence[Line]
    """Its valid instances."""

    dropped: Sequence[Line]
    """Itself if it was dropped, and its instances that were; nothing where it was still open."""

    @property
    def screened_out(self) -> Line | None:
        """Its row, if it was one of the screens that dropped it: nothing was asked for it then."""
        line = self.dropped[0] if self.dropped else None
        is_so = line is not None and line.row["level"] == "task" and line.row["evidence"].get("screen") in SCREENS
        return line if is_so else None

    @property
    def is_open(self) -> bool:
        """Whether the run was stopped before it was settled."""
        return not (self.examples or self.dropped)


@dataclass(frozen=True, slots=True)
class RecordedRound:
    """A proposal's answer."""

    dropped: Sequence[Line]
    """Its row, where it held no candidate."""

    candidates: Sequence[Recorded]
    """In order."""


def recorded(run: Run) -> Iterator[RecordedRound]:
    """The rounds of a run.

    Raises:
        RunFolderError: The files do not hold what the journal tells of.
    """
    path = run.folder
    examples = _Lines(path / EXAMPLES, lambda row: row["task"]["name"])
    dropped = _Lines(path / DROPPED, _subject)
    left_open = run.manifest.levels["tasks"].open or 0
    for noted in run.rounds:
        answer = dropped.of(noted.source.prompts[0])
        candidates = [
            Recorded(candidate, noted.source, examples.of(candidate.id), dropped.of(candidate.id))
            for candidate in noted.candidates
        ]
        left_open -= sum(candidate.is_open for candidate in candidates)
        if left_open < 0:
            raise _unfit(path)
        yield RecordedRound(answer, candidates)
    if left_open or not (examples.at_end and dropped.at_end):
        raise _unfit(path)


def _unfit(path: Path) -> RunFolderError:
    return RunFolderError(
        "the run's files and its journal do not fit together",
        where=str(path),
        hint="run the command of the run again: it writes the files anew and asks nothing that was answered",
    )


def _subject(row: dict[str, Any]) -> str:
    """Whose row of `dropped.jsonl` it is: the proposal's key, or the candidate's id."""
    if row["level"] == "answer":
        return str(row["source"]["prompts"][0])
    return str(row["id"] if row["level"] == "task" else row["evidence"]["task"])


class _Lines:
    """A file that is read along with the journal."""

    def __init__(self, path: Path, subject: Callable[[dict[str, Any]], str]) -> None:
        self._lines = (Line(raw, row) for _, raw, row in jsonl.read_lines(path))
        self._subject = subject
        self._next = next(self._lines, None)

    def of(self, subject: str) -> list[Line]:
        """The next lines, as far as they are about `subject`."""
        found = []
        while self._next is not None and self._subject(self._next.row) == subject:
            found.append(self._next)
            self._next = next(self._lines, None)
        return found

    @property
    def at_end(self) -> bool:
        """Whether all was read."""
        return self._next is None
