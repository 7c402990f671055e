"""Which rows meet which template: one drawn for each row or all of them, and T0's cap on the rows of a task.

T0's rule (Sanh et al. 2022, section 4) gives each of a task's templates `cap // number of templates` rows. They are
drawn over the whole split, so that a split sorted by label keeps its proportions. A cap below the number of templates
gives one row to as many templates, drawn too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ift_builder import draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ift_builder.rendering.spec import Recipe

CHUNK = 1 << 20
"""Rows whose keys are looked at together."""

NONE, EVERY = 0, 2**64 - 1
"""Thresholds that let no row pass and every row."""


def met(recipe: Recipe, template: int, start: int, count: int) -> NDArray[np.bool_] | None:
    """Which of the rows meet the template at all; None means all of them."""
    if recipe.moves.per_row == "all" or len(recipe.templates) == 1:
        return None
    keys = draws.row_keys(start, count, recipe.seed, "template-of-row", recipe.origin.dataset)
    drawn: NDArray[Any] = (keys >> np.uint64(32)) * np.uint64(len(recipe.templates)) >> np.uint64(32)
    mine: NDArray[np.bool_] = np.equal(drawn, np.uint64(template))
    return mine


def below_cap(recipe: Recipe, template: int, start: int, count: int) -> NDArray[np.bool_] | None:
    """Which of the rows the cap lets through; None means all of them."""
    if not recipe.thresholds:
        return None
    below: NDArray[np.bool_] = np.less(
        _cap_keys(recipe, template, start, count), np.uint64(recipe.thresholds[template])
    )
    return below


def thresholds(recipe: Recipe, rows: int) -> tuple[int, ...]:
    """For each template the key below which lie as many rows as it may have."""
    if recipe.moves.cap is None:
        return ()
    return tuple(_threshold(recipe, template, rows, quota) for template, quota in enumerate(_quotas(recipe, rows)))


def _quotas(recipe: Recipe, rows: int) -> list[int]:
    """How many rows each template may have."""
    assert recipe.moves.cap is not None
    templates = range(len(recipe.templates))
    if recipe.moves.cap >= len(templates):
        return [recipe.moves.cap // len(templates)] * len(templates)
    order = draws.stream(recipe.seed, "cap", recipe.origin.dataset).sample(templates, len(templates))
    with_rows = [template for template in order if _meets_any(recipe, template, rows)]
    chosen = set(with_rows[: recipe.moves.cap])
    return [int(template in chosen) for template in templates]


def _meets_any(recipe: Recipe, template: int, rows: int) -> bool:
    for start in range(0, rows, CHUNK):
        mine = met(recipe, template, start, min(CHUNK, rows - start))
        if mine is None or mine.any():
            return True
    return False


def _threshold(recipe: Recipe, template: int, rows: int, quota: int) -> int:
    if quota == 0:
        return NONE
    least: NDArray[np.uint64] = np.empty(0, np.uint64)
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        keys = _cap_keys(recipe, template, start, count)
        mine = met(recipe, template, start, count)
        least = np.sort(np.concatenate([least, keys if mine is None else keys[mine]]))[: quota + 1]
    return int(least[quota]) if len(least) > quota else EVERY


def _cap_keys(recipe: Recipe, template: int, start: int, count: int) -> NDArray[np.uint64]:
    name = recipe.templates[template][1].name
    return draws.row_keys(start, count, recipe.seed, "cap", recipe.origin.dataset, name)
