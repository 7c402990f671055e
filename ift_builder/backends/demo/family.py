"""A family of tasks: wordings with gaps, and how inputs and outputs are made up for what stands in the gaps.

An instruction is drawn by filling a wording; the other way round a family reads the values back from an instruction
of its own, so that the answer to it needs no memory of who proposed it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.demo import slots
from ift_builder.backends.demo.draw import pick
from ift_builder.backends.demo.operations import OPERATIONS
from ift_builder.backends.demo.texts import Text
from ift_builder.records import Instance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

_MOST_INSTANCES: Final = 3
_FIRST_WORD = re.compile(r"\w+")

Lists = dict[str, list[Any]]
Values = dict[str, Any]


class Slots:
    """The slots of a family by name; one that is not declared is an entry of the list of its name."""

    def __init__(self, specs: Mapping[str, Any], lists: Lists, outer: Slots | None = None) -> None:
        self._lists = lists
        self._specs: dict[str, Any] = {**(outer.specs if outer else {}), **specs}
        self._made: dict[str, slots.Slot] = {}

    @property
    def specs(self) -> dict[str, Any]:
        """What the family declares."""
        return self._specs

    def __getitem__(self, name: str) -> slots.Slot:
        if name not in self._made:
            spec = self._specs.get(name, slots.list_name(name))
            self._made[name] = slots.slot(spec, self._lists, self._specs)
        return self._made[name]

    def check(self, names: Sequence[str]) -> None:
        """Raises ValueError or KeyError if one of `names` is no slot."""
        for name in names:
            self[name]

    def complete(self, values: Values, needed: Sequence[str], rng: Random) -> None:
        """Draws every value that is `needed` and not there yet; a slot that is `of` another comes after it."""
        for name in needed:
            if name not in values:
                spec = self._specs.get(name)
                if isinstance(spec, dict) and "of" in spec:
                    self.complete(values, [spec["of"].partition(".")[0]], rng)
                values[name] = self[name].draw(rng, values)


class Wording:
    """One way to put a family's instruction."""

    def __init__(self, text: str, family_slots: Slots) -> None:
        self._text = Text(text)
        self._slots = family_slots
        self._gaps = self._text.gaps()
        self._needed = list(dict.fromkeys(gap.slot for gap in self._gaps))
        family_slots.check(self._needed)
        self._regex: re.Pattern[str] | None = None

    def draw(self, rng: Random) -> str:
        """An instruction."""
        values: Values = {}
        self._slots.complete(values, self._needed, rng)
        return self._text.fill(values)

    @property
    def ends_a_sentence(self) -> bool:
        """Whether a sentence can follow: what a gap at the end holds could be taken for the sentence."""
        last = self._text.parts[-1]
        return isinstance(last, str) and last.endswith((".", "?", "!"))

    def read(self, instruction: str) -> Values | None:
        """The values in the gaps of `instruction`, or None where it is not of this wording."""
        if self._regex is None:
            self._regex = re.compile(self._pattern())
        match = self._regex.fullmatch(instruction)
        if match is None:
            return None
        values: Values = {}
        for number, gap in enumerate(self._gaps):
            if gap.slot not in values:
                values[gap.slot] = self._slots[gap.slot].read(match[f"g{number}"], gap.field)
        return values

    def first_words(self) -> set[str]:
        """The first words that its instructions can have; `{""}` where they are too many to list.

        They are an index: a few wordings are tried on an instruction, not all.
        """
        first, second = self._text.parts[0], self._text.parts[1:2]
        options: list[str] | None = [first] if isinstance(first, str) else self._slots[first.slot].options(first.field)
        after = second[0] if second and isinstance(second[0], str) else "x" if second else "."
        words = set()
        for option in options or [""]:
            match = _FIRST_WORD.match(option + after)
            if match is None or (match.end() >= len(option) and _FIRST_WORD.match(after)):
                return {""}
            words.add(match[0].lower())
        return words

    def _pattern(self) -> str:
        pattern, number = "", 0
        for part in self._text.parts:
            if isinstance(part, str):
                pattern += re.escape(part)
            else:
                regex = self._slots[part.slot].regex(part.field)
                pattern += f"(?P<g{number}>{f'(?i:{regex})' if part.capital else regex})"
                number += 1
        return pattern


class Case:
    """One way to make up an instance: inputs, values worked out, outputs."""

    def __init__(self, spec: Mapping[str, Any], lists: Lists, family_slots: Slots) -> None:
        self._lists = lists
        self._slots = Slots(spec.get("input_slots", {}), lists, family_slots)
        self._steps: list[tuple[str, list[Any]]] = list(spec.get("let", {}).items())
        self._inputs, self._outputs = _texts(spec.get("input", "")), _texts(spec["output"])
        own = dict.fromkeys(spec.get("input_slots", {}))
        made = {name for name, _ in self._steps}
        arguments = [arg.partition(".")[0] for _, (_, *args) in self._steps for arg in args if _is_name(arg)]
        gaps = [gap.slot for text in (*self._inputs, *self._outputs) for gap in text.gaps()]
        named = dict.fromkeys([*own, *arguments, *gaps])
        self._needed = [name for name in named if name not in made and (name not in lists or name in gaps)]
        self._slots.check(self._needed)
        unknown = [operation for _, (operation, *_) in self._steps if operation not in OPERATIONS]
        if unknown:
            raise ValueError(f"not an operation: {', '.join(unknown)}")
        self.has_input = any(text.parts for text in self._inputs)

    def instance(self, values: Values, rng: Random) -> Instance:
        """An instance for what the instruction says in `values`."""
        known = dict(values)
        self._slots.complete(known, self._needed, rng)
        for name, (operation, *args) in self._steps:
            known[name] = OPERATIONS[operation](*(self._argument(arg, known) for arg in args))
        return Instance(pick(rng, self._inputs).fill(known), pick(rng, self._outputs).fill(known))

    def _argument(self, arg: Any, known: Values) -> Any:
        if not _is_name(arg):
            return arg[1:] if isinstance(arg, str) else arg
        name, _, field = arg.partition(".")
        value = known[name] if name in known else self._lists[name]
        return value[field] if field else value


class Family:
    """Tasks of one kind.

    Attributes:
        name: Its key in the YAML file.
        language: BCP-47 code of the language that it is worded in.
        weight: How often it is proposed, compared with the others, where no language is asked for.
        is_classification: Whether its outputs come from a small closed set.
        takes_context: Whether English sentences may stand around the task.
        wordings: The ways to put its instruction.
    """

    def __init__(self, name: str, spec: Mapping[str, Any], lists: Lists) -> None:
        self.name = name
        self.language: str = spec.get("language", "en")
        self.weight: float = spec.get("weight", 1)
        self.is_classification: bool = spec.get("classification", False)
        self.takes_context: bool = spec.get("context", True)
        own = Slots(spec.get("slots", {}), lists)
        self.wordings = [Wording(text, own) for text in spec["wordings"]]
        self._cases = [Case(case, lists, own) for case in spec.get("cases", [spec])]

    def instances(self, values: Values, rng: Random) -> list[Instance]:
        """One instance where no input is needed, otherwise up to three with different inputs."""
        if not self._cases[0].has_input:
            return [self._cases[0].instance(values, rng)]
        first, count = int(rng.random() * len(self._cases)), 1 + int(rng.random() * _MOST_INSTANCES)
        made: dict[str, Instance] = {}
        for place in range(first, first + _MOST_INSTANCES + count):
            instance = self._cases[place % len(self._cases)].instance(values, rng)
            if instance.input != instance.output and len(made) < count:
                made.setdefault(instance.input, instance)
        return list(made.values())


def _texts(spec: str | list[str]) -> list[Text]:
    return [Text(text) for text in ([spec] if isinstance(spec, str) else spec)]


def _is_name(arg: Any) -> bool:
    """Whether an argument names a value or a list; plain text begins with `=`."""
    return isinstance(arg, str) and not arg.startswith("=")
