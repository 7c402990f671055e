"""English words as a lexicon knows them: is it one, is it the beginning of one?

The words are those of the SPECIALIST lexicon as `lemminflect` ships it, 70,000 with their inflected forms, looked up in
the package's file, which is loaded when first asked for.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS: Final = _words(
    "a about above across after again against all along also although always am among an and another any anyone "
    "anything "
    "are around as at be because been before being below between both but by can cannot could did do does doing done "
    "down during each either else even ever every everyone everything few for from had has have having he her here "
    "hers "
    "herself him himself his how however i if in into is it its itself just least less like many may me might mine "
    "more "
    "most much must my myself neither never no nobody none nor not nothing now of off often on once one only onto or "
    "other others our ours ourselves out over own per quite rather same shall she should since so some someone "
    "something "
    "still such than that the their theirs them themselves then there these they this those though through throughout "
    "thus to together too toward towards under unless until up upon us very via was we well were what whatever when "
    "whenever where wherever whether which while who whoever whom whose why will with within without would yes yet you "
    "your yours yourself yourselves"
)
"""Words without which English makes no sentence; the lexicon has few of them."""

_RECENT: Final = _words(
    "aha ahh bye goodbye hey hmm haha nope okay oops wow yay yeah yep yum admin ai api app apps auto bio biz blog "
    "blogs chai combo comm crypto dev ebook econ email emails emo ergo esports "
    "exec expo fab faq fav fave fintech goto hi hiring html info infra inspo intro ipad japan kale kombucha limo logo "
    "macro maven meta mic mid mini mod mojo montage multi nano neo netflix ok pho pic pics pix pizzazz podcast pops "
    "poss "
    "preset pro promo prop ramen rec repo retro reno rom sci semi sim sims sitcom spam spec specs spoiler stat stats "
    "synth tech techno temp tofu trivia typo uni vegan veggie veggies vlog vs wiki"
)
"""Words that the lexicon lacks although other words begin so."""


_TABLE: Final = ("resources", "lemma_lu.csv.gz")
"""The lexicon's file in the package: lines `word,class,base form`, in the order of their bytes."""


def is_word(word: str) -> bool:
    """Whether this is an English word; case does not count, and each part of a word with a hyphen must be one."""
    return all(_is_known(part) for part in word.split("-") if part)


@lru_cache(maxsize=50_000)
def begins_word(text: str) -> bool:
    """Whether an English word of more letters begins so."""
    table, start = _lexicon(), text.lower().encode()
    at = _first_not_before(start)
    line = table[at : table.find(b"\n", at)]
    if line.startswith(start + b","):  # itself; what comes next may go on from it
        at = _first_not_before(start + b"-")
        line = table[at : table.find(b"\n", at)]
    return line.startswith(start)


@lru_cache(maxsize=50_000)
def _is_known(word: str) -> bool:
    lowered = word.lower()
    return lowered in FUNCTION_WORDS or lowered in _RECENT or any(map(_has_line, {lowered, lowered.capitalize()}))


def _has_line(word: str) -> bool:
    start = word.encode() + b","
    return _lexicon().startswith(start, _first_not_before(start))


def _first_not_before(key: bytes) -> int:
    """Where the first line begins that does not come before `key` in the order of bytes."""
    table = _lexicon()
    low, high = 0, len(table)
    while low < high:
        middle = max(table.rfind(b"\n", 0, (low + high) // 2) + 1, low)
        end = table.find(b"\n", middle) + 1 or len(table)
        if table[middle:end] < key:
            low = end
        else:
            high = middle
    return low


@cache
def _lexicon() -> bytes:
    """The file as it is: a word is found in it by halves; to make a set of it would take a third of a second."""
    package = find_spec("lemminflect")  # without its code, which loads numpy
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'lemminflect'", name="lemminflect")
    return gzip.decompress(Path(package.origin).parent.joinpath(*_TABLE).read_bytes())
