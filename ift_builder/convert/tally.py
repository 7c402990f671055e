"""Counts of what became of rows, which add up: seen = kept + dropped + beyond the cap, for each template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ift_builder.runs import Counts

BROKEN = "template-failed"
"""The reason that speaks against a template before its rows are all met, if enough of the first ones have it."""

FAILURES = frozenset({"missing-value", BROKEN})
"""Reasons that speak against the template rather than the row, if every row has one of them."""

ENOUGH_TO_STOP = 1000
"""A template that is broken on so many of the first rows that it meets is not tried on millions more."""

ENOUGH_TO_JUDGE = 10
"""Fewer rows than these say nothing about a template that met only some of the split's."""


@dataclass(slots=True)
class Tally:
    """What became of the rows that met one template."""

    seen: int = 0
    """Rows that met it."""

    kept: int = 0
    """Rows that became examples."""

    examples: int = 0
    """Records written: a row can become several (with and without reasoning)."""

    beyond_cap: int = 0
    """Rows that the cap left out."""

    short_of_exemplars: int = 0
    """Records with fewer exemplars than were asked for."""

    dropped: Counter[str] = field(default_factory=Counter)
    """Rows that gave no example, by reason."""

    mapped: Counter[str] = field(default_factory=Counter)
    """Rows kept with another spelling of a value than the data has, by column."""

    first_failure: tuple[int, str] | None = None
    """The first row on which the template failed, and how."""

    broken_at_first: int = 0
    """How many of the first rows that it met have all found it broken."""

    def drop(self, row: int, reason: str, detail: str) -> None:
        """Counts a row that gave no example; rows have to come in their order."""
        if reason == BROKEN and self.broken_at_first == self.kept + self.dropped.total():
            self.broken_at_first += 1
        self.dropped[reason] += 1
        if reason in FAILURES and self.first_failure is None:
            self.first_failure = (row, detail)

    def add(self, other: Tally) -> None:
        """Takes the counts of later rows."""
        if self.broken_at_first == self.kept + self.dropped.total():
            self.broken_at_first += other.broken_at_first
        self.seen += other.seen
        self.kept += other.kept
        self.examples += other.examples
        self.beyond_cap += other.beyond_cap
        self.short_of_exemplars += other.short_of_exemplars
        self.dropped.update(other.dropped)
        self.mapped.update(other.mapped)
        self.first_failure = self.first_failure or other.first_failure

    @property
    def is_broken(self) -> bool:
        """Whether enough of the first rows have found the template broken, however the rows are cut into batches."""
        return self.broken_at_first >= ENOUGH_TO_STOP

    def fails_on_all(self, rows: int) -> bool:
        """Whether the template failed on every row that it met of a split of `rows`, and that says something."""
        met = self.seen - self.beyond_cap
        return met >= min(rows, ENOUGH_TO_JUDGE) and sum(self.dropped[reason] for reason in FAILURES) == met

    def counts(self) -> Counts:
        """For the manifest."""
        dropped, mapped = dict(sorted(self.dropped.items())), dict(sorted(self.mapped.items()))
        return Counts(self.seen, self.kept, dropped, beyond_cap=self.beyond_cap, mapped=mapped)
