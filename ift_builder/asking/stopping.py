"""How work is ended early without losing anything."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Final

GRACE: Final = 10.0
"""Seconds in which requests in flight may still be answered when the user stops a run: most answers take less, and
service managers kill what has not ended a minute or two after SIGTERM, some after ten seconds."""


class LeftUnaskedError(Exception):
    """A prompt was not asked, or not to the end, since the work is being stopped: it stays open."""


class Stop:
    """Asks a pump to end early: nothing new is sent, nothing is tried again, and what is in flight is waited for.

    Attributes:
        reason: Why, such as `interrupted` or `budget`; `""` while nobody asked.
    """

    def __init__(self) -> None:
        self.reason = ""
        self._asked = asyncio.Event()
        self._end = math.inf

    def ask(self, reason: str, *, grace: float = math.inf) -> None:
        """Asks; the first reason stays, and the shortest grace.

        Args:
            reason: Why.
            grace: Seconds after which what is in flight is left, unanswered.
        """
        self.reason = self.reason or reason
        self._end = min(self._end, time.monotonic() + grace)
        self._asked.set()

    @property
    def patience(self) -> float:
        """Seconds for which what is in flight is still waited for; not above zero when it is left."""
        return self._end - time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleeps, but wakes up when a stop is asked for."""
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except asyncio.TimeoutError:
            return
