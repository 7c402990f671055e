"""Answers one prompt: from the journal, or from the backend with retries, recorded before it is returned."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Final

from ift_builder.asking.budget import NOTHING, UNCOUNTED, usual
from ift_builder.asking.retries import Retries
from ift_builder.asking.stopping import LeftUnaskedError, Stop
from ift_builder.errors import CONTEXT_OVERFLOW, BackendError, BackendUnusableError, RequestError
from ift_builder.records import Completion, Outcome, Prompt, Unanswered, Usage
from ift_builder.secrets import redact

if TYPE_CHECKING:
    from ift_builder.asking.budget import Budget
    from ift_builder.asking.pace import Pace
    from ift_builder.asking.timeouts import Timeouts
    from ift_builder.backends import Backend
    from ift_builder.journal import Journal

MOST_FAILURES_IN_A_ROW: Final = 20
"""Prompts given up one after the other, with no answer between, before the run stops instead of failing on."""

OVERFLOWS_THAT_TELL: Final = 3
"""Prompts that do not fit into the context, with no answer so far, after which the context is too small for the work,
and not a prompt too long."""

_GLANCE: Final = 1.0
"""Seconds after which the time allowed for an answer in flight is looked up again, since it is learned meanwhile."""

_log = logging.getLogger(__name__)


class Asker:
    """Asks a backend and keeps its answers in the journal.

    A prompt that was given up after many tries is recorded only when a later one is answered, or the work ends: when a
    server goes away for good the run stops, and nothing of that time counts as settled. A refusal is recorded at once.

    Attributes:
        budget: What may be spent, and what was.
        asked: Prompts that were sent to the backend.
        recalled: Prompts that the journal answered.
    """

    def __init__(
        self,
        backend: Backend,
        journal: Journal,
        stop: Stop,
        *,
        budget: Budget,
        pace: Pace,
        timeouts: Timeouts,
        ask_failed_again: bool = False,
    ) -> None:
        """An asker.

        Args:
            backend: Who answers.
            journal: Where answers are kept.
            stop: Ends retries; asked by the budget when it is spent.
            budget: What may be spent.
            pace: How fast.
            timeouts: How long an answer may take.
            ask_failed_again: Whether prompts that were given up in an earlier sitting are asked again.
        """
        self._backend = backend
        self._journal = journal
        self._stop = stop
        self.budget = budget
        self._pace = pace
        self._timeouts = timeouts
        self._ask_failed_again = ask_failed_again
        self._retries = Retries(stop)
        self._unrecorded: dict[str, tuple[Prompt, Unanswered, int]] = {}
        self._freed = asyncio.Event()
        self._recalled_any = False
        self._overflows = 0
        self.asked = 0
        self.recalled = 0

    def recall(self, prompt: Prompt) -> Outcome | None:
        """The journal's outcome for the prompt, if it has one that counts."""
        if prompt.key in self._unrecorded:
            return self._unrecorded[prompt.key][1]
        outcome = self._journal.recall(prompt.key)
        if isinstance(outcome, Unanswered) and self._ask_failed_again:
            return None
        self.recalled += outcome is not None
        if isinstance(outcome, Completion):
            self._recalled_any = True
            self.budget.learn(prompt, outcome.usage)
        return outcome

    def requests_left(self) -> float:
        """About how many more requests the budget allows, those under way included; infinite without a limit.

        So it is when the work is being stopped too: what was answered is taken to its end then, which costs nothing.
        """
        return math.inf if self._stop.reason else self.budget.requests_left()

    async def ask(self, prompt: Prompt) -> Outcome:
        """The backend's answer, on the disk before it is returned; `Unanswered` if it was given up.

        Raises:
            BackendError: The backend cannot be used, or too many prompts in a row were given up.
            LeftUnaskedError: The budget does not allow the request, or the work is being stopped.
            JournalError: The answer could not be written.
        """
        tries = 0

        async def send() -> Completion:
            nonlocal tries
            tries += 1
            return await self._send(prompt, tries)

        try:
            try:
                return await send()
            except RequestError as error:
                return await self._retries.after(error, send)
        except RequestError as error:
            return await self._give_up(prompt, error, tries)

    # One try

    async def _send(self, prompt: Prompt, tries: int) -> Completion:
        """Sends one request, within pace and budget, and records the answer."""
        entry, reserved = await self._enter(prompt)
        self.asked += tries == 1
        try:
            answer = await self._in_time(prompt, tries)
        except (BackendError, LeftUnaskedError) as error:
            paid = _paid_for(error)
            self._journal.settle(entry, prompt.key, self._settled(reserved, paid), estimated=None in astuple(paid))
            raise
        self.budget.learn(prompt, answer.usage)
        paid = self._settled(reserved, answer.usage)
        estimated = None in astuple(answer.usage)
        await self._journal.record_answer(prompt, answer, tries, entry, paid, estimated=estimated)
        self._retries.answered_any = True
        await self._record_failures()
        return answer

    async def _enter(self, prompt: Prompt) -> tuple[int, Usage]:
        """Waits until the request may be sent; returns its number in the ledger, and what is set aside for it.

        Raises:
            LeftUnaskedError: It may not.
        """
        await self._pace.permit(usual(prompt), self._stop)
        reserved: Usage | None = None
        while not self._stop.reason and (reserved := self.budget.reserve(prompt)) is None:
            if self.budget.may_free:
                self._freed.clear()
                await self._freed.wait()
            else:
                self._stop.ask("budget")
        if reserved is None:
            raise LeftUnaskedError
        entry = self._journal.new_entry()
        if self.budget.is_limited:  # then not even a kill may hide that something was sent
            await self._journal.reserve(entry, prompt.key, reserved)
        else:
            self._journal.reserve_soon(entry, prompt.key, reserved)
        return entry, reserved

    def _settled(self, reserved: Usage, paid: Usage) -> Usage:
        """What a request has cost in the end; whoever waits for room in the budget hears of it."""
        self._freed.set()
        return self.budget.settle(reserved, paid)

    async def _in_time(self, prompt: Prompt, tries: int) -> Completion:
        """The backend's answer, unless it takes longer than answers of this server do, or than a stop allows."""
        started = time.monotonic()
        request = asyncio.ensure_future(self._backend.complete(prompt))
        try:
            while (left := self._seconds_left(started, tries)) > 0 and not request.done():
                await asyncio.wait({request}, timeout=min(left, _GLANCE))
            answer = _redacted(request.result()) if request.done() else self._too_late()
        except RequestError as error:
            if error.reason == "rate-limited":
                self._pace.rejected(started, error.retry_after)
            raise
        finally:
            request.cancel()
        self._pace.taken(started, answer.pause)
        self._timeouts.saw(time.monotonic() - started)
        return answer

    def _seconds_left(self, started: float, tries: int) -> float:
        return min(started + self._timeouts.seconds(tries) - time.monotonic(), self._stop.patience)

    def _too_late(self) -> Completion:
        if self._stop.patience <= 0:
            raise LeftUnaskedError
        raise RequestError("the server gave no answer in time", reason="timeout", retryable=True)

    # Giving up

    async def _give_up(self, prompt: Prompt, error: RequestError, tries: int) -> Unanswered:
        """The outcome of a prompt that was not answered; recorded, unless it may have been the server's bad hour."""
        _log.info("gave up %s %s after %d tries: %s", prompt.purpose, prompt.key, tries, error)
        failure = Unanswered(prompt.key, error.reason, error.what)
        if not error.retryable:
            self._see_whether_any_fits(error)
            await self._journal.record_failure(prompt, failure, tries)
            return failure
        if self._stop.reason:
            raise LeftUnaskedError from error
        if not self._retries.answered_any:
            raise BackendUnusableError(
                f"no request was answered: {error.what}", where=error.where, hint=error.hint
            ) from error
        self._unrecorded[prompt.key] = (prompt, failure, tries)
        if len(self._unrecorded) >= MOST_FAILURES_IN_A_ROW:
            raise BackendError(
                f"{MOST_FAILURES_IN_A_ROW} requests in a row were given up, the last because: {error.what}",
                where=error.where,
                hint="run the same command again when the server is well: it goes on where it stopped",
            ) from error
        return failure

    def _see_whether_any_fits(self, error: RequestError) -> None:
        """Says so when it seems that no prompt fits into the context.

        Raises:
            BackendUnusableError: It does.
        """
        self._overflows += error.reason == CONTEXT_OVERFLOW
        if self._overflows >= OVERFLOWS_THAT_TELL and not (self._retries.answered_any or self._recalled_any):
            raise BackendUnusableError(
                f"the prompts do not fit into the model's context: {error.what}", where=error.where, hint=error.hint
            ) from error

    async def finish(self) -> None:
        """Records what is still open when the work has come to its end: then nothing speaks for a bad hour."""
        await self._record_failures()
        await self._journal.flush()

    async def _record_failures(self) -> None:
        failures, self._unrecorded = self._unrecorded, {}
        for prompt, failure, tries in failures.values():
            await self._journal.record_failure(prompt, failure, tries)


def _paid_for(error: BackendError | LeftUnaskedError) -> Usage:
    """What a request cost that was not answered: what came too late, or was cut on its way, may have been paid."""
    if isinstance(error, LeftUnaskedError):
        return UNCOUNTED
    if isinstance(error, RequestError):
        return UNCOUNTED if error.tokens is None else Usage(*error.tokens)
    return NOTHING


def _redacted(answer: Completion) -> Completion:
    """The answer as it is used and kept: a server may quote the key that it was sent, anywhere."""
    return replace(
        answer,
        text=redact(answer.text),
        finish_reason=redact(answer.finish_reason),
        model=redact(answer.model),
        request_id=redact(answer.request_id),
    )
