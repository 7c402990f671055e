"""Reads an answer without any label as the output of a task that needs no input, for those who want that.

Weak models do the task instead of giving an example of how it is done: 28 % of the answers of one had no label, and
about 57 % of these were right. The others ask for an input, give up, or go astray, and no reader can tell.
"""

from __future__ import annotations

import regex

from ift_builder.answers import instance_lines, markdown, next_task, output
from ift_builder.answers.instance_labels import TASK_AGAIN
from ift_builder.answers.labelled_instances import Draft

_ANSWER = regex.compile(
    r"""^[ \t]*+ (?:[\#>]++[ \t]*+)? (?P<bold>[*_]{1,3})? (?:answer|response|result|solution)
        (?P<closing>(?(bold)[*_]{0,3})) [ \t]*+ [:：] (?P<closing>(?(bold)[*_]{0,3})) [ \t]*+""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""What some models write above it in place of our label."""


def read(text: str, *, was_cut: bool) -> list[Draft]:
    """The answer as one instance, and what the model wrote of another task; empty if it has labels, or nothing to read.

    Args:
        text: A model's answer in which no labelled instance was found.
        was_cut: Whether the length limit cut it.
    """
    lines = instance_lines.read(text, instance_lines.INPUT_FIRST)
    at = next_task.place(lines)
    own, beyond = (lines, []) if at is None else (lines[:at], lines[at:])
    if any(line.kind != "content" for line in own):
        return []
    said = _without_label(output.alone("\n".join(_without_task([line.text for line in own]))))
    if not said:
        return []
    more = [Draft("", markdown.part("", [line.text for line in beyond]), "next-task")] if beyond else []
    return [Draft("", said, "cut" if was_cut and not beyond else ""), *more]


def _without_task(lines: list[str]) -> list[str]:
    """The lines without the task itself, which some models say first."""
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines) or not TASK_AGAIN.match(lines[first]):
        return lines
    return lines[next((at for at in range(first + 1, len(lines)) if not lines[at].startswith("  ")), len(lines)) :]


def _without_label(said: str) -> str:
    label = _ANSWER.match(said)
    if label is None:
        return said
    is_open = label["bold"] and not any(label.captures("closing"))
    rest = said[label.end() :]
    return markdown.part("", markdown.lines(markdown.unbold(label["bold"] + rest) if is_open else rest))
