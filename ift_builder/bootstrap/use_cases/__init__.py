"""Tasks for people with a use for an assistant, as InstructGPT's labelers wrote them (Ouyang et al. 2022, A.2.1).

1. *tasks*: a category is drawn by its share in that paper's Table 1, and some use cases of it; the model writes what
   these people would ask for.
2. *instances*: categories that hand over a text get inputs with outputs, by the steps of `self_instruct`; the others
   get the assistant's answer to the request as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder import draws
from ift_builder.answers import numbered_list, output
from ift_builder.bootstrap import outcomes
from ift_builder.bootstrap.pool import PoolTask
from ift_builder.bootstrap.self_instruct import SelfInstruct
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.bootstrap.use_cases import categories
from ift_builder.formats import use_cases
from ift_builder.records import Instance, Unanswered, Verdict
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal
    from ift_builder.records import Completion, Outcome, Prompt, UseCase

SHOWN: Final = 3
"""Use cases in a prompt. With six of a category there are 120 prompts that differ, and each is drawn again at most a
few times in a run of ten thousand tasks."""

PROPOSED: Final = 6
"""Requests asked for, two for each use case."""

_GOLDEN: Final = 0.6180339887498949
"""Its multiples lie evenly in [0, 1) (Knuth, The Art of Computer Programming 3, section 6.4), so that a short run, too,
has the categories by their shares; the seed's stream says where they begin."""

_LABELLED: Final = "classification"
"""The category whose instances are made label first."""


class UseCases:
    """The strategy `use-cases`."""

    name = "use-cases"
    outlook = Outlook(kept_per_answer=4.0, answer_tokens=250, follow_up_tokens=(200,))
    """Four of the six that are asked for."""

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompts; reads the shipped use cases if there are no others.

        Raises:
            TemplateError: A shipped file is damaged.
        """
        self._manner = manner
        self._categories = categories.load()
        self._tasks = prompts.load("bootstrap", "use_cases", "use_case_tasks")
        self._answer = prompts.load("bootstrap", "use_cases", "use_case_answer")
        self._with_input = SelfInstruct(manner)
        self._cases: dict[str, list[UseCase]] = {}
        for case in manner.use_cases or use_cases.read(use_cases.shipped()):
            self._cases.setdefault(case.category, []).append(case)

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt files by step, and of the categories."""
        borrowed = self._with_input.templates
        return {
            "categories": self._categories.hash,
            self._tasks.purpose: self._tasks.hash,
            self._answer.purpose: self._answer.hash,
            **{step: hash_ for step, hash_ in borrowed.items() if step.startswith("instances")},
        }

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """Three use cases of one category; the pool itself is not shown."""
        point = (draws.stream(pool.seed, "category").random() + number * _GOLDEN) % 1
        category = self._categories.drawn(point, self._cases).name
        cases = self._cases[category]
        drawn = draws.stream(pool.seed, "use-cases", number).sample(cases, min(SHOWN, len(cases)))
        return [PoolTask(case.id, f"{case.who}: {case.needs}", category=category) for case in drawn]

    def propose(self, proposal: Proposal) -> Prompt:
        """The request for what these people would ask for."""
        category = self._categories[proposal.shown[0].category]
        return self._manner.prompt(
            self._tasks,
            draw=proposal.number,
            language=proposal.language,
            cases=[" ".join(case.instruction.split()) for case in proposal.shown],
            title=category.title,
            says=category.says,
            needs_input=category.needs_input,
            count=PROPOSED,
        )

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The list's items, each with the category that was drawn."""
        said = self._tasks.answer(answer)
        items = numbered_list.read(said.text, 1, continues=self._manner.api == "completions")
        return [
            Candidate(
                item.text,
                outcomes.of_item(item, was_cut=said.was_cut),
                category=proposal.shown[0].category,
                language=proposal.language,
            )
            for item in items
        ]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks for inputs with outputs, or for the answer alone, as the category wants it."""
        if not self._categories[candidate.category].needs_input:
            return (yield from self._answered(candidate))
        is_classification = candidate.category == _LABELLED
        made = yield from self._with_input.instances(candidate, is_classification=is_classification)
        return Development(made.kind, tuple(map(_with_input, made.instances)), made.verdict)

    def _answered(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        answer = yield self._manner.prompt(self._answer, language=candidate.language, instruction=candidate.instruction)
        if isinstance(answer, Unanswered):
            return Development("generation", verdict=outcomes.given_up(self._answer.purpose, answer))
        said = self._answer.answer(answer)
        instance = Instance("", output.alone(said.text))
        verdict = outcomes.of_answer(instance, was_cut=said.was_cut)
        return Development("generation", (JudgedInstance(instance, verdict),))


def _with_input(judged: JudgedInstance) -> JudgedInstance:
    """The instance, dropped if it lacks the text that its category works on."""
    if judged.verdict.kept and not judged.instance.input:
        return JudgedInstance(judged.instance, Verdict("instance", "no-input"))
    return judged
