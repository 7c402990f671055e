"""Batches to the cores and back in order: the same records whatever the number of workers."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from ift_builder.convert.renderer import Rendered, Renderer
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ift_builder.rendering.spec import Recipe
    from ift_builder.sources.table import Batch

AHEAD = 4
"""Batches under way for each worker: enough that none waits, few enough that memory stays flat."""

_renderer: Renderer | None = None
"""The worker process's own renderer."""


def rendered(recipe: Recipe, batches: Iterable[Batch], workers: int) -> Iterator[Rendered]:
    """What the batches become, in their order."""
    if workers == 1:
        yield from map(Renderer(recipe).render, batches)
        return
    waiting: deque[Future[Rendered]] = deque()
    source = iter(batches)
    # Not forked: a copy of a process with threads (Arrow has some) can stand still for ever.
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (recipe,)) as pool:
        try:
            waiting.extend(_submitted(pool, batch) for batch in islice(source, workers * AHEAD))
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(_submitted(pool, batch) for batch in islice(source, 1))
                yield done
        except BrokenProcessPool as error:
            raise InputError(
                "a worker process was ended from outside", hint="is there memory enough? Try fewer --workers"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, batch: Batch) -> Future[Rendered]:
    """Hands the batch over, which may start a worker."""
    with _ctrl_c_later():
        return pool.submit(_render, batch)


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Ctrl-C waits until the block is done: a worker cut off at its birth, or not yet deaf to it, prints tracebacks."""
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():  # Windows; no signals here
        yield
        return
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # what new processes inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if came:
        signal.raise_signal(signal.SIGINT)


def _start(recipe: Recipe) -> None:
    global _renderer  # noqa: PLW0603 - a process pool gives its workers no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends the workers
    _renderer = Renderer(recipe)


def _render(batch: Batch) -> Rendered:
    assert _renderer is not None
    return _renderer.render(batch)
