"""What became of the candidates, counted by level and reason, and which of them fare otherwise than before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ift_builder.runs import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.screen.candidates import Line, RecordedRound
    from ift_builder.screen.judging import Judged

LEVELS: Final = ("answers", "tasks", "instances")
"""As a manifest names them."""

SHOWN: Final = 3
"""Candidates of each kind that are shown to whoever asked."""


@dataclass
class Tallies:
    """Counts as `bootstrap` has them: by level `seen` is `kept` plus all dropped plus `open`."""

    kept: Counter[str] = field(default_factory=Counter)
    """By level."""

    open: int = 0
    """Tasks that were not settled because the run was stopped."""

    dropped: dict[str, Counter[str]] = field(default_factory=lambda: {level: Counter() for level in LEVELS})
    """By level and reason."""

    def add(self, answer: RecordedRound, candidates: Sequence[Judged]) -> None:
        """Counts an answer, its candidates and their instances."""
        self._add_dropped(answer.dropped)
        self.kept["answers"] += not answer.dropped
        for candidate in candidates:
            self._add_dropped(candidate.dropped)
            self.kept["tasks"] += bool(candidate.examples)
            self.kept["instances"] += len(candidate.examples)
            self.open += not (candidate.examples or candidate.dropped)

    def counts(self) -> dict[str, Counts]:
        """For the manifest; reasons from the most frequent down."""
        return {level: self._level(level) for level in LEVELS}

    def _add_dropped(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.dropped[f"{line.row['level']}s"][line.row["reason"]] += 1

    def _level(self, level: str) -> Counts:
        kept, dropped, left = self.kept[level], self.dropped[level], self.open if level == "tasks" else 0
        return Counts(kept + dropped.total() + left, kept, dict(dropped.most_common()), open=left)


@dataclass
class Changes:
    """Candidates that the screens decide on otherwise than before."""

    newly_kept: list[Judged] = field(default_factory=list)
    """The first few that a screen had dropped and none does now."""

    newly_dropped: list[Judged] = field(default_factory=list)
    """The first few that no screen had dropped and one does now."""

    counts: Counter[str] = field(default_factory=lambda: Counter(newly_kept=0, newly_dropped=0, other_reason=0))
    """How many there are of both, and of those that are dropped for another reason."""

    def add(self, candidates: Sequence[Judged]) -> None:
        """Counts those that are one of these."""
        for candidate in candidates:
            before, now = candidate.before, candidate.now
            if before and now:
                self.counts["other_reason"] += before.reason != now.reason
            elif before:
                self._add("newly_kept", self.newly_kept, candidate)
            elif now:
                self._add("newly_dropped", self.newly_dropped, candidate)

    def _add(self, kind: str, first: list[Judged], candidate: Judged) -> None:
        self.counts[kind] += 1
        if len(first) < SHOWN:
            first.append(candidate)
