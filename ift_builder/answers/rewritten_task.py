r"""Reads a rewritten task: an instruction and, below a line that begins with `Input:`, what it works on.

::

    >>> read("Sure! Here is the new version:\n\n**Reworked task:** Sort the words by length.\n\nInput: tea, water")
    Version(instruction='Sort the words by length.', input='tea, water')
    >>> read("#The Given Prompt#:\nSort the words.\n#Rewritten Prompt#\nSort the words by length.\n#Rewritten Prompt#")
    Version(instruction='Sort the words by length.', input='')

A label between hashes, which models know from the prompts of Evol-Instruct, is one wherever a line begins with it; any
other only at the beginning, before a colon or alone on its line as a heading or in bold.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from ift_builder.answers import chatter, markdown, no_input

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS: Final = r"[\s\\#>*_`]*+"
"""Markdown that may stand around a label."""

_NEW: Final = (
    r"(?:reworked|related|rewritten|new|harder|rarer|evolved|created|revised|updated|improved|modified|enhanced)"
)
_NOUN: Final = r"(?:task|instruction|version|prompt|question|query|request)"
_LABEL: Final = regex.compile(
    rf"""^{_MARKS} (?:(?:the|my|your)\ )? (?: (?:{_NEW}\ )? (?:task|instruction|version) | {_NEW}\ {_NOUN} )
        [*_`\\#]*+ \s*+ [:：]{_MARKS}""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""A label that a model repeats in front of its answer; inside one it would be content."""

_TITLE: Final = regex.compile(
    rf"""^[ \t]*+ (?:\#{{1,6}}[ \t]*+[*_]{{0,3}} | [*_]{{2,3}}) (?:(?:the|my|your)\ )? {_NEW}\ {_NOUN}
        [*_\#]*+ [ \t]*+$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""A label alone on its line."""

_BETWEEN_HASHES: Final = rf"""(?:\\?\#)++ [ \t*_]*+ (?:the\ )? (?: (?P<new>{_NEW}) | given | original | starting )
    \ {_NOUN} [ \t*_]*+ [:：]? [ \t*_]*+ (?:\\?\#)++ [*_`]*+ [ \t]*+"""
_HASHED: Final = regex.compile(
    rf"^[ \t>*_`]*+ {_BETWEEN_HASHES} [:：]? [*_`]*+ [ \t]*+", regex.VERBOSE | regex.IGNORECASE
)
"""`#Rewritten Prompt#`, with a colon or without one; `#The Given Prompt#` has the old task below it."""

_IN_A_LINE: Final = regex.compile(
    rf"(?<=\S)[ \t]++ (?=[*_`]* {_BETWEEN_HASHES} (?:[:：]|$))", regex.VERBOSE | regex.IGNORECASE | regex.MULTILINE
)
"""What stands before such a label further on in a line, where it has a colon or ends the line."""

_NAMES_THE_VERSION: Final = regex.compile(
    rf"\b(?:{_NEW}\W+(?:{_NOUN}|one)|version|rewritten|reworked)\b"
    r"|\b(?:the|your)\ (?:task|instruction)\W*$|^\W*+(?:sure|certainly|of\ course|absolutely|okay)\W*$",
    regex.IGNORECASE,
)
"""What a first line says that speaks of the task to come. "Below is an e-mail:" is the task itself."""

_INPUT: Final = regex.compile(
    r"^[\s#>*_`]*(?:(?:new|rewritten|example)\ )?input[*_`#]*[ \t]*[:：][*_`]*[ \t]*(?P<rest>.*)$", regex.IGNORECASE
)
_FENCE: Final = regex.compile(r"^\s*(?:`{3,}|~{3,})\s*(?:text|markdown|md|plaintext)?\s*$")


class Version(NamedTuple):
    """A task as it was rewritten."""

    instruction: str
    """`""` where none was found."""

    input: str
    """`""` where there is none."""


def read(text: str) -> Version:
    """The version in an answer from which thoughts are already taken."""
    said = _IN_A_LINE.sub("\n", chatter.without_closing([text.strip()]))
    lines = _unwrapped(_without_opening(_labelled(_unwrapped(markdown.lines(said)))))
    if lines and (label := _LABEL.match(lines[0])):
        lines[0] = _closed(lines[0][label.end() :])
    elif lines and _TITLE.match(lines[0]):
        lines[0] = ""
    place = next((number for number, line in enumerate(lines) if _INPUT.match(line)), len(lines))
    instruction = markdown.unbold(markdown.part("", lines[:place]).strip())
    return Version(instruction, _input(lines[place:]))


def _closed(rest: str) -> str:
    """What follows a label, without the end of bold marks that began before it."""
    return rest.removesuffix("**") if rest.count("**") % 2 else rest


def _labelled(lines: Sequence[str]) -> list[str]:
    """What stands below the first label between hashes that names the new version and has a text; else all but those.

    Without such a text it is what stands above the first of them, or else below the old one's label.
    """
    found = [(at, match) for at, line in enumerate(lines) if (match := _HASHED.match(line))]
    if not found:
        return list(lines)
    ends = [*(at for at, _ in found[1:]), len(lines)]
    parts = [
        ([_closed(lines[at][match.end() :]), *lines[at + 1 : end]], match["new"])
        for (at, match), end in zip(found, ends, strict=True)
    ]
    above = [line for line in lines[: found[0][0]] if not chatter.opens(line)]
    ranked = [*(part for part, is_new in parts if is_new), above, *(part for part, is_new in parts if not is_new)]
    return markdown.lines(next((text for part in ranked if (text := "\n".join(part)).strip()), ""))


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
