"""The wording screens: what can be told from an instruction's words alone.

The rules and numbers are those of Self-Instruct (Wang et al. 2022, section 2.2, and the filters of its released
code), with four corrections: length is fair to scripts without spaces, words are found in them too, any script may
begin an instruction, and so may a quotation mark, opening bracket, `¿` or `¡` that is not ASCII.
"""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import regex

from ift_builder.errors import InputError
from ift_builder.records import Verdict
from ift_builder.scripts import UNSPACED, count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_WORDS: Final = 4
MAX_WORDS: Final = 150
"""Self-Instruct's released filter drops three words or fewer and more than 150."""

BEYOND_TEXT: Final = (
    *("image", "images", "graph", "graphs", "picture", "pictures", "file", "files", "map", "maps"),
    *("draw", "plot", "go to"),
)
"""Words that ask for what a text-only model cannot see, make or do: the list of Self-Instruct's released filter."""

UNWANTED_OPENINGS: Final = ("write a program",)
"""Models put it before any instruction and leave open whether a program or its result is wanted (same source)."""

_MAY_OPEN: Final = ("Ps", "Pi", "Pf")
"""Unicode's opening brackets and quotation marks; Swedish opens with ” and some German books with », which are `Pf`."""

_WORD_LETTER: Final = rf"[\w--[{UNSPACED}]]"
"""What a word goes on with (module `regex`, V1): in a script without spaces any letter may stand beside it."""

_UNSPACED_LETTER = regex.compile(rf"[{UNSPACED}]")


@dataclass(frozen=True)
class WordingScreens:
    """The wording screens with their limits; each can be switched off by name.

    Attributes:
        min_words: The fewest words.
        max_words: The most words.
        forbidden: Words and phrases that drop an instruction, found as whole words, in any case; anywhere where a
            script puts no spaces between words.
        openings: Phrases that an instruction may not begin with, in any case.
        off: Names of screens that do not run.
    """

    min_words: int = MIN_WORDS
    max_words: int = MAX_WORDS
    forbidden: tuple[str, ...] = BEYOND_TEXT
    openings: tuple[str, ...] = UNWANTED_OPENINGS
    off: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuses what would drop everything.

        Raises:
            InputError: A forbidden word or an opening is empty.
        """
        if not all(text.strip() for text in (*self.forbidden, *self.openings)):
            raise InputError("a forbidden word or opening is empty", hint="give a word, or leave it out")

    def as_settings(self) -> dict[str, Any]:
        """For `settings.json`."""
        return {
            "min_words": self.min_words,
            "max_words": self.max_words,
            "forbidden_words": list(self.forbidden),
            "unwanted_openings": list(self.openings),
            "screens_off": sorted(self.off),
        }

    def judge(self, instruction: str) -> list[Verdict]:
        """The verdicts in order, up to and including the first that drops."""
        verdicts = []
        for verdict in self._verdicts(instruction):
            if verdict.screen not in self.off:
                verdicts.append(verdict)
                if not verdict.kept:
                    break
        return verdicts

    def _verdicts(self, instruction: str) -> Iterator[Verdict]:
        yield self._length(instruction)
        yield self._beyond_text(instruction)
        yield self._opening(instruction)
        yield self._leading_mark(instruction)

    def _length(self, instruction: str) -> Verdict:
        words = count_words(instruction)
        if words < self.min_words:
            return Verdict("length", "too-short", {"words": words, "least": self.min_words})
        if words > self.max_words:
            return Verdict("length", "too-long", {"words": words, "most": self.max_words})
        return Verdict("length")

    def _beyond_text(self, instruction: str) -> Verdict:
        lowered = instruction.casefold()
        occurs = any(word in lowered for word in self._folded)  # a hundred times as fast as the pattern
        found = self._forbidden_pattern.search(instruction) if occurs else None
        return Verdict("beyond-text", "beyond-text", {"word": found.group()}) if found else Verdict("beyond-text")

    def _opening(self, instruction: str) -> Verdict:
        lowered = instruction.casefold()
        for opening in self.openings:
            if lowered.startswith(opening.casefold()):
                return Verdict("opening", "unwanted-opening", {"opening": opening})
        return Verdict("opening")

    def _leading_mark(self, instruction: str) -> Verdict:
        mark = instruction[:1]
        if mark.isascii():
            is_unfit = mark in string.punctuation if mark else False
        else:
            category = unicodedata.category(mark)
            is_unfit = category.startswith("P") and category not in _MAY_OPEN and mark not in "¿¡"
        return Verdict("leading-mark", "leading-mark", {"mark": mark}) if is_unfit else Verdict("leading-mark")

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(word.strip().casefold() for word in self.forbidden)

    @cached_property
    def _forbidden_pattern(self) -> regex.Pattern[str]:
        return regex.compile("|".join(map(_whole, self.forbidden)), regex.IGNORECASE | regex.V1)


def _whole(word: str) -> str:
    """The pattern that finds `word`, not as a part of another where its script shows where words end."""
    word = word.strip()
    before = "" if _UNSPACED_LETTER.match(word[0]) else rf"(?<!{_WORD_LETTER})"
    after = "" if _UNSPACED_LETTER.match(word[-1]) else rf"(?!{_WORD_LETTER})"
    return f"{before}{regex.escape(word)}{after}"


SCREENS: Final = ("length", "beyond-text", "opening", "leading-mark")
"""The wording screens' names, in the order in which they judge."""
