"""What a growth knows of each proposal: what came back, what was read out of it, and how far its tasks are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ift_builder.records import content_hash

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.strategies import Candidate, Development, Proposal
    from ift_builder.records import Outcome, Prompt, Verdict


@dataclass(slots=True)
class GrowingTask:
    """A kept instruction on its way to a task with instances."""

    id: str
    candidate: Candidate
    number: int
    """Its place among the kept, from 0."""

    round: int
    """The number of the proposal that brought it."""

    verdicts: Sequence[Verdict]
    """What the screens said of its instruction."""

    steps: Generator[Prompt, Outcome, Development]
    prompts: list[str] = field(default_factory=list)
    """Keys of what was asked for it."""

    development: Development | None = None
    """What became of it, once that is known."""

    @property
    def is_valid(self) -> bool:
        """Whether it has an instance that was kept."""
        return self.development is not None and any(judged.verdict.kept for judged in self.development.instances)


@dataclass(frozen=True, slots=True)
class JudgedCandidate:
    """A candidate with all that the screens said of it."""

    id: str
    candidate: Candidate
    verdicts: Sequence[Verdict]
    task: GrowingTask | None
    """Where it was kept."""


@dataclass(frozen=True, slots=True)
class Round:
    """One proposal, judged."""

    prompt: Prompt
    proposal: Proposal
    outcome: Outcome
    candidates: Sequence[JudgedCandidate]


def instance_id(task: GrowingTask, ordinal: int) -> str:
    """The id of a task's instance in the journal, and in `dropped.jsonl` if it goes there."""
    return content_hash([task.id, ordinal])
