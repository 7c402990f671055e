r"""Reads a rewritten task: an instruction and, below a line that begins with `Input:`, what it works on.

::

    >>> read("Sure! Here is the new version:\n\n**Reworked task:** Sort the words by length.\n\nInput: tea, water")
    Version(instruction='Sort the words by length.', input='tea, water')
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from ift_builder.answers import chatter, markdown, no_input

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS: Final = r"[\s#>*_`]*"
"""Markdown that may stand around a label."""

_NEW: Final = r"(?:reworked|related|rewritten|new|harder|rarer|evolved)"
_LABEL: Final = regex.compile(
    rf"^{_MARKS}(?:(?:the|my|your)\ )?(?:{_NEW}\ )?(?:task|instruction|version)[*_`]*\s*[:：]{_MARKS}", regex.IGNORECASE
)
"""A label that a model repeats in front of its answer; inside one it would be content."""

_NAMES_THE_VERSION: Final = regex.compile(
    rf"\b(?:{_NEW}\W+(?:version|task|instruction|one)|version|rewritten|reworked)\b"
    r"|\b(?:the|your)\ (?:task|instruction)\W*$|^\W*+(?:sure|certainly|of\ course|absolutely|okay)\W*$",
    regex.IGNORECASE,
)
"""What a first line says that speaks of the task to come. "Below is an e-mail:" is the task itself."""

_INPUT: Final = regex.compile(r"^[\s#>*_`]*input[*_`]*[ \t]*[:：][*_`]*[ \t]*(?P<rest>.*)$", regex.IGNORECASE)
_FENCE: Final = regex.compile(r"^\s*(?:`{3,}|~{3,})\s*(?:text|markdown|md|plaintext)?\s*$")


class Version(NamedTuple):
    """A task as it was rewritten."""

    instruction: str
    """`""` where none was found."""

    input: str
    """`""` where there is none."""


def read(text: str) -> Version:
    """The version in an answer from which thoughts are already taken."""
    lines = _unwrapped(_without_opening(markdown.lines(chatter.without_closing([text.strip()]))))
    if lines and (label := _LABEL.match(lines[0])):
        rest = lines[0][label.end() :]
        lines[0] = rest.removesuffix("**") if rest.count("**") % 2 else rest
    place = next((number for number, line in enumerate(lines) if _INPUT.match(line)), len(lines))
    instruction = markdown.unbold(markdown.part("", lines[:place]).strip())
    return Version(instruction, _input(lines[place:]))


def _without_opening(lines: Sequence[str]) -> list[str]:
    """The lines without a first one that speaks of the task that follows it."""
    following = next((line for line in lines[1:] if line.strip()), "Input:")
    talks = _NAMES_THE_VERSION.search(lines[0]) and chatter.opens(lines[0]) and not _INPUT.match(following)
    return markdown.lines("\n".join(lines[1:])) if talks else list(lines)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines without a fence that wraps them all."""
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    is_wrapped = fences == [0, len(lines) - 1] and len(lines) > len(fences)
    return list(lines[1:-1]) if is_wrapped else list(lines)


def _input(lines: Sequence[str]) -> str:
    found = _INPUT.match(lines[0]) if lines else None
    if found is None:
        return ""
    below = textwrap.dedent("\n".join(lines[1:])).split("\n") if not found["rest"].strip() else lines[1:]
    return no_input.given(markdown.part(found["rest"], below))
