"""Runs what a command does in an event loop: Ctrl-C and SIGTERM end it in good order, and no thread holds it up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ift_builder import interrupts

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

CLOSING: Final = 2.0
"""Seconds that tasks which were cancelled may take to close what they hold."""


def run(work: Callable[[], Coroutine[Any, Any, T]], *, on_first: Callable[[], object] | None = None) -> T:
    """What `work` returns.

    Args:
        work: What to do.
        on_first: Called at the first interrupt, where there is something better to do than to leave; the next one
            cancels the work. A third, or a second without `on_first`, ends the program in an instant.

    Raises:
        KeyboardInterrupt: It was cancelled.
    """
    loop = asyncio.new_event_loop()

    def cancel() -> None:
        task.cancel()

    steps = iter([on_first, cancel] if on_first else [cancel])

    def heard() -> None:
        step = next(steps, None)
        if step is None or loop.is_closed():
            interrupts.leave()
        loop.call_soon_threadsafe(step)

    with interrupts.heard_by(heard):
        try:
            task: asyncio.Task[T] = loop.create_task(work())
            return loop.run_until_complete(task)
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        finally:
            _close(loop)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """As `asyncio.run` does at its end, but that it waits for no thread: one may be looking up a name."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        ended, _ = loop.run_until_complete(asyncio.wait(tasks, timeout=CLOSING))
        for task in ended:
            if not task.cancelled():
                task.exception()  # looked at, so that it is not printed: nobody needs what was cancelled
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
