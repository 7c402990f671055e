"""Keeps a server's replies within bounds: bytes are counted as they are unzipped; at the limit the connection closes.

The client would unzip and keep whatever comes: half a gigabyte of one letter takes half a megabyte to send.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ift_builder.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

REPLY_TOO_LARGE: Final = "reply-too-large"
"""The reason of a request whose reply is larger than `MAX_REPLY`."""

MAX_REPLY: Final = 32 * 2**20
"""Bytes of a reply, unzipped. The longest answers that models give have 128,000 tokens; with 160 bytes for each there
is room for the text with every character escaped, as many thoughts beside it, and the tokens' log-probabilities."""

MAX_REPLY_VALUES: Final = 1_000_000
"""Brackets and commas of a reply: bytes alone do not bound what JSON becomes in memory, since an empty object takes
three of them and seventy there. That longest answer in Chinese, each second sign a comma, has half as many."""

MAX_BATCH_FILE: Final = 8 * 2**30
"""Bytes of a file with a batch's answers, which is kept on the disk: 50,000 answers of 160 kB."""

ENCODING: Final = "gzip"
"""What is asked for, and the only one that is understood: the standard library unzips it in pieces."""

_PIECE: Final = 1 << 18
"""Bytes unzipped at a time."""


class Bounds(NamedTuple):
    """What a reply may have."""

    size: int
    """Bytes."""

    values: int | None
    """Brackets and commas; None for what is no JSON to be parsed whole."""


_BOUNDS: ContextVar[Bounds | None] = ContextVar("_BOUNDS", default=None)


@contextmanager
def of_batch_file() -> Iterator[None]:
    """Allows a reply that is a file of answers."""
    token = _BOUNDS.set(Bounds(MAX_BATCH_FILE, None))
    try:
        yield
    finally:
        _BOUNDS.reset(token)


def bounding(library: Any) -> Callable[[Any], Awaitable[None]]:
    """A hook for responses whose head has come: from there on the body is bounded, that of a redirect too.

    Args:
        library: What the client is made of: httpx2 or, with an older client, httpx.
    """

    class Bounded(library.AsyncByteStream):  # type: ignore[misc]
        """The body, unzipped and counted."""

        def __init__(self, stream: Any, coding: str) -> None:
            self._stream = stream
            self._coding = coding
            self._bounds = _BOUNDS.get() or Bounds(MAX_REPLY, MAX_REPLY_VALUES)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = values = 0
            unzip = _unzipper(self._coding)
            async for sent in self._stream:
                for piece in unzip(sent):
                    size += len(piece)
                    values += _values(piece) if self._bounds.values else 0
                    if size > self._bounds.size or values > (self._bounds.values or 0):
                        raise _too_large(self._bounds, size)
                    yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: Any) -> None:
        response.stream = Bounded(response.stream, response.headers.pop("content-encoding", ""))

    return bound


def _unzipper(coding: str) -> Callable[[bytes], Iterator[bytes]]:
    """What makes pieces of bounded size of what was sent.

    Raises:
        RequestError: It was sent in a coding that was not asked for.
    """
    if coding.strip().lower() in ("", "identity"):
        return lambda sent: iter((sent,))
    if coding.strip().lower() not in (ENCODING, "x-gzip"):
        raise _bad(f"the answer is sent in a coding that was not asked for ({coding[:40]!r})")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def unzip(sent: bytes) -> Iterator[bytes]:
        try:
            while piece := decoder.decompress(sent, _PIECE):
                yield piece
                sent = decoder.unconsumed_tail
        except zlib.error as error:
            raise _bad(f"the answer cannot be unzipped ({error})") from error

    return unzip


def _values(piece: bytes) -> int:
    return piece.count(b",") + piece.count(b"[") + piece.count(b"{")


def _too_large(bounds: Bounds, size: int) -> RequestError:
    what = f"{bounds.size >> 20:,} MiB" if size > bounds.size else f"{bounds.values:,} values"
    return RequestError(
        f"the answer has more than {what}; the connection was closed",
        reason=REPLY_TOO_LARGE,
        retryable=True,
        hint="no answer of a language model is that large: is it the right server? docs/limits.md says what is allowed",
    )


def _bad(what: str) -> RequestError:
    return RequestError(what, reason="bad-answer", retryable=True)
