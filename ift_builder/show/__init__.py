"""`ift-build show`: the whole story of one example or dropped candidate, put together from the run's files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder.errors import InputError, RunFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.journal import Journal
    from ift_builder.records import Outcome, Verdict
    from ift_builder.runs import Run

MOST_STORIES: Final = 20
"""Records that the beginning of an id may match; more would be no story."""

_ALL: Final = 2**62
"""More rounds than any journal has."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a story with what came back."""

    key: str
    """The prompt's key."""

    prompt: dict[str, Any]
    """The recorded request."""

    outcome: Outcome
    """The raw answer, or why there is none."""


@dataclass(frozen=True, slots=True)
class Story:
    """Where a record comes from."""

    kept: bool | None
    """Whether it is an example; None for a candidate of a run that has not come to an end."""

    record: dict[str, Any]
    """The row of `examples.jsonl` or `dropped.jsonl`, or what the journal knows of a candidate."""

    exchanges: list[Exchange]
    """The requests that it was read from, in order; empty where no model was asked."""

    verdicts: list[Verdict]
    """What the screens said of its instruction."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is there of a run that has not come to an end."""

    answered: int
    """Prompts answered."""

    given_up: int
    """Prompts given up."""

    candidates: list[dict[str, Any]]
    """What was read from the answers that were judged."""


def progress(run: Run) -> Progress:
    """What the journal of a run knows that has no rows yet."""
    with run.journal() as journal:
        if journal is None:
            return Progress(0, 0, [])
        totals = journal.totals()
        return Progress(totals["answered"], totals["given_up"], [row for _, row in _candidates(journal)])


def stories(run: Run, start: str) -> list[Story]:
    """The stories of the records whose id, or whose task's id, is `start`; failing that, begins with it.

    Raises:
        InputError: No record has such an id.
    """
    with run.journal() as journal:
        records = rows(run) if run.files else _candidates(journal)
        found = [(kept, row) for kept, row in records if row["id"].startswith(start) or _task(row) == start]
        exact = [(kept, row) for kept, row in found if start in (row["id"], _task(row))]
        if len(exact or found) > MOST_STORIES:
            raise InputError(
                f"{len(found):,} records have an id that begins with {start!r}",
                where=str(run.path),
                hint="give more of it",
            )
        if not found:
            raise InputError(
                f"no example or dropped candidate has the id {start!r}",
                where=str(run.path),
                hint="the ids stand in examples.jsonl and dropped.jsonl; `ift-build show RUN` lists some",
            )
        return [_story(row, journal, kept=kept) for kept, row in exact or found]


def rows(run: Run) -> Iterator[tuple[bool | None, dict[str, Any]]]:
    """All records of a run: (whether it is an example, row).

    Raises:
        RunFolderError: A row is none of ours.
    """
    for where, row in run.rows():
        if "id" in row and "source" in row:
            yield True, row
        elif run.settings is None:
            raise RunFolderError(
                "the row is no record of ours: it has no id or no source",
                where=where,
                hint="this looks like a dataset from elsewhere",
            )
        else:  # rows that `dedupe` kept are the user's own
            break
    for _, row in run.dropped():
        yield False, row


def _candidates(journal: Journal | None) -> Iterator[tuple[bool | None, dict[str, Any]]]:
    """The candidates that the journal knows, in the order of judgement, in the form of rows."""
    for noted in journal.rounds(_ALL) if journal else ():
        for candidate in noted.candidates:
            yield None, {"id": candidate.id, "text": candidate.text, "evidence": {}, "source": asdict(noted.source)}


def _story(row: dict[str, Any], journal: Journal | None, *, kept: bool | None) -> Story:
    if journal is None:
        return Story(kept, row, [], [])
    keys = row["source"].get("prompts", [])
    exchanges = [exchange for key in keys if (exchange := _exchange(journal, key))]
    return Story(kept, row, exchanges, journal.verdicts(_task(row) or row["id"]))


def _exchange(journal: Journal, key: str) -> Exchange | None:
    prompt, outcome = journal.prompt(key), journal.recall(key)
    return Exchange(key, prompt, outcome) if prompt and outcome else None


def _task(row: dict[str, Any]) -> str:
    """The id of the instruction that an example or a dropped instance belongs to; `""` for others."""
    return str(row["task"]["name"] if "task" in row else row["evidence"].get("task", ""))
