"""The lines of an answer in labelled blocks: which is a label, which is code; fences that wrap blocks are left out.

A code fence wraps blocks if a block begins right below it. It ends at the bare fence below which the next block begins,
or the answer ends; other fences hold content. One that is never closed ends where the next block begins.

Names with a word before them (`Expected Output`) are labels by the rules of `label_names`, an input only above its
output. `Input: 3 Output: 4` on one line is two labels unless the block has another `Output:` below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from ift_builder.answers import chatter, label_marks, label_names, markdown
from ift_builder.answers.label_names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ift_builder.answers.label_marks import Mark

_FENCE = regex.compile(r"^[ \t]*(?:`{3,}|~{3,}+)[ \t]*(?P<language>[^\s`]*)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer."""

    text: str
    """The whole of it."""

    mark: Mark | None = None
    """The label that it begins with; None in code."""

    is_separator: bool = False
    """Whether it is `###` or alike, outside code."""


def read(text: str, names: Sequence[str], *, was_cut: bool) -> list[Line]:
    """The lines of an answer.

    Args:
        text: A model's answer.
        names: The fields of a block, in order; the label of the first opens one.
        was_cut: Whether the length limit cut the answer; a separator at its very end may then be a heading's beginning.
    """
    raw, lines = markdown.lines(text), list[Line]()
    while raw:
        taken, used = _until_torn(raw, names[0])
        lines.extend(taken)
        raw = raw[used:]
    if was_cut and lines and not text.endswith("\n") and lines[-1].is_separator:
        lines[-1] = replace(lines[-1], is_separator=False)
    return list(_with_inner(list(_with_chosen(lines, names)), names))


def _with_chosen(lines: Sequence[Line], names: Sequence[str]) -> Iterator[Line]:
    """The lines, with what only looks like a label made content."""
    marks = [line.mark for line in lines if line.mark]
    own = [_name(mark) for mark in marks]
    inner = [_name(one) for mark in marks for one in label_marks.inner(mark, names)[1:]]
    fields = {name.field for name in own}
    chosen = label_names.chosen(
        [*own, *(one for one in inner if one.field not in fields)], (*names, *fields), input_first=False
    )
    in_output = False
    for line in lines:
        mark = line.mark
        if mark:
            in_output = mark.field != names[0] and (in_output or mark.field == names[-1])
            is_late = bool(mark.qualifier) and in_output and mark.field != names[-1]
            mark = mark if chosen.get(mark.field) == _name(mark) and not is_late else None
        yield replace(line, mark=mark)


def _with_inner(lines: Sequence[Line], names: Sequence[str]) -> Iterator[Line]:
    """The lines, with those taken apart that hold labels which their block has nowhere else."""
    taken: list[set[str]] = []
    below = set[str]()
    for line in reversed(lines):
        taken.append(below)
        if line.mark:
            below = set() if line.mark.field == names[0] else below | {line.mark.field}
    above = set[str]()
    for line, below in zip(lines, reversed(taken), strict=True):
        above = set() if line.mark and line.mark.field == names[0] else above
        marks = label_marks.inner(line.mark, _after(line.mark.field, names)) if line.mark else []
        own = {mark.field for mark in marks[1:]}
        if own and not own & (above | below) and _is_told(marks, names):
            yield from (replace(line, mark=mark, text="" if at else line.text) for at, mark in enumerate(marks))
            above |= own
        else:
            yield line
        above |= {mark.field for mark in marks[:1]}


def _is_told(marks: Sequence[Mark], names: Sequence[str]) -> bool:
    """Whether an instruction ends where a label follows on its line: it may speak of an `Output:`."""
    few = 2
    return marks[0].field != names[0] or len(marks) > few or marks[0].rest.endswith((".", "?", "!", ":"))


def _after(field: str, names: Sequence[str]) -> Sequence[str]:
    return names[names.index(field) + 1 :] if field in names else ()


def _name(mark: Mark) -> Name:
    return Name(mark.field, mark.field, mark.qualifier)


def _until_torn(raw: list[str], opening: str) -> tuple[list[Line], int]:
    """Lines up to a block that begins inside a fence, and how many raw lines they are."""
    lines: list[Line] = []
    for index, text, is_code in _unfenced(raw, opening):
        separated = index > 0 and label_marks.is_separator(raw[index - 1])
        if is_code and separated and _opens(text, opening):
            return lines[:-1], index - 1
        if is_code:
            lines.append(Line(text))
        else:
            lines.append(Line(text, label_marks.label(text), label_marks.is_separator(text)))
    return lines, len(raw)


def _unfenced(raw: list[str], opening: str) -> Iterator[tuple[int, str, bool]]:
    """The lines without wrapping fences: place, text, and whether it is code."""
    in_code = in_wrapper = beyond = False
    last_fence = markdown.last_fence(raw)
    for index, line in enumerate(raw):
        fence = _FENCE.match(line)
        if in_code:
            in_code = not (fence and not fence["language"])
            yield index, line, True
            continue
        if fence and in_wrapper and not fence["language"] and _ends(raw, index, last_fence, opening):
            in_wrapper, beyond = False, True
            continue
        if fence and not in_wrapper and _begins(raw, index + 1, opening):
            in_wrapper, beyond = True, False
            continue
        beyond = beyond and not (label_marks.is_separator(line) or label_marks.head(line) or _opens(line, opening))
        mark = label_marks.label(line)
        opens_code = fence or (mark and mark.rest.lstrip().startswith("```") and line.count("```") == 1)
        in_code = bool(opens_code) and index < last_fence
        if not beyond:
            yield index, line, False


def _begins(raw: list[str], index: int, opening: str) -> bool:
    """Whether a block begins at the next line that is not blank: a label, or a separator or head with one below."""
    for at in range(index, len(raw)):
        line = raw[at]
        if line.strip() and not (label_marks.is_separator(line) or label_marks.head(line)):
            return _opens(line, opening)
    return False


def _ends(raw: list[str], index: int, last_fence: int, opening: str) -> bool:
    """Whether a wrapper ends at a bare fence: nothing but talk, a separator or a block is below, or no other fence."""
    at = next((place for place in range(index + 1, len(raw)) if raw[place].strip()), len(raw))
    if at == len(raw) or chatter.closes(raw[at]) or index >= last_fence:
        return True
    rest = at + 1 if _FENCE.match(raw[at]) else at
    return label_marks.is_separator(raw[at]) or markdown.is_rule(raw[at]) or _begins(raw, rest, opening)


def _opens(line: str, opening: str) -> bool:
    mark = label_marks.label(line)
    return mark is not None and mark.field == opening
