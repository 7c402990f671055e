"""Family G, counts: a list of so many asked for, and another number given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair


class Asked(NamedTuple):
    """How many items were asked for."""

    least: int
    most: int


_NUMBERS: Final = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
}
_MOST: Final = 50
_HINTS: Final = frozenset([*_NUMBERS, *map(str, range(2, _MOST + 1))])
_NUMBER: Final = rf"(?P<number>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_VERBS: Final = (
    r"(?:list|name|give|write|suggest|generate|provide|create|come up with|identify|find|tell|state|compile|make"
    r"|produce"
    r"|brainstorm|construct|develop|devise|invent|share|offer|add|recommend|propose|mention|describe|explain"
    r"|outline|cite|think of|choose|select|pick|enumerate|present"
    r"|what are|which are)"
)
_ASKED = re.compile(
    rf"(?:^|[.:;,!?\n] ?|\b(?:please|and|then|to|can you|could you) ){_VERBS}(?: down| out| me| us| up)?"
    r"(?: an?| the)?(?: (?:short |brief |numbered |bulleted |ordered )?list of)?(?: (?:at least|no fewer than))?"
    rf"(?: exactly| the| any| some| top| my| his| her| their| its)*(?: (?:top|best|first|last|main|most))? {_NUMBER}"
    r"(?P<more> or more| to \d{1,2}\b|[-–]\d{1,2}\b)?"  # noqa: RUF001
    r"(?: or \w+)?(?P<what>(?: [\w'-]{1,30}){1,4})"
)
_OTHER_UNITS = re.compile(
    r" (?:of(?! the)|and|or|by|x|times|more|part|step|item|point|day|week|line|word|sentence|paragraph|star|grade"
    r"|course)\b"
    r"| (?:\w{1,20}[ -])?(?:words?|sentences?|paragraphs?|lines?|letters?|characters?|digits?|pages?|stanzas?|verses?"
    r"|syllables?|minutes?|hours?|days?|weeks?|months?|years?|dollars?|percent|people|persons?|parts?|bullets?|columns?"
    r"|rows?|numbers?|sections?|bullet points?|dimensional)\b"
)
"""What is counted otherwise than by the items of a list."""
_SEVERAL = re.compile(rf"\b(?:\d{{1,3}}|{'|'.join(_NUMBERS)}|each|every|both|per|for the following|between)\b")
_ITEM = re.compile(r"^(?P<indent>[ \t]{0,8})(?:(?P<number>\d{1,3})[.)]|(?P<bullet>[-*•·–+]))[ \t]{1,8}\S", re.MULTILINE)  # noqa: RUF001
_NUMBER_ON_A_LINE = re.compile(r"(?:^|\s)(\d{1,2})[.)]\s")
_GAP = re.compile(r"\n[ \t]{0,8}\n")
_COMMA = re.compile(r",? (?:and|or|&) |[,;] ?")
_NO_PARTS = re.compile(r"[.:!?()\n\d\"]")
_MAX_PARTS: Final = 200
_MAX_WORDS_OF_A_PART: Final = 4
_MIN_ITEMS: Final = 2


def asked(pair: Pair) -> Asked | None:
    """How many items the request asks for, if it does so plainly and once."""
    request = pair.request_lower
    if _HINTS.isdisjoint(pair.words) or not (found := _ASKED.search(request)):
        return None
    number = _NUMBERS.get(found["number"]) or int(found["number"])
    rest = request[: found.start("number")] + request[found.end("number") :]
    if not 1 < number <= _MOST or found["more"] or _OTHER_UNITS.match(found["what"]) or _SEVERAL.search(rest):
        return None
    at_least = "at least" in found.group() or "no fewer" in found.group() or " or more" in request
    return Asked(number, _MOST if at_least else number)


def other_count(pair: Pair) -> str:
    r"""A list with another number of items than was asked for: “Name three birds.”, `"1. Owl\n2. Kite"`.

    Of items on one line between commas only too few are told: “Rome, Italy” may be one.
    """
    wanted = asked(pair)
    if wanted is None:
        return ""
    given = _items(pair.output)
    is_other = not wanted.least <= given <= wanted.most
    if given < _MIN_ITEMS:
        given = _parts(pair.output)
        is_other = given < wanted.least
    if given < _MIN_ITEMS or not is_other:
        return ""
    return f"asked for {wanted.least} items, {given} given"


def _items(text: str) -> int:
    """The number of items of the one list that the text holds; 0 if it holds none, or several."""
    found = list(_ITEM.finditer(text))
    numbers = [int(item["number"]) for item in found if item["number"]]
    if numbers == [1]:
        numbers = [int(number) for number in _NUMBER_ON_A_LINE.findall(text)]
    if numbers:
        return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else 0
    kinds = {(item["indent"], item["bullet"]) for item in found}
    blocks = len(_GAP.findall(text[found[0].start() : found[-1].start()])) + 1 if found else 0
    return len(found) if len(kinds) == 1 and blocks in (1, len(found)) else 0


def _parts(text: str) -> int:
    """The number of short items between commas, if the text is nothing but these."""
    text = text.strip().rstrip(".")
    if len(text) > _MAX_PARTS or _NO_PARTS.search(text):
        return 0
    parts = [part for part in _COMMA.split(text) if part]
    return len(parts) if all(len(part.split()) <= _MAX_WORDS_OF_A_PART for part in parts) else 0
