"""What a way of growing has to offer, and the ways there are.

A strategy chooses (tasks of the pool to show), proposes (a prompt from them), reads (candidates from an answer) and
develops (a kept candidate into instances). It has no state and does no input or output; `growth` does the rest for all
of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from ift_builder import languages
from ift_builder.formats import seed_tasks
from ift_builder.strategy_names import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from ift_builder.bootstrap.pool import PoolTask, PoolThen
    from ift_builder.records import Api, Completion, Instance, Outcome, Prompt, UseCase, Verdict
    from ift_builder.templating.prompts import PromptTemplate


ROUNDS: Final = 4
"""Rounds of `evolve` where nothing else is said: those of Evol-Instruct (Xu et al. 2023, section 4.1)."""


UnlabelledAnswers = Literal["drop", "keep"]
"""Whether an answer without any label is read as the output of a task that needs no input."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a strategy is to go about it: all that the user says of its prompts."""

    model: str
    """The model's name."""

    api: Api = "chat"
    """Which of the two OpenAI endpoints, and so which dress of the prompts."""

    seed: int = 0
    """The run's, for what a strategy draws."""

    domain: str = ""
    """The subject that tasks are kept to; `""` for any."""

    use_cases: tuple[UseCase, ...] = ()
    """What people want an assistant for; empty for the shipped list."""

    rounds: int = ROUNDS
    """How often each task is evolved, for `evolve`."""

    paraphrase: int = 0
    """How many other wordings of each instruction are asked for."""

    unlabelled_answers: UnlabelledAnswers = "drop"
    """What to do with an answer without labels to the request for a task's instances."""

    def prompt(self, step: PromptTemplate, *, draw: int = 0, language: str = "", **values: Any) -> Prompt:
        """The request of a step.

        Args:
            step: Its prompt file.
            draw: Tells apart requests with the same words.
            language: BCP-47 code; the template is given its English name, or `""` for any language.
            values: What else the template is given; `domain` is among it, `""` for any subject.
        """
        name = languages.english_name(language) if language else ""
        return step.prompt(api=self.api, model=self.model, draw=draw, language=name, domain=self.domain, **values)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request for new tasks, before it is put into words."""

    number: int
    """Its place among the proposals, from 0; also the prompt's draw."""

    shown: tuple[PoolTask, ...]
    """The tasks that the prompt shows, in order."""

    language: str = ""
    """BCP-47 code of the language that it asks for; `""` for any."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instruction that a model proposed, with what it said of it in the same answer."""

    instruction: str
    """As the model wrote it."""

    verdict: Verdict | None = None
    """The reader's own, where it saw that the candidate is not whole."""

    instances: tuple[Instance, ...] = ()
    """Inputs with outputs, where they came along; an output of `""` is still to be asked for."""

    constraints: str = ""
    """What its outputs must keep to."""

    category: str = ""
    """The kind of task that was asked for."""

    kind: str = ""
    """`classification` or `generation`, where the model said it at once."""

    language: str = ""
    """BCP-47 code of the language that was asked for."""

    operation: str = ""
    """What was asked to be done with the shown task, where a strategy has several operations."""

    parent: PoolTask | None = None
    """The task whose place it is to take, in a strategy that goes on with what it made."""

    lineage: str = ""
    """The id of the first task of which this one is a variant, and so no near-duplicate; `""` for a task of its own."""

    text: str = ""
    """The whole of it as the model wrote it, where it could not be read and so has more to show than an instruction."""


@dataclass(frozen=True, slots=True)
class JudgedInstance:
    """An instance with the verdict on it."""

    instance: Instance
    """As it was read."""

    verdict: Verdict
    """Kept, or why not."""

    instruction: str = ""
    """Other words for the task's instruction, where the instance goes with them; `""` for the task's own."""

    reading: str = ""
    """How it was read, where that was not the usual way: it stands in the template's name in the row's source."""


@dataclass(frozen=True, slots=True)
class Development:
    """What became of a kept candidate."""

    kind: str
    """`classification` or `generation`; `""` where that stayed open."""

    instances: tuple[JudgedInstance, ...] = ()
    """All that were read."""

    verdict: Verdict | None = None
    """Why the task as a whole came to nothing, where a step failed."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Round figures of a strategy, for the estimate before a run."""

    kept_per_answer: float
    """Tasks kept of one answer to a proposal."""

    answer_tokens: int
    """Tokens of such an answer."""

    follow_up_tokens: tuple[int, ...] = ()
    """Tokens of the answer to each request that a kept task takes."""

    leads_on: str = "No"
    """An answer to a follow-up that has all others asked too."""


class Strategy(Protocol):
    """A way of growing."""

    name: str
    """As `--strategy` names it."""

    @property
    def outlook(self) -> Outlook:
        """What its requests will bring and take, roughly."""

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of its prompt files by name."""

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """The tasks that proposal `number` shows, of the pool as it stood then."""

    def propose(self, proposal: Proposal) -> Prompt:
        """The request for new tasks."""

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The candidates of an answer; empty if it holds none."""

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Asks what is needed to make instances: yields prompts, is sent outcomes, returns what came of it."""


SEEDS: Final[Mapping[str, str]] = {"unnatural": "unnatural_tasks.jsonl"}
"""Which shipped seed file a strategy takes if none is given, where it is not the usual one."""


def shipped_seeds(name: str) -> Path:
    """The shipped seed file that the strategy of that name takes if none is given."""
    return seed_tasks.shipped(SEEDS.get(name, "seed_tasks.jsonl"))


def load(name: str, manner: Manner) -> Strategy:
    """The strategy of that name, its prompts compiled; only its module is imported."""
    module, _, kind = REGISTRY[name].partition(":")
    strategy: Strategy = getattr(import_module(f"ift_builder.bootstrap.{module}"), kind)(manner)
    return strategy
