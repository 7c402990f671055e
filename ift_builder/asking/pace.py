"""How fast to send: as fast as the server takes it, within the user's own limits.

Without complaints there is no limit but the number in flight. When the server rejects a lasting share of requests
(HTTP 429), the rate is set to what it really took, and then raised by small steps until it complains again.
Rejections that a lower rate does not make rarer are chance, not a limit: they are tolerated, and the limit is lifted.
"""

from __future__ import annotations

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

STEP: Final = 1.02
"""By how much the rate grows per look without complaint: a limit of 50 a second is probed with one request more."""

LEAP: Final = 1.2
"""By how much it grows per look while it is far from the rate that drew the last complaint."""

NEAR: Final = 0.75
"""From this part of that rate on, it is near."""

LONGEST_PAUSE: Final = 600.0
"""Seconds that we wait at a server's word; one that wants more is better asked again in another sitting."""


@dataclass
class _Replies:
    """Since the last look."""

    since: float
    taken: int = 0
    rejected: int = 0

    @property
    def share(self) -> float:
        return self.rejected / max(1, self.taken + self.rejected)


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
        self._chance = 0.0
        self._lowered_at: list[float] = []
        self._complaint = 0.0
        self.rate: float | None = None

    async def permit(self, usage: Usage, stop: Stop) -> None:
        """Returns when a request of that many tokens may be sent, or when `stop` is asked."""
        while (wait := self._seconds_to_wait()) > 0 and not stop.reason:
            await stop.sleep(wait)
        tokens = (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)
        now = self._clock()
        if rate := self._allowed_rate():
            self._next = max(now, self._next) + 1 / rate
        if self._tokens_a_second:
            self._next_by_tokens = max(now, self._next_by_tokens) + tokens / self._tokens_a_second

    def taken(self, pause: float | None = None) -> None:
        """The server answered, and asked to be left alone for `pause` seconds."""
        self._replies.taken += 1
        if pause:
            self._close_for(pause)
        self._review()

    def rejected(self, retry_after: float | None) -> None:
        """The server said that it was too much."""
        self._replies.rejected += 1
        if retry_after and self._replies.rejected > self._replies.taken + FEWEST:
            self._close_for(retry_after)
        self._review()

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
        if span < REVIEW_AFTER or replies.taken + replies.rejected < FEWEST:
            return
        if replies.share <= self._chance + self._tolerated(replies):
            self.rate = self._higher(self.rate) if self.rate else None
            self._lowered_at.clear()
        elif len(self._lowered_at) >= LOWERINGS and replies.share > HELPED * self._lowered_at[0]:
            self._chance, self.rate = replies.share, None
            self._lowered_at.clear()
        else:
            # Without a rate of ours the first complaint says little: replies lag behind what was sent.
            self._complaint = (replies.taken + replies.rejected) / span if self.rate else 0.0
            self.rate = max(1.0, replies.taken / span)
            self._lowered_at.append(replies.share)
        self._replies = _Replies(now)

    def _higher(self, rate: float) -> float:
        """By small steps near the rate that drew the last complaint, by leaps elsewhere."""
        is_near = NEAR * self._complaint <= rate <= self._complaint
        return rate * (STEP if is_near else LEAP)

    def _tolerated(self, replies: _Replies) -> float:
        """What may come on top of chance: a fixed share, and twice the spread that chance itself has."""
        spread = math.sqrt(self._chance * (1 - self._chance) / (replies.taken + replies.rejected))
        return TOLERATED + 2 * spread
