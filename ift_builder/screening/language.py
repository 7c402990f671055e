"""The language screen: is this instruction written in the language that was asked for?

It is lenient: what the language cannot be told from (code, quoted material, addresses, gaps, numbers) does not count, a
text with too few words left is kept, and so is one that may well be in the wanted language.
"""

from __future__ import annotations

from typing import Final

import regex

from ift_builder import languages
from ift_builder.records import Verdict
from ift_builder.scripts import count_words

SCREEN: Final = "language"
"""The screen's name."""

REASON: Final = "wrong-language"

FEWEST_WORDS: Final = 3
"""Below it there is too little to go by (`scripts.count_words`, so two Chinese characters are a word)."""

LEAST_OF_THE_OTHER: Final = 0.4
MOST_OF_THE_WANTED: Final = 0.05
"""How likely another language must be, and the wanted one may be, for an instruction to be dropped. Set on 3,774 right
instructions (3,599 English ones of the recorded Self-Instruct runs and GPTeacher, and our seeds in 15 languages), of
which none is dropped, and on our seeds held against 15 other languages, 2,450 pairs, of which all are."""

_ENOUGH: Final = 5_000
"""Characters that are looked at: more tells nothing new, and quotes that are never closed take the square of it."""

_NOT_THE_WRITERS: Final = regex.compile(
    r"""```.*?(?:```|\Z) | `[^`\n]*`
        | “[^”]*” | „[^“”]*[“”] | «[^»]*» | »[^«]*« | 「[^」]*」 | 『[^』]*』 | "[^"\n]*"
        | https?://\S+ | \S+@\S+\.\S+ | <[^<>\n]*> | \{[^{}\n]*\}""",
    regex.VERBOSE | regex.DOTALL,
)
_NO_LETTERS: Final = regex.compile(r"[^\p{L}\p{M}]+")


def judge(instruction: str, wanted: str) -> Verdict:
    """Drops an instruction that is plainly in another language than `wanted`, a BCP-47 code that is told apart."""
    own_words = _NOT_THE_WRITERS.sub(" ", instruction[:_ENOUGH])
    if count_words(_NO_LETTERS.sub(" ", own_words)) < FEWEST_WORDS:
        return Verdict(SCREEN)
    found = languages.shares(own_words)
    own = languages.same_as(wanted)
    of_wanted = sum(share for label, share in found.items() if label in own)
    other, share = next((label, share) for label, share in found.items() if label not in own)
    if other == languages.NO_LANGUAGE or share < LEAST_OF_THE_OTHER or of_wanted > MOST_OF_THE_WANTED:
        return Verdict(SCREEN)
    # One decimal is the same on every machine; the last digits are not.
    return Verdict(SCREEN, REASON, {"found": other, "wanted": wanted, "confidence": round(share, 1)})
