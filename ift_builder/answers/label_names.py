"""The names that labels have: with a word before them (`Expected Output`), and in the middle of a line.

Texts have such names too: a programming problem has a `Sample Input`, code is followed by `Example Output`. Of the
names that an answer uses for one field only one is a label, and all others are content:

* A plain name (`Output`), if there is one.
* Else the first one with a word before it. Names with the same word go together: where the `Sample Input` is content,
  the `Sample Output` is as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

QUALIFIER: Final = "example|sample|expected|correct|desired|test|possible|suggested"
"""What models write before `Input` and `Output`, as a regular expression; `actual` is no answer but a test's report."""

_INLINE: Final = regex.compile(
    rf"""(?P<bold>[*_]{{1,3}})? (?:(?P<number>\d{{1,4}})[.)][ ]?)? \b(?:(?P<qualifier>{QUALIFIER})[ ])?
        (?P<name>input|output|answer|class[ ]label|label|constraints) [ ]?\d{{0,4}}
        (?P<closing>(?(bold)[*_]{{0,3}})) [:：] (?P<closing>(?(bold)[*_]{{0,3}})) [ \t]*+""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SIGNS: Final = ("-->", "==>", "->", "=>", "→", "|", "/", "–", "—", "-")
_MARKS: Final = (",", ";", "|")


class Name(NamedTuple):
    """A name that an answer uses."""

    field: str
    """What it would open."""

    name: str
    """The name itself, in lower case: `Answer` may open an output."""

    qualifier: str
    """The word before it, in lower case; `""` for a plain name."""


class Inline(NamedTuple):
    """A label in the middle of a line."""

    name: str
    qualifier: str
    """In lower case both."""

    end: int
    """Where the text before it ends, without a comma or arrow between the two."""

    begin: int
    """Where its own text begins."""

    bold: str
    """The bold mark before it that is still open there, or `""`."""


def chosen(found: Sequence[Name], ranks: Sequence[str], *, input_first: bool = True) -> dict[str, Name]:
    """Which name opens each field.

    Args:
        found: The names at the beginnings of an answer's lines, in order.
        ranks: All names; of two plain ones for a field the first in this order counts.
        input_first: Whether inputs stand above outputs, so that one with a word before it below an output is content.
    """
    used = list(dict.fromkeys(found))
    fields = list(dict.fromkeys(one.field for one in used))
    labels: dict[str, Name] = {}
    for field in fields:
        own = [one for one in used if one.field == field]
        others = {(one.field, one.qualifier) for one in used if one.field != field}
        plain = sorted((one for one in own if not one.qualifier), key=lambda one: ranks.index(one.name))
        if plain:
            labels[field] = plain[0]
        elif not (input_first and field == "input" and field != fields[0]):
            taken = {label.qualifier for label in labels.values()}
            alike = [one for one in own if one.qualifier in taken]
            fitting = alike or [one for one in own if not _has_partner(one, others)]
            labels |= dict(zip([field], fitting, strict=False))
    return labels


def _has_partner(one: Name, others: Collection[tuple[str, str]]) -> bool:
    """Whether another field has a name with the same word, and a plain one, so that both of the pair are content."""
    return any(q == one.qualifier and (field, "") in others for field, q in others)


def case(name: str) -> str:
    """How the letters of a name are written; a label in a line is written as the line's own."""
    return "upper" if name.isupper() else "lower" if name.islower() else "title"


def inline(text: str, *, like: str, number: int | None = None) -> list[Inline]:
    """The labels in the middle of a line, such as `Output:` in `3, 1 -> Output: 1, 3`.

    Args:
        text: What follows the line's own label.
        like: The line's own name, which they are written like.
        number: The line's own number, which may stand before them too.
    """
    found = []
    for match in _INLINE.finditer(text):
        is_own = match["number"] is None or int(match["number"]) == number
        start = match.start() if is_own else match.end("number") + 1
        before = text[:start]
        apart = not before or before[-1].isspace() or before.endswith((*_MARKS, ">", "→"))
        if apart and case(match["name"]) == case(like):
            name, qualifier = match["name"].lower(), (match["qualifier"] or "").lower()
            bold = "" if any(match.captures("closing")) else match["bold"] or ""
            found.append(Inline(name, qualifier, _end(before), match.end(), bold))
    return found


def _end(before: str) -> int:
    """Where a text ends that has another below it on its line, without the sign between the two."""
    text = before.rstrip()
    for sign in _SIGNS:
        if text.endswith(sign) and (text == sign or text[-len(sign) - 1].isspace()):
            return len(text.removesuffix(sign).rstrip())
    return len(text.removesuffix(next((mark for mark in _MARKS if text.endswith(mark)), "")).rstrip())
