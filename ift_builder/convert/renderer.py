"""Batches of rows in, lines of records out: the part of a conversion that runs on every core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ift_builder.convert import selection
from ift_builder.convert.tally import Tally
from ift_builder.records import line_of
from ift_builder.rendering.bound import BoundTemplate
from ift_builder.rendering.choice_formats import drawn_style
from ift_builder.rendering.exemplars import Exemplars
from ift_builder.rendering.template_rows import Rows
from ift_builder.templating.values import RowSkippedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.rendering.compiled import Draft
    from ift_builder.rendering.spec import Recipe
    from ift_builder.sources.table import Batch

LEVEL = "row"
"""What a dropped candidate would have become an example from."""


@dataclass(slots=True)
class Rendered:
    """What a batch of rows became."""

    rows: int
    """Rows in the batch."""

    examples: bytes
    """Lines for `examples.jsonl`."""

    dropped: bytes
    """Lines for `dropped.jsonl`."""

    tallies: list[Tally]
    """Counts for each template."""


class Renderer:
    """Renders batches of one dataset.

    Attributes:
        templates: The bound templates.
        columns: The dataset's columns that they need.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Compiles the templates and binds them to the dataset; raises as `BoundTemplate`."""
        self._recipe = recipe
        self._shapes = recipe.moves.shapes
        self._styled = recipe.moves.options == "styled"
        self.templates = [BoundTemplate(file, text, recipe) for file, text in recipe.templates]
        named = {name for template in self.templates for name in template.needed}
        self.columns = tuple(name for name in recipe.origin.columns if name in named)
        self._exemplars = [self._exemplars_of(template) for template in self.templates] if recipe.pool else []

    def render(self, batch: Batch) -> Rendered:
        """The batch's records, row by row, and within a row in the order of the templates.

        Raises:
            TemplateError: A template does what no template may; names template and row.
            InputError: The data is damaged; names file and line.
        """
        count, width = len(batch), len(self.templates)
        raw = dict(zip(self.columns, batch.columns(self.columns), strict=True))
        examples, dropped = [b""] * (count * width), [b""] * (count * width)
        tallies = [Tally() for _ in self.templates]
        for place, template in enumerate(self.templates):
            rows = Rows(template, raw)
            offsets = self._offsets(place, batch.first_row, count, tallies[place])
            for offset, values in rows.of(offsets):
                slot = offset * width + place
                try:
                    rows.refuse(offset)
                    examples[slot] = self._lines(place, values, batch.first_row + offset, tallies[place])
                    if rows.mapped:
                        tallies[place].mapped.update(rows.mapped_in(offset))
                except RowSkippedError as skipped:
                    reason = rows.reason(offset, skipped)
                    row = batch.first_row + offset
                    tallies[place].drop(row, reason, skipped.detail)
                    dropped[slot] = _dropped(template, values, row, reason, rows.evidence(offset, skipped.detail))
        return Rendered(count, b"".join(examples), b"".join(dropped), tallies)

    def _offsets(self, place: int, start: int, count: int, tally: Tally) -> Sequence[int]:
        """The batch's rows that this template gets."""
        met = selection.met(self._recipe, place, start, count)
        below = selection.below_cap(self._recipe, place, start, count)
        tally.seen = count if met is None else int(met.sum())
        if met is None and below is None:
            return range(count)
        chosen = met if below is None else below if met is None else met & below
        assert chosen is not None
        offsets: list[int] = chosen.nonzero()[0].tolist()
        tally.beyond_cap = tally.seen - len(offsets)
        return offsets

    def _lines(self, place: int, values: Sequence[Any], row: int, tally: Tally) -> bytes:
        """The row's records; usually one."""
        template = self.templates[place]
        style = drawn_style(self._recipe.seed, template.compiled.text.name, row) if self._styled else None
        draft = template.compiled.draft(zip(template.names, values, strict=True), row, style)
        tally.kept += 1
        if self._shapes == ((0, True),):
            tally.examples += 1
            return _line(template, draft, row, draft.rationale, ())
        lines: dict[bytes, bool] = {}
        for shots, reasoning in self._shapes:
            rationale = draft.rationale if reasoning else ""
            exemplars = self._draw(place, draft, row, shots, style, reasoning=bool(rationale))
            lines[_line(template, draft, row, rationale, exemplars)] = len(exemplars) < shots
        tally.examples += len(lines)
        tally.short_of_exemplars += sum(lines.values())
        return b"".join(lines)

    def _draw(self, place: int, draft: Draft, row: int, shots: int, style: Any, *, reasoning: bool) -> Sequence[Any]:
        return self._exemplars[place].draw(draft, row, shots, style, reasoning=reasoning) if shots else ()

    def _exemplars_of(self, template: BoundTemplate) -> Exemplars:
        moves = self._recipe.moves
        raw = {name: [values[name] for _, values in self._recipe.pool] for name in self.columns}
        rows = Rows(template, raw)
        numbers = [row for row, _ in self._recipe.pool]
        pool = [
            (numbers[offset], dict(zip(template.names, values, strict=True)))
            for offset, values in rows.of(range(len(numbers)))
            if offset not in rows.unlabelled and offset not in rows.unknown
        ]
        return Exemplars(template.compiled, pool, self._recipe.seed, moves.exemplar_budget)


def _line(template: BoundTemplate, draft: Draft, row: int, rationale: str, exemplars: Sequence[Any]) -> bytes:
    """The record's line, its fields in the order of `records.Example`."""
    return line_of(
        {
            "id": "",
            "instruction": draft.instruction,
            "input": draft.input,
            "output": draft.output,
            "source": {**template.source, "row": row},
            "rationale": rationale,
            "options": draft.options,
            "references": draft.references,
            "exemplars": exemplars,
            "history": (),
            "system": "",
            "task": template.task,
        }
    )


def _dropped(template: BoundTemplate, values: Sequence[Any], row: int, reason: str, evidence: dict[str, Any]) -> bytes:
    """The dropped row's line, its fields in the order of `records.Dropped`; its text is what the template was given."""
    used = dict(zip(template.names, values, strict=True))
    return line_of(
        {
            "id": "",
            "level": LEVEL,
            "reason": reason,
            "text": orjson.dumps(used, default=str, option=orjson.OPT_NON_STR_KEYS).decode(),
            "evidence": evidence,
            "source": {**template.source, "row": row},
        }
    )
