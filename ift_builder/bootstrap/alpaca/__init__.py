"""The method of Alpaca (Taori et al. 2023): one request gives a list of complete triples.

Three seeds are shown, each with one of its instances; the model continues the list with instructions, inputs and
outputs. Nothing else is asked: a triple is judged as it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.answers import labelled_blocks
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.bootstrap.triples import with_one_instance
from ift_builder.records import Instance, Verdict
from ift_builder.screening import instances as instance_screens
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal
    from ift_builder.records import Completion, Outcome, Prompt

SHOWN: Final = 3
"""Seeds in a prompt, none of the model's own tasks, as in Alpaca's `generate_instruction.py`."""

LAST: Final = 20
"""The number of the last triple of the list, as there. The prompt's stop marker is the one after it."""


class Alpaca:
    """The strategy `alpaca`."""

    name = "alpaca"
    outlook = Outlook(kept_per_answer=11.0, answer_tokens=1800)
    """About two thirds of the 17 that are asked for, at some hundred tokens each."""

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompt."""
        self._manner = manner
        self._triples = prompts.load("bootstrap", "alpaca", "triples")

    @property
    def templates(self) -> dict[str, str]:
        """The hash of the prompt file."""
        return {self._triples.purpose: self._triples.hash}

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """Three seeds."""
        return pool.sample(number, SHOWN, machine=0)

    def propose(self, proposal: Proposal) -> Prompt:
        """The request to continue the list."""
        shown = [with_one_instance(task, proposal.number, self._manner.seed) for task in proposal.shown]
        return self._manner.prompt(
            self._triples, draw=proposal.number, language=proposal.language, shown=shown, total=LAST
        )

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The blocks of the list; one that was not read whole has its text and says why."""
        said = self._triples.answer(answer)
        text = said.text
        if self._manner.api == "completions":
            text = f"{len(proposal.shown) + 1}. Instruction:{text}"
        blocks = labelled_blocks.read(text, was_cut=said.was_cut) if said.text.strip() else []
        return [_candidate(block, proposal.language) for block in blocks]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks nothing; judges the instance that came along."""
        yield from ()  # it is a generator like the others
        verdicts = instance_screens.judge(candidate.instances, is_classification=False, limit=1)
        judged = map(JudgedInstance, candidate.instances, verdicts)
        return Development("", tuple(judged))


def _candidate(block: labelled_blocks.Block, language: str) -> Candidate:
    fields = block.fields
    verdict = Verdict("reading", block.problem)
    if not verdict.kept:
        return Candidate(fields.get("instruction", ""), verdict, language=language, text=block.text)
    instance = Instance(fields["input"], fields["output"])
    return Candidate(fields["instruction"], verdict, (instance,), language=language)
