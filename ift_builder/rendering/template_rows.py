"""A batch's rows as one template takes them: its variables' values, and which rows have no label or an unknown one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.rendering import spellings
from ift_builder.templating.values import RowSkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ift_builder.formats.template_set import Column
    from ift_builder.rendering.bound import BoundTemplate
    from ift_builder.rendering.columns import Variable


class Rows:
    """A batch's rows as one template takes them.

    Attributes:
        unlabelled: Offsets of the rows without a label.
        unknown: Offsets of the rows with a label that is none of the classes, with column and label.
        mapped: Offsets of the rows whose value another spelling stands for, by column.
    """

    def __init__(self, template: BoundTemplate, raw: dict[str, list[Any]]) -> None:
        self.mapped: dict[str, set[int]] = {}
        self._columns = [self._values(variable, template, raw) for variable in template.variables]
        self.unknown: dict[int, tuple[Column, Any]] = {}
        for variable in template.variables:
            if variable.column.classes:
                self.unknown.update(variable.unknown(raw[variable.column.name]))
        self.unlabelled = _minus_ones(raw, template.labels)
        self._asked_unlabelled = _minus_ones(raw, template.asked_labels)

    def _values(self, variable: Variable, template: BoundTemplate, raw: dict[str, list[Any]]) -> list[Any]:
        values, column = variable.values(raw[variable.column.name]), variable.column
        if column.spellings or column.one_of:
            choices = [raw[template.column_names[name]] for name in column.one_of]
            values, self.mapped[column.name] = spellings.mapped(values, column, choices)
        return values

    def of(self, offsets: Sequence[int]) -> Iterator[tuple[int, Sequence[Any]]]:
        """(offset, values of the template's variables) for each."""
        if isinstance(offsets, range) and self._columns:
            return enumerate(zip(*self._columns, strict=True))
        return ((offset, [column[offset] for column in self._columns]) for offset in offsets)

    def mapped_in(self, offset: int) -> list[str]:
        """The columns of the row whose value another spelling stands for."""
        return [column for column, offsets in self.mapped.items() if offset in offsets]

    def refuse(self, offset: int) -> None:
        """Raises for a row without a label or with an unknown one, before a template can take it for another choice."""
        if offset in self.unlabelled:
            raise RowSkippedError("unlabelled", "the label is -1")
        if offset in self.unknown:
            column, label = self.unknown[offset]
            raise RowSkippedError(
                "unknown-label", f"label {label!r}, but there are {len(column.classes)} classes"[:300]
            )

    def evidence(self, offset: int, detail: str) -> dict[str, Any]:
        """Why the row was dropped, with the label as the data has it, which the template's variables may not show."""
        found: dict[str, Any] = {"detail": detail} if detail else {}
        if offset in self.unknown:
            column, label = self.unknown[offset]
            found.update(column=column.name, value=label if isinstance(label, str) else repr(label)[:300])
        return found

    def reason(self, offset: int, skipped: RowSkippedError) -> str:
        """Why the row gave nothing: a template that asks for -1 itself says only that its condition was false."""
        came_out_empty = skipped.reason in ("condition-false", "empty-output", "empty-instruction")
        return "unlabelled" if came_out_empty and offset in self._asked_unlabelled else skipped.reason


def _minus_ones(raw: dict[str, list[Any]], names: Sequence[str]) -> set[int]:
    return {offset for name in names if -1 in raw[name] for offset, value in enumerate(raw[name]) if value == -1}
