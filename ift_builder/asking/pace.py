"""How fast to send: as fast as the server takes it, within the user's own limits.

Without complaints there is no limit but the number in flight. When the server rejects a lasting share of requests
(HTTP 429), the rate is set to what it really took, and then raised by small steps until it complains again.
Rejections that a lower rate does not make rarer are chance, not a limit: they are tolerated, and the limit is lifted.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.asking.stopping import Stop
    from ift_builder.records import Usage

REVIEW_AFTER: Final = 1.0
"""Seconds between two looks at the share of rejections."""

FEWEST: Final = 10
"""Replies that a share must rest on."""

TOLERATED: Final = 0.03
"""Share of rejections, above those of chance, that shows that the limit is near but not that it is exceeded."""

LOWERINGS: Final = 3
"""Times in a row that the rate is lowered before rejections that go on as before are put down to chance."""

HELPED: Final = 0.7
"""A lower rate has helped if the share of rejections is less than this part of what it was at first."""

STEP: Final = 0.02
"""By which part the rate grows in a look without complaint: a limit of 50 a second is probed with one request more."""

LEAP: Final = 0.4
"""By which part it grows at the most."""

STEPS: Final = 3
"""Looks that it grows by small steps; each one after these doubles the last, up to a leap."""

SETTLING: Final = 0.5
"""Seconds after the rate was lowered in which the server may still suffer from what was sent before."""

USED: Final = 0.9
"""Part of the rate that must have been used before it is raised: else it was not put to the test."""

SLACK: Final = 0.05
"""Seconds by which requests that went late may be made up for; timers are late by some milliseconds each."""

LONGEST_PAUSE: Final = 600.0
"""Seconds that we wait at a server's word; one that wants more is better asked again in another sitting."""


_LEAPS_FROM: Final = STEPS + math.ceil(math.log2(LEAP / STEP))
"""Looks after which steps have become leaps."""


@dataclass
class _Replies:
    """Since the last look."""

    since: float
    taken: int = 0
    rejected: int = 0

    @property
    def all(self) -> int:
        return self.taken + self.rejected

    @property
    def share(self) -> float:
        return self.rejected / max(1, self.all)


class Pace:
    """Lets requests go at the right rate.

    Attributes:
        rate: Requests a second that may be sent, or None for no limit; learned.
    """

    def __init__(
        self,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A pace under the user's limits.

        Args:
            requests_per_minute: Requests sent, retries included.
            tokens_per_minute: Tokens of prompts and answers, as estimated before sending.
            clock: Seconds; tests bring their own.
        """
        self._most = requests_per_minute / 60 if requests_per_minute else None
        self._tokens_a_second = tokens_per_minute / 60 if tokens_per_minute else None
        self._clock = clock
        self._next = self._next_by_tokens = self._closed_until = clock()
        self._replies = _Replies(clock())
        self._from = clock()
        self._gate = asyncio.Lock()
        self._chance = 0.0
        self._lowered_at: list[float] = []
        self._calm = 0
        self.rate: float | None = None

    async def permit(self, usage: Usage, stop: Stop) -> None:
        """Returns when a request of that many tokens may be sent, or when `stop` is asked."""
        async with self._gate:  # one waits for the clock, the others in line
            while (wait := self._seconds_to_wait()) > 0 and not stop.reason:
                await stop.sleep(wait)
        tokens = (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)
        now = self._clock()
        if rate := self._allowed_rate():
            self._next = max(now - SLACK, self._next) + 1 / rate
        if self._tokens_a_second:
            self._next_by_tokens = max(now, self._next_by_tokens) + tokens / self._tokens_a_second

    def taken(self, sent: float, pause: float | None = None) -> None:
        """The server answered what was sent at that time, and asked to be left alone for `pause` seconds."""
        self._replies.taken += self._counts(sent)
        if pause:
            self._close_for(pause)
        self._review()

    def rejected(self, sent: float, retry_after: float | None) -> None:
        """The server said that it was too much."""
        self._replies.rejected += self._counts(sent)
        if retry_after and self._replies.rejected > self._replies.taken + FEWEST:
            self._close_for(retry_after)
        self._review()

    def _counts(self, sent: float) -> bool:
        """Whether the reply says something of the rate as it is now; the first that does begins a look."""
        if sent < self._from:
            return False
        if not self._replies.all:
            self._replies.since = self._clock()
        return True

    def _close_for(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, self._clock() + min(seconds, LONGEST_PAUSE))

    def _seconds_to_wait(self) -> float:
        return max(self._next, self._next_by_tokens, self._closed_until) - self._clock()

    def _allowed_rate(self) -> float | None:
        rates = [rate for rate in (self._most, self.rate) if rate]
        return min(rates) if rates else None

    def _review(self) -> None:
        now, replies = self._clock(), self._replies
        span = now - replies.since
        if span < REVIEW_AFTER or replies.all < FEWEST:
            return
        if replies.share <= self._chance + self._tolerated(replies):
            if self.rate and replies.all / span >= USED * self.rate:
                self.rate *= 1 + min(LEAP, STEP * 2 ** max(0, self._calm - STEPS))
                self._calm += 1
            self._lowered_at.clear()
        elif len(self._lowered_at) >= LOWERINGS and replies.share > HELPED * self._lowered_at[0]:
            self._chance, self.rate = replies.share, None
            self._lowered_at.clear()
        else:
            self._lower(replies, span)
            self._from = now + SETTLING
            self._lowered_at.append(replies.share)
        self._replies = _Replies(now)

    def _lower(self, replies: _Replies, span: float) -> None:
        """To the part of the rate that the server took.

        The first time there is no rate, and what was taken is but a guess: the replies may lag far behind what was
        sent. From there it may leap.
        """
        self._calm = 0 if self.rate else _LEAPS_FROM
        self.rate = max(1.0, self.rate * (1 - replies.share) if self.rate else replies.taken / span)

    def _tolerated(self, replies: _Replies) -> float:
        """What may come on top of chance: a fixed share, and twice the spread that chance itself has."""
        spread = math.sqrt(self._chance * (1 - self._chance) / replies.all)
        return TOLERATED + 2 * spread
