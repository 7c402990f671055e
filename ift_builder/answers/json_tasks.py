"""Reads the tasks of a model's JSON, and what is left of them where the JSON is cut, broken or wrapped in talk.

Servers with JSON-schema output send one object, `{"tasks": [{…}, {…}]}`. Others are only asked for it, and send it in
fences, between sentences, as a bare list, or as one object after the other. The rules:

* The text is searched from its beginning for JSON values. A value with tasks in it is an object with `tasks` or with
  nothing but a list, a list with objects in it, or an object by itself; a list without objects is part of the prose.
* Where the outer object or list is not whole, its tasks are read one by one.
* A task that is not whole goes up to where the next one begins. The last one of an answer without an end was `cut`;
  any other is `not-json`.
* What is nested deeper than `_MOST_NESTED` is not read, so that neither time nor the stack runs out on any answer.
* Line breaks and tabs may stand in texts as they are, which JSON forbids and models do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = regex.compile(r'\{\s*"[^"\\]*"\s*:\s*\[\s*(?=[{\]]|$)|\[\s*(?=[{\]]|$)')
"""What stands before the first task."""

_OBJECT: Final = regex.compile(r'\{\s*(?:"(?:[^"\\]|\\.)*(?:"\s*(?::|$)|$)|$)', regex.DOTALL)
"""What begins with a key, which may be where the answer was cut."""

_TASK: Final = regex.compile(r'\{\s*"(?:instruction|input|output|is_classification)"\s*:')
"""Where a task begins, and what cannot stand in a JSON text, whose quotes are escaped."""

_MOST_NESTED: Final = 8
"""A task in its list in the outer object is three deep."""

_OPENING: Final = regex.compile(rf"[\[{{](?![\[{{]{{{_MOST_NESTED}}})")
"""A bracket; one with too many directly below it is passed over."""

_TOKEN: Final = regex.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}"\\]', regex.DOTALL)
"""A text, or a sign that counts outside one; a lone quote opens a text without an end."""

_ENDS: Final = ("}", "]", "```")
_HALVES: Final = regex.compile("[\ud800-\udfff]")
"""JSON can escape halves of characters, which no file can hold."""

_DECODER: Final = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the answer that is, or was to be, a task."""

    text: str
    """Its JSON."""

    value: Any = None
    """What it says."""

    problem: str = ""
    """Why it says nothing: `cut` or `not-json`."""


def read(text: str, *, was_cut: bool) -> list[Piece]:
    """The pieces of an answer in order; empty if there is nothing like a task in it.

    Args:
        text: A model's answer.
        was_cut: Whether the length limit cut it.
    """
    pieces = list(_pieces(text))
    if pieces and pieces[-1].problem and (was_cut or not text.rstrip().endswith(_ENDS)):
        pieces[-1] = Piece(pieces[-1].text, problem="cut")
    return pieces


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    while opening := _OPENING.search(text, at):
        start = opening.start()
        try:
            value, at = _value(text, start)
        except ValueError:
            at = start + 1
            if head := _HEAD.match(text, start):
                at = head.end()
            elif _OBJECT.match(text, start):
                following = _TASK.search(text, at)
                at = following.start() if following else len(text)
                yield Piece(text[start:at].rstrip(" \t\r\n,"), problem="not-json")
        else:
            for task in _tasks_in(value):
                whole = _with_whole_characters(task)
                yield Piece(json.dumps(whole, ensure_ascii=False), whole)


def _value(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at a bracket, and where it ends.

    Raises:
        ValueError: It is not whole, not JSON, or nested too deep.
    """
    depth = 0
    for token in _TOKEN.finditer(text, start):
        sign = token.group()
        depth += (sign in "[{") - (sign in "]}")
        if sign in ('"', "\\") or depth > _MOST_NESTED:
            break
        if not depth:  # a slice, since the decoder's error counts the lines of the whole text
            return _DECODER.decode(text[start : token.end()]), token.end()
    raise ValueError("no whole value")


def _tasks_in(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value if any(isinstance(one, dict) for one in value) else []
    lists = [one for one in value.values() if isinstance(one, list)]
    if lists and ("tasks" in value or len(value) == 1):
        return lists[0]
    return [value] if value else []


def _with_whole_characters(value: Any) -> Any:
    """The value with each half of a character replaced by the sign for what cannot be shown."""
    if isinstance(value, str):
        return _HALVES.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_with_whole_characters(one) for one in value]
    if isinstance(value, dict):
        return {_with_whole_characters(name): _with_whole_characters(one) for name, one in value.items()}
    return value
