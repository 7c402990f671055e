"""The folder `templates/demo`, loaded once: word lists, families, and how the scripted model misbehaves."""

from __future__ import annotations

import re
from bisect import bisect
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import yaml

from ift_builder import assets, languages
from ift_builder.backends.demo.context import Context, without_context
from ift_builder.backends.demo.draw import pick
from ift_builder.backends.demo.family import Family, Slots
from ift_builder.backends.demo.texts import Text
from ift_builder.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from ift_builder.backends.demo.family import Lists, Values, Wording

_FIRST_WORD = re.compile(r"\w+")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader is as safe and ten times as fast, but is not in every build of PyYAML."""


class Library:
    """Everything the scripted model can say.

    Attributes:
        families: By name.
        lists: The word lists by name.
        conduct: The file `conduct.yaml`: shares of misbehaviour and the texts for it.
    """

    def __init__(
        self, lists: Lists, families: dict[str, Family], contexts: dict[str, Any], conduct: dict[str, Any]
    ) -> None:
        self.lists = lists
        self.families = families
        self.conduct = conduct
        self._context = Context(contexts, lists)
        self._any_list = Slots({}, lists)
        self._in_order = list(families.values())
        self._weights = list(accumulate(family.weight for family in self._in_order))
        self._by_first_word: dict[str, list[tuple[Family, Wording]]] = {}
        for family in self._in_order:
            for wording in family.wordings:
                for word in wording.first_words():
                    self._by_first_word.setdefault(word, []).append((family, wording))

    def propose(self, rng: Random, among: Sequence[str] = (), language: str = "") -> str:
        """The instruction of a task.

        Args:
            rng: For all that is drawn.
            among: Names of families to choose from, each as likely as the next; empty for all, by their weights.
            language: English name of a language; counts before `among` if there are families in it.
        """
        if language in self._by_language:
            family = pick(rng, self._by_language[language])
        elif among:
            family = self.families[pick(rng, among)]
        else:
            family = self._in_order[bisect(self._weights, rng.random() * self._weights[-1])]
        wording = pick(rng, family.wordings)
        return self._context.around(wording.draw(rng), family, wording, rng)

    @cached_property
    def _by_language(self) -> dict[str, list[Family]]:
        """The families by the English name of their language; the name `""` stands for any and is not there."""
        families: dict[str, list[Family]] = {}
        for family in self._in_order:
            families.setdefault(family.language, []).append(family)
        return {languages.english_name(code): those for code, those in families.items()}

    def recognise(self, instruction: str) -> tuple[Family, Values] | None:
        """The family that an instruction comes from, and the values in its gaps; None for what is not ours."""
        return next(filter(None, map(self._recognise, without_context(instruction))), None)

    def _recognise(self, instruction: str) -> tuple[Family, Values] | None:
        match = _FIRST_WORD.match(instruction)
        own = self._by_first_word.get(match[0].lower(), []) if match else []
        for family, wording in (*own, *self._by_first_word.get("", [])):
            values = wording.read(instruction)
            if values is not None:
                return family, values
        return None

    def fill(self, template: str, rng: Random) -> str:
        """A text whose gaps are names of word lists."""
        text = Text(template)
        values: Values = {}
        self._any_list.complete(values, [gap.slot for gap in text.gaps()], rng)
        return text.fill(values)


@lru_cache(maxsize=1)
def load() -> Library:
    """The shipped library.

    Raises:
        TemplateError: A file is missing or is not what `templates/demo/README.md` says.
    """
    folder = assets.path("templates", "demo")
    lists: Lists = {}
    for path in sorted(folder.glob("words/*.yaml")):
        lists.update(_read(path))
    families: dict[str, Family] = {}
    for path in sorted(folder.glob("families/*.yaml")):
        families.update({name: _family(name, spec, lists, path) for name, spec in _read(path).items()})
    return Library(lists, families, _read(folder / "contexts.yaml"), _read(folder / "conduct.yaml"))


def _family(name: str, spec: Any, lists: Lists, path: Path) -> Family:
    try:
        return Family(name, spec, lists)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TemplateError(f"not a family of tasks: {error!r}", where=f"{path}, {name}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    except (OSError, yaml.YAMLError) as error:
        raise TemplateError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(content, dict):
        raise TemplateError("is not a mapping", where=str(path))
    return content
