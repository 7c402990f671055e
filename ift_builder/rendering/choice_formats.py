"""How the choices of a task are listed in its prompt: plainly, or in a style drawn for each row, as FLAN 2022 does.

The styles stand in `templates/options/styles.yaml`. A lettered style changes the answer with the question: `(B)`
for the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ift_builder import assets, draws
from ift_builder.formats import yaml_file

ALPHABET = 26
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(frozen=True, slots=True)
class Style:
    """One way to list options."""

    name: str
    """Its name in the file."""

    heading: str
    """What stands before the first."""

    item: str
    """One option, with its sign."""

    separator: str
    """What stands between two."""

    answer: str
    """What names an option in the answer."""

    @property
    def has_signs(self) -> bool:
        """Whether the answer names an option by its sign, as in `(B)`, rather than being the option."""
        return self.answer != "{option}"

    def fitting(self, options: tuple[str, ...]) -> Style:
        """This style, or the plain one where it has no signs for that many options, or could not tell them apart."""
        most = len(_ROMAN) if "{roman}" in self.item else ALPHABET
        if not self.has_signs or (len(options) <= most and len(set(options)) == len(options)):
            return self
        return plain_style()

    def listing(self, options: tuple[str, ...]) -> tuple[str, dict[str, str]]:
        """The options as a block, and for each the answer that names it in that block."""
        if not options:
            return "", {}
        fields = [_signs(place, option) for place, option in enumerate(options)]
        block = self.heading + self.separator.join(self.item.format(**field) for field in fields)
        return block, {option: self.answer.format(**field) for option, field in zip(options, fields, strict=True)}


@cache
def styles() -> tuple[Style, ...]:
    """The shipped styles; the first is the plain one."""
    content = yaml_file.read(assets.path("templates", "options", "styles.yaml"))
    return tuple(
        Style(**{key: value for key, value in style.items() if key != yaml_file.LINE}) for style in content["styles"]
    )


def plain_style() -> Style:
    """A plain list, which leaves the answer as it is."""
    return styles()[0]


def drawn_style(seed: int, *name: str | int) -> Style:
    """A style drawn from the stream `name`."""
    return styles()[draws.stream(seed, "options", *name).randrange(len(styles()))]


def _signs(place: int, option: str) -> dict[str, Any]:
    letter = chr(ord("A") + place % ALPHABET)
    roman = _ROMAN[place % len(_ROMAN)]
    return {"option": option, "letter": letter, "small": letter.lower(), "number": place + 1, "roman": roman}
