"""Says of every line of an answer what it is: `Example 1`, `Input:`, `Output:`, `Class label:`, or content.

* A label stands at the start of its line and ends in a colon; Markdown marks around it make no difference.
* Labels may be items of a list (`- Input:`, `1. Input:`) if the first label of the answer is one.
* Of several names for one thing only the first that the answer uses is a label: `Label:` is content where there is a
  `Class label:`, and so is `Answer:` where there is an `Output:` or no `Input:`.
* `Example 2` is a header if its number is the one after the last header's, so that `Example 7` inside an output is
  none. More on its line is a title if an `Input:` comes next or if the line is a Markdown heading or bold; directly
  above `Output:` it is the input.
* Lines inside a code fence are content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import regex

from ift_builder.answers import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Kind = Literal["content", "example", "input", "output", "label"]

INPUT_FIRST: Final[Mapping[str, Kind]] = {"input": "input", "output": "output", "answer": "output"}
"""The labels of the shape `Input:`, `Output:`; of two names for one thing the preferred one first."""

OUTPUT_FIRST: Final[Mapping[str, Kind]] = {"input": "input", "class label": "label", "label": "label"}
"""The labels of the shape `Class label:`, `Input:`."""

_LABEL = regex.compile(
    r"""^(?P<indent>[ \t]{0,8}) (?P<item>(?:[-*•+]|\d{1,2}[.)])[ \t]++)? (?:[\#>]++[ \t]*+)? (?P<bold>[*_]{1,3})?
        (?P<name>input|output|answer|class[ ]label|label) [ \t]*+\d* (?P<closing>(?(bold)[*_]{0,3}))
        [ \t]*+[:：](?P<closing>(?(bold)[*_]{0,3})) [ \t]*(?P<rest>.*)$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_EXAMPLE = regex.compile(
    r"""^[ \t]{0,3} (?P<marks>[\#>]*[ \t]*[*_]{0,3}) Example [ \t]*+(?P<number>\d*+)[*_]*+[ \t]*+
        (?: [.:：–—(-] [*_]*[ \t]*(?P<title>.*) | [ \t*_]* )$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_WIDEST_INDENT: Final = 3
"""Columns; Markdown takes a line that is indented more for code."""


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
    """How many columns the list that the label is in indents the lines below."""


def read(text: str, names: Mapping[str, Kind]) -> list[Line]:
    """The lines of an answer, its line ends made one kind and fences around labels left out.

    Args:
        text: A model's answer.
        names: Which labels to look for: `INPUT_FIRST` or `OUTPUT_FIRST`.
    """
    raw = markdown.lines(text)
    labels = _Labels(raw, names)
    unwrapped = markdown.unwrapped(
        raw,
        is_label=lambda line: labels.line(line).kind != "content",
        is_head=lambda line: (head := _head(line)) is not None and head.number is not None,
    )
    lines = [(Line(line) if is_code else labels.line(line), is_code) for line, is_code in unwrapped]
    return list(_with_heads(lines, labels))


@dataclass(frozen=True, slots=True)
class _Head:
    number: int | None
    title: str
    is_marked: bool


def _head(line: str) -> _Head | None:
    match = _EXAMPLE.match(line)
    title = (match["title"] or "").rstrip(" \t*_") if match else ""
    if match is None or (title and not match["number"]):
        return None
    return _Head(int(match["number"]) if match["number"] else None, title, bool(match["marks"].strip()))


class _Labels:
    """The labels that an answer uses."""

    def __init__(self, lines: Sequence[str], names: Mapping[str, Kind]) -> None:
        titles = [head.title if (head := _head(line)) else line for line in lines]
        found = [match for match in map(_LABEL.match, titles) if match and match["name"].lower() in names]
        used = {match["name"].lower() for match in found}
        if "input" not in used:
            used.discard("answer")
        preferred: dict[Kind, str] = {}
        for name, kind in names.items():
            if name in used:
                preferred.setdefault(kind, name)
        self._known: dict[str, Line] = {}
        self._kinds: dict[str, Kind] = {name: kind for kind, name in preferred.items()}
        first = next((match for match in found if match["name"].lower() in self._kinds), None)
        self._in_list = first is not None and bool(first["item"])

    def line(self, text: str) -> Line:
        """The line as a label, if it is one; several ask of each."""
        if text not in self._known:
            self._known[text] = self._line(text)
        return self._known[text]

    def _line(self, text: str) -> Line:
        match = _LABEL.match(text)
        kind = self._kinds.get(match["name"].lower()) if match else None
        if match is None or kind is None:
            return Line(text)
        indent = len(match["indent"] + (match["item"] or ""))
        if not self._in_list and (match["item"] or indent > _WIDEST_INDENT):
            return Line(text)
        unclosed = match["bold"] or "" if not any(match.captures("closing")) else ""
        return Line(text, kind, markdown.unbold(unclosed + match["rest"]), indent if self._in_list else 0)


def _with_heads(lines: Sequence[tuple[Line, bool]], labels: _Labels) -> Iterator[Line]:
    last: int | None = None
    for index, (line, is_code) in enumerate(lines):
        head = None if is_code else _head(line.text)
        if head is None or not (last is None or head.number is None or head.number == last + 1):
            yield line
            continue
        places = range(index + 1, len(lines))
        following: Kind = next((lines[at][0].kind for at in places if lines[at][0].text.strip()), "content")
        below = _below(head, labels.line(head.title), following)
        if below is None:
            yield line
            continue
        last = head.number if head.number is not None else last
        yield Line(line.text, "example")
        yield from below


def _below(head: _Head, title: Line, following: Kind) -> list[Line] | None:
    """What of a header's own line belongs below it; None if the line is no header."""
    if title.kind != "content":
        return [title]
    if not head.title or head.is_marked or following in {"input", "label"}:
        return []
    return [title] if following == "output" else None
