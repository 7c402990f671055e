"""Reads a model's numbered list: one item per number, whatever the numbers look like.

The rules, in the order in which they matter:

* A line opens an item if it starts with a number and `.`, `)`, `:` or `、` (Markdown marks, `Task 9.` and bold
  included) and that number is higher than the last one by at most ten. A lower or equal number is a list *inside* the
  item, and so is one that is indented further than the first, or that stands in a code fence.
* The list begins at the number that was asked for, if the answer has it; a count from 1 above it that does not lead up
  to it is the rules said again. Without that number it begins at the first.
* If the prompt ended in a number, the text before the first number is that item. Otherwise it is chatter, unless the
  first number is the one after the item that was asked for.
* The same number on every line (Markdown's lazy `1. 1. 1.`), or bullets instead of numbers, make a list too.
* A number alone on the last line is an item that was cut before it began.
* A blank line inside the last item ends it, if no other item has one: what follows is a closing remark.
* Of an item's Markdown only the words stay: bold around all of it or its opening words goes, and so does a rule below
  it. A bold title is joined to its text (`Title: text`); a heading is dropped if the text below it is longer than it
  is, and so can stand by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final

import regex

from ift_builder.answers import chatter, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NUMBERED = regex.compile(
    r"""^(?P<indent>[ \t]*) (?P<heading>[\#>]+[ \t]*)? (?P<bold>\*\*|__)? (?:(?:Task|Instruction)[ ]+)?
        (?P<number>\d{1,5}) (?: \\?[ \t]?[.):] (?P<closing>\*\*|__)? (?=\s|$) | [、．] )
        (?:[ \t]*(?P<closing>\*\*|__)(?=\s))? [ \t]* (?P<rest>.*)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_BULLET = regex.compile(r"^ {0,3}[-*•–] +(?P<rest>.*)$")
_BARE_NUMBER = regex.compile(r"^\W*(?P<number>\d{1,5})\W*$")
_OPENING_WORDS = regex.compile(r"^(?P<marks>\*{1,3})(?P<words>[^\s*](?:[^*\n]*[^\s*])?)(?P=marks)(?!\w)")
_SENTENCE_END = regex.compile(r"(?r)[.?!。？！।؟…]\W*$")
"""Looked for from the end on, or each mark of a long row would be followed to its end."""
_LARGEST_GAP: Final = 10
"""How many numbers a model may skip before a number is taken for something else, such as a year."""

_SAME_INDENT: Final = 1
"""Columns; one more is how ` 9.` and `10.` are lined up the other way round."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list."""

    text: str
    """As the model wrote it, without its number and Markdown's marks; `""` where nothing follows the number."""

    is_last: bool = False
    """Whether the answer ends in it, so that a cut answer has cut this item."""


@dataclass(frozen=True, slots=True)
class _Head:
    line: int
    number: int
    rest: str
    indent: int = 0
    is_heading: bool = False


def read(text: str, first: int, *, continues: bool) -> list[Item]:
    """The items of `text`.

    Args:
        text: A model's answer.
        first: The number that the list was asked to start with.
        continues: Whether the prompt ended in that number, as for base models.

    Returns:
        The items in order; empty if the text holds no list.
    """
    given = markdown.lines(text)
    unwrapped = list(markdown.unwrapped(given, is_label=_opener(given, first)))
    lines = [line for line, _ in unwrapped]
    found = [head for index, (line, code) in enumerate(unwrapped) if not code and (head := _numbered(index, line))]
    heads = _counted(found, first, continues=continues) or ([] if continues else _bulleted(lines))
    if _opens_without_number(heads, lines, first, continues=continues):
        heads = [_Head(0, first, lines[0].strip()), *heads]
    if heads and _is_next_number(lines[-1], heads[-1]):
        heads.append(_Head(len(lines) - 1, heads[-1].number + 1, ""))
    bodies = _without_remark(list(_bodies(lines, heads)))
    words = [_plain_words(body, is_heading=head.is_heading) for head, body in zip(heads, bodies, strict=True)]
    # Once more: below a title the text may be a second paragraph, as a remark is.
    return [Item(text, is_last=index == len(words) - 1) for index, text in enumerate(_without_remark(words))]


# Where items begin


def _opener(lines: list[str], first: int) -> Callable[[str], bool]:
    """Tells lines that may open an item: those with a number, from the one that was asked for if the answer has it."""
    numbers = {int(match["number"]) for line in lines if (match := _NUMBERED.match(line))}
    least = first if first in numbers else 0
    return lambda line: (match := _NUMBERED.match(line)) is not None and int(match["number"]) >= least


def _numbered(index: int, line: str) -> _Head | None:
    match = _NUMBERED.match(line)
    if match is None:
        return None
    unclosed = match["bold"] or "" if not any(match.captures("closing")) else ""
    indent = len(match["indent"].expandtabs(4))
    return _Head(index, int(match["number"]), unclosed + match["rest"], indent, bool(match["heading"]))


def _counted(found: list[_Head], first: int, *, continues: bool) -> list[_Head]:
    """Those of the numbered lines that count up; one number may stand twice, if the next one follows.

    Base models say a number again where a presence penalty falls on numbers, too. A list that begins again at 1 is
    content.
    """
    outer = [head for head in found if head.indent <= _list_indent(found, first, continues=continues) + _SAME_INDENT]
    if len(outer) > 1 and len({head.number for head in outer}) == 1 and not continues:
        return outer
    heads: list[_Head] = []
    counting = outer[_start(outer, first) :]
    for head, after in zip_longest(counting, counting[1:]):
        lowest, last = (heads[-1].number,) * 2 if heads else (first - 1 if continues else -1, first)
        is_again = bool(heads) and head.number == last > 1 and after is not None and after.number == last + 1
        if is_again or lowest < head.number <= last + _LARGEST_GAP:
            heads.append(head)
    return heads


def _list_indent(found: list[_Head], first: int, *, continues: bool) -> int:
    if continues or not found:
        return 0
    return next((head.indent for head in found if head.number == first), found[0].indent)


def _start(heads: list[_Head], first: int) -> int:
    """Where the number that was asked for stands, unless the numbers above lead up to it."""
    at = next((index for index, head in enumerate(heads) if head.number == first), 0)
    leads_up = at > 0 and all(after.number == before.number + 1 for before, after in pairwise(heads[: at + 1]))
    return 0 if leads_up else at


def _bulleted(lines: list[str]) -> list[_Head]:
    heads = [_Head(index, index, match["rest"]) for index, line in enumerate(lines) if (match := _BULLET.match(line))]
    return heads if len(heads) > 1 else []


def _opens_without_number(heads: list[_Head], lines: list[str], first: int, *, continues: bool) -> bool:
    before = any(line.strip() for line in (lines[: heads[0].line] if heads else lines))
    if not before or (heads and heads[0].number == first):
        return False
    return continues or bool(heads and heads[0].number == first + 1)


def _is_next_number(line: str, last: _Head) -> bool:
    bare = _BARE_NUMBER.match(line)
    return bare is not None and int(bare["number"]) == last.number + 1


# What items hold


def _bodies(lines: list[str], heads: list[_Head]) -> Iterator[str]:
    ends = [*(head.line for head in heads[1:]), len(lines)]
    for head, end in zip(heads, ends, strict=False):  # no heads, one end
        yield markdown.part(head.rest, lines[head.line + 1 : end]).strip()


def _plain_words(text: str, *, is_heading: bool) -> str:
    return _OPENING_WORDS.sub(r"\g<words>", markdown.unbold(_without_title(text, is_heading=is_heading)), count=1)


def _without_title(text: str, *, is_heading: bool) -> str:
    title, _, below = text.partition("\n")
    words, below = markdown.unbold(title.rstrip()).rstrip(":"), below.strip()
    if not below or _SENTENCE_END.search(words):
        return text
    if is_heading:
        return below if len(below) > len(words) else text
    is_bold = words != title.rstrip().rstrip(":")
    return f"{words}: {below}" if is_bold and below[0].isalnum() else text


def _without_remark(bodies: list[str]) -> list[str]:
    """The items with the last one freed of a closing remark."""
    if not bodies:
        return []
    *others, last = bodies
    if others and not any("\n\n" in body for body in others):
        last = last.split("\n\n", 1)[0].rstrip()
    return [*others, chatter.without_closing([*others, last], one_line_each=True)]
