"""The method of Self-Instruct (Wang et al. 2022, section 2.2) in all its stages.

1. *propose*: eight tasks are shown, the model continues the list.
2. *classify*: is a kept instruction a classification task?
3. *instances*: the label first, then an input for it, if it is; otherwise the input first, then the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.answers import labelled_instances, numbered_list, unlabelled, yes_or_no
from ift_builder.bootstrap import outcomes
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.records import Completion, Instance, Outcome, Prompt, Unanswered, Verdict
from ift_builder.screening import instances as instance_screens
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal

SHOWN: Final = 8
MACHINE_SHOWN: Final = 2
"""Self-Instruct, section 2.2: eight tasks in the prompt, six written by people and two by the model."""

PROPOSED: Final = 8
"""New tasks asked for in one request; the paper's list ends at 16."""

UNLABELLED: Final = "unlabelled-answer"
"""Marks what was read from an answer without labels, in the row's source."""

MOST_INSTANCES: Final = 5
"""Instances kept per task, as in the paper's code."""


class SelfInstruct:
    """The strategy `self-instruct`."""

    name = "self-instruct"
    outlook = Outlook(kept_per_answer=4.0, answer_tokens=250, follow_up_tokens=(2, 200))
    """The recorded runs of the reference kept about four of eight."""

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompts."""
        self._manner = manner
        self._propose = prompts.load("bootstrap", "self_instruct", "propose")
        self._classify = prompts.load("bootstrap", "self_instruct", "classify")
        self._input_first = prompts.load("bootstrap", "self_instruct", "instances_input_first")
        self._output_first = prompts.load("bootstrap", "self_instruct", "instances_output_first")

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt files by step."""
        steps = (self._propose, self._classify, self._input_first, self._output_first)
        return {step.purpose: step.hash for step in steps}

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """Eight tasks, two of them the model's own once it has some."""
        return pool.sample(number, SHOWN, machine=MACHINE_SHOWN)

    def propose(self, proposal: Proposal) -> Prompt:
        """The request to continue the list of shown tasks, each on one line."""
        lines = [" ".join(task.instruction.split()) for task in proposal.shown]
        return self._manner.prompt(
            self._propose, draw=proposal.number, language=proposal.language, shown=lines, count=PROPOSED
        )

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The list's items; the one that the length limit cut says so, and so does an empty one."""
        said = self._propose.answer(answer)
        items = numbered_list.read(said.text, len(proposal.shown) + 1, continues=self._manner.api == "completions")
        return [
            Candidate(item.text, outcomes.of_item(item, was_cut=said.was_cut), language=proposal.language)
            for item in items
        ]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Classifies, then asks for instances and judges them."""
        answer = yield self._manner.prompt(
            self._classify, language=candidate.language, instruction=candidate.instruction
        )
        if isinstance(answer, Unanswered):
            return Development("", verdict=outcomes.given_up("classify", answer))
        is_classification = yes_or_no.read(self._classify.answer(answer).text)
        if is_classification is None:
            return Development("", verdict=Verdict("classify", "unreadable-classification", {"answer": answer.text}))
        return (yield from self.instances(candidate, is_classification=is_classification))

    def instances(self, candidate: Candidate, *, is_classification: bool) -> Generator[Prompt, Outcome, Development]:
        """Asks for instances of a task whose kind is known, and judges them."""
        kind = "classification" if is_classification else "generation"
        step = self._output_first if is_classification else self._input_first
        read = labelled_instances.read_output_first if is_classification else labelled_instances.read_input_first
        answer = yield self._manner.prompt(
            step, language=candidate.language, instruction=candidate.instruction, limit=MOST_INSTANCES
        )
        if isinstance(answer, Unanswered):
            return Development(kind, verdict=outcomes.given_up(step.purpose, answer))
        said = step.answer(answer)
        drafts, reading = read(said.text, was_cut=said.was_cut), ""
        if not drafts and not is_classification and self._manner.unlabelled_answers == "keep":
            drafts, reading = unlabelled.read(said.text, was_cut=said.was_cut), UNLABELLED
        if not drafts:
            return Development(kind, verdict=Verdict(step.purpose, "unreadable-instances", {"answer": answer.text}))
        return Development(kind, tuple(_judge(drafts, reading, is_classification=is_classification)))


def _judge(drafts: list[labelled_instances.Draft], reading: str, *, is_classification: bool) -> list[JudgedInstance]:
    """Judges what was read whole; what was not keeps the reader's verdict."""
    whole = [Instance(draft.input, draft.output) for draft in drafts if not draft.problem]
    verdicts = iter(instance_screens.judge(whole, is_classification=is_classification, limit=MOST_INSTANCES))
    return [
        JudgedInstance(
            Instance(draft.input, draft.output),
            Verdict("reading", draft.problem) if draft.problem else next(verdicts),
            reading=reading,
        )
        for draft in drafts
    ]
