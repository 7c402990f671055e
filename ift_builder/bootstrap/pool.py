"""The pool of tasks that the model is shown: what people wrote, and what was kept so far."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

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


class Pool:
    """Seeds and kept tasks; grows at its end only, so that any earlier state of it is a prefix."""

    def __init__(self, seeds: Sequence[SeedTask], seed: int) -> None:
        """A pool of human tasks.

        Args:
            seeds: What people wrote, at least one.
            seed: The run's seed for draws.
        """
        self._human = [
            PoolTask(
                task.id,
                task.instruction,
                task.instances,
                category=task.category,
                kind="classification" if task.is_classification else "generation",
                language=task.language,
            )
            for task in seeds
        ]
        self._machine: list[PoolTask] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._seed = seed

    @property
    def kept(self) -> int:
        """The number of machine-made tasks."""
        return len(self._machine)

    def add(self, task: PoolTask) -> None:
        """Adds a kept task."""
        if task.language:
            self._places[task.language].append(len(self._machine))
        self._machine.append(task)

    def then(self, kept: int, language: str = "") -> PoolThen:
        """The pool as it stood with `kept` machine-made tasks, for a proposal in `language`."""
        return PoolThen(self._human, self._machine, kept, self._seed, language, self._places)


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

    def _machine_places(self, random: Random, count: int) -> Sequence[int]:
        """Those of the language, or any while they are too few."""
        own = self._places.get(self.language, ())
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


def _base(code: str) -> str:
    """The language of a code, without script and region."""
    return code.partition("-")[0].lower()
