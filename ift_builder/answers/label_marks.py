r"""Says of a line of an answer whether it is a label (`4. Instruction: …`), a separator (`###`) or a head (`Task 4`).

A label is one of the given names at the start of a line, with a colon after it; a Markdown heading or bold word needs
none. A number may stand before or after it, list marks, heading marks and bold marks around it::

    4. Instruction: Sort.    **Input:** pear, fig    ### 4. Output    - Output: fig    Input 4:    Task 4 - Input:

What a label looks like is kept with it, since an `Output:` inside a text seldom looks like the answer's own labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from ift_builder.answers import label_names, markdown
from ift_builder.answers.label_names import QUALIFIER

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL = regex.compile(
    rf"""^(?P<indent>[ \t]{{0,16}}) (?P<item>[-*•+][ \t]++)? (?P<heading>[\#>]{{1,6}})? [ \t]*+
        (?P<bold>\*{{1,3}}|_{{1,3}})?
        (?: (?:(?:Task|Example|Item)[ ]+)? \#?(?P<number>\d{{1,4}}) [ \t]*+ (?:\\?[.):]|(?<=[ ])[-–—])? [ \t]*+ )?
        (?P<bold>\*{{1,3}}|_{{1,3}})? [ \t]*+ (?P<bold>\*{{1,3}}|_{{1,3}})?
        (?: (?P<name>instruction|constraints?)
          | (?:(?P<qualifier>{QUALIFIER})[ ])? (?P<name>input|output) (?:[ ](?P<qualifier>example|sample))? )
        (?:[ \t]*\#?(?P<number>\d{{1,4}}))? (?P<bold>\*{{1,3}}|_{{1,3}})? [ \t]*+
        (?: [:：] (?P<bold>\*{{1,3}}|_{{1,3}}(?=\s|$))? [ \t]* (?P<rest>.*) | $ )$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""No plural of `instruction`: recipes have a heading `Instructions`.
Spaces are taken possessively (`*+`): else a line of many would be tried with each way to share them out."""

_HEAD = regex.compile(
    r"""^[ \t]{0,3} (?P<marks>[\#>]*[ \t]*+[*_]{0,3}) (?P<word>Task|Example|Item|Entry|Block)? [ \t]*+
        \#?(?P<number>\d{1,4})? [.):]? [*_]{0,3} [ \t]*+ (?:[:.–—-]?[ \t]*+(?P<title>\S.*))?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SEPARATOR = regex.compile(r"^[ \t]{0,3}(?:\#{2,}|={3,})[ \t]*$")
_FIELDS = {"constraint": "constraints"}
_LIKE = {"upper": "X", "lower": "x", "title": "Xx"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A label."""

    field: str
    """What it opens: `instruction`, `input`, `output` or `constraints`."""

    number: int | None
    """As it stands before or after the name."""

    look: tuple[object, ...]
    """How it is marked: as a list item, heading, in bold, and in which case its letters are."""

    rest: str
    """What follows it on its line."""

    column: int
    """How many columns stand before the mark, which the lines below may be indented by as well."""

    qualifier: str = ""
    """The word before the name, as in `Expected Output`, in lower case."""


def label(line: str) -> Mark | None:
    """The label that opens the line, if one does."""
    match = _LABEL.match(line)
    if match is None:
        return None
    bold, rest, name = match.captures("bold"), match["rest"], match["name"]
    is_open = len(bold) % 2 == 1
    if rest is None and not match["heading"] and (not bold or is_open):
        return None
    number = match.captures("number")
    return Mark(
        field=_field(name.lower()),
        number=int(number[0]) if number else None,
        look=(bool(match["item"]), match["heading"] or "", bool(bold), label_names.case(name)),
        rest=markdown.unbold(bold[-1] + rest) if is_open and rest else rest or "",
        column=len((match["indent"] + (match["item"] or "")).expandtabs(4)),
        qualifier=next(iter(match.captures("qualifier")), "").lower(),
    )


def inner(mark: Mark, names: Sequence[str]) -> list[Mark]:
    """The labels on a label's own line, such as `Output:` in `Input: 3 Output: 4`; the first is the line's own again.

    Args:
        mark: The line's label.
        names: The fields that may follow on its line, in order.
    """
    found = label_names.inline(mark.rest, like=_LIKE[str(mark.look[-1])], number=mark.number)
    found = [one for one in found if _field(one.name) in names]
    fields = [_field(one.name) for one in found]
    if not found or fields != [name for name in names if name in fields]:
        return [mark]
    ends = [*(one.end for one in found), len(mark.rest)]
    parts = [markdown.unbold(one.bold + mark.rest[one.begin : end]) for one, end in zip(found, ends[1:], strict=True)]
    return [
        replace(mark, rest=markdown.unbold(mark.rest[: ends[0]])),
        *(
            replace(mark, field=field, rest=rest, qualifier=one.qualifier)
            for one, field, rest in zip(found, fields, parts, strict=True)
        ),
    ]


def _field(name: str) -> str:
    return _FIELDS.get(name, name)


def is_separator(line: str) -> bool:
    """Whether the line is `###` or alike, which stands between blocks and in no text; a rule (`---`) may be either."""
    return _SEPARATOR.match(line) is not None


def head(line: str) -> tuple[int | None] | None:
    """The number of a line such as `Task 4`, `4.` or `### 4. Sorting`, in a tuple; None if the line is no such head.

    A number with more behind it must be a heading or bold, since it is a list's item otherwise.
    """
    match = _HEAD.match(line)
    if match is None or not (match["word"] or match["number"]):
        return None
    if match["title"] and not (match["marks"].strip() and match["number"]) and not (match["word"] and match["number"]):
        return None
    return (int(match["number"]) if match["number"] else None,)
