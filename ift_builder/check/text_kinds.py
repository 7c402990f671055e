"""What kind of text an answer is: code, a form, a letter's end, a title, or prose. Rules about endings ask this."""

from __future__ import annotations

import re
from typing import Final

from ift_builder import words

_CODE_LINE = re.compile(
    r"[;{}]$|^[ \t]{0,40}(?:def|class|import|from \w{1,40} import|function|public|private|protected|static|#include"
    r"|using namespace|package|var|let|const|elif|else:|return|print|console\.|System\.out|SELECT|INSERT INTO|UPDATE"
    r"|CREATE TABLE|DELETE FROM|ALTER TABLE|</?[a-z][a-z0-9]{0,12}[ />]|<!|//|/\*|\$ |>>>)(?=[ \t(.\"']|$)"
    r"|^[ \t]{0,40}(?:if|for|while|switch) ?\(|^[ \t]{0,40}[\w.\[\]'\"]{1,40} ?[-+*]?= ?\S|\)\s?:$|^[ \t]{0,40}</?\w",
    re.MULTILINE,
)
_CODE_SHARE: Final = 0.3
"""Share of lines that are code in a text that is."""

_FIELD = re.compile(
    r"^[ \t]{0,20}[-*•]?[ \t]?[^\W\d_][^.!?:\n]{0,60}:(?:[ \t]{0,20}(?:_{2,}|\.{3,}|\[[^\]\n]{0,60}\]))?[ \t]{0,20}$",
    re.MULTILINE,
)
_MIN_FIELDS: Final = 2

_CLOSING_LINE = re.compile(
    r"(?:with |in )?(?:\w{1,20},? ){0,4}(?:love|regards?|sincerely|faithfully|truly|yours|respectfully"
    r"|affectionately|cordially"
    r"|warmly|best|wishes|thanks|thank you|cheers|gratitude|appreciation|soon|hugs|kisses|care|always|forever|friend"
    r"|luck|peace|hope|admiration|ahead|forward|respect|devotion|xoxo|greetings|kindly|obediently)"
    r"(?:,? (?:\w{1,20} ?){0,2})?[,!]?$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:with (?:\w{1,20},? ){0,4}(?:love|respect|regards|gratitude|hope|admiration|wishes|appreciation|anticipation)\b"
    r"|best (?:wishes|regards|of luck)|until (?:next|we|then)|(?:warmly|warmest|kind|love|cheers|thanks|thank you"
    r"|many thanks|cordially|see you|take care)\b"
    r"|(?:\w{1,20},? ){0,5}(?:sincerely|regards|faithfully|truly|affectionately|respectfully|yours)\b)",
    re.IGNORECASE,
)
_WORDS_OF_A_SIGNATURE: Final = 10
_WORDS_OF_A_CLOSING: Final = 6
_NO_PROSE = re.compile(r"#\w|@\w|https?:|www\.|\w\.(?:com|org|net|io|edu|gov)\b|[=|<>{}\\^_$~]")
"""Hashtags, addresses and formulas."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typesetters
_LOOKED_AT: Final = 80
"""Words at the end that tell the language."""
_KNOWN_SHARE: Final = 0.8


def is_code(text: str) -> bool:
    """Whether much of the text is program, markup or query lines, or its last line is one."""
    lines = [line for line in text[-8_000:].split("\n") if line.strip()]
    found = [line for line in lines if _CODE_LINE.search(line[:400])]
    return bool(lines) and (lines[-1] in found or len(found) >= _CODE_SHARE * len(lines))


def is_form(text: str) -> bool:
    """Whether fields stand in it to be filled: lines such as `Name:` or `Date: ____`."""
    return len(_FIELD.findall(text[-8_000:])) >= _MIN_FIELDS


def is_closing(line: str) -> bool:
    """Whether the line is a letter's closing, after which a name may stand or not: `See you soon,`."""
    return len(line.split()) <= _WORDS_OF_A_CLOSING and bool(_CLOSING_LINE.match(line.strip()))


def is_signed(text: str) -> bool:
    """Whether a letter's signature on one line: `Yours sincerely, Jane Eyre`."""
    return len(text.split()) <= _WORDS_OF_A_SIGNATURE and bool(_SIGNED.match(text))


def is_prose(text: str) -> bool:
    """Whether the piece of text holds no link, hashtag, formula or field."""
    return not _NO_PROSE.search(text)


def share_in_lower_case(text: str) -> float:
    """The share of its words that begin in lower case; titles and names have few."""
    found = _WORD.findall(text)
    return sum(word[0].islower() for word in found) / len(found) if found else 0.0


def is_english(text: str) -> bool:
    """Whether the words at the text's end are English ones; words with a capital, which may be names, do not count."""
    found = _WORD.findall(text[-8 * _LOOKED_AT :])[:-1]
    plain = [word for word in found if word[0].islower()] or found
    return bool(plain) and sum(map(words.is_word, plain)) >= _KNOWN_SHARE * len(plain)
