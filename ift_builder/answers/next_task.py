"""Finds where a model that was asked for the instances of one task goes on with the prompt's next label, `Task:`.

Texts have such lines too, as a list of chores has. One is the prompt's own if an answer stands above it, and below it
what the prompt has there: a label, a first example, or, after a blank line, an answer to what reads like a task. A bare
`Task:` at the very end is one as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from ift_builder.answers.instance_labels import head, is_talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.answers.instance_labels import Line

_TASK = regex.compile(
    r"""^[ \t]{0,3} [\#>]*[ \t]*+ [*_]{0,3} Task (?:[ ]\#?(?P<number>\d{1,4}))? [*_]{0,3} [:：] [*_]* [ \t]*+
        (?P<asked>.*)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_KEY = regex.compile(r"^[ \t]*+(?:[-*•][ \t]++)?[*_]*\p{L}[\p{L} ]{0,30}[*_]*[:：]")
_QUESTION: Final = "is it classification?"
"""What the prompt that classifies has below a task."""

_SENTENCE_ENDS: Final = (".", "?", "!", "。", "？", "！")
_SHORTEST_SENTENCE: Final = 12
"""Characters; what is shorter is a chore in a list rather than a task."""

_FEWEST_WORDS: Final = 5
"""Words that set a task without a full stop."""


def place(lines: Sequence[Line]) -> int | None:
    """The line at which another task begins, below an answer; None if none does."""
    below = _following(lines)
    seen, has_answer, last = set[str](), False, ""
    for index, line in enumerate(lines):
        match = None if line.is_code or line.kind != "content" else _TASK.match(line.text)
        if match and has_answer and not last.endswith((":", "：")):
            is_apart = not lines[index - 1].text.strip()
            if _is_next(match, below[index], is_apart=is_apart) and (is_apart or seen):
                return index
        if line.kind not in {"content", "example"}:
            seen.add(line.kind)
            has_answer = "output" in seen or {"input", "label"} <= seen
            has_answer = has_answer and bool(line.rest.strip())
        elif line.kind == "content" and (seen or not _talks(lines, index)):
            is_answered = not seen or "output" in seen or {"input", "label"} <= seen
            has_answer = has_answer or (is_answered and bool(line.text.strip()))
        last = line.text.rstrip() or last
    return None


def _following(lines: Sequence[Line]) -> list[Line | None]:
    """For each line the next one that is neither blank nor, indented below it, a part of the same task."""
    found: list[Line | None] = []
    following: Line | None = None
    for line in reversed(lines):
        found.append(following)
        is_inside = line.kind == "content" and line.text.startswith(("  ", "\t"))
        following = line if line.text.strip() and not is_inside else following
    return found[::-1]


def _talks(lines: Sequence[Line], index: int) -> bool:
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return is_talk(lines[index].text.rstrip(), below)


def _is_next(match: regex.Match[str], below: Line | None, *, is_apart: bool) -> bool:
    """Whether a `Task:` line is the prompt's label, as what stands below it tells."""
    asked = match["asked"].rstrip().rstrip("*_")
    if below is None and not asked:
        return True
    if below and _is_label(below):
        return True
    if match["number"] or not is_apart or not _is_task(asked):
        return False
    return below is None or not (_TASK.match(below.text) or _KEY.match(below.text))


def _is_label(line: Line) -> bool:
    found = head(line.text)
    opens = found is not None and found.number in {None, 1}
    return line.kind not in {"content", "example"} or opens or line.text.strip().lower() == _QUESTION


def _is_task(asked: str) -> bool:
    is_sentence = len(asked) >= _SHORTEST_SENTENCE and asked.endswith(_SENTENCE_ENDS)
    return is_sentence or len(asked.split()) >= _FEWEST_WORDS
