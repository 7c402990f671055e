"""Knows the ways in which models say that there is no input; the record says it with `""`."""

from __future__ import annotations

import regex

_NO_INPUT = regex.compile(
    r"^[*_<(\[]*(?:no[ _-]?input(?: (?:needed|required|necessary))?|none|n/?a|not (?:applicable|needed)|empty)"
    r"[>)\]*_.]*$",
    regex.IGNORECASE,
)


def given(text: str) -> str:
    """`text`, or `""` if it only says that nothing is given."""
    return "" if _NO_INPUT.match(text.strip()) else text
