"""Knows which lines of an answer are labels of instances: `Input:`, `Output:`, `Class label:`, `Expected Output:`.

* A label stands at the start of its line and ends in a colon; Markdown marks around it make no difference.
* Labels may be items of a list (`- Input:`, `1. Input:`) if the first label of the answer is one. They may be indented
  by more than three columns if no other label of their kind is less, and nothing but talk stands above the first.
* Of several names for one thing only the first that the answer uses is a label: `Label:` is content where there is a
  `Class label:`, and so is `Answer:` where there is an `Output:` or no `Input:`. A name with a word before it
  (`Example Input:`) is one by the rules of `label_names`, if nothing but talk stands above the first: a solution may be
  followed by its `Example Output:`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import regex

from ift_builder.answers import chatter, label_names, markdown
from ift_builder.answers.label_names import QUALIFIER, Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Kind = Literal["content", "example", "input", "output", "label"]

INPUT_FIRST: Final[Mapping[str, Kind]] = {"input": "input", "output": "output", "answer": "output"}
"""The labels of the shape `Input:`, `Output:`; of two names for one thing the preferred one first."""

OUTPUT_FIRST: Final[Mapping[str, Kind]] = {"input": "input", "class label": "label", "label": "label"}
"""The labels of the shape `Class label:`, `Input:`."""

_NAMES: Final = "input|output|answer|class[ ]label|label"
_LABEL = regex.compile(
    rf"""^(?P<indent>[ \t]{{0,24}}) (?P<item>(?:[-*•+]|\d{{1,2}}[.)])[ \t]++)? (?:[\#>]++[ \t]*+)?
        (?P<bold>[*_]{{1,3}})? (?:(?P<qualifier>{QUALIFIER})[ ])? (?P<name>{_NAMES})
        (?:[ ](?P<qualifier>example|sample))? [ \t]*+\d* (?P<closing>(?(bold)[*_]{{0,3}}))
        [ \t]*+[:：](?P<closing>(?(bold)[*_]{{0,3}})) [ \t]*(?P<rest>.*)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_EXAMPLE = regex.compile(
    rf"""^[ \t]{{0,3}} (?P<item>(?:[-*•+]|\d{{1,2}}[.)])[ \t]++)?
        (?P<marks>[\#>]*[ \t]*[*_]{{0,3}}) Example [ \t]*+(?P<number>\d*+)[*_]*+[ \t]*+
        (?: (?:[.:：–—(-] [*_]* | (?=(?:{_NAMES})\b)) [ \t]*(?P<title>.*) | [ \t*_]* )$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_WIDEST_INDENT: Final = 3
"""Columns; Markdown takes a line that is indented more for code."""

TASK_AGAIN: Final = regex.compile(r"^[*_#\s]*Task[*_]*:", regex.IGNORECASE)
"""The prompt's own label, which some models repeat with the task."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer."""

    text: str
    """The whole of it."""

    kind: Kind = "content"
    """What it is."""

    rest: str = ""
    """What follows the label on its line."""

    column: int = 0
    """How many columns the list or the indentation that the label is in indents the lines below."""

    is_code: bool = False
    """Whether it stands in a code fence."""


@dataclass(frozen=True, slots=True)
class Head:
    """A line `Example 1`, perhaps with more on it."""

    number: int | None
    title: str
    is_marked: bool
    """Whether it is a Markdown heading or bold."""

    is_item: bool
    """Whether it is an item of a list, as all of an answer's are or none."""


def head(line: str) -> Head | None:
    """The line as a header, if it is one."""
    match = _EXAMPLE.match(line)
    title = (match["title"] or "").rstrip(" \t*_") if match else ""
    if match is None or (title and not match["number"]):
        return None
    number = int(match["number"]) if match["number"] else None
    return Head(number, title, bool(match["marks"].strip()), bool(match["item"]))


def is_talk(line: str, below: str) -> bool:
    """Whether the line is small talk, the task said again, or an announcement with a blank line below."""
    announces = line.endswith((":", "!", "：", "！")) and not below.strip()
    return not line or announces or markdown.is_rule(line) or chatter.opens(line) or bool(TASK_AGAIN.match(line))


class Labels:
    """The labels that an answer uses."""

    def __init__(self, lines: Sequence[str], names: Mapping[str, Kind]) -> None:
        """Looks through an answer.

        Args:
            lines: The answer's.
            names: Which labels to look for: `INPUT_FIRST` or `OUTPUT_FIRST`.
        """
        titles = [example.title if (example := head(line)) else line for line in lines]
        matches = [(at, match) for at, title in enumerate(titles) if (match := _LABEL.match(title))]
        has_input = any(match["name"].lower() == "input" for _, match in matches)
        self._kinds = {name: kind for name, kind in names.items() if name != "answer" or has_input}
        found = [(at, match, name) for at, match in matches if (name := self._name(match))]
        first = found[0][0] if found else 0
        opens = _opens(lines[:first])
        self._input_first = "output" in names
        self._chosen = label_names.chosen(
            [name for name in self._used(found) if opens or not name.qualifier],
            list(names),
            input_first=self._input_first,
        )
        own = [(match, name.field) for _, match, name in found if self._chosen.get(name.field) == name]
        self._in_list = bool(own) and bool(own[0][0]["item"])
        self._widest = self._indents(own) if opens else {}
        self._known: dict[str, Line] = {}

    def line(self, text: str) -> Line:
        """The line as a label, if it is one; several ask of each."""
        if text not in self._known:
            self._known[text] = self._line(text)
        return self._known[text]

    def parts(self, line: Line) -> list[Line]:
        """The labels of a line that holds whole pairs, such as `Input: 3 Output: 4`; else the line itself."""
        match = _LABEL.match(line.text)
        if match is None:
            return [line]
        inner = [(kind, one) for kind, one in self._inline(match) if self._chosen.get(kind) == _inner_name(kind, one)]
        kinds = [line.kind, *(kind for kind, _ in inner)]
        if len(kinds) % 2 or any(above == below for above, below in pairwise(kinds)):
            return [line]
        rest, start = match["rest"], match.start("rest")
        ends = [*(one.end for _, one in inner), len(rest)]
        begins = [(0, _open_bold(match)), *((one.begin, one.bold) for _, one in inner)]
        whole = [line.text[: start + ends[0]], *(rest[a:b].lstrip() for a, b in pairwise(ends))]
        texts = [markdown.unbold(bold + rest[at:end]) for (at, bold), end in zip(begins, ends, strict=True)]
        return [Line(*part, column=line.column) for part in zip(whole, kinds, texts, strict=True)]

    def _name(self, match: regex.Match[str]) -> Name | None:
        name = match["name"].lower()
        kind = self._kinds.get(name)
        qualifier = next(iter(match.captures("qualifier")), "")
        return Name(kind, name, qualifier.lower()) if kind else None

    def _used(self, found: Sequence[tuple[int, regex.Match[str], Name]]) -> Iterator[Name]:
        """The names at the beginnings of lines, and those within lines of what no line begins with."""
        fields = {name.field for _, _, name in found}
        yield from (name for _, _, name in found)
        for _, match, _ in found:
            yield from (_inner_name(kind, one) for kind, one in self._inline(match) if kind not in fields)

    def _inline(self, match: regex.Match[str]) -> list[tuple[Kind, label_names.Inline]]:
        inner = label_names.inline(match["rest"], like=match["name"])
        return [(kind, one) for one in inner if (kind := self._kinds.get(one.name))]

    def _indents(self, own: Sequence[tuple[regex.Match[str], str]]) -> dict[str, int]:
        """By how many columns the labels of each kind may be indented: as the least of them."""
        widest: dict[str, int] = {}
        for match, field in own:
            indent = _width(match["indent"])
            widest[field] = min(indent, widest.get(field, indent))
        outer = own[0][1] if own else ""
        if self._input_first and outer == "output" and "input" in widest:
            widest["input"] = min(widest["input"], widest["output"])
        return widest

    def _line(self, text: str) -> Line:
        match = _LABEL.match(text)
        name = self._name(match) if match else None
        if match is None or name is None or self._chosen.get(name.field) != name:
            return Line(text)
        indent, item = _width(match["indent"]), match["item"] or ""
        if not self._in_list and (item or indent > max(_WIDEST_INDENT, self._widest.get(name.field, 0))):
            return Line(text)
        column = _width(match["indent"] + item) if self._in_list or indent > _WIDEST_INDENT else 0
        return Line(text, self._kinds[name.name], markdown.unbold(_open_bold(match) + match["rest"]), column)


def _inner_name(kind: Kind, one: label_names.Inline) -> Name:
    return Name(kind, one.name, one.qualifier)


def _open_bold(match: regex.Match[str]) -> str:
    """The bold mark before a label that is not closed behind it, and so wraps its line."""
    return "" if any(match.captures("closing")) else match["bold"] or ""


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def _opens(above: Sequence[str]) -> bool:
    """Whether nothing but talk stands above an answer's first label, or a header does.

    Talk is a paragraph that ends as such lines do, and no code; a fence may open right above the label.
    """
    if any(head(line) for line in above):
        return True
    told = [line.rstrip() for line in above]
    while told and not told[-1]:
        told.pop()
    if told and markdown.is_fence(told[-1]):
        told.pop()
    if any(map(markdown.is_fence, told)):
        return False
    return all(_is_title(line) or is_talk(line, below) for line, below in pairwise([*told, ""]) if not below)


def _is_title(line: str) -> bool:
    return line.startswith("#") or markdown.unbold(line) != line
