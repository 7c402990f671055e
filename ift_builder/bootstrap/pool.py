"""The pool of tasks that the model is shown: what people wrote, a dataset's, and what was kept so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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

    def __init__(self, seeds: Sequence[SeedTask], seed: int, dataset: Sequence[PoolTask] = ()) -> None:
        """A pool that nothing was kept in.

        Args:
            seeds: What people wrote, at least one.
            seed: The run's seed for draws.
            dataset: Tasks that there are already, besides the seeds.
        """
        self.human: Sequence[PoolTask] = [
            PoolTask(task.id, task.instruction, task.instances, category=task.category, language=task.language)
            for task in seeds
        ]
        self.dataset = dataset
        self._machine: list[PoolTask] = [*dataset]
        self._successors: dict[str, int] = {}
        self._seed = seed

    @property
    def kept(self) -> int:
        """The number of machine-made tasks, the dataset's among them."""
        return len(self._machine)

    def add(self, task: PoolTask) -> None:
        """Adds a kept task."""
        if task.parent:
            self._successors.setdefault(task.parent.id, len(self._machine))
        self._machine.append(task)

    def then(self, kept: int) -> PoolThen:
        """The pool as it stood with `kept` machine-made tasks."""
        return PoolThen(self.human, self._machine, kept, self._seed, self.dataset, self._successors)


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

    dataset: Sequence[PoolTask] = ()
    """The dataset's tasks, the first of the machine-made ones."""

    _successors: Mapping[str, int] | None = None
    """By a task's id: where among the machine-made ones the task is that takes its place, later ones too."""

    def sample(self, number: int, size: int, *, machine: int) -> list[PoolTask]:
        """Tasks to show in prompt `number`, drawn and shuffled.

        Args:
            number: The prompt's number, which names the draw.
            size: How many tasks; fewer where the pool has no more.
            machine: How many of them are machine-made, at the most; the others are human.
        """
        random = draws.stream(self.seed, "show", number)
        drawn = random.sample(range(self.kept), min(machine, self.kept))
        human = random.sample(self.human, min(size - len(drawn), len(self.human)))
        shown = [*human, *(self._machine[index] for index in drawn)]
        random.shuffle(shown)
        return shown

    def newest(self, task: PoolTask) -> PoolTask:
        """What had taken the place of `task` by then, in one step or several; itself where nothing had."""
        successors = self._successors or {}
        while (place := successors.get(task.id, self.kept)) < self.kept:
            task = self._machine[place]
        return task
