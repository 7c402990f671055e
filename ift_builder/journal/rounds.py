"""Rounds as the journal keeps them: what each proposal brought, in the order in which it was judged.

An answer is kept raw; what was read out of it, and in which order it was judged, depends on the strategy. With the
rounds, the candidates can be judged again by whoever does not know the strategy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from ift_builder.records import Source

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class NotedCandidate:
    """A candidate as it was read."""

    id: str
    """Its id in the files and the verdicts."""

    text: str
    """The instruction."""

    whole: bool
    """Whether the reader passed it on to the screens."""

    lineage: str = ""
    """The id of the task of which it is a variant; `""` for a task of its own."""


@dataclass(frozen=True, slots=True)
class NotedRound:
    """One proposal with its candidates."""

    source: Source
    """Where they come from; its one prompt is the proposal's key."""

    candidates: Sequence[NotedCandidate]
    """In order; none where the answer held none."""


def row_of(number: int, noted: NotedRound) -> tuple[int, str, str]:
    """The row of the table."""
    return number, orjson.dumps(noted.source).decode(), orjson.dumps(noted.candidates).decode()


def of_row(source: str, candidates: str) -> NotedRound:
    """The round of a row."""
    fields = orjson.loads(source)
    lists = {name: tuple(fields[name]) for name in ("parents", "prompts")}
    return NotedRound(
        Source(**{**fields, **lists}), [NotedCandidate(**candidate) for candidate in orjson.loads(candidates)]
    )
