"""The language of the tiny model: tasks that a small grammar makes, each with its answer.

`grammar.yaml` holds the words. A task is drawn (kind, wording, slots); its answer is a function of the task, so that a
model which knows the grammar can give it without drawing lots.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class GrammarTask:
    """A task of the grammar."""

    kind: str
    """Its kind, a key of `grammar.yaml`."""

    instruction: str
    """What is asked."""

    is_classification: bool
    """Whether one of a few labels answers it."""

    instances: tuple[tuple[str, str], ...]
    """Pairs of input (`""` where there is none) and output, in the order in which they are given."""


@dataclass(frozen=True)
class Wording:
    """One way of asking for a kind of task."""

    kind: str
    """The kind's key."""

    text: str
    """The instruction with its slots."""

    @cached_property
    def slots(self) -> frozenset[str]:
        """The slots' names."""
        return slots_of(self.text)


class Grammar:
    """Draws tasks.

    Attributes:
        kinds: What `grammar.yaml` says, by kind.
        slots: What may stand in a slot, by its name.
        habits: What a chat model does to the answers of a kind, by kind.
        openings: What it says before an answer, by step.
        wordings: All of them.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        """A grammar from the content of its file."""
        self.kinds: Mapping[str, Mapping[str, Any]] = content["kinds"]
        self.slots: Mapping[str, Sequence[Any]] = content["slots"]
        self.habits: Mapping[str, str] = content["habits"]
        self.openings: Mapping[str, Sequence[str]] = content["openings"]
        self.wordings = [Wording(name, text) for name, kind in self.kinds.items() for text in kind["tasks"]]

    def size(self) -> int:
        """How many different instructions it makes, wordings that meet by chance aside."""
        return sum(prod(len(self.slots[slot]) for slot in wording.slots) for wording in self.wordings)

    def kind_of(self, instruction: str) -> str | None:
        """The kind that an instruction is of; None if the grammar does not make it."""
        return next((name for name, pattern in self._patterns if pattern.fullmatch(instruction)), None)

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(wording.kind, re.compile(self._pattern(wording.text))) for wording in self.wordings]

    def _pattern(self, text: str) -> str:
        def choice(slot: str) -> str:
            forms = [_forms(slot.lower(), value)[slot] for value in self.slots[slot.lower()]]
            return "(?:" + "|".join(map(re.escape, forms)) + ")"

        parts = string.Formatter().parse(text)
        return "".join(re.escape(plain) + (choice(slot) if slot else "") for plain, slot, _, _ in parts)

    def tasks(self, random: Random, count: int) -> list[GrammarTask]:
        """Tasks of different kinds about different things, as a varied list has them.

        Only the beginning is drawn. From there each task takes the next kind and, in each slot, the next entry, and its
        place in the list says which wording. So a model that is sampled with a low `top_p`, which leaves it half of its
        choices, still comes to every kind and every entry.
        """
        names = list(self.kinds)
        first = random.randrange(len(names))
        starts = {slot: random.randrange(len(entries)) for slot, entries in self.slots.items()}
        tasks = []
        for index in range(count):
            kind = names[(first + index) % len(names)]
            wordings = self.kinds[kind]["tasks"]
            places = {slot: (start + index) % len(self.slots[slot]) for slot, start in starts.items()}
            tasks.append(self._task(Wording(kind, wordings[index % len(wordings)]), places))
        return tasks

    def _task(self, wording: Wording, places: Mapping[str, int]) -> GrammarTask:
        kind = self.kinds[wording.kind]
        words: dict[str, str] = {}
        for slot, place in places.items():
            words |= _forms(slot, self.slots[slot][place])
        turn = places[kind["turn"]]
        instances = tuple((given.format(**words), said.format(**words)) for given, said in _instances(kind, turn))
        return GrammarTask(wording.kind, wording.text.format(**words), "labels" in kind, instances)


@cache
def load() -> Grammar:
    """The grammar of this package."""
    return Grammar(yaml.safe_load(Path(__file__).with_name("grammar.yaml").read_text(encoding="utf-8")))


def slots_of(text: str) -> frozenset[str]:
    """The slots that a text has: `{Topic}` and `{topic}` are one, and so are `{job}` and `{job_code}`."""
    names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return frozenset(name.split("_")[0].lower() for name in names)


def _forms(slot: str, value: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(value, str):
        return {slot: value, slot.capitalize(): value[0].upper() + value[1:]}
    return {slot if field == "text" else f"{slot}_{field}": text for field, text in value.items()}


def _instances(kind: Mapping[str, Any], turn: int) -> list[tuple[str, str]]:
    """The pairs of a task whose deciding slot holds its entry number `turn`."""
    if "outputs" in kind:
        return [("", _turned(kind["outputs"], turn)[0])]
    if "examples" in kind:
        count = 2 + turn % (_MOST_EXAMPLES - 1)
        return [(pair["input"], pair["output"]) for pair in _turned(kind["examples"], turn)[:count]]
    labels = _turned(list(kind["labels"]), turn)
    return [(inputs[turn % len(inputs)], label) for label in labels for inputs in [kind["labels"][label]]]


def _turned(entries: Sequence[Any], turn: int) -> list[Any]:
    start = turn % len(entries)
    return [*entries[start:], *entries[:start]]
