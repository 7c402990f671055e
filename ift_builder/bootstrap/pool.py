"""The pool of tasks that the model is shown: what people wrote, a dataset's, and what was kept so far."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from ift_builder.bootstrap.strategies import Candidate
    from ift_builder.records import Instance, SeedTask


@dataclass(frozen=True, slots=True)
class PoolTask:
    """A task as far as the pool needs it."""

    id: str
    """The seed's id, or the kept candidate's."""

    instruction: str
    """What is asked."""

    instances: tuple[Instance, ...] = ()
    """Of a seed, and of a candidate that came with some."""

    constraints: str = ""
    """What its outputs must keep to, where that is said."""

    category: str = ""
    """The kind of task, where that is said."""

    kind: str = ""
    """`classification` or `generation`, where that is said."""

    language: str = ""
    """BCP-47 code of its language, where that is said."""

    parent: PoolTask | None = None
    """The task whose place it takes, where it does."""

    lineage: str = ""
    """The id of the first task of which it is a variant; `""` for a task of its own."""

    def versions(self) -> Iterator[PoolTask]:
        """The task, the one whose place it took, and so on back to the first."""
        task: PoolTask | None = self
        while task:
            yield task
            task = task.parent

    @classmethod
    def of(cls, identity: str, candidate: Candidate) -> PoolTask:
        """The task that a kept candidate is."""
        return cls(
            identity,
            candidate.instruction,
            candidate.instances,
            constraints=candidate.constraints,
            category=candidate.category,
            kind=candidate.kind,
            language=candidate.language,
            parent=candidate.parent,
            lineage=candidate.lineage,
        )


class Pool:
    """Seeds, a dataset's tasks and kept tasks; grows at its end only, so that any earlier state of it is a prefix.

    Attributes:
        human: The seeds.
        dataset: The tasks of the dataset that is grown further; they count as machine-made.
    """

    def __init__(self, seeds: Sequence[SeedTask], seed: int, dataset: Sequence[SeedTask] = ()) -> None:
        """A pool that nothing was kept in.

        Args:
            seeds: What people wrote, at least one.
            seed: The run's seed for draws.
            dataset: Tasks that there are already, besides the seeds.
        """
        self.human = [_pool_task(task, "classification" if task.is_classification else "generation") for task in seeds]
        self.dataset = [_pool_task(task) for task in dataset]
        self._machine: list[PoolTask] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._successors: dict[str, int] = {}
        self._ids: dict[tuple[str, str], str] = {}
        for task in self.human:
            self.know(task)
        for task in self.dataset:
            self.add(task)
        self._seed = seed

    @property
    def kept(self) -> int:
        """The number of machine-made tasks, the dataset's among them."""
        return len(self._machine)

    def add(self, task: PoolTask) -> None:
        """Adds a kept task."""
        if task.language:
            self._places[_base(task.language)].append(len(self._machine))
        if task.parent:
            self._successors.setdefault(task.parent.id, len(self._machine))
        self._machine.append(task)
        self.know(task)

    def know(self, task: PoolTask) -> None:
        """Counts a task among those that may be a later one's twin, though it is not shown, or not yet."""
        for key in _keys(task.instruction, task.instances):
            self._ids.setdefault(key, task.id)

    def twin(self, instruction: str, instances: Sequence[Instance]) -> str:
        """The id of the task with the same instruction and one of these inputs; `""` if there is none.

        A task without instances has no twin: its instruction alone is for the screens to judge.
        """
        return next((self._ids[key] for key in _keys(instruction, instances) if key in self._ids), "")

    def then(self, kept: int, language: str = "") -> PoolThen:
        """The pool as it stood with `kept` machine-made tasks, for a proposal in `language`."""
        return PoolThen(
            self.human, self._machine, kept, self._seed, language, self._places, self.dataset, self._successors
        )


def _keys(instruction: str, instances: Sequence[Instance]) -> list[tuple[str, str]]:
    """What two tasks are the same by: white space makes no difference."""
    said = " ".join(instruction.split())
    return [(said, " ".join(instance.input.split())) for instance in instances]


@dataclass(frozen=True, slots=True)
class PoolThen:
    """The pool as it stood at some moment, which later tasks do not change."""

    human: Sequence[PoolTask]
    """The seeds."""

    _machine: Sequence[PoolTask]
    """Machine-made tasks, later ones too."""

    kept: int
    """How many of them there were."""

    seed: int
    """The run's, for draws."""

    language: str = ""
    """BCP-47 code of the language that is asked for; `""` for any."""

    _places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Where the machine-made tasks of a language are, later ones too."""

    dataset: Sequence[PoolTask] = ()
    """The dataset's tasks, the first of the machine-made ones."""

    _successors: Mapping[str, int] = field(default_factory=dict)
    """By a task's id: where among the machine-made ones the task is that takes its place, later ones too."""

    def sample(self, number: int, size: int, *, machine: int) -> list[PoolTask]:
        """Tasks to show in prompt `number`, drawn and shuffled; those of the language that is asked for come first.

        Args:
            number: The prompt's number, which names the draw.
            size: How many tasks; fewer where the pool has no more.
            machine: How many of them are machine-made, at the most; the others are human.
        """
        random = draws.stream(self.seed, "show", number)
        drawn = self._machine_places(random, min(machine, self.kept))
        human = self._human_tasks(random, min(size - len(drawn), len(self.human)))
        shown = [*human, *(self._machine[index] for index in drawn)]
        random.shuffle(shown)
        return shown

    def newest(self, task: PoolTask) -> PoolTask:
        """What had taken the place of `task` by then, in one step or several; itself where nothing had."""
        while (place := self._successors.get(task.id, self.kept)) < self.kept:
            task = self._machine[place]
        return task

    def _machine_places(self, random: Random, count: int) -> Sequence[int]:
        """Those of the language, or any while they are too few."""
        own = self._places.get(_base(self.language), ())
        own = own[: bisect_left(own, self.kept)]
        return random.sample(own if len(own) >= count and self.language else range(self.kept), count)

    def _human_tasks(self, random: Random, count: int) -> list[PoolTask]:
        """Those of the language, and others where they are too few."""
        if not self.language:
            return random.sample(self.human, count)
        own: list[PoolTask] = []
        others: list[PoolTask] = []
        for task in self.human:
            (own if _base(task.language) == _base(self.language) else others).append(task)
        if len(own) >= count:
            return random.sample(own, count)
        return [*own, *random.sample(others, count - len(own))]


def _pool_task(task: SeedTask, kind: str = "") -> PoolTask:
    return PoolTask(
        task.id,
        task.instruction,
        task.instances,
        task.constraints,
        task.category,
        kind=kind,
        language=task.language,
    )


def _base(code: str) -> str:
    """The language of a code, without script and region."""
    return code.partition("-")[0].lower()
