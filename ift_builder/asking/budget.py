"""A budget that is never exceeded: what is in flight counts as spent, at the most that it can cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ift_builder.records import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.records import Prices, Prompt

_PER_MESSAGE: Final = 16
"""Tokens that a chat template puts around a message: role and marks, such as `<|im_start|>user`, at one a byte."""

_PER_REQUEST: Final = 16
"""Tokens that it puts around all of them."""

_UNLIMITED_ANSWER: Final = 4_096
"""Tokens set aside for an answer where the prompt sets no limit."""

_USUAL_BYTES_PER_TOKEN: Final = 2
"""Tokenizers make about one token of four bytes of English, one of two or three of other scripts."""

NOTHING: Final = Usage(0, 0)
"""What a rejected request costs."""

UNCOUNTED: Final = Usage()
"""What a request costs of which nothing is known."""


def most(prompt: Prompt) -> Usage:
    """The most tokens that a request can cost: no tokenizer makes more than one of each byte, and its template's."""
    around = _PER_MESSAGE * len(prompt.messages) + _PER_REQUEST
    return Usage(_bytes(prompt) + around, prompt.sampling.max_tokens or _UNLIMITED_ANSWER)


def usual(prompt: Prompt) -> Usage:
    """The tokens of a request as servers that limit their rate count them before they know: rather too many."""
    return Usage(_bytes(prompt) // _USUAL_BYTES_PER_TOKEN + 1, most(prompt).completion_tokens)


@dataclass(slots=True)
class _Bound:
    """The most tokens of a kind, raised for all requests where a server counts more than should be possible.

    A server may put words of its own before each prompt, which adds; or count in its own way, which multiplies.
    """

    factor: float = 1.0
    excess: int = 0

    def of(self, tokens: int | None) -> int:
        tokens = tokens or 0
        return max(math.ceil(tokens * self.factor), tokens + self.excess)

    def learn(self, tokens: int | None, counted: int | None) -> None:
        if tokens and counted and counted > tokens:
            self.factor = max(self.factor, counted / tokens)
            self.excess = max(self.excess, counted - tokens)


@dataclass(slots=True)
class Budget:
    """What may be spent over all sittings of a run, and what was spent."""

    max_requests: int | None = None
    """Requests that may be sent, retries included; None for no limit."""

    max_tokens: int | None = None
    """Tokens that may be paid, prompts and answers together; None for no limit."""

    max_cost: float | None = None
    """US dollars that may be paid; None for no limit."""

    prices: Prices | None = None
    """What tokens cost; needed for `max_cost`."""

    requests: int = 0
    """Requests sent."""

    prompt_tokens: int = 0
    """Tokens of prompts, paid or set aside."""

    completion_tokens: int = 0
    """Tokens of answers, paid or set aside."""

    in_flight: int = 0
    """Requests for which something is set aside."""

    set_aside: Usage = NOTHING
    """Tokens set aside for them; the rest is paid."""

    _prompts: _Bound = field(default_factory=_Bound)
    _answers: _Bound = field(default_factory=_Bound)
    _largest: Usage = NOTHING

    @property
    def is_limited(self) -> bool:
        """Whether anything limits the spending."""
        return any(limit is not None for limit in (self.max_requests, self.max_tokens, self.max_cost))

    @property
    def cost(self) -> float | None:
        """US dollars paid or set aside; None where the price is unknown."""
        return self.prices.cost(self.prompt_tokens, self.completion_tokens) if self.prices else None

    @property
    def paid(self) -> Usage:
        """Tokens paid."""
        return _sum(Usage(self.prompt_tokens, self.completion_tokens), self.set_aside, -1)

    def reserve(self, prompt: Prompt) -> Usage | None:
        """Sets aside one request and the most that it can cost, which is returned; None if that is too much."""
        usage = most(prompt)
        reserved = Usage(self._prompts.of(usage.prompt_tokens), self._answers.of(usage.completion_tokens))
        self._add(1, reserved, 1)
        if self._is_exceeded():
            self._add(-1, reserved, -1)
            return None
        self.in_flight += 1
        self.set_aside = _sum(self.set_aside, reserved, 1)
        self._largest = max(self._largest, reserved, key=_tokens)
        return reserved

    @property
    def may_free(self) -> bool:
        """Whether a request in flight may cost less than is set aside for it, so that it is worth while to wait."""
        spent_all = self.max_requests is not None and self.requests >= self.max_requests
        return self.in_flight > 0 and not spent_all

    def settle(self, reserved: Usage, paid: Usage) -> Usage:
        """Replaces what was set aside by what was paid, and returns that; what was not counted stays as set aside."""
        counted = Usage(
            reserved.prompt_tokens if paid.prompt_tokens is None else paid.prompt_tokens,
            reserved.completion_tokens if paid.completion_tokens is None else paid.completion_tokens,
        )
        self.in_flight -= 1
        self.set_aside = _sum(self.set_aside, reserved, -1)
        self._add(0, reserved, -1)
        self._add(0, counted, 1)
        return counted

    def learn(self, prompt: Prompt, counted: Usage) -> None:
        """Learns from an answer what a request can cost."""
        usage = most(prompt)
        self._prompts.learn(usage.prompt_tokens, counted.prompt_tokens)
        self._answers.learn(usage.completion_tokens, counted.completion_tokens)

    def requests_left(self) -> float:
        """About how many more requests fit, of the usual size, those in flight included; infinite where no limit is."""
        left = math.inf if self.max_requests is None else self.max_requests - (self.requests - self.in_flight)
        if self.max_tokens is not None:
            left = min(left, self._that_fit(self.max_tokens, _tokens))
        if self.max_cost is not None and self.prices:
            left = min(left, self._that_fit(self.max_cost, self._dollars))
        return left

    def _that_fit(self, limit: float, weigh: Callable[[Usage], float]) -> float:
        """How many requests: the last must fit at the most that it can cost, and those before it cost what is usual."""
        settled, paid = self.requests - self.in_flight, weigh(self.paid)
        usual_cost = paid / settled if settled else weigh(self._largest)
        return (limit - paid - weigh(self._largest)) / usual_cost + 1 if usual_cost else math.inf

    def _dollars(self, usage: Usage) -> float:
        return self.prices.cost(usage.prompt_tokens or 0, usage.completion_tokens or 0) if self.prices else 0.0

    def _add(self, requests: int, usage: Usage, sign: int) -> None:
        self.requests += requests
        self.prompt_tokens += sign * (usage.prompt_tokens or 0)
        self.completion_tokens += sign * (usage.completion_tokens or 0)

    def _is_exceeded(self) -> bool:
        tokens = self.prompt_tokens + self.completion_tokens
        return (
            (self.max_requests is not None and self.requests > self.max_requests)
            or (self.max_tokens is not None and tokens > self.max_tokens)
            or (self.max_cost is not None and (self.cost is None or self.cost > self.max_cost))
        )


def _bytes(prompt: Prompt) -> int:
    size = sum(len(turn.content.encode("utf-8", "surrogatepass")) for turn in prompt.messages)
    return size + (len(prompt.answer_schema.schema.encode()) if prompt.answer_schema else 0)


def _tokens(usage: Usage) -> int:
    return (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)


def _sum(usage: Usage, other: Usage, sign: int) -> Usage:
    return Usage(
        (usage.prompt_tokens or 0) + sign * (other.prompt_tokens or 0),
        (usage.completion_tokens or 0) + sign * (other.completion_tokens or 0),
    )
