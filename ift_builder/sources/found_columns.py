"""The columns of a file without a schema: those of its first rows, and those that come later when one is asked for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ift_builder.sources.table import ColumnFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_KINDS = {str: "text", bool: "boolean", int: "integer", float: "number", list: "list", dict: "record"}


class FoundColumns(dict[str, ColumnFacts]):
    """Column facts by name. Asking for a name that the first batch lacks reads the file to its end, once."""

    def __init__(self, first: Iterable[dict[str, Any]], batches: Callable[[], Iterator[Any]]) -> None:
        """Takes the columns of the `first` rows; `batches` reads the file again."""
        super().__init__(_facts(first))
        self._batches: Callable[[], Iterator[Any]] | None = batches

    def __contains__(self, name: object) -> bool:
        if not super().__contains__(name):
            self._read_on()
        return super().__contains__(name)

    def __missing__(self, name: str) -> ColumnFacts:
        self._read_on()
        if super().__contains__(name):
            return super().__getitem__(name)
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict's."""
        return self[name] if name in self else default  # noqa: SIM401 - this is that method

    def __reduce__(self) -> tuple[Any, ...]:
        """Goes to other processes as a plain dict."""
        return dict, (dict(self.items()),)

    def _read_on(self) -> None:
        if self._batches is None:
            return
        batches, self._batches = self._batches, None
        later = _facts(row for batch in islice(batches(), 1, None) for row in batch.rows())
        self.update({name: facts for name, facts in later.items() if name not in self})


def _facts(rows: Iterable[dict[str, Any]]) -> dict[str, ColumnFacts]:
    kinds: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            kinds.setdefault(name, set()).update({_KINDS[type(value)]} if value is not None else ())
    return {name: ColumnFacts(_common(found)) for name, found in kinds.items()}


def _common(kinds: set[str]) -> str:
    if kinds == {"integer", "number"}:
        return "number"
    return next(iter(kinds)) if len(kinds) == 1 else "any"
