"""The Batch API: many requests in one file, answered within a day at half the price.

`BatchBackend` looks like any backend: whoever asks a prompt waits for its answer. Prompts that come in together go out
together, in one batch; a line that fails is the failure of its one prompt, which is then asked directly. Which prompts
are in which batch is noted in the journal, so that a run that was killed picks its batches up again. A batch is noted
twice: by its tag before it is made, and by the server's id after, so that one made just before a kill is found too.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from ift_builder.backends.batch_lines import BatchLines
from ift_builder.backends.openai_reply import completion_of, field
from ift_builder.errors import NO_TOKENS, RequestError
from ift_builder.records import content_hash

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from ift_builder.backends.batch_lines import Place
    from ift_builder.records import Completion, Prompt

T = TypeVar("T")

MOST_LINES: Final = 50_000
"""Requests in one batch, by the API's own limit."""

_QUIET: Final = 0.2
"""Seconds without a new prompt after which those that wait are sent."""

_FIRST_LOOK, _LONGEST_LOOK, _GROWTH = 1.0, 60.0, 1.5
"""Seconds between two looks at a batch, at first and at last, and how they grow."""

_CALL_SECONDS: Final = 120.0
"""For one call that moves no file, all of its reply included."""

_TRANSFER_SECONDS: Final = 3600.0
"""For sending or fetching a file: gigabytes at a megabyte a second."""

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
        self._answers = BatchLines()
        self._places: dict[str, Place | None] = {}
        self._unsent: list[Prompt] = []
        noted = book.open_batches()
        self._tags = {key: tag.removeprefix(_BY_TAG) for tag in noted if tag.startswith(_BY_TAG) for key in noted[tag]}
        self._noted = {key: batch for batch in noted if not batch.startswith(_BY_TAG) for key in noted[batch]}
        self._watched: dict[str, asyncio.Task[None]] = {}
        self._sending: asyncio.Task[None] | None = None

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer, as soon as its batch has ended; one whose line brought none is asked directly."""
        if prompt.key not in self._places:
            await self._end_of_batch(prompt)
        place = self._places[prompt.key]
        if place is None:
            return await self._wire.complete(prompt)
        self._places[prompt.key] = None  # for the next try, if this one fails
        response = field(self._answers.line(place), "response")
        if field(response, "status_code") != 200:  # noqa: PLR2004 - HTTP's own number
            what = "the line of the batch failed"
            raise RequestError(what, reason="batch-line", retryable=True, retry_after=0, tokens=NO_TOKENS)
        return completion_of(prompt, field(response, "body"))

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
        batch = await self._in_time(self._made(tag), _CALL_SECONDS) or await self._make(tag, prompts)
        await self._book.note_batch(batch.id, keys)
        self._noted |= dict.fromkeys(keys, batch.id)
        return str(batch.id)

    async def _made(self, tag: str) -> Any:
        """The batch with this tag; None if there is none that goes on or has ended well."""
        async for batch in self._wire.client.batches.list(limit=100):
            if (batch.metadata or {}).get(_TAG) == tag and batch.status not in ("failed", "cancelled", "expired"):
                return batch
        return None

    async def _make(self, tag: str, prompts: list[Prompt]) -> Any:
        client = self._wire.client
        lines = b"".join(json.dumps(self._wire.line(prompt)).encode() + b"\n" for prompt in prompts)
        sending = client.files.create(file=(f"{tag}.jsonl", lines), purpose="batch")
        file = await self._in_time(sending, _TRANSFER_SECONDS)
        making = client.batches.create(
            input_file_id=file.id,
            endpoint=self._wire.line(prompts[0])["url"],
            completion_window="24h",
            metadata={_TAG: tag},
        )
        return await self._in_time(making, _CALL_SECONDS)

    async def _in_time(self, call: Awaitable[T], seconds: float) -> T:
        """What a call gives, its errors translated; the deadline is for all of the reply.

        Raises:
            BackendError: It failed, or took too long.
        """
        with self._wire.translating():
            try:
                return await asyncio.wait_for(call, seconds)
            except asyncio.TimeoutError as error:
                raise RequestError("the server gave no answer in time", reason="timeout", retryable=True) from error

    # Waiting for a batch

    def _watch(self, batch: str) -> None:
        if batch not in self._watched:
            self._watched[batch] = asyncio.create_task(self._wait_for(batch))

    async def _wait_for(self, batch: str) -> None:
        """Keeps the lines of a batch once it has ended, also those that nobody has asked for yet."""
        places, failure = {}, None
        try:
            places = await self._places_in(await self._until_ended(batch))
        except Exception as error:  # noqa: BLE001 - as above
            failure = error
        del self._watched[batch]
        keys = [key for key, place in self._noted.items() if place == batch]
        if failure is None:
            self._places |= {key: places.get(key) for key in keys}
        self._wake(keys, failure)

    async def _until_ended(self, batch: str) -> Any:
        pause = _FIRST_LOOK
        while True:
            found = await self._in_time(self._wire.client.batches.retrieve(batch), _CALL_SECONDS)
            if found.status in _ENDED:
                return found
            for _ in range(int(pause / _QUIET)):
                if self._is_stopping():
                    raise RequestError("the batch goes on without us", reason="stopped", retryable=True)
                await asyncio.sleep(_QUIET)
            pause = min(pause * _GROWTH, _LONGEST_LOOK)

    async def _places_in(self, batch: Any) -> dict[str, Place]:
        """Where the lines are, from the files with answers and with errors, as far as there are any."""
        places: dict[str, Place] = {}
        for file in (batch.output_file_id, batch.error_file_id):
            if file:
                places |= await self._in_time(self._answers.fetch(self._wire, file), _TRANSFER_SECONDS)
        return places

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
