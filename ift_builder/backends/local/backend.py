"""Asks a model file: one thread for each slot, the model loaded when the first prompt needs it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.local.engine import Engine, check_installed
from ift_builder.backends.openai_reply import completion_of
from ift_builder.errors import CONTEXT_OVERFLOW, RequestError

if TYPE_CHECKING:
    from ift_builder.backends.local.model_file import ModelFile
    from ift_builder.records import Completion, Prompt

CLOSING: Final = 2.0
"""Seconds that threads get to stop at their next word. One that reads a long prompt or loads a model takes longer; who
is in a hurry leaves the process without it."""

CONTEXT: Final = 4_096
"""Tokens of a slot: the longest of our prompts with its longest answer takes about half of it."""

MOST_SLOTS: Final = 16
"""Each slot takes memory for its context (0.5 GB for an 8-billion-parameter model), and beyond this many a model is no
faster on one machine; a server is then the better way."""


class LocalBackend:
    """A model in a file, run by llama.cpp in this process.

    With one slot an answer depends on nothing but the prompt: its sampling seed comes from the prompt's key, and
    nothing is kept from earlier prompts. With several, llama.cpp works on prompts together, which rounds differently,
    and now and then another word is drawn; then it may as well keep what prompts have in common.
    """

    name = "local"

    def __init__(self, file: ModelFile, *, slots: int = 1, context: int | None = None) -> None:
        """A backend that has loaded nothing yet.

        Args:
            file: The model.
            slots: Prompts that are worked on at a time, up to `MOST_SLOTS`.
            context: Tokens of prompt and answer together; None for `CONTEXT`. Never more than the model knows.

        Raises:
            InputError: The library is not installed.
        """
        check_installed()
        self._file = file
        self._slots = min(slots, MOST_SLOTS)
        wanted = context or CONTEXT
        self._context = min(wanted, file.trained_context or wanted)
        self._threads = ThreadPoolExecutor(self._slots, thread_name_prefix="llama")
        self._running: set[Future[Any]] = set()
        self._engine: asyncio.Future[Engine] | None = None

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer; see `Backend.complete`. If nobody waits for it any longer, the model stops too."""
        if self._engine is None:
            self._engine = self._in_thread(self._load)
        engine = await asyncio.shield(self._engine)
        given_up = threading.Event()
        try:
            reply = await self._in_thread(engine.answer, prompt.api, self._body(prompt), given_up.is_set)
        except RequestError as error:
            raise self._with_hint(error) from None
        finally:
            given_up.set()
        return completion_of(prompt, reply)

    async def aclose(self) -> None:
        """Waits a little for the threads, which stop at the next word, and frees the model's memory when they have."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._engine:
            self._engine.cancel()
        stopping = asyncio.gather(*map(asyncio.wrap_future, list(self._running)), return_exceptions=True)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopping, CLOSING)
        self._engine = None

    def _in_thread(self, call: Any, *arguments: Any) -> asyncio.Future[Any]:
        running = self._threads.submit(call, *arguments)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return asyncio.wrap_future(running)

    def _load(self) -> Engine:
        return Engine(self._file.path, self._file.name, slots=self._slots, context=self._context)

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        """The request as llama.cpp wants it."""
        options = {name: value for name, value in asdict(prompt.sampling).items() if value is not None and value != ()}
        if prompt.api == "completions":
            words: dict[str, Any] = {"prompt": "\n\n".join(turn.content for turn in prompt.messages)}
        else:
            words = {"messages": [asdict(turn) for turn in prompt.messages]}
        return {**words, **options, "seed": _seed(prompt), "cache_prompt": self._slots > 1}

    def _with_hint(self, error: RequestError) -> RequestError:
        """The error, with what to do where the prompt does not fit."""
        if error.reason == CONTEXT_OVERFLOW:
            known = self._file.trained_context
            more = f"give a larger --context{f', up to {known}' if known else ''}, and --retry-failed"
            error.hint = "take a model that was trained on longer texts" if self._context == known else more
        error.where = str(self._file.path)
        return error


def _seed(prompt: Prompt) -> int:
    """A seed of 31 bits for each prompt: the key holds the draw, and any seed that was set."""
    return int(prompt.key[:8], 16) >> 1
