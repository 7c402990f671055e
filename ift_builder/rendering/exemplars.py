"""Exemplars: worked instances of the same task and template that stand before the question.

They are drawn from a pool: rows of the whole split, chosen by the smallest of their drawn keys, so that the pool
does not depend on how the rows are cut into batches, nor on reading the split as a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ift_builder import draws
from ift_builder.rendering.choice_formats import plain_style
from ift_builder.templating.values import RowSkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ift_builder.rendering.choice_formats import Style
    from ift_builder.rendering.compiled import CompiledTemplate, Draft
    from ift_builder.sources.table import Dataset

POOL_ROWS = 512
"""Rows in the pool. FLAN draws exemplars from the whole split, of which this is a fair sample that fits in memory."""

SPARE = 8
"""Drawn beyond the number asked for, to replace the row itself, its twins, and what the budget has no room for."""


def draw_pool(dataset: Dataset, columns: Sequence[str], rows: int, seed: int) -> tuple[tuple[int, dict[str, Any]], ...]:
    """The pool of a split of `rows` rows: (number, values by column), in the order of their drawn keys."""
    least = _least_keys(rows, seed)
    wanted = {int(row): place for place, row in enumerate(least)}
    found: dict[int, dict[str, Any]] = {}
    for batch in dataset.batches(columns):
        here = [row for row in range(batch.first_row, batch.first_row + len(batch)) if row in wanted]
        if here:
            values = batch.columns(columns)
            for row in here:
                offset = row - batch.first_row
                found[row] = {name: column[offset] for name, column in zip(columns, values, strict=True)}
    return tuple((row, found[row]) for row in sorted(found, key=wanted.__getitem__))


def _least_keys(rows: int, seed: int) -> np.ndarray[Any, Any]:
    """Numbers of the rows with the smallest keys, smallest first, found in constant memory."""
    keys, numbers = np.empty(0, np.uint64), np.empty(0, np.int64)
    step = 1 << 20
    for start in range(0, rows, step):
        count = min(step, rows - start)
        keys = np.concatenate([keys, draws.row_keys(start, count, seed, "exemplar-pool")])
        numbers = np.concatenate([numbers, np.arange(start, start + count)])
        order = np.argsort(keys, kind="stable")[:POOL_ROWS]
        keys, numbers = keys[order], numbers[order]
    return numbers


class Exemplars:
    """The exemplars of one template."""

    def __init__(
        self, template: CompiledTemplate, rows: Sequence[tuple[int, dict[str, Any]]], seed: int, budget: int
    ) -> None:
        """Keeps the pool.

        Args:
            template: Renders the rows as it renders the question.
            rows: The pool: number and values by variable; label-less rows are left out by the caller.
            seed: Names the draws.
            budget: The most characters that one record's exemplars may have together.
        """
        self._template = template
        self._rows = rows
        self._seed = seed
        self._budget = budget
        self._drafts: dict[tuple[str, int], Draft | None] = {}
        self._fitting: dict[bool, list[int]] = {}

    def draw(
        self, question: Draft, row: int, count: int, style: Style | None, *, reasoning: bool
    ) -> list[dict[str, str]]:
        """Up to `count` exemplars for the question of `row`: never the row itself, nor one that asks the same.

        With `reasoning` all of them have a rationale, without it none: exemplars have the shape of their question.
        """
        drawn: list[dict[str, str]] = []
        left = self._budget
        for draft in self._candidates(row, count, style, reasoning=reasoning):
            exemplar = _exemplar(draft, question, reasoning=reasoning)
            size = sum(map(len, exemplar.values()))
            same = draft.input == question.input and draft.instruction == question.instruction
            if not same and exemplar not in drawn and size <= left:
                drawn.append(exemplar)
                left -= size
            if len(drawn) == count:
                break
        return drawn

    def _candidates(self, row: int, count: int, style: Style | None, *, reasoning: bool) -> Iterator[Draft]:
        stream = draws.stream(self._seed, "exemplars", self._template.text.name, row)
        fitting = self._fitting_rows(style, reasoning=reasoning)
        for place in stream.sample(fitting, min(len(fitting), count + SPARE)):
            if self._rows[place][0] != row:
                draft = self._draft(place, style)
                if draft is not None:
                    yield draft

    def _fitting_rows(self, style: Style | None, *, reasoning: bool) -> list[int]:
        """Places of the pool's rows that give an example, with a rationale where one is asked for."""
        if reasoning not in self._fitting:
            any_style = plain_style() if style else None  # the same one, whichever row is the first to ask
            drafts = ((place, self._draft(place, any_style)) for place in range(len(self._rows)))
            self._fitting[reasoning] = [
                place for place, draft in drafts if draft and (draft.rationale or not reasoning)
            ]
        return self._fitting[reasoning]

    def _draft(self, place: int, style: Style | None) -> Draft | None:
        """The pool's row as the template renders it; None where it gives no example."""
        key = (style.name if style else "", place)
        if key not in self._drafts:
            number, values = self._rows[place]
            try:
                self._drafts[key] = self._template.draft(values, number, style)
            except RowSkippedError:
                self._drafts[key] = None
        return self._drafts[key]


def _exemplar(draft: Draft, question: Draft, *, reasoning: bool) -> dict[str, str]:
    """The instance alone where the question has the same instruction; with its own instruction otherwise."""
    asked = draft.input if draft.input and draft.instruction == question.instruction else _whole(draft)
    return {"input": asked, "output": draft.output, "rationale": draft.rationale if reasoning else ""}


def _whole(draft: Draft) -> str:
    return f"{draft.instruction}\n\n{draft.input}" if draft.input else draft.instruction
