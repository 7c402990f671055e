"""Reads a task's instances from a model's labelled lines.

Two shapes, as Self-Instruct asks for them::

    Example 1                    Class label: positive
    Input: 3, 1, 2               Input: I would go again tomorrow.
    Output: 1, 2, 3              Class label: negative
    Example 2                    Input: Never again.
    …

`instance_lines` says which line is what. The outermost label that an answer uses decides where instances end: where
there are `Example 1`, `Example 2`, … an `Input:` further down in an output is content. Where the model gives the input
before its class label, it is read that way round. Where the model goes on with another `Task:`, the answer ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import dropwhile, groupby
from typing import TYPE_CHECKING, Literal

from ift_builder.answers import chatter, instance_lines, markdown, next_task, no_input
from ift_builder.answers.instance_labels import is_talk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ift_builder.answers.instance_lines import Kind, Line


@dataclass(frozen=True, slots=True)
class Draft:
    """An instance as it was read, before it is judged."""

    input: str
    """`""` where there is none."""

    output: str
    """`""` where the model gave none."""

    problem: str = ""
    """Why it cannot be used, where the reader knows: `cut`, `no-output`, `repeated-output`, or `next-task` for all that
    a model wrote of another task, which is then the `output`."""


def read_input_first(text: str, *, was_cut: bool) -> list[Draft]:
    """The instances of an answer in the shape on the left; empty if it holds no `Example` and no `Output:` line.

    Args:
        text: A model's answer.
        was_cut: Whether the length limit cut it; its last instance is then marked `cut`.
    """
    lines, beyond = _of_this_task(instance_lines.read(text, instance_lines.INPUT_FIRST))
    labelled = _has("output", lines)
    drafts = [draft for block in _blocks(lines) for draft in _read_block(block, labelled=labelled)]
    return _ended(drafts, "output", was_cut=was_cut, beyond=beyond)


def read_output_first(text: str, *, was_cut: bool) -> list[Draft]:
    """The instances of an answer in the shape on the right; empty if it holds no `Class label:` line."""
    read, beyond = _of_this_task(instance_lines.read(text, instance_lines.OUTPUT_FIRST))
    lines = _without_headers(read)
    first = next((index for index, line in enumerate(lines) if line.kind != "content"), len(lines))
    if not _has("label", lines):
        return []
    if lines[first].kind == "input":
        drafts = [_read_input_and_label(block) for block in _split(lines[first:], before="input", after="label")]
        return _ended(drafts, "output", was_cut=was_cut, beyond=beyond)
    drafts = [_read_label_and_input(block) for block in _split(lines[first:], before="label", after="label")]
    return _ended(drafts, "input", was_cut=was_cut, beyond=beyond)


# Where instances begin and end


def _of_this_task(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines up to where the model goes on with another task, and the rest."""
    at = next_task.place(lines)
    return (lines, []) if at is None else (lines[:at], lines[at:])


def _has(kind: Kind, lines: Sequence[Line]) -> bool:
    return any(line.kind == kind for line in lines)


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Splits at the example headers; where there are none, before every `Input:` that follows an `Output:`."""
    heads = [index for index, line in enumerate(lines) if line.kind == "example"]
    if heads and not _is_content(lines, heads[0]):
        if _has("output", lines[: heads[0]]):
            yield list(_without_preface(lines[: heads[0]]))
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
            yield lines[start + 1 : end]
    elif _has("output", lines):
        yield from _split(_without_preface(lines), before="input", after="output")


def _is_content(lines: list[Line], head: int) -> bool:
    """Whether the examples are the output itself, as in jokes or sentences that were asked for."""
    above, below = lines[:head], lines[head + 1 :]
    is_labelled = _has("output", below) or _has("input", below)
    return _has("output", above) and not is_labelled and any(line.text.strip() for line in below)


def _split(lines: list[Line], *, before: Kind, after: Kind) -> Iterator[list[Line]]:
    """Blocks that each begin with a line of one kind that follows a line of another in the block above."""
    block: list[Line] = []
    has_after = False
    for line in lines:
        if line.kind == before and has_after:
            yield block
            block, has_after = [], False
        block.append(line)
        has_after = has_after or line.kind == after
    yield block


def _without_headers(lines: list[Line]) -> list[Line]:
    """Leaves out `Example 2` above a label; elsewhere it is content."""
    kept: list[Line] = []
    following: Line | None = None
    for line in reversed(lines):
        if line.kind != "example":
            kept.append(line)
        elif following is None or following.kind not in {"input", "label"}:
            kept.append(replace(line, kind="content"))
        following = line if line.text.strip() else following
    return kept[::-1]


def _without_preface(lines: list[Line]) -> list[Line]:
    """Drops what a chat model says above its first label; an unlabelled input stays.

    Above an `Input:` that is everything up to a blank line. Above an `Output:` it is only what is known as talk.
    """
    first = next((index for index, line in enumerate(lines) if line.kind != "content"), 0)
    start = 0
    if lines[first].kind == "input":
        start = max((index + 1 for index, line in enumerate(lines[:first]) if not line.text.strip()), default=0)
    while start < first and is_talk(lines[start].text.rstrip(), lines[start + 1].text):
        start += 1
    return lines[start:]


# What an instance holds


def _read_block(lines: list[Line], *, labelled: bool) -> Iterator[Draft]:
    outputs = [index for index, line in enumerate(lines) if line.kind == "output"]
    if not outputs:
        text = _text(lines)
        if text and (labelled or _has("input", lines)):
            yield Draft(_input(lines), "", "no-output")
        elif text:
            yield Draft("", text)
        return
    given = _input(lines[: outputs[0]])
    inner_input = _has("input", lines[outputs[0] :])
    ends = [len(lines)] if inner_input else [*outputs[1:], len(lines)]
    for index, (start, end) in enumerate(zip(outputs, ends, strict=False)):
        yield Draft(given, _below_label(lines[start:end]), "repeated-output" if index else "")


def _read_label_and_input(lines: list[Line]) -> Draft:
    label, rest = _class_label(lines, next_line=_has("input", lines))
    return Draft(_input(rest), label)


def _read_input_and_label(lines: list[Line]) -> Draft:
    at = next((index for index, line in enumerate(lines) if line.kind == "label"), None)
    if at is None:
        return Draft(_input(lines), "", "no-output")
    return Draft(_input(lines[:at]), _class_label(lines[at:], next_line=True)[0])


def _class_label(lines: list[Line], *, next_line: bool) -> tuple[str, list[Line]]:
    """The label, which is one line (its own or, where that is empty, the next), and the lines below it."""
    label, rest = markdown.unbold(lines[0].rest.strip()), lines[1:]
    while not label and next_line and rest and rest[0].kind == "content":
        label, rest = markdown.unbold(rest[0].text.strip()), rest[1:]
    return label, rest


def _input(lines: list[Line]) -> str:
    given = list(_without_rules_above(lines))
    text = _below_label(given) if given and given[0].kind == "input" else _text(given)
    return no_input.given(text)


def _text(lines: list[Line]) -> str:
    return markdown.part("", [line.text for line in _without_rules_above(lines)])


def _without_rules_above(lines: Sequence[Line]) -> Iterator[Line]:
    return dropwhile(lambda line: not line.text.strip() or markdown.is_rule(line.text), lines)


def _below_label(lines: list[Line]) -> str:
    """The text that a label opens; the lines below one that is in a list lose the list's indentation."""
    label, *below = lines
    indent = label.text[: len(label.text) - len(label.text.lstrip())]
    margin = indent if label.column and "\t" in indent else " " * label.column
    return markdown.part(label.rest.rstrip(), _outdented([line.text for line in below], margin))


def _outdented(below: list[str], margin: str) -> list[str]:
    """The lines without a margin, up to the paragraph in which a line does not have it."""
    kept: list[str] = []
    for is_blank, group in groupby(below, lambda text: not text.strip()):
        paragraph = list(group)
        if not is_blank and not all(text.startswith(margin) for text in paragraph):
            return [*kept, *below[len(kept) :]]
        kept += [text[len(margin) :] for text in paragraph]
    return kept


def _ended(
    drafts: list[Draft], part: Literal["input", "output"], *, was_cut: bool, beyond: Sequence[Line]
) -> list[Draft]:
    """The drafts with the last one marked if it was cut, or without the remark below its last part.

    What stands beyond the task is one more draft, so that it is counted; the last one above it is whole.
    """
    if not drafts:
        return []
    if was_cut and not beyond:
        return [*drafts[:-1], replace(drafts[-1], problem="cut")]
    text = chatter.without_closing([getattr(draft, part) for draft in drafts])
    more = [Draft("", _text(list(beyond)), "next-task")] if beyond else []
    return [*drafts[:-1], replace(drafts[-1], **{part: text}), *more]
