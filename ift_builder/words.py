"""English words as a lexicon knows them: is it one, is it the beginning of one?

The words are those of the SPECIALIST lexicon as `lemminflect` ships it, 70,000 with their inflected forms, looked up in
the package's file, which is loaded when first asked for.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_right
from functools import cache
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
"""The lexicon's file in the package: lines `word,class,base form`, in the order of their characters."""
_FIRST_FIELD = re.compile(r"^[^,\n]+", re.MULTILINE)


def is_word(word: str) -> bool:
    """Whether this is an English word; case does not count, and each part of a word with a hyphen must be one."""
    lowered = word.lower()
    return _is_known(lowered) or ("-" in lowered and all(_is_known(part) for part in lowered.split("-") if part))


def begins_word(text: str) -> bool:
    """Whether an English word of more letters begins so."""
    lowered = text.lower()
    known, _ = _lexicon()
    at = bisect_right(known, lowered)
    return at < len(known) and known[at].startswith(lowered)


def _is_known(word: str) -> bool:
    if word in FUNCTION_WORDS or word in _RECENT:
        return True
    known = _lexicon()[1]
    return word in known or word.capitalize() in known


@cache
def _lexicon() -> tuple[list[str], frozenset[str]]:
    """All words, in order and as a set, read by one expression, since a loop over the lines takes far longer."""
    package = find_spec("lemminflect")  # without its code, which loads numpy
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'lemminflect'", name="lemminflect")
    table = gzip.decompress(Path(package.origin).parent.joinpath(*_TABLE).read_bytes()).decode()
    known = _FIRST_FIELD.findall(table)
    return known, frozenset(known)
