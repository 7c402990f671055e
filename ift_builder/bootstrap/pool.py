"""The pool of tasks that the model is shown: what people wrote, and what was kept so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Pool:
    """Seeds and kept tasks; grows at its end only, so that any earlier state of it is a prefix."""

    def __init__(self, seeds: Sequence[SeedTask], seed: int) -> None:
        """A pool of human tasks.

        Args:
            seeds: What people wrote, at least one.
            seed: The run's seed for draws.
        """
        self._human = [
            PoolTask(task.id, task.instruction, task.instances, task.constraints, task.category, task.language)
            for task in seeds
        ]
        self._machine: list[PoolTask] = []
        self._seed = seed
        self._ids = {key: task.id for task in self._human for key in _keys(task.instruction, task.instances)}

    @property
    def kept(self) -> int:
        """The number of machine-made tasks."""
        return len(self._machine)

    def add(self, task: PoolTask) -> None:
        """Adds a kept task."""
        self._machine.append(task)
        for key in _keys(task.instruction, task.instances):
            self._ids.setdefault(key, task.id)

    def twin(self, instruction: str, instances: Sequence[Instance]) -> str:
        """The id of the task with the same instruction and one of these inputs; `""` if there is none.

        A task without instances has no twin: its instruction alone is for the screens to judge.
        """
        return next((self._ids[key] for key in _keys(instruction, instances) if key in self._ids), "")

    def then(self, kept: int) -> PoolThen:
        """The pool as it stood with `kept` machine-made tasks."""
        return PoolThen(self._human, self._machine, kept, self._seed)


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
