"""The elimination rules of Evol-Instruct that need no model (Xu et al. 2023, section 3.2, "Elimination Evolving").

An evolution has failed where its text repeats words of the prompt that asked for it, and where the answer to it is a
short apology or says nothing. The remaining rule, no gain in information, is `judgement`'s.
"""

from __future__ import annotations

from typing import Final

import regex

from ift_builder.records import Verdict
from ift_builder.scripts import count_words

SCREEN: Final = "elimination"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COPIED: Final = ("given prompt", "rewritten prompt", "created prompt", "starting task", "reworked task", "related task")
"""Words that only the prompt has: the paper's own, which models know from its wide use, and the labels of our
templates, which were chosen because nobody writes them in a task."""

APOLOGY: Final = "sorry"
LEAST_WORDS: Final = 80
"""An answer with this word and of fewer words than that shows that the task was too hard for the model (same place)."""

STOP_WORDS: Final = _words(
    "about above after again against all also am an and any are as at be because been before being below between both "
    "but by can could did do does doing down during each few for from further had has have having he her here hers "
    "herself him himself his how if in into is it its itself just me more most my myself nor of off on once only or "
    "other our ours ourselves out over own same she should so some such than that the their theirs them themselves "
    "then there these they this those through to too under until up very was we were what when where which while who "
    "whom why will with would you your yours yourself yourselves"
)
"""English words that carry no content. "No" and "not" are left out, for they answer questions, and so are letters that
stand alone, for they name options."""

_WORD: Final = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_SYMBOL: Final = regex.compile(r"[\p{So}\p{Sm}\p{Sc}]")
"""Emoji and mathematical signs are content: they answer "which operator is missing?"."""


def copied(text: str) -> str:
    """The words of the prompt that `text` repeats; `""` if there are none."""
    plain = " ".join(text.casefold().replace("#", " ").replace("*", " ").split())
    return next((phrase for phrase in COPIED if phrase in plain), "")


def judge(output: str) -> Verdict:
    """The verdict on the answer to an evolved task; an empty one is the instance screen's."""
    words = [word.casefold() for word in _WORD.findall(output)]
    length = count_words(output)
    if APOLOGY in words and length < LEAST_WORDS:
        return Verdict(SCREEN, "short-apology", {"words": length, "least": LEAST_WORDS})
    if output and STOP_WORDS.issuperset(words) and not _SYMBOL.search(output):
        return Verdict(SCREEN, "stop-words-only")
    return Verdict(SCREEN)
