"""Reads whether a model finds two versions of a task equal, strictly: "Not Equal" is not "Equal", nor is "Equal?".

A guess would keep a version that asks for nothing new, or drop a good one; so what says neither, or both, is dropped
with a reason of its own.
"""

from __future__ import annotations

from typing import Final

import regex

_SENTENCE: Final = regex.compile(r"[.!;,\n]|\ [-–—]\ ")
_LABEL: Final = regex.compile(
    r"^(?:(?:my|the|final)\ )*(?:answer|judge?ment|verdict|decision|result)(?:\ is)?(?::\ ?|\ )"
)
_MARKS: Final = "*_`\"'“”‘’#>()[] \t"
_DECISIONS: Final = {"equal": False, "not equal": True}
"""The two words that are asked for, and whether anything was gained."""


def read(answer: str) -> bool | None:
    """Whether the new version is another task than the old one; None where that is not said.

    The first sentence decides. It is one of the two decisions and nothing else; a contrary one must not follow.
    """
    said = [_said(sentence) for sentence in _SENTENCE.split(answer) if sentence.strip(_MARKS)]
    if not said or said[0] not in _DECISIONS:
        return None
    decisions = {_DECISIONS[sentence] for sentence in said if sentence in _DECISIONS}
    return decisions.pop() if len(decisions) == 1 else None


def _said(sentence: str) -> str:
    words = _LABEL.sub("", " ".join(sentence.casefold().strip(_MARKS).split()))
    return words.strip(_MARKS)
