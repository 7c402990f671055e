"""Reads blocks of labelled fields, such as the numbered triples that Alpaca's prompt asks for.

::

    ###
    4. Instruction: Sort the fruits by name.
    4. Input:
    pear, fig
    4. Output:
    fig, pear
    ###
    5. Instruction: …

Labels tell blocks, numbers only help: a list inside a text counts as it likes. The rules:

* A block begins at an `Instruction:` below a separator or a head (`Task 5`), else at one that looks and is numbered
  as they usually are in this answer. Any other is content.
* Of several lines that could be a field's label the one counts that has the block's number and the usual look. If more
  than one has, nobody can tell what is label and what is content, and the block is `ambiguous`.
* A separator ends a block. What stands below it without an `Instruction:` is a block of its own that could not be read,
  unless it is a remark to the reader.
* If the length limit cut the answer, its last block is cut, even if it looks whole; one that has a whole separator or
  `Instruction:` below it is not the last.
* Lines in a code fence are content. A fence that is never closed ends where the next block begins, and spoils its own.

No block is read half: one that is not whole is returned with its text and what is wrong with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import regex

from ift_builder.answers import block_starts, chatter, label_lines, markdown, no_input

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ift_builder.answers.block_starts import Start
    from ift_builder.answers.label_lines import Line
    from ift_builder.answers.label_marks import Mark

TRIPLE: Final = ("instruction", "input", "output")
"""The fields of Alpaca's blocks. Of a block's fields the first opens it, and it must have the first and the last."""

_WORDS = regex.compile(r"[^\W\d_]")
_NUMBERED = regex.compile(r"^\W*\d{1,4}\s*[.):]")


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it was read."""

    text: str
    """The whole of it, as the model wrote it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """Text by field; `""` where the model gave none. Empty if the block could not be taken apart."""

    problem: str = ""
    """Why it cannot be used: `cut`, `ambiguous`, `unclosed-fence`, `no-instruction` or `no-` and another field."""


def read(text: str, names: Sequence[str] = TRIPLE, *, was_cut: bool) -> list[Block]:
    """The blocks of an answer in order; empty if it has no label that opens one.

    Args:
        text: A model's answer. If the prompt ended in a label, the label belongs before it.
        names: The fields of a block, in order.
        was_cut: Whether the length limit cut the answer.
    """
    lines = label_lines.read(text, names, was_cut=was_cut)
    starts = block_starts.find(lines, names)
    if not starts:
        return []
    parts = _parts(lines, starts)
    usual = _usual_looks(parts, names)
    numbered = all(_is_numbered(part, names) for part in parts[: len(parts) - was_cut] or parts)
    last = len(parts) - 1
    torn = [
        _is_torn(above, below, names, is_cut=was_cut and place == last)
        for place, (above, below) in enumerate(pairwise(parts), start=1)
    ]
    torn = [False, *torn, False]
    blocks = [_preface(lines[: starts[0].begin], names)] if starts[0].begin else []
    for place, part in enumerate(parts):
        is_last = place == last
        block = _block(part, names, usual, numbered=numbered)
        stray, spoils = _stray(part, is_last=is_last, was_cut=was_cut)
        if spoils or torn[place] or torn[place + 1]:
            block = replace(block, fields={}, problem=block.problem or "ambiguous")
        if is_last and was_cut and not part.is_ended:
            block = replace(block, fields={}, problem="cut")
        blocks += [block, stray]
    return _without_remark([block for block in blocks if block], names, was_cut=was_cut)


@dataclass(frozen=True, slots=True)
class _Part:
    """A block's lines, from its label on."""

    start: Start
    body: list[Line]
    beyond: list[Line]
    """What follows below a separator."""

    is_ended: bool
    """Whether there is a separator below it."""

    @property
    def text(self) -> str:
        return _text(self.body)


# What blocks hold


def _parts(lines: list[Line], starts: list[Start]) -> list[_Part]:
    few = 2
    separated = len(starts) <= few or any(lines[start.begin].is_separator for start in starts[1:])
    ends = [*(start.begin for start in starts[1:]), len(lines)]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        block = lines[start.label : end]
        at = next((index for index, line in enumerate(block) if line.is_separator and separated), len(block))
        parts.append(_Part(start, block[:at], block[at + 1 :], is_ended=at < len(block)))
    return parts


def _usual_looks(parts: list[_Part], names: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """How each field's label is numbered and marked in the most blocks.

    If in as many as another, then numbered as its block is, or marked as the block's first label is, where that is
    more than a word; a field for which that does not decide either is left out.
    """
    usual = {}
    for name in names[1:]:
        counts: Counter[tuple[object, ...]] = Counter()
        alike: Counter[tuple[object, ...]] = Counter()
        for part in parts:
            first = part.body[0].mark
            looks = {(_look(line.mark, part.start.number), line.mark) for line in part.body if line.mark}
            own = {(look, mark) for look, mark in looks if mark.field == name}
            counts.update({look for look, _ in own})
            alike.update({look for look, mark in own if first and mark.look == first.look and any(mark.look[:3])})
        ranks = {look: (counts[look], look[0] == "same", alike[look]) for look in counts}
        best = [look for look, rank in ranks.items() if rank == max(ranks.values())]
        if len(best) == 1:
            usual[name] = best[0]
    return usual


def _is(line: Line, name: str) -> bool:
    return line.mark is not None and line.mark.field == name


def _look(mark: Mark, number: int | None) -> tuple[object, ...]:
    relation = "none" if mark.number is None else "same" if mark.number == number else "other"
    return relation, *mark.look


def _block(part: _Part, names: Sequence[str], usual: Mapping[str, tuple[object, ...]], *, numbered: bool) -> Block:
    text = part.text
    closing = names[-1]
    if text.count("```") % 2:
        return Block(text, problem="unclosed-fence")
    at = {names[0]: 0}
    for name in (closing, *names[1:-1]):
        found = _label_of(part, name, usual.get(name), before=at.get(closing))
        if found is None:
            return Block(text, problem="ambiguous")
        if found:
            at[name] = found
    if closing not in at:
        return Block(text, problem=f"no-{closing}")
    if _holds_another(part, at[closing] + 1, names, numbered=numbered):
        return Block(text, problem="ambiguous")
    fields = _fields(part.body, at, names)
    missing = next((name for name in (names[0], closing) if not fields[name]), "")
    return Block(text, fields, f"no-{missing}" if missing else "")


def _label_of(part: _Part, name: str, usual: tuple[object, ...] | None, *, before: int | None) -> int | None:
    """The line of a field's label; 0 if there is none, None if it cannot be told."""
    marks = [(index, line.mark) for index, line in enumerate(part.body) if line.mark and line.mark.field == name]
    fitting = [index for index, mark in marks if mark.number is not None and mark.number == part.start.number]
    if not fitting:
        fitting = [index for index, mark in marks if _look(mark, part.start.number) == usual]
    above = [index for index in fitting or [index for index, _ in marks] if before is None or index < before]
    if len(above) > 1:
        return None
    if not above and fitting and before is not None:  # below the last field: is the order another, or is it content?
        return None
    return above[0] if above else 0


def _holds_another(part: _Part, index: int, names: Sequence[str], *, numbered: bool) -> bool:
    """Whether a block holds what looks like another one.

    Where all labels of the answer are numbered, and others are content, that is a first label with a numbered one below
    it in the last field; elsewhere it is one more first label anywhere.

    Args:
        part: The block.
        index: Where the text of its last field begins.
        names: The fields of a block.
        numbered: Whether all labels of this answer are numbered.
    """
    own = part.body[0].mark
    marks = [line.mark for line in part.body[index if numbered else 1 :] if line.mark]
    openings = [place for place, mark in enumerate(marks) if own and mark.field == names[0] and mark.look == own.look]
    if not numbered or not openings:
        return bool(openings)
    return any(mark.field in names and mark.number is not None for mark in marks[openings[0] :])


def _is_numbered(part: _Part, names: Sequence[str]) -> bool:
    """Whether a block's first and last label have numbers."""
    last = [line.mark for line in part.body if _is(line, names[-1])]
    return part.start.number is not None and any(mark and mark.number is not None for mark in last)


def _is_torn(above: _Part, below: _Part, names: Sequence[str], *, is_cut: bool) -> bool:
    """Whether it is in doubt where one of two blocks ends: the lower has nothing that sets it apart, and one no end.

    Args:
        above: A block.
        below: The next one.
        names: The fields of a block.
        is_cut: Whether the length limit cut the lower one, so that it need not have an end.
    """
    label = below.body[0].mark
    if below.start.is_apart or (label and label.number is not None):
        return False
    return not (_has_end(above, names) and (is_cut or _has_end(below, names)))


def _has_end(part: _Part, names: Sequence[str]) -> bool:
    """Whether a last field follows the last label that may open a block."""
    fields = [line.mark.field for line in part.body if line.mark]
    return names[-1] in fields and names[0] not in fields[fields.index(names[-1]) :]


def _fields(body: list[Line], at: Mapping[str, int], names: Sequence[str]) -> dict[str, str]:
    ends = sorted([*at.values(), len(body)])
    fields = dict.fromkeys(names, "")
    for name, index in at.items():
        mark = body[index].mark
        assert mark is not None, "labels were looked up by their marks"
        below = [line.text for line in body[index + 1 : ends[ends.index(index) + 1]]]
        fields[name] = markdown.part(mark.rest, _outdented(below, mark.column))
    return {name: no_input.given(text) if name != names[-1] else text for name, text in fields.items()}


def _outdented(below: list[str], column: int) -> list[str]:
    """The lines without the indentation of the list that their label is in, if all have it."""
    margin = " " * column
    inside = all(line.startswith(margin) for line in below if line.strip())
    return [line[column:] for line in below] if inside else below


def _text(lines: Sequence[Line]) -> str:
    return markdown.part("", [line.text for line in lines])


# What is no block


def _preface(lines: list[Line], names: Sequence[str]) -> Block | None:
    """What stands above the first block, if it is more than talk."""
    labelled = any(line.mark and line.mark.field in names for line in lines)
    return Block(_text(lines), problem=f"no-{names[0]}") if labelled else None


def _stray(part: _Part, *, is_last: bool, was_cut: bool) -> tuple[Block | None, bool]:
    """What stands below a separator without a block's first label, and whether it may belong to the block above."""
    text = _text([line for line in part.beyond if not line.is_separator])
    if not _WORDS.search(text):
        return None, False
    if is_last:
        if was_cut:
            return Block(text, problem="cut"), False
        return (None if chatter.closes(text) else Block(text, problem="no-instruction")), False
    is_own = any(line.mark for line in part.beyond) or _NUMBERED.match(text) is not None
    return Block(text, problem="no-instruction"), not is_own


def _without_remark(blocks: list[Block], names: Sequence[str], *, was_cut: bool) -> list[Block]:
    """The blocks with the last one freed of a closing remark."""
    if not blocks or was_cut or not blocks[-1].fields:
        return blocks
    last = blocks[-1]
    closings = [block.fields[names[-1]] for block in blocks if block.fields]
    fields = {**last.fields, names[-1]: chatter.without_closing(closings, of_tasks=True)}
    return [*blocks[:-1], replace(last, fields=fields)]
