"""A column's values as the declared type wants them; what is of another kind says so where a template uses it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ift_builder.templating.values import Misfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.formats.template_set import Column

_TYPES: dict[str, set[type]] = {
    "text": {str},
    "integer": {int},
    "number": {int, float, Decimal},
    "boolean": {bool},
    "list": {list},
    "record": {dict},
}

_KINDS = {str: "a text", bool: "true or false", int: "an integer", float: "a number", list: "a list", dict: "a record"}
"""What JSON holds. Other kinds, such as dates and Arrow's maps, are taken for whatever the templates declare."""

WRITTEN: dict[str, Callable[[str], Any]] = {"text": str, "integer": int, "number": float}
"""The declared types that a file without types can hold, and how its texts become them."""


def of(raw: list[Any], column: Column, *, is_guessed: bool) -> list[Any]:
    """The values.

    Args:
        raw: As the file gave them.
        column: What the templates declare.
        is_guessed: Whether the file has no types: texts of digits may have come as numbers, and the other way round.
    """
    expected = _TYPES.get(column.type)
    if expected is None:
        return raw
    if set(map(type, raw)) <= expected:
        return raw
    if is_guessed and column.type in WRITTEN:
        raw = [_written(value, column.type) for value in raw]
    wrong = _KINDS.keys() - expected
    return [
        Misfit(value, f"{column.name!r} is {_KINDS[type(value)]} here, and the templates take it for {column.type}")
        if type(value) in wrong
        else value
        for value in raw
    ]


def _written(value: Any, type_: str) -> Any:
    """The value as the type; what cannot be one stays, and so does an empty field, a null but for texts."""
    if type_ == "text":
        return "" if value is None else str(value)
    if isinstance(value, str):
        try:
            return WRITTEN[type_](value) if value else None
        except ValueError:
            return value
    return value
