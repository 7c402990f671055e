"""What is a secret, which of its parts are, and the ways in which it is written.

The rule, with what it is for:

* Fewer than 8 characters, or fewer than 5 different ones: no secret. (`EMPTY`, `none`, `test`, `sk-1234`, `xxxxxxxx`:
  what servers of one's own are given; it guards nothing and stands in ordinary text.)
* Words alone, or no letters at all: no secret below 20 characters (`lm-studio`, `not-needed`, `12345678`), and from
  there on only as a whole (`correct-horse-battery-staple`): a part of it is an ordinary word.
* All else is a secret, and so is each part of 8 characters, unless it lies within words of the secret (`sk-proj-`).

A word is a run of at most 12 letters in one case, the first letter aside, that can be spoken.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PART: Final = 8
"""Characters of a secret, or of a form of it, that may not be seen together."""

_MIN_CHARACTERS: Final = 5
_MIN_ORDINARY: Final = 20
_MAX_WORD: Final = 12

_RUN: Final = re.compile(r"[^\W\d_]+")
_UNSPEAKABLE: Final = re.compile("[bcdfghjklmnpqrstvwxz]{5}", re.IGNORECASE)

_OF_NEIGHBOURS: Final = (0, 2, 3)
"""Letters of Base64 that are not of the text alone, where 0, 1 or 2 bytes go before it in its group of three."""

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a secret."""

    text: bytes
    """How it is written."""

    parts: tuple[bool, ...]
    """For each place whether the 8 characters from there on count as a part; empty where only the whole counts."""


def is_secret(value: str) -> bool:
    """Whether the value is worth to be kept secret at all."""
    if len(value) < PART or len(set(value)) < _MIN_CHARACTERS:
        return False
    return len(value) >= _MIN_ORDINARY or not _is_ordinary(value)


def forms_of(secret: str) -> Iterator[Form]:
    """The secret as it is, and in Base64 and its URL-safe variant, wherever in a longer text it may stand."""
    plain = secret.encode()
    whole_only = _is_ordinary(secret)
    for text in {plain, plain.replace(b" ", b"+")}:  # a plus is how the forms of web pages write a blank
        yield Form(text, () if whole_only else _parts(text))
    for before, lost in enumerate(_OF_NEIGHBOURS):
        encoded = b64encode(bytes(before) + plain)[lost : 8 * (before + len(plain)) // 6]
        for form in {encoded, encoded.translate(_URL_SAFE)}:
            yield Form(form, () if whole_only else (True,) * (len(form) - PART + 1))


def _is_ordinary(value: str) -> bool:
    return all(_in_words(value)) or not _RUN.search(value)


def _parts(plain: bytes) -> tuple[bool, ...]:
    words = _in_words(plain.decode("latin-1"))  # one character for each byte
    return tuple(not all(words[at : at + PART]) for at in range(len(plain) - PART + 1))


def _in_words(text: str) -> list[bool]:
    """For each character whether it is of a word, or between words."""
    flags = [not character.isdigit() for character in text]
    for run in _RUN.finditer(text):
        flags[run.start() : run.end()] = [_is_word(run[0])] * len(run[0])
    return flags


def _is_word(run: str) -> bool:
    one_case = run.islower() or run.isupper() or run.istitle()
    return one_case and len(run) <= _MAX_WORD and not _UNSPEAKABLE.search(run)
