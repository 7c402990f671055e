"""Batches to the processors and back in order: the same records whatever the number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder.convert.renderer import Rendered, Renderer
from ift_builder.engines import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from ift_builder.rendering.spec import Recipe
    from ift_builder.sources.table import Batch


def rendered(recipe: Recipe, batches: Iterable[Batch], workers: int) -> Generator[Rendered, None, None]:
    """What the batches become, in their order; close it, and no worker is left."""
    if workers == 1:
        yield from map(Renderer(recipe).render, batches)
        return
    with Workers(workers, _render, recipe) as processes:
        yield from processes.map(batches)


def _render(recipe: Recipe) -> Callable[[Batch], Rendered]:
    return Renderer(recipe).render
