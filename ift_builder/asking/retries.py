"""Whether to ask again after a failure, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tenacity

from ift_builder.asking.pace import LONGEST_PAUSE
from ift_builder.backends.replies import REPLY_TOO_LARGE
from ift_builder.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ift_builder.asking.stopping import Stop
    from ift_builder.records import Completion

MOST_TRIES: Final = 6
"""Requests for one prompt before it is given up; the waits below add up to a quarter of a minute on average."""

TRIES_BEFORE_FIRST_ANSWER: Final = 3
"""As long as nothing was ever answered, a server that is unreachable, silent or speaks another API is likely a wrong
address, so we say so soon."""

_LIKE_A_WRONG_ADDRESS: Final = ("unreachable", "bad-answer", REPLY_TOO_LARGE, "timeout")

FIRST_WAIT: Final = 1.0
"""Seconds that the first wait between two tries is drawn from; the next ones are drawn from twice as much each."""

LONGEST_WAIT: Final = 60.0
"""Seconds between two tries, unless the server names a longer time."""


class Retries:
    """Tries again what may succeed.

    Attributes:
        answered_any: Whether the server ever answered; whoever asks sets it.
    """

    def __init__(self, stop: Stop) -> None:
        """Retries that end when `stop` is asked."""
        self._stop = stop
        self._wait = tenacity.wait_random_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT)
        self.answered_any = False

    async def after(self, error: RequestError, send: Callable[[], Awaitable[Completion]]) -> Completion:
        """Goes on after a first try that failed with `error`: waits, and calls `send` until it succeeds.

        The first try itself goes around tenacity, whose bookkeeping would cost as much as all the rest of asking.

        Raises:
            RequestError: The last error, where no further try may help.
        """
        failures = iter([error])

        async def try_again() -> Completion:
            if failed := next(failures, None):
                raise failed
            return await send()

        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, RequestError) and error.retryable),
            stop=self._has_tried_enough,
            wait=self._seconds_to_wait,
            sleep=self._stop.sleep,
            reraise=True,
        )
        return await retrying(try_again)

    def _has_tried_enough(self, state: tenacity.RetryCallState) -> bool:
        error = _error_of(state)
        wrong_address = not self.answered_any and error is not None and error.reason in _LIKE_A_WRONG_ADDRESS
        most = TRIES_BEFORE_FIRST_ANSWER if wrong_address else MOST_TRIES
        return bool(self._stop.reason) or state.attempt_number >= most

    def _seconds_to_wait(self, state: tenacity.RetryCallState) -> float:
        """As long as the server asks, and no less than chance says: else all that were rejected come back at once."""
        error = _error_of(state)
        asked = error.retry_after if error and error.retry_after is not None else 0.0
        return max(min(asked, LONGEST_PAUSE), self._wait(state))


def _error_of(state: tenacity.RetryCallState) -> RequestError | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, RequestError) else None
