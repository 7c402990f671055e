"""Values that the data writes in another way than it means them: misspelt, or an answer that is an option but for case.

Only what a file of templates declares is mapped, and each row that it happens to is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.formats.template_set import Column


def mapped(values: list[Any], column: Column, choices: Sequence[list[Any]]) -> tuple[list[Any], set[int]]:
    """The values with what stands for them, and the offsets of those that changed.

    Args:
        values: The column's.
        column: Says what is mapped.
        choices: The values of the columns in `column.one_of`, row by row as `values`.
    """
    spellings = dict(column.spellings)
    found = [spellings.get(value, value) if isinstance(value, str) else value for value in values]
    if choices:
        found = [_chosen(value, row) for value, row in zip(found, zip(*choices, strict=True), strict=True)]
    return found, {place for place, (new, old) in enumerate(zip(found, values, strict=True)) if new is not old}


def _chosen(value: Any, choices: Sequence[Any]) -> Any:
    """The choice that the value is but for case and blanks; the value where it is one already, or is none or two."""
    if not isinstance(value, str) or value in choices:
        return value
    plain = _plain(value)
    fitting = {choice for choice in choices if isinstance(choice, str) and _plain(choice) == plain}
    return fitting.pop() if len(fitting) == 1 else value


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
