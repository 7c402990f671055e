r"""Says of a line of an answer whether it is a label (`4. Instruction: …`), a separator (`###`) or a head (`Task 4`).

A label is one of the given names at the start of a line, with a colon after it; a Markdown heading or bold word needs
none. A number may stand before or after it, list marks, heading marks and bold marks around it::

    4. Instruction: Sort.    **Input:** pear, fig    ### 4. Output    - Output: fig    Input 4:    Task 4 - Input:

What a label looks like is kept with it, since an `Output:` inside a text seldom looks like the answer's own labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from ift_builder.answers import markdown

_LABEL = regex.compile(
    r"""^(?P<indent>[ \t]{0,8}) (?P<item>[-*•+][ \t]++)? (?P<heading>[\#>]{1,6})? [ \t]*+ (?P<bold>\*{1,3}|_{1,3})?
        (?: (?:(?:Task|Example|Item)[ ]+)? \#?(?P<number>\d{1,4}) [ \t]*+ (?:\\?[.):]|(?<=[ ])[-–—])? [ \t]*+ )?
        (?P<bold>\*{1,3}|_{1,3})? [ \t]*+ (?P<bold>\*{1,3}|_{1,3})? (?P<name>instruction|input|output|constraints?)
        (?:[ \t]*\#?(?P<number>\d{1,4}))? (?P<bold>\*{1,3}|_{1,3})? [ \t]*+
        (?: [:：] (?P<bold>\*{1,3}|_{1,3}(?=\s|$))? [ \t]* (?P<rest>.*) | $ )$""",
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
    case = "upper" if name.isupper() else "lower" if name.islower() else "title"
    return Mark(
        field=_FIELDS.get(name.lower(), name.lower()),
        number=int(number[0]) if number else None,
        look=(bool(match["item"]), match["heading"] or "", bool(bold), case),
        rest=markdown.unbold(bold[-1] + rest) if is_open and rest else rest or "",
        column=len((match["indent"] + (match["item"] or "")).expandtabs(4)),
    )


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
