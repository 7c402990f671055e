"""The answers of batches, on the disk: a file of 50,000 of them may be larger than the memory."""

from __future__ import annotations

import json
import os
import weakref
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from ift_builder.backends import replies
from ift_builder.inputs import json_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.backends.openai_batch import Wire

Place = tuple[int, int]
"""Where a line begins, and its length in bytes."""


class BatchLines:
    """Fetches files of answers and finds their lines again."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - open as long as this is
        weakref.finalize(self, self._file.close)

    async def fetch(self, wire: Wire, file: str) -> dict[str, Place]:
        """Copies a file of the server's; returns the place of each line by prompt key.

        A line that cannot be read is passed over, as one that is not there.
        """
        start = self._file.seek(0, os.SEEK_END)
        with replies.of_batch_file():
            async with wire.client.files.with_streaming_response.content(file) as reply:
                async for part in reply.iter_bytes():
                    self._file.write(part)
        return {line["custom_id"]: place for line, place in self._lines(start) if isinstance(line["custom_id"], str)}

    def line(self, place: Place) -> dict[str, Any]:
        """The line at a place."""
        self._file.seek(place[0])
        line: dict[str, Any] = json.loads(self._file.read(place[1]))
        return line

    def _lines(self, start: int) -> Iterator[tuple[dict[str, Any], Place]]:
        self._file.seek(start)
        while line := self._file.readline(replies.MAX_REPLY):
            if isinstance(value := _json(line), dict) and "custom_id" in value:
                yield value, (start, len(line))
            start += len(line)


def _json(line: bytes) -> Any:
    """The line's value; None for one that is cut off, too large or no JSON."""
    try:
        return None if json_fault(line, replies.MAX_REPLY_VALUES) else json.loads(line)
    except ValueError:
        return None
