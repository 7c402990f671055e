"""Keeps a growth to a subject: what a model says belongs to it is shown and kept.

All prompts of a strategy say the subject. Beyond that one question, with yes or no for an answer, is asked about each
seed before the first proposal, and about each kept instruction before its instances. It costs a request each; the
journal has the answers like all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder import draws
from ift_builder.answers import yes_or_no
from ift_builder.bootstrap import outcomes, strategies
from ift_builder.bootstrap.pace import pace_of
from ift_builder.bootstrap.strategies import Development
from ift_builder.records import Unanswered, Verdict
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pace import Pace
    from ift_builder.bootstrap.pool import Pool, PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Candidate, Manner, Outlook, Proposal, Strategy
    from ift_builder.records import Completion, Outcome, Prompt, SeedTask

SCREEN: Final = "subject"
"""The screen's name."""

FEWEST_SHOWN: Final = 3
"""With fewer seeds on the subject any are shown: a prompt with one or two would be copied rather than continued."""

MOST_SEEDS_ASKED: Final = 500
"""Of more seeds so many are drawn, and only these can be shown: each costs a request."""


class Question:
    """Whether a task belongs to the subject.

    Attributes:
        hash: Of the prompt file.
    """

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompt."""
        self._manner = manner
        self._step = prompts.load("screening", "subject", "on_subject")
        self.hash = self._step.hash

    def prompt(self, instruction: str) -> Prompt:
        """The request; the task's language is of no matter to it."""
        return self._manner.prompt(self._step, instruction=instruction)

    def read(self, outcome: Outcome) -> Verdict:
        """What came back: kept with yes, dropped with no or with anything else."""
        if isinstance(outcome, Unanswered):
            return outcomes.given_up(SCREEN, outcome)
        belongs = yes_or_no.read(self._step.answer(outcome).text)
        if belongs is None:
            return Verdict(SCREEN, "unreadable-subject", {"answer": outcome.text})
        return Verdict(SCREEN) if belongs else Verdict(SCREEN, "off-subject", {"answer": outcome.text})


class OnSubject:
    """A strategy whose kept instructions must belong to the subject before they are developed."""

    def __init__(self, strategy: Strategy, question: Question) -> None:
        """Goes about everything else as `strategy` does."""
        self._strategy = strategy
        self._question = question
        self.name = strategy.name

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt files by step, the question's among them."""
        return {**self._strategy.templates, "on_subject": self._question.hash}

    @property
    def outlook(self) -> Outlook:
        """As the strategy."""
        return self._strategy.outlook

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """As the strategy."""
        return self._strategy.choose(pool, number)

    def pace(self, pool: Pool) -> Pace:
        """As the strategy."""
        return pace_of(self._strategy, pool)

    def propose(self, proposal: Proposal) -> Prompt:
        """As the strategy."""
        return self._strategy.propose(proposal)

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """As the strategy."""
        return self._strategy.read(answer, proposal)

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks first whether it belongs to the subject."""
        verdict = self._question.read((yield self._question.prompt(candidate.instruction)))
        if not verdict.kept:
            return Development("", verdict=verdict)
        return (yield from self._strategy.develop(candidate))


class SeedQuestions:
    """The question about each seed, as work for the pump: all of them are asked before the first proposal."""

    def __init__(self, seeds: Sequence[SeedTask], question: Question, seed: int) -> None:
        """Nothing is asked yet.

        Args:
            seeds: All of them.
            question: What to ask.
            seed: The run's, for a draw from very many seeds.
        """
        asked = list(seeds)
        if len(asked) > MOST_SEEDS_ASKED:
            asked = draws.stream(seed, "seeds-on-subject").sample(asked, MOST_SEEDS_ASKED)
        self._seeds = seeds
        self._question = question
        self._prompts = {task.id: question.prompt(task.instruction) for task in asked}
        self._unasked = list({prompt.key: prompt for prompt in self._prompts.values()}.values())
        self._verdicts: dict[str, Verdict] = {}

    def next_prompt(self) -> Prompt | None:
        """The next question; None when all were asked."""
        return self._unasked.pop(0) if self._unasked else None

    def receive(self, prompt: Prompt, outcome: Outcome) -> None:
        """Takes an answer."""
        self._verdicts[prompt.key] = self._question.read(outcome)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """By the seed's id, for those that were answered."""
        keys = {id_: prompt.key for id_, prompt in self._prompts.items()}
        return {id_: self._verdicts[key] for id_, key in keys.items() if key in self._verdicts}

    @property
    def fitting(self) -> list[SeedTask]:
        """The seeds that belong to the subject, in order."""
        kept = {id_ for id_, verdict in self.verdicts.items() if verdict.kept}
        return [task for task in self._seeds if task.id in kept]

    @property
    def shown(self) -> Sequence[SeedTask]:
        """The seeds that prompts may show: those, or all if they are too few."""
        return self.fitting if len(self.fitting) >= FEWEST_SHOWN else self._seeds

    def facts(self) -> dict[str, int]:
        """For the manifest."""
        counts = {"seen": self._seeds, "asked": self._prompts, "on_subject": self.fitting, "shown": self.shown}
        return {name: len(those) for name, those in counts.items()}


def load(name: str, manner: Manner) -> Strategy:
    """The strategy of that name, kept to the subject if there is one."""
    strategy = strategies.load(name, manner)
    return OnSubject(strategy, Question(manner)) if manner.domain else strategy
