"""From a growth to the rows of its files, each with its origin, and the counts, which add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ift_builder.bootstrap.rounds import instance_id
from ift_builder.journal import NotedCandidate, NotedRound
from ift_builder.records import Completion, Dropped, Example, Source, Task, content_hash
from ift_builder.runs import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.bootstrap.growth import Growth
    from ift_builder.bootstrap.rounds import GrowingTask, JudgedCandidate, Round
    from ift_builder.bootstrap.strategies import Candidate, JudgedInstance, Strategy
    from ift_builder.records import Verdict

LEVELS = ("answer", "task", "instance")


@dataclass
class Tally:
    """Counts of one level. `seen` is `kept` plus all dropped plus `open`."""

    seen: int = 0
    kept: int = 0
    open: int = 0
    """Not settled because the run was stopped."""

    dropped: Counter[str] = field(default_factory=Counter)
    """By reason."""

    def counts(self) -> Counts:
        """For the manifest; reasons from the most frequent down."""
        return Counts(self.seen, self.kept, dict(self.dropped.most_common()), open=self.open)


class Rows:
    """The rows of a growth, in an order that depends on nothing but the answers: by proposal, candidate and instance.

    Attributes:
        tallies: Counts by level, complete when `of` has been run through.
        readings: How many examples were read in a way that is not the usual one, by its name; complete as they are.
    """

    def __init__(self, growth: Growth, strategy: Strategy, model: str) -> None:
        self._growth = growth
        self._origin = origin(strategy, model)
        self.tallies = {level: Tally() for level in LEVELS}
        self.readings: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Example | Dropped]:
        """Examples and dropped candidates, in order."""
        for judged in self._growth.judged_rounds():
            yield from self._of_round(judged)

    def _of_round(self, judged: Round) -> Iterator[Example | Dropped]:
        tally = self.tallies["answer"]
        tally.seen += 1
        if judged.candidates:
            tally.kept += 1
        else:
            yield self._dropped_answer(judged)
        for item in judged.candidates:
            self.tallies["task"].seen += 1
            yield from self._of_candidate(judged, item)

    def _dropped_answer(self, judged: Round) -> Dropped:
        outcome = judged.outcome
        if isinstance(outcome, Completion):
            reason, text = ("no-list" if outcome.text.strip() else "empty-answer"), outcome.text
            evidence = {"finish_reason": outcome.finish_reason}
        else:
            reason, text = "request-given-up", ""
            evidence = {"why": outcome.reason, "detail": outcome.detail}
        identity = content_hash([judged.prompt.key, "answer"])
        return self._dropped("answer", identity, reason, text, evidence, self._source(judged, None))

    def _of_candidate(self, judged: Round, item: JudgedCandidate) -> Iterator[Example | Dropped]:
        if item.task is None:
            yield self._dropped_task(judged, item, item.verdicts[-1])
        elif self._growth.is_settled(item.task):
            yield from self._of_task(judged, item, item.task)
        elif self._growth.status:
            yield self._dropped(
                "task",
                item.id,
                "after-end",
                item.candidate.instruction,
                {"status": self._growth.status},
                self._source(judged, item.candidate),
            )
        else:
            self.tallies["task"].open += 1

    def _of_task(self, judged: Round, item: JudgedCandidate, task: GrowingTask) -> Iterator[Example | Dropped]:
        development = task.development
        assert development is not None, "a settled task is developed"
        source = self._source(judged, task.candidate, *task.prompts)
        if task.is_valid:
            self.tallies["task"].kept += 1
        elif development.verdict:
            yield self._dropped_task(judged, item, development.verdict, *task.prompts)
        else:
            reasons = Counter(judged_instance.verdict.reason for judged_instance in development.instances)
            evidence = {"screen": "instances", "instances": dict(reasons.most_common())}
            yield self._dropped("task", item.id, "no-valid-instance", task.candidate.instruction, evidence, source)
        for ordinal, judged_instance in enumerate(development.instances):
            yield self._of_instance(task, ordinal, judged_instance, development.kind, source)

    def _of_instance(
        self, task: GrowingTask, ordinal: int, judged: JudgedInstance, kind: str, source: Source
    ) -> Example | Dropped:
        tally = self.tallies["instance"]
        tally.seen += 1
        instance = judged.instance
        if judged.reading:
            source = replace(source, template=f"{source.template}/{judged.reading}")
        if judged.verdict.kept:
            tally.kept += 1
            self.readings.update([judged.reading] if judged.reading else [])
            return Example.of(
                instruction=judged.instruction or task.candidate.instruction,
                input=instance.input,
                output=instance.output,
                task=Task(name=task.id, category=task.candidate.category, kind=kind),
                source=source,
            )
        text = f"Input: {instance.input}\nOutput: {instance.output}" if instance.input else f"Output: {instance.output}"
        evidence = {
            "screen": judged.verdict.screen,
            "task": task.id,
            "instruction": judged.instruction or task.candidate.instruction,
            **judged.verdict.evidence,
        }
        return self._dropped("instance", instance_id(task, ordinal), judged.verdict.reason, text, evidence, source)

    def _dropped_task(self, judged: Round, item: JudgedCandidate, verdict: Verdict, *prompts: str) -> Dropped:
        evidence = {"screen": verdict.screen, **verdict.evidence}
        return self._dropped(
            "task",
            item.id,
            verdict.reason,
            item.candidate.text or item.candidate.instruction,
            evidence,
            self._source(judged, item.candidate, *prompts),
        )

    def _dropped(
        self, level: str, identity: str, reason: str, text: str, evidence: dict[str, Any], source: Source
    ) -> Dropped:
        self.tallies[level].dropped[reason] += 1
        return Dropped(identity, level, reason, text, evidence, source)

    def _source(self, judged: Round, candidate: Candidate | None, *follow_ups: str) -> Source:
        return _source(self._origin, judged, candidate, *follow_ups)


def origin(strategy: Strategy, model: str) -> Source:
    """What the sources of all rows of a growth have in common."""
    return Source(
        method=f"bootstrap/{strategy.name}",
        model=model,
        template=strategy.name,
        template_hash=content_hash(strategy.templates),
    )


def noted(judged: Round, origin: Source) -> NotedRound:
    """A round as the journal keeps it."""
    candidates = [_noted(item.id, item.candidate) for item in judged.candidates]
    first = judged.candidates[0].candidate if judged.candidates else None
    return NotedRound(_source(origin, judged, first), candidates)


def _noted(identity: str, candidate: Candidate) -> NotedCandidate:
    is_whole = not candidate.verdict or candidate.verdict.kept
    return NotedCandidate(identity, candidate.instruction, is_whole, candidate.lineage)


def _source(origin: Source, judged: Round, candidate: Candidate | None, *follow_ups: str) -> Source:
    """How a candidate of a round came to be; all candidates of a round come from one operation."""
    return replace(
        origin,
        template=f"{origin.template}/{candidate.operation}" if candidate and candidate.operation else origin.template,
        parents=tuple(task.id for task in judged.proposal.shown),
        prompts=(judged.prompt.key, *follow_ups),
        language=judged.proposal.language,
    )
