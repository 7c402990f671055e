"""What a run will take, before it begins: requests, tokens and money, as far as that can be known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pace import pace_of
from ift_builder.bootstrap.strategies import Candidate, Proposal

if TYPE_CHECKING:
    from ift_builder.bootstrap.plan import Plan

VALID_SHARE: Final = 0.9
"""Of kept tasks, how many get a valid instance."""

CHARACTERS_PER_TOKEN: Final = 4
"""The rule of thumb for English."""

ANSWER_TOKENS: Final = (250, 2, 200)
"""Of a list of tasks, a classification, and a task's instances."""


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
        InputError: The seed file or the dataset is not one.
    """
    pool = plan.pool()
    strategy = strategies.load(plan.strategy, plan.manner)
    pace = pace_of(strategy, pool)
    tasks = min(plan.target / VALID_SHARE, math.inf if pace.proposals is None else pace.proposals)
    shown = strategy.choose(pool.then(pool.kept), 0)
    proposal = strategy.propose(Proposal(0, tuple(shown)))
    first = pool.human[0]
    steps = strategy.develop(Candidate(first.instruction, instances=first.instances[:1]))
    follow_up = next(steps)
    asked = sum(len(turn.content) for turn in proposal.messages) * tasks / pace.tasks
    asked += 2 * sum(len(turn.content) for turn in follow_up.messages) * tasks
    proposed, classified, instances = ANSWER_TOKENS
    prompt_tokens = round(asked / CHARACTERS_PER_TOKEN)
    answer_tokens = round(tasks * (proposed / pace.tasks + classified + instances))
    prices = plan.terms.prices
    cost = prices.cost(prompt_tokens, answer_tokens) if prices else None
    return Estimate(round(tasks / pace.tasks + 2 * tasks), prompt_tokens + answer_tokens, cost)
