"""What templates make of real rows: the first look before a whole dataset is converted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ift_builder.rendering import lint
from ift_builder.rendering.augmentation import Moves
from ift_builder.rendering.bound import BoundTemplate
from ift_builder.rendering.spec import Origin, Recipe
from ift_builder.rendering.template_rows import Rows
from ift_builder.templating.values import RowSkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ift_builder.formats.template_set import TemplateSet
    from ift_builder.rendering.compiled import Draft
    from ift_builder.sources.table import Dataset


@dataclass(frozen=True, slots=True)
class Look:
    """One template on one row."""

    template: str
    """The template's name."""

    row: int
    """The row's number, from 0."""

    draft: Draft | None
    """What came out."""

    reason: str = ""
    """Why nothing did."""


def preview(file: TemplateSet, dataset: Dataset, rows: int, seed: int = 0) -> Iterator[Look]:
    """Renders each template on the first `rows` rows; raises as `convert` would."""
    lint.refuse(file)
    origin = Origin.of(dataset)
    recipe = Recipe(origin, tuple((file, text) for text in file.templates), Moves(), seed)
    for text in file.templates:
        template = BoundTemplate(file, text, recipe)
        yield from islice(_looks(template, dataset), rows)


def _looks(template: BoundTemplate, dataset: Dataset) -> Iterator[Look]:
    names = template.needed
    for batch in dataset.batches(names or list(dataset.columns)[:1]):
        rows = Rows(template, dict(zip(names, batch.columns(names), strict=True)))
        for offset, values in rows.of(range(len(batch))):
            yield _look(template, rows, values, offset, batch.first_row)


def _look(template: BoundTemplate, rows: Rows, values: Sequence[Any], offset: int, first_row: int) -> Look:
    name, row = template.compiled.text.name, first_row + offset
    try:
        rows.refuse(offset)
        return Look(name, row, template.compiled.draft(zip(template.names, values, strict=True), row))
    except RowSkippedError as skipped:
        return Look(name, row, None, f"{rows.reason(offset, skipped)} {skipped.detail}".strip())
