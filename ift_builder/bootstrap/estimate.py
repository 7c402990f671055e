"""What a run will take, before it begins: requests, tokens and money, as far as that can be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.strategies import Candidate, Proposal
from ift_builder.formats import seed_tasks

if TYPE_CHECKING:
    from ift_builder.bootstrap.plan import Plan
    from ift_builder.records import Prompt

VALID_SHARE: Final = 0.9
"""Of kept tasks, how many get a valid instance."""

CHARACTERS_PER_TOKEN: Final = 4
"""The rule of thumb for English."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Round figures; a model that repeats itself takes more."""

    requests: int
    """To send."""

    tokens: int
    """To pay, prompts and answers."""

    cost: float | None
    """US dollars; None where the price is unknown."""


def estimate(plan: Plan) -> Estimate:
    """The estimate for a whole run, from the prompts that it will begin with.

    Raises:
        InputError: The seed file is not one.
    """
    seeds = seed_tasks.read(plan.seeds)
    strategy = strategies.load(plan.strategy, plan.manner)
    tasks = plan.target / VALID_SHARE
    shown = strategy.choose(Pool(seeds, plan.seed).then(0), 0)
    proposal = strategy.propose(Proposal(0, tuple(shown)))
    outlook = strategy.outlook
    follow_up = next(strategy.develop(Candidate(seeds[0].instruction, instances=seeds[0].instances)), None)
    follow_ups = len(outlook.follow_up_tokens) if follow_up else 0
    proposals = tasks / outlook.kept_per_answer
    asked = _length(proposal) * proposals + (_length(follow_up) * follow_ups * tasks if follow_up else 0)
    prompt_tokens = round(asked / CHARACTERS_PER_TOKEN)
    answer_tokens = round(proposals * outlook.answer_tokens + tasks * sum(outlook.follow_up_tokens))
    prices = plan.terms.prices
    cost = prices.cost(prompt_tokens, answer_tokens) if prices else None
    return Estimate(round(proposals + follow_ups * tasks), prompt_tokens + answer_tokens, cost)


def _length(prompt: Prompt) -> int:
    """Characters."""
    return sum(len(turn.content) for turn in prompt.messages)
