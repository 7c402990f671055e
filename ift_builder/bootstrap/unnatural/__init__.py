"""The method of Unnatural Instructions (Honovich et al. 2022, section 2).

1. *constrained task*: three seeds are shown, each with an input and constraints; the model writes a fourth, at high
   temperature.
2. *constrained output*: the output for it is asked for by itself, greedily.
3. *paraphrase*, on request: other wordings of the instruction, for the same input and output.

Where things differ from the paper, and why:

* The paper takes five fixed sets of three seeds; here any three are drawn, which shows more sets at the same price.
* An output is an answer to the constraints too, so a row's instruction ends with them: a model that learns from it must
  not be asked to guess them. The paper keeps them in a field of their own, which trainers do not read.
* The paper drops a task only if its instruction and input are both known; the pool does the same. The near-duplicate
  screen is stricter: it keeps one task of those that ask alike, so that a target counts different tasks. With
  `--no-screen near-duplicate` the paper's rule remains, and an instruction may come again with another input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ift_builder.answers import labelled_blocks, no_input, output
from ift_builder.bootstrap import outcomes
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.bootstrap.triples import with_one_instance
from ift_builder.bootstrap.unnatural import wordings
from ift_builder.bootstrap.unnatural.constraints import with_constraints
from ift_builder.records import Instance, Unanswered, Verdict
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal
    from ift_builder.records import Completion, Outcome, Prompt

SHOWN: Final = 3
"""Examples in a prompt; the model writes the fourth."""

FIELDS: Final = ("instruction", "input", "constraints")

_WORDING_TOKENS: Final = 30
"""About what one takes, for the estimate."""


class Unnatural:
    """The strategy `unnatural`."""

    name = "unnatural"

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompts."""
        self._manner = manner
        self._task = prompts.load("bootstrap", "unnatural", "constrained_task")
        self._output = prompts.load("bootstrap", "unnatural", "constrained_output")
        self._paraphrase = prompts.load("bootstrap", "unnatural", "paraphrase")

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt files by step, those that are used."""
        steps = (self._task, self._output, self._paraphrase)[: 3 if self._manner.paraphrase else 2]
        return {step.purpose: step.hash for step in steps}

    @property
    def outlook(self) -> Outlook:
        """One task an answer, of which about seven in ten are kept."""
        wanted = self._manner.paraphrase
        return Outlook(0.7, 120, (100, _WORDING_TOKENS * wanted) if wanted else (100,))

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """Three seeds."""
        return pool.sample(number, SHOWN, machine=0)

    def propose(self, proposal: Proposal) -> Prompt:
        """The request for the example after those shown."""
        return self._manner.prompt(
            self._task, draw=proposal.number, language=proposal.language, shown=self._shown(proposal)
        )

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The example that was asked for, and any more that the model went on to write."""
        said = self._task.answer(answer)
        text = said.text
        if self._manner.api == "completions":
            text = f"Example {len(proposal.shown) + 1}\nInstruction:{text}"
        blocks = labelled_blocks.read(text, FIELDS, was_cut=said.was_cut) if said.text.strip() else []
        needs_input = all(one["input"] for one in self._shown(proposal))
        return [_candidate(block, proposal.language, needs_input=needs_input) for block in blocks]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks for the output, and for other wordings if they are wanted."""
        given = candidate.instances[0].input
        asked: dict[str, Any] = {"instruction": candidate.instruction, "input": given, "language": candidate.language}
        answer = yield self._manner.prompt(self._output, **asked, constraints=candidate.constraints)
        if isinstance(answer, Unanswered):
            return Development("", verdict=outcomes.given_up(self._output.purpose, answer))
        said = self._output.answer(answer)
        made = self._judged(candidate, Instance(given, output.read(said.text)), was_cut=said.was_cut)
        count = self._manner.paraphrase
        if not made.verdict.kept or not count:
            return Development("", (made,))
        answer = yield self._manner.prompt(self._paraphrase, **asked, count=count)
        return Development("", (made, *self._reworded(candidate, made.instance, answer)))

    def _shown(self, proposal: Proposal) -> list[dict[str, str]]:
        return [with_one_instance(task, proposal.number, self._manner.seed) for task in proposal.shown]

    def _judged(self, candidate: Candidate, instance: Instance, *, was_cut: bool) -> JudgedInstance:
        verdict = outcomes.of_answer(instance, was_cut=was_cut)
        return JudgedInstance(instance, verdict, with_constraints(candidate.instruction, candidate.constraints))

    def _reworded(self, candidate: Candidate, instance: Instance, answer: Outcome) -> list[JudgedInstance]:
        """The instance once more for each wording, with what the screens of wordings say."""
        if isinstance(answer, Unanswered):
            return [JudgedInstance(instance, outcomes.given_up(self._paraphrase.purpose, answer))]
        said = self._paraphrase.answer(answer)
        found = wordings.read(said.text, continues=self._manner.api == "completions")
        if not found:
            return [JudgedInstance(instance, Verdict("reading", "unreadable-wordings", {"answer": answer.text}))]
        verdicts = wordings.judge(
            found, candidate.instruction, instance.input, most=self._manner.paraphrase, was_cut=said.was_cut
        )
        return [
            JudgedInstance(instance, verdict, with_constraints(wording.text, candidate.constraints))
            for wording, verdict in zip(found, verdicts, strict=True)
        ]


def _candidate(block: labelled_blocks.Block, language: str, *, needs_input: bool) -> Candidate:
    fields = block.fields
    problem = block.problem or ("no-input" if needs_input and not fields["input"] else "")
    if problem:
        return Candidate(fields.get("instruction", ""), Verdict("reading", problem), language=language, text=block.text)
    return Candidate(
        fields["instruction"],
        Verdict("reading"),
        (Instance(fields["input"], ""),),
        constraints=no_input.given(fields["constraints"]),
        language=language,
    )
