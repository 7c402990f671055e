"""On which terms to ask: how many at a time, how fast, how long to wait, how much to spend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.asking.asker import Asker
from ift_builder.asking.budget import Budget
from ift_builder.asking.pace import Pace
from ift_builder.asking.timeouts import Timeouts
from ift_builder.backends import by_batches
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from ift_builder.asking.stopping import Stop
    from ift_builder.backends import Backend
    from ift_builder.journal import Journal
    from ift_builder.records import Prices

LONGEST_ANSWER: Final = 120.0
"""Seconds for one answer; a thousand tokens at ten a second, with room."""

LONGEST_BATCH: Final = 26 * 3600.0
"""Seconds for a batch: the API's day, and time to fetch it."""

MOST_IN_BATCHES: Final = 50_000
"""Requests in one batch, by the API's own limit."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of all verbs that call a model; none of them changes what comes out, only when and whether."""

    concurrency: int = 16
    """Requests in flight."""

    timeout: float = LONGEST_ANSWER
    """Seconds to wait for one answer, at the most."""

    requests_per_minute: float | None = None
    """Requests sent, retries included."""

    tokens_per_minute: float | None = None
    """Tokens of prompts and answers."""

    max_requests: int | None = None
    """Requests that may be sent, over all sittings."""

    max_tokens: int | None = None
    """Tokens that may be paid, over all sittings."""

    max_cost: float | None = None
    """US dollars that may be paid, over all sittings."""

    prices: Prices | None = None
    """What tokens cost; None where that is unknown."""

    batch: bool = False
    """Whether to ask by the server's Batch API, where it has one."""

    retry_failed: bool = False
    """Whether prompts that were given up in an earlier sitting are asked again."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, float) and not math.isfinite(value):  # a limit of nan would never be reached
                raise InputError(f"{value} is not a finite number", where=name)

    @property
    def in_flight(self) -> int:
        """Requests that may be under way: with batches, all that there are to ask."""
        return MOST_IN_BATCHES if self.batch else self.concurrency

    def asker(self, backend: Backend, journal: Journal, stop: Stop) -> Asker:
        """An asker on these terms, whose budget starts from what the journal says was spent."""
        spent = journal.totals()
        budget = Budget(
            self.max_requests,
            self.max_tokens,
            self.max_cost,
            self.prices,
            requests=spent["sent"],
            prompt_tokens=spent["prompt_tokens"],
            completion_tokens=spent["completion_tokens"],
        )
        if self.batch:
            backend = by_batches(backend, journal, lambda: bool(stop.reason))
        return Asker(
            backend,
            journal,
            stop,
            budget=budget,
            pace=Pace(self.requests_per_minute, self.tokens_per_minute),
            timeouts=Timeouts(LONGEST_BATCH if self.batch else self.timeout),
            ask_failed_again=self.retry_failed,
        )
