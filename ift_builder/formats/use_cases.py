"""Files of use cases: who wants an assistant for what, one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder import assets, jsonl
from ift_builder.errors import InputError
from ift_builder.formats import schemas
from ift_builder.records import UseCase

if TYPE_CHECKING:
    from pathlib import Path

_HINT: Final = (
    'a use case is one line such as {"id": "menus-1", "who": "A caterer", "needs": "menus for a given season", '
    '"category": "generation"}'
)


def shipped() -> Path:
    """The list that comes with the tool."""
    return assets.path("seeds", "use_cases.jsonl")


def read(path: Path) -> list[UseCase]:
    """All use cases of a file, in order; keys that the format does not know are passed over.

    Raises:
        InputError: A line is not a use case (names file, line, field and what was expected), an id stands twice, or
            the file holds none.
    """
    cases: dict[str, UseCase] = {}
    for number, row in jsonl.read(path):
        where = f"{path}:{number}"
        if complaint := schemas.complaint("use_case", row):
            raise InputError(complaint, where=where, hint=_HINT)
        case = UseCase(*(row[name] for name in ("id", "who", "needs", "category")))
        if case.id in cases:
            raise InputError(
                f"the id {case.id!r} stands on an earlier line too", where=where, hint="give each an id of its own"
            )
        cases[case.id] = case
    if not cases:
        raise InputError("the file holds no use case", where=str(path), hint=_HINT)
    return list(cases.values())
