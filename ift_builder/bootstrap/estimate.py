"""What a run will take, before it begins: requests, tokens and money, as far as that can be known."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pace import pace_of
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.shares import language_of
from ift_builder.bootstrap.strategies import Candidate, Proposal
from ift_builder.bootstrap.subject import MOST_SEEDS_ASKED, Question
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion

if TYPE_CHECKING:
    from ift_builder.bootstrap.plan import Plan
    from ift_builder.bootstrap.strategies import Strategy
    from ift_builder.records import Prompt

VALID_SHARE: Final = 0.9
"""Of kept tasks, how many get a valid instance."""

ONE_WORD: Final = 2
"""Tokens of a yes or no."""

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
        InputError: The seed file or the dataset is not one.
    """
    pool = Pool(seed_tasks.read(plan.seeds), plan.seed, plan.tasks())
    strategy = strategies.load(plan.strategy, plan.manner)
    pace, outlook = pace_of(strategy, pool), strategy.outlook
    tasks = min(plan.target / VALID_SHARE, math.inf if pace.proposals is None else pace.proposals)
    language = language_of(plan.languages, plan.seed)(0)
    shown = strategy.choose(pool.then(pool.kept, language), 0)
    proposal = strategy.propose(Proposal(0, tuple(shown), language))
    category, first = shown[0].category if shown else "", pool.human[0]
    example = Candidate(
        first.instruction,
        instances=first.instances[:1],
        category=category,
        kind=first.kind,
        language=language,
        parent=first,
    )
    follow_ups = _follow_ups(strategy, example)
    proposals = tasks / outlook.kept_per_answer
    requests = proposals + len(follow_ups) * tasks
    asked = _characters(proposal) * proposals + sum(map(_characters, follow_ups)) * tasks
    answered = proposals * outlook.answer_tokens + tasks * sum(outlook.follow_up_tokens)
    if plan.domain:
        questions = tasks + (min(len(pool.human), MOST_SEEDS_ASKED) if plan.asks_about_seeds else 0)
        asked += questions * _characters(Question(plan.manner).prompt(first.instruction))
        requests += questions
        answered += questions * ONE_WORD
    prompt_tokens, answer_tokens = round(asked / CHARACTERS_PER_TOKEN), round(answered)
    prices = plan.terms.prices
    cost = prices.cost(prompt_tokens, answer_tokens) if prices else None
    return Estimate(round(requests), prompt_tokens + answer_tokens, cost)


def _characters(prompt: Prompt) -> int:
    return sum(len(turn.content) for turn in prompt.messages)


def _follow_ups(strategy: Strategy, candidate: Candidate) -> list[Prompt]:
    """What is asked for one task after its proposal."""
    steps, asked = strategy.develop(candidate), []
    with suppress(StopIteration):
        asked.append(next(steps))
        while True:
            asked.append(steps.send(Completion(asked[-1].key, strategy.outlook.leads_on, "stop")))
    return asked
