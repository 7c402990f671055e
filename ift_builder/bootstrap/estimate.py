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

KEPT_PER_ANSWER: Final = 4.0
"""Tasks kept of the eight that a request asks for: about what the recorded runs of the reference kept."""

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
        InputError: The seed file is not one.
    """
    seeds = seed_tasks.read(plan.seeds)
    strategy = strategies.load(plan.strategy, plan.manner)
    tasks = plan.target / VALID_SHARE
    shown = strategy.choose(Pool(seeds, plan.seed).then(0), 0)
    proposal = strategy.propose(Proposal(0, tuple(shown)))
    steps = strategy.develop(Candidate(seeds[0].instruction, instances=seeds[0].instances))
    follow_up = next(steps)
    asked = sum(len(turn.content) for turn in proposal.messages) * tasks / KEPT_PER_ANSWER
    asked += 2 * sum(len(turn.content) for turn in follow_up.messages) * tasks
    proposed, classified, instances = ANSWER_TOKENS
    prompt_tokens = round(asked / CHARACTERS_PER_TOKEN)
    answer_tokens = round(tasks * (proposed / KEPT_PER_ANSWER + classified + instances))
    prices = plan.terms.prices
    cost = prices.cost(prompt_tokens, answer_tokens) if prices else None
    return Estimate(round(tasks / KEPT_PER_ANSWER + 2 * tasks), prompt_tokens + answer_tokens, cost)
