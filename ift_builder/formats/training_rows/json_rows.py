"""Rows of JSON lines, of a JSON array and of an object with one inside, as they are; a broken line ends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.inputs import json_array

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LISTS_OF_ROWS: Final = frozenset(["messages", "conversations", "instances", "prompt", "chosen"])
"""Columns that hold lists in a row: an object with one of them is a row itself."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands in a row's place where none can be read."""

    why: str
    """In words."""


def is_array(path: Path) -> bool:
    """Whether a `.json` file is one value, and not an object a line in spite of its name."""
    with inputs.opened(path) as file:
        return json_array.begins_array(file) or not json_array.holds_object_lines(file)


def lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yields (line number from 1, value) for each line that is not blank."""
    number = 0
    with inputs.opened(path) as file:
        while True:
            number += 1
            try:
                line = inputs.readline(file, "")
            except inputs.LongLineError as error:
                yield number, Unreadable(error.what)
                inputs.skip_line(file)
                continue
            if not line:
                return
            if not line.isspace():
                yield number, _row(line)


def _row(line: bytes) -> Any:
    if fault := inputs.json_fault(line):
        return Unreadable(fault)
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Unreadable(f"not valid JSON: {error}")


def array_or_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yields (row from 0, value), or of a file with an object a line what `lines` does."""
    if not is_array(path):
        yield from lines(path)
        return
    number = 0
    with inputs.opened(path) as file:
        rows = (element.value for element in json_array.elements(file)) if json_array.begins_array(file) else None
        try:
            for row in rows or _inside(path):
                yield number, row
                number += 1
        except InputError as error:
            yield number, Unreadable(error.what)


def _inside(path: Path) -> list[Any]:
    """The rows of an object that holds one array of objects, or the object itself as a row.

    Raises:
        InputError: It is too large, or no JSON.
    """
    content = inputs.read_json(path)
    if not isinstance(content, dict):
        return [content]
    arrays = [value for value in content.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    is_row = _LISTS_OF_ROWS & content.keys()
    return arrays[0] if len(arrays) == 1 and not is_row else [content]
