"""A row of a run's files as an `Example`, for those who need every field to be what it should be."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from ift_builder.errors import InputError
from ift_builder.records import Example, Exemplar, Source, Task, Turn, content_hash

if TYPE_CHECKING:
    from collections.abc import Callable

_HINT: Final = "`ift-build check` finds all such rows"


def example_of(row: dict[str, Any], where: str) -> Example:
    """The record in a row; what is missing or null is empty, but for instruction and output.

    Raises:
        InputError: A field is of another type, or one that trainers need is empty.
    """
    try:
        example = Example(**{field.name: _READERS[field.type](row, field.name) for field in fields(Example)})
        if not example.id:
            example = replace(example, id=content_hash(row))
    except (TypeError, AttributeError) as error:
        raise InputError(f"not an example: {error}", where=where, hint=_HINT) from error
    _refuse_useless(example, where)
    return example


def _refuse_useless(example: Example, where: str) -> None:
    for name in ("instruction", "output"):
        if not getattr(example, name).strip():
            raise InputError(f"the {name} is empty", where=where, hint=_HINT)
    expected = ("user", "assistant") * (len(example.history) // 2)
    if tuple(turn.role for turn in example.history) != expected:
        raise InputError(
            "the earlier turns do not alternate between user and assistant, ending with the assistant",
            where=where,
            hint=_HINT,
        )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"`{name}` must be text, found {type(value).__name__}")
    return value or ""


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    values = row.get(name) or ()
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"`{name}` must be a list of texts")
    return tuple(values)


def _records(kind: type[Any]) -> Callable[[dict[str, Any], str], tuple[Any, ...]]:
    return lambda row, name: tuple(_record(kind, item) for item in row.get(name) or ())


def _record(kind: type[Any], row: dict[str, Any]) -> Any:
    return kind(**{field.name: _READERS[field.type](row, field.name) for field in fields(kind)})


def _number(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is not None and not isinstance(value, int):
        raise TypeError(f"`{name}` must be a number, found {type(value).__name__}")
    return value


_READERS: Final[dict[Any, Callable[[dict[str, Any], str], Any]]] = {
    "str": _text,
    "int | None": _number,
    "tuple[str, ...]": _texts,
    "tuple[Exemplar, ...]": _records(Exemplar),
    "tuple[Turn, ...]": _records(Turn),
    "Source": lambda row, name: _record(Source, row.get(name) or {}),
    "Task": lambda row, name: _record(Task, row.get(name) or {}),
}
"""How a field is read, by its type as `records` writes it."""
