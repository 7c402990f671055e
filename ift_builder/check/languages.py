"""Family G, languages: an answer that is not in the language that was asked for, told without a model.

Two clear cases: the language has a script of its own and the answer has none of its letters; or it is one of six
written in Latin letters, and the answer is plainly English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from ift_builder.check.finding import at_words, quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_SCRIPTS: Final = {
    "chinese": r"\p{Han}",
    "mandarin": r"\p{Han}",
    "cantonese": r"\p{Han}",
    "japanese": r"[\p{Han}\p{Hiragana}\p{Katakana}]",
    "korean": r"[\p{Hangul}\p{Han}]",
    "russian": r"\p{Cyrillic}",
    "ukrainian": r"\p{Cyrillic}",
    "bulgarian": r"\p{Cyrillic}",
    "greek": r"\p{Greek}",
    "arabic": r"\p{Arabic}",
    "persian": r"\p{Arabic}",
    "farsi": r"\p{Arabic}",
    "urdu": r"\p{Arabic}",
    "hebrew": r"\p{Hebrew}",
    "hindi": r"\p{Devanagari}",
    "marathi": r"\p{Devanagari}",
    "nepali": r"\p{Devanagari}",
    "bengali": r"\p{Bengali}",
    "tamil": r"\p{Tamil}",
    "telugu": r"\p{Telugu}",
    "thai": r"\p{Thai}",
    "georgian": r"\p{Georgian}",
    "armenian": r"\p{Armenian}",
    "amharic": r"\p{Ethiopic}",
}
"""Languages that are written in a script of their own, and its letters (`regex`)."""

_OWN_WORDS: Final = {
    "english": "the and of to is that was for with this are you it as on be have from not they",
    "french": "le la les une des du et dans que qui pas avec ce il elle je nous vous",
    "spanish": "el la los las una y es en que por con su lo como más yo",
    "german": "der das ein eine und ist von zu mit nicht sich auf für ich es dem wir",
    "italian": "il lo la gli le una di è che con non si del della sono io",
    "portuguese": "os um uma é em que com não da na por eu",
    "dutch": "de het een en van op te dat voor niet zijn aan ik je wij er",
}
"""Frequent short words of languages written in Latin letters, without those that are English words too."""
_ENGLISH_WORDS_NEEDED: Final = 4
_OWN_WORDS_NEEDED: Final = 2
_FEWEST_LETTERS: Final = 12

_NAMES = "|".join([*_SCRIPTS, *_OWN_WORDS])
_NAMED: Final = at_words(*_SCRIPTS, *_OWN_WORDS)
_ASKED = re.compile(
    rf"(?:^|[.!?:;\n]\s*|\b(?:please|then|and|you|must|should) )(?:translat\w+|convert|rewrite|write|answer"
    rf"|respond|reply|say|express|explain|describe|summari[sz]e|put|speak|compose|give|phrase)\b"
    rf"[^.?!\n]{{0,120}}\b(?:in|into|to) (?P<language>{_NAMES})(?:\s+language)?\s*(?=$|[.,:;!?\n\"'”]|and\b"
    rf"|using\b|with\b|from\b)"
)
_ROMANIZED = re.compile(r"\bromani[sz]|pinyin|romaji|transliterat|pronounc|latin (?:letters|script|alphabet)")
_LETTER = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Latin}")
_LETTERS_OF: Final = {name: regex.compile(letters) for name, letters in _SCRIPTS.items()}
_WORDS_OF: Final = {name: frozenset(words.split()) for name, words in _OWN_WORDS.items()}


def other_language(pair: Pair) -> str:
    """An answer in another language than was asked for: “Translate to Korean: Good morning.”, `"Guten Morgen."`.

    Not where it was to be written in Latin letters.
    """
    if _NAMED.isdisjoint(pair.words):
        return ""
    asked = pair.request_lower
    found = _ASKED.search(asked)
    if not found or _ROMANIZED.search(asked):
        return ""
    language = found["language"]
    if not _is_other(language, pair.output, pair.output_lower):
        return ""
    return f"asked for {language.capitalize()}, answered {quoted(pair.output.strip())}"


def _is_other(language: str, output: str, lowered: str) -> bool:
    if len(_LETTER.findall(output[:400])) < _FEWEST_LETTERS:
        return False
    if language in _LETTERS_OF:
        return not _LETTERS_OF[language].search(output)
    if language == "english":
        return not _LATIN.search(output)
    words = set(regex.findall(r"\p{L}+", lowered))
    return (
        len(words & _WORDS_OF["english"]) >= _ENGLISH_WORDS_NEEDED
        and len(words & _WORDS_OF[language]) < _OWN_WORDS_NEEDED
    )
