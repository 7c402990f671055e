"""What a run will take, before it begins: requests, tokens and money, as far as that can be known."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.strategies import Candidate, Proposal
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion

if TYPE_CHECKING:
    from ift_builder.bootstrap.plan import Plan
    from ift_builder.bootstrap.strategies import Strategy
    from ift_builder.records import Prompt

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
    category = shown[0].category if shown else ""
    example = Candidate(seeds[0].instruction, instances=seeds[0].instances, category=category)
    follow_ups = _follow_ups(strategy, example)
    asked = sum(len(turn.content) for turn in proposal.messages) * tasks / KEPT_PER_ANSWER
    asked += sum(len(turn.content) for prompt in follow_ups for turn in prompt.messages) * tasks
    proposed, classified, instances = ANSWER_TOKENS
    prompt_tokens = round(asked / CHARACTERS_PER_TOKEN)
    answer_tokens = round(tasks * (proposed / KEPT_PER_ANSWER + classified + instances))
    prices = plan.terms.prices
    cost = prices.cost(prompt_tokens, answer_tokens) if prices else None
    return Estimate(round(tasks / KEPT_PER_ANSWER + len(follow_ups) * tasks), prompt_tokens + answer_tokens, cost)


def _follow_ups(strategy: Strategy, candidate: Candidate) -> list[Prompt]:
    """What is asked for one task after its proposal; an answer of `No` leads on where there is a question."""
    steps, asked = strategy.develop(candidate), []
    with suppress(StopIteration):
        asked.append(next(steps))
        while True:
            asked.append(steps.send(Completion(asked[-1].key, "No", "stop")))
    return asked
