"""Evol-Instruct (Xu et al. 2023): the tasks of a dataset are rewritten, round after round, into harder or rarer ones.

Each task of the dataset is the first link of a chain. A round rewrites the newest link of every chain:

1. *evolve_in_depth* or *evolve_in_breadth*, by an operation drawn for it: a harder version, or a new, rarer task of the
   same domain;
2. *judge_gain*: does the new version ask for anything else than the old one?
3. *respond*: the answer to the new version.

What passes the paper's elimination rules (section 3.2, "Elimination Evolving"; here `elimination` and `gain`) and
the screens is an example and the chain's newest link; otherwise the link stays as it was and has its next try in the
next round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder import draws
from ift_builder.answers import rewritten_task
from ift_builder.bootstrap import outcomes
from ift_builder.bootstrap.evolve import elimination, gain
from ift_builder.bootstrap.pace import Pace
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.records import Completion, Instance, Outcome, Prompt, Unanswered, Verdict
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import Pool, PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal

IN_DEPTH: Final = ("add-constraints", "deepen", "concretise", "add-reasoning", "complicate-input")
IN_BREADTH: Final = "breadth"
OPERATIONS: Final = (*IN_DEPTH, IN_BREADTH)
"""The six operations of the paper (section 3.2), drawn with equal probability (section 4.1)."""


class Evolve:
    """The strategy `evolve`."""

    name = "evolve"
    outlook = Outlook(kept_per_answer=1.0, answer_tokens=150, follow_up_tokens=(2, 400), leads_on="Not Equal")
    """One version an answer; the judgement is a word or two, the response the longest."""

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompts."""
        self._manner = manner
        self._in_depth = prompts.load("bootstrap", "evolve", "evolve_in_depth")
        self._in_breadth = prompts.load("bootstrap", "evolve", "evolve_in_breadth")
        self._judge_gain = prompts.load("bootstrap", "evolve", "judge_gain")
        self._respond = prompts.load("bootstrap", "evolve", "respond")

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt files by step."""
        steps = (self._in_depth, self._in_breadth, self._judge_gain, self._respond)
        return {step.purpose: step.hash for step in steps}

    def pace(self, pool: Pool) -> Pace:
        """One proposal per chain and round; a chain's next one waits for what became of its last."""
        chains = len(_first_links(pool))
        return Pace(
            known=lambda number: max(0, number - chains + 1),
            waits_for_tasks=True,
            proposals=chains * self._manner.rounds,
        )

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """The newest link of the chain whose turn it is."""
        links = _first_links(pool)
        return [pool.newest(links[number % len(links)])]

    def propose(self, proposal: Proposal) -> Prompt:
        """The request to rewrite the shown task."""
        operation = self.operation(proposal.number)
        step = self._in_breadth if operation == IN_BREADTH else self._in_depth
        (task,) = proposal.shown
        return self._manner.prompt(
            step,
            draw=proposal.number,
            language=proposal.language,
            operation=operation,
            instruction=task.instruction,
            input=_input(task),
        )

    def operation(self, number: int) -> str:
        """What proposal `number` does with its task."""
        return draws.stream(self._manner.seed, "operation", number).choice(OPERATIONS)

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The new version, whole or not; none where nothing was said."""
        operation = self.operation(proposal.number)
        step = self._in_breadth if operation == IN_BREADTH else self._in_depth
        (task,) = proposal.shown
        said = step.answer(answer)
        if not said.text.strip():
            return []
        new = rewritten_task.read(said.text)
        return [
            Candidate(
                new.instruction,
                _reading(new, task, was_cut=said.was_cut),
                instances=(Instance(new.input, ""),),
                category="" if operation == IN_BREADTH else task.category,
                language=proposal.language,
                operation=operation,
                parent=task,
                lineage="" if operation == IN_BREADTH else task.lineage or task.id,
            )
        ]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks whether anything was gained, then for the answer, and judges both."""
        given = candidate.instances[0].input if candidate.instances else ""
        if candidate.parent:
            old = candidate.parent
            judged = yield self._manner.prompt(
                self._judge_gain,
                language=candidate.language,
                old_instruction=old.instruction,
                old_input=_input(old),
                new_instruction=candidate.instruction,
                new_input=given,
            )
            if isinstance(judged, Unanswered):
                return Development("", verdict=outcomes.given_up("judge_gain", judged))
            if verdict := gain.judge(self._judge_gain.answer(judged).text):
                return Development("", verdict=verdict)
        answer = yield self._manner.prompt(
            self._respond, language=candidate.language, instruction=candidate.instruction, input=given
        )
        if isinstance(answer, Unanswered):
            return Development("", verdict=outcomes.given_up("respond", answer))
        said = self._respond.answer(answer)
        instance = Instance(given, said.text.strip())
        return Development("", (JudgedInstance(instance, _judge(instance, was_cut=said.was_cut)),))


def _first_links(pool: Pool | PoolThen) -> Sequence[PoolTask]:
    """The dataset that is evolved: the one that was given, else the seeds."""
    return pool.dataset or pool.human


def _input(task: PoolTask) -> str:
    """What a version works on: of several instances the first."""
    return task.instances[0].input if task.instances else ""


def _reading(new: rewritten_task.Version, old: PoolTask, *, was_cut: bool) -> Verdict:
    if was_cut:
        return Verdict("reading", "cut")
    if not new.instruction:
        return Verdict("reading", "empty")
    if phrase := elimination.copied(f"{new.instruction}\n{new.input}"):
        return Verdict("evolving", "copied-prompt", {"phrase": phrase})
    for earlier in old.versions():
        if _words(*new) == _words(earlier.instruction, _input(earlier)):
            return Verdict("evolving", "unchanged", {"of": earlier.id})
    return Verdict("evolving")


def _words(*texts: str) -> list[list[str]]:
    return [text.casefold().split() for text in texts]


def _judge(instance: Instance, *, was_cut: bool) -> Verdict:
    eliminated = elimination.judge(instance.output)
    return outcomes.of_answer(instance, was_cut=was_cut) if was_cut or eliminated.kept else eliminated
