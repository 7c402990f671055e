"""Which shape a row has: told by its columns, in the order of this table."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ift_builder.formats.training_rows import views
from ift_builder.formats.training_rows.json_rows import Unreadable
from ift_builder.formats.training_rows.row import Fault, TrainingRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.formats.training_rows.files import DataFile

SHAPES: Final[dict[str, tuple[frozenset[str], Callable[[TrainingRow, dict[str, Any]], None]]]] = {
    "example": (frozenset(["instruction", "input", "output", "source", "task", "exemplars"]), views.example),
    "preference": (frozenset(["chosen", "rejected"]), views.preference),
    "messages": (frozenset(["messages"]), views.messages),
    "sharegpt": (frozenset(["conversations"]), views.sharegpt),
    "prompt-completion": (frozenset(["prompt", "completion"]), views.prompt_completion),
    "seed-task": (frozenset(["instruction", "instances"]), views.seed_task),
    "alpaca": (frozenset(["instruction", "output"]), views.alpaca),
    "text": (frozenset(["text"]), views.text),
}
"""By name: the columns that make the shape, and what fills in a row of it. `messages` is OpenAI's and TRL's form,
`sharegpt` has `from` and `value` in its turns, `example` is a row of our run folders."""


def view(file: DataFile, number: int, value: Any) -> TrainingRow:
    """The row as its shape shows it; a value that is no row, or of no known shape, is a row with a fault."""
    row = TrainingRow(file, number, value)
    if type(value) is not dict:
        row.faults = (_no_row(value),)
        return row
    row.shape = _shape(tuple(value))
    if row.shape:
        SHAPES[row.shape][1](row, value)
    else:
        columns = ", ".join(map(str, value)) or "none"
        row.faults = (Fault("unknown-shape", f"the columns make no shape that we know: {columns}"),)
    return row


@lru_cache(maxsize=256)
def _shape(columns: tuple[str, ...]) -> str:
    for name, (needed, _) in SHAPES.items():
        if needed <= set(columns):
            return name
    return ""


def _no_row(value: Any) -> Fault:
    if isinstance(value, Unreadable):
        return Fault("unreadable", value.why)
    return Fault("unreadable", f"expected a JSON object, found {type(value).__name__}")
