"""Keeps many requests in flight for a piece of work that itself knows nothing of concurrency."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ift_builder.asking.stopping import LeftUnaskedError
from ift_builder.errors import IftError

if TYPE_CHECKING:
    from ift_builder.asking.asker import Asker
    from ift_builder.asking.stopping import Stop
    from ift_builder.records import Outcome, Prompt


class Work(Protocol):
    """What to ask, and what to do with answers: a pure function of the outcomes, whatever their order of arrival."""

    def next_prompt(self) -> Prompt | None:
        """What to ask now; None if the work waits for outcomes, or has ended."""

    def receive(self, prompt: Prompt, outcome: Outcome) -> None:
        """Takes the outcome of a prompt that it gave out."""


async def pump(work: Work, asker: Asker, *, in_flight: int, stop: Stop) -> None:
    """Asks for `work` until it has nothing more to ask, with up to `in_flight` requests at a time.

    Raises:
        IftError: What ended the work early, after the requests in flight have come back and were recorded.
    """
    arrived: asyncio.Queue[tuple[Prompt, asyncio.Task[Outcome]]] = asyncio.Queue()
    running: set[asyncio.Task[Outcome]] = set()
    failure: IftError | None = None
    try:
        while True:
            while len(running) < in_flight and (prompt := work.next_prompt()):
                if (recalled := asker.recall(prompt)) is not None:
                    work.receive(prompt, recalled)
                if recalled is not None or stop.reason:
                    # When stopping, what was answered is taken to its end all the same, so that no file loses rows.
                    await asyncio.sleep(0)  # a long replay still hears Ctrl-C
                    continue
                task = asyncio.create_task(asker.ask(prompt))
                task.add_done_callback(partial(_arrive, arrived, prompt))
                running.add(task)
            if not running:
                break
            prompt, task = await arrived.get()
            running.discard(task)
            try:
                work.receive(prompt, task.result())
            except LeftUnaskedError:
                continue
            except IftError as error:
                failure = failure or error
                stop.ask("failed")
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    if failure:
        raise failure


def _arrive(
    arrived: asyncio.Queue[tuple[Prompt, asyncio.Task[Outcome]]], prompt: Prompt, task: asyncio.Task[Outcome]
) -> None:
    arrived.put_nowait((prompt, task))
