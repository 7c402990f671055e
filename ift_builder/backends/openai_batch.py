"""The Batch API: many requests in one file, answered within a day at half the price.

`BatchBackend` looks like any backend: whoever asks a prompt waits for its answer. Prompts that come in together go out
together, in one batch; a line that fails is the failure of its one prompt, which is then asked directly. Which prompts
are in which batch is noted in the journal, so that a run that was killed picks its batches up again. A batch is noted
twice: by its tag before it is made, and by the server's id after, so that one made just before a kill is found too.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from ift_builder.backends.openai_reply import completion_of
from ift_builder.errors import NO_TOKENS, RequestError
from ift_builder.records import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ift_builder.records import Completion, Prompt

MOST_LINES: Final = 50_000
"""Requests in one batch, by the API's own limit."""

_QUIET: Final = 0.2
"""Seconds without a new prompt after which those that wait are sent."""

_FIRST_LOOK, _LONGEST_LOOK, _GROWTH = 1.0, 60.0, 1.5
"""Seconds between two looks at a batch, at first and at last, and how they grow."""

_TAG: Final = "ift-build"
_BY_TAG: Final = "tag:"
_ENDED: Final = ("completed", "failed", "expired", "cancelled")


class Book(Protocol):
    """Where batches are noted: the journal."""

    def open_batches(self) -> dict[str, list[str]]:
        """Prompt keys by batch id, of prompts that were sent in a batch and have no outcome yet."""

    async def note_batch(self, batch: str, keys: list[str]) -> None:
        """Returns when it is on the disk that the keys are in the batch."""


class Wire(Protocol):
    """What this module needs of the openai backend."""

    client: Any
    """The official client."""

    def line(self, prompt: Prompt) -> dict[str, Any]:
        """The prompt's line in a batch file."""

    def translating(self) -> Any:
        """A context that turns the client's errors into ours."""

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer to one direct request."""


class BatchBackend:
    """Answers prompts by batches."""

    name = "openai"

    def __init__(self, wire: Wire, book: Book, is_stopping: Callable[[], bool]) -> None:
        """Takes up the batches that an earlier sitting left.

        Args:
            wire: The server.
            book: Where batches are noted.
            is_stopping: Whether the run is being stopped; then nobody waits for batches any longer.
        """
        self._wire = wire
        self._book = book
        self._is_stopping = is_stopping
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._lines: dict[str, dict[str, Any] | None] = {}
        self._unsent: list[Prompt] = []
        noted = book.open_batches()
        self._tags = {key: tag.removeprefix(_BY_TAG) for tag in noted if tag.startswith(_BY_TAG) for key in noted[tag]}
        self._noted = {key: batch for batch in noted if not batch.startswith(_BY_TAG) for key in noted[batch]}
        self._watched: dict[str, asyncio.Task[None]] = {}
        self._sending: asyncio.Task[None] | None = None

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer, as soon as its batch has ended; one whose line brought none is asked directly."""
        if prompt.key not in self._lines:
            await self._end_of_batch(prompt)
        line = self._lines[prompt.key]
        if line is None:
            return await self._wire.complete(prompt)
        self._lines[prompt.key] = None  # for the next try, if this one fails
        response = line.get("response") or {}
        if response.get("status_code") != 200:  # noqa: PLR2004 - HTTP's own number
            what = "the line of the batch failed"
            raise RequestError(what, reason="batch-line", retryable=True, retry_after=0, tokens=NO_TOKENS)
        return completion_of(prompt, response.get("body"))

    async def _end_of_batch(self, prompt: Prompt) -> None:
        """Returns when the batch with the prompt has ended; sends the prompt if it is in none yet."""
        waiting = self._waiting[prompt.key] = asyncio.get_running_loop().create_future()
        if batch := self._noted.get(prompt.key):
            self._watch(batch)
        else:
            self._unsent.append(prompt)
            self._sending = self._sending or asyncio.create_task(self._send())
        await waiting

    async def aclose(self) -> None:
        """Leaves running batches to the server."""
        for task in self._watched.values():
            task.cancel()

    async def _send(self) -> None:
        """Sends what waits, once no more comes in."""
        waiting = 0
        while len(self._unsent) > waiting:
            waiting = len(self._unsent)
            await asyncio.sleep(_QUIET)
        prompts, self._unsent, self._sending = self._unsent[:MOST_LINES], self._unsent[MOST_LINES:], None
        if self._unsent:
            self._sending = asyncio.create_task(self._send())
        for tag, group in self._by_tag(prompts).items():
            await self._send_group(tag, group)

    async def _send_group(self, tag: str, prompts: list[Prompt]) -> None:
        try:
            self._watch(await self._submit(tag, prompts))
        except Exception as error:  # noqa: BLE001 - whoever waits for the batch hears of it
            self._wake([prompt.key for prompt in prompts], error)

    def _by_tag(self, prompts: list[Prompt]) -> dict[str, list[Prompt]]:
        """The prompts as they were going to be sent before a kill; those that were not, under a tag of their own."""
        new = content_hash(sorted(prompt.key for prompt in prompts), size=16)
        groups: dict[str, list[Prompt]] = {}
        for prompt in prompts:
            groups.setdefault(self._tags.get(prompt.key, new), []).append(prompt)
        return groups

    async def _submit(self, tag: str, prompts: list[Prompt]) -> str:
        """Makes a batch, or finds the one that was made under this tag just before a kill; returns its id."""
        keys = [prompt.key for prompt in prompts]
        await self._book.note_batch(_BY_TAG + tag, keys)
        client = self._wire.client
        with self._wire.translating():
            async for batch in client.batches.list(limit=100):
                if (batch.metadata or {}).get(_TAG) == tag and batch.status not in ("failed", "cancelled", "expired"):
                    break
            else:
                lines = b"".join(json.dumps(self._wire.line(prompt)).encode() + b"\n" for prompt in prompts)
                file = await client.files.create(file=(f"{tag}.jsonl", lines), purpose="batch")
                batch = await client.batches.create(
                    input_file_id=file.id,
                    endpoint=self._wire.line(prompts[0])["url"],
                    completion_window="24h",
                    metadata={_TAG: tag},
                )
        await self._book.note_batch(batch.id, keys)
        self._noted |= dict.fromkeys(keys, batch.id)
        return str(batch.id)

    # Waiting for a batch

    def _watch(self, batch: str) -> None:
        if batch not in self._watched:
            self._watched[batch] = asyncio.create_task(self._wait_for(batch))

    async def _wait_for(self, batch: str) -> None:
        """Keeps the lines of a batch once it has ended, also those that nobody has asked for yet."""
        lines, failure = {}, None
        try:
            lines = await self._lines_of(await self._until_ended(batch))
        except Exception as error:  # noqa: BLE001 - as above
            failure = error
        del self._watched[batch]
        keys = [key for key, place in self._noted.items() if place == batch]
        if failure is None:
            self._lines |= {key: lines.get(key) for key in keys}
        self._wake(keys, failure)

    async def _until_ended(self, batch: str) -> Any:
        pause = _FIRST_LOOK
        while True:
            with self._wire.translating():
                found = await self._wire.client.batches.retrieve(batch)
            if found.status in _ENDED:
                return found
            for _ in range(int(pause / _QUIET)):
                if self._is_stopping():
                    raise RequestError("the batch goes on without us", reason="stopped", retryable=True)
                await asyncio.sleep(_QUIET)
            pause = min(pause * _GROWTH, _LONGEST_LOOK)

    async def _lines_of(self, batch: Any) -> dict[str, dict[str, Any]]:
        """Lines by prompt key, from the files with answers and with errors, as far as there are any."""
        lines: dict[str, dict[str, Any]] = {}
        for file in (batch.output_file_id, batch.error_file_id):
            if file:
                with self._wire.translating():
                    text = (await self._wire.client.files.content(file)).text
                lines |= {line["custom_id"]: line for line in map(json.loads, text.splitlines())}
        return lines

    def _wake(self, keys: Iterable[str], error: Exception | None = None) -> None:
        if isinstance(error, RequestError):
            error.tokens = NO_TOKENS  # what a batch costs is counted when its answers are fetched
        for key in keys:
            waiting = self._waiting.pop(key, None)
            if waiting is None or waiting.done():
                continue
            if error is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(error)
