"""Finds where the blocks of an answer begin: at which of the lines that could be a block's first label.

A separator or a head (`Task 5`) above a label sets it apart. Where blocks are not set apart, a label begins one if it
looks and is numbered as such labels mostly are in this answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ift_builder.answers import label_marks, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.answers.label_lines import Line


@dataclass(frozen=True, slots=True)
class Start:
    """Where a block begins."""

    begin: int
    """The first line that belongs to the block: a separator, a head, or the label itself."""

    label: int
    """The line with its first label."""

    number: int | None
    """The block's, from its label, the head above, or a label below."""

    is_apart: bool
    """Whether a separator or a head stands above it."""


def find(lines: list[Line], names: Sequence[str]) -> list[Start]:
    """Where blocks begin, in order.

    Args:
        lines: An answer's lines.
        names: The fields of a block; a label of the first opens one.
    """
    openings = [index for index, line in enumerate(lines) if line.mark and line.mark.field == names[0]]
    if not openings:
        return []
    below_rules = sum(_start(lines, at, names, rules=True) != _start(lines, at, names, rules=False) for at in openings)
    # A single rule is a text's own, such as the end of front matter.
    rules = below_rules > 1 and 2 * below_rules >= len(openings)
    found = [_start(lines, index, names, rules=rules) for index in openings]
    usual = _usual_opening(lines, found)
    apart = sum(start.is_apart for start in found[1:])
    are_apart = 2 * apart >= len(found[1:]) > 0
    starts = found[:1]
    for start in found[1:]:
        if start.is_apart or _begins(lines, start, starts[-1], usual, are_apart=are_apart):
            starts.append(start)
    return starts


def _start(lines: list[Line], index: int, names: Sequence[str], *, rules: bool) -> Start:
    """The block that would begin at a label; `rules` says whether `---` separates blocks."""
    mark = lines[index].mark
    assert mark is not None, "it is called for labels"
    begin, number, is_apart = index, mark.number, False
    above = _above(lines, begin)
    heading = label_marks.head(lines[above].text) if above is not None and not lines[above].mark else None
    if above is not None and heading:
        begin, number, is_apart = above, number if number is not None else heading[0], True
        above = _above(lines, begin)
    if above is not None and (lines[above].is_separator or (rules and markdown.is_rule(lines[above].text))):
        begin, is_apart = above, True
    number = _number_below(lines, index + 1, names) if number is None else number
    return Start(begin, index, number, is_apart)


def _above(lines: list[Line], index: int) -> int | None:
    """The next line up that is not blank."""
    return next((above for above in range(index - 1, -1, -1) if lines[above].text.strip()), None)


def _usual_opening(lines: list[Line], found: list[Start]) -> tuple[object, bool]:
    """How labels that open blocks look, and whether they have a number."""
    looks = [(mark.look, mark.number is not None) for start in found if (mark := lines[start.label].mark)]
    return Counter(looks).most_common(1)[0][0]


def _begins(
    lines: list[Line],
    start: Start,
    last: Start,
    usual: tuple[object, bool],
    *,
    are_apart: bool,
) -> bool:
    """Whether a label with nothing above it that sets it apart begins a block."""
    mark = lines[start.label].mark
    look, numbered = usual
    if mark is None or mark.look != look:
        return False
    if are_apart:
        return start.number is not None and last.number is not None and start.number == last.number + 1
    if mark.number is not None or not numbered:
        return True
    return start.number not in (None, last.number)


def _number_below(lines: list[Line], start: int, names: Sequence[str]) -> int | None:
    """The number of the labels from a line on up to the next block's first, if they have one."""
    for mark in (mark for at in range(start, len(lines)) if (mark := lines[at].mark)):
        if mark.field == names[0] or mark.number is not None:
            return mark.number if mark.field in names[1:] else None
    return None
