"""A budget that is never exceeded: what is in flight counts as spent, at the most that it can cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.records import Usage

if TYPE_CHECKING:
    from ift_builder.records import Prices, Prompt

_BYTES_PER_TOKEN: Final = 2
"""Tokenizers make about one token of four bytes of English, one of two or three of other scripts; a reservation must
rather be too large."""

_UNLIMITED_ANSWER: Final = 4_096
"""Tokens set aside for an answer where the prompt sets no limit."""


NOTHING: Final = Usage(0, 0)
"""What a rejected request costs."""

UNCOUNTED: Final = Usage()
"""What a request costs of which nothing is known."""


def most(prompt: Prompt) -> Usage:
    """The most tokens that a request can cost."""
    size = sum(len(turn.content.encode("utf-8", "surrogatepass")) for turn in prompt.messages)
    size += len(prompt.answer_schema.schema.encode()) if prompt.answer_schema else 0
    return Usage(size // _BYTES_PER_TOKEN + 1, prompt.sampling.max_tokens or _UNLIMITED_ANSWER)


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

    def reserve(self, prompt: Prompt) -> bool:
        """Sets aside one request and the most that it can cost; False, and nothing set aside, if that is too much."""
        self._add(1, most(prompt), 1)
        if self._is_exceeded():
            self._add(-1, most(prompt), -1)
            return False
        self.in_flight += 1
        self.set_aside = _sum(self.set_aside, most(prompt), 1)
        return True

    @property
    def may_free(self) -> bool:
        """Whether a request in flight may cost less than is set aside for it, so that it is worth while to wait."""
        spent_all = self.max_requests is not None and self.requests >= self.max_requests
        return self.in_flight > 0 and not spent_all

    def settle(self, prompt: Prompt, paid: Usage) -> Usage:
        """Replaces what was set aside by what was paid, and returns that; what was not counted stays as set aside."""
        reserved = most(prompt)
        counted = Usage(
            reserved.prompt_tokens if paid.prompt_tokens is None else paid.prompt_tokens,
            reserved.completion_tokens if paid.completion_tokens is None else paid.completion_tokens,
        )
        self.in_flight -= 1
        self.set_aside = _sum(self.set_aside, reserved, -1)
        self._add(0, reserved, -1)
        self._add(0, counted, 1)
        return counted

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


def _sum(usage: Usage, other: Usage, sign: int) -> Usage:
    return Usage(
        (usage.prompt_tokens or 0) + sign * (other.prompt_tokens or 0),
        (usage.completion_tokens or 0) + sign * (other.completion_tokens or 0),
    )
