"""llama.cpp in this process, by way of xllamacpp: the one module that names it.

The library opens a server with every model, though we ask it by calls. It is bound to a socket file in a folder of
this user's own, which is removed as soon as the model is loaded: nothing listens that anybody could find, and a killed
process leaves nothing behind. Where there are no socket files, it is a port of the loopback with a key that nobody
knows.
"""

from __future__ import annotations

import importlib.metadata
import os
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ift_builder.errors import CONTEXT_OVERFLOW, NO_TOKENS, BackendUnusableError, InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.records import Api

LIBRARY: Final = "xllamacpp"
INSTALL: Final = "pip install 'ift-builder[local]'"

OVERFLOW: Final = "exceed_context_size_error"
"""llama.cpp's name for a prompt that does not fit into the context."""

_STREAMED: Final = {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True}

_BATCH: Final = 512
"""Tokens of a prompt that are worked on at a time: llama.cpp's own physical batch, so that this costs nothing; between
two batches a request can be given up."""

_SMALL: Final = 20_000_000
"""Bytes of a model below which threads wait for each other longer than they work: one of 1 MB writes 5,300 tokens a
second with one thread and 3,000 with two, and far fewer where other programs want the processors too."""

_LONGEST_SOCKET: Final = 100
"""Bytes; the systems allow 104 to 108."""


def check_installed() -> None:
    """Sees to it that the library is there, without loading it.

    Raises:
        InputError: It is not.
    """
    if installed_version() is None:
        raise InputError(
            f"model files need the library {LIBRARY}, which is not installed", where="--model", hint=INSTALL
        )


def installed_version() -> str | None:
    """The library's version, without loading it; None where it is not installed."""
    try:
        return importlib.metadata.version(LIBRARY)
    except importlib.metadata.PackageNotFoundError:
        return None


class Engine:
    """A loaded model with its slots. Its methods block, and may be called from several threads."""

    def __init__(self, path: Path, name: str, *, slots: int, context: int) -> None:
        """Loads the model; takes seconds, or minutes for a large one.

        Args:
            path: The model file.
            name: What the model calls itself in replies.
            slots: Prompts that are worked on at a time.
            context: Tokens of prompt and answer together, for each slot.

        Raises:
            BackendUnusableError: llama.cpp cannot load it.
        """
        import xllamacpp  # noqa: PLC0415 - a hundred megabytes, loaded when a model is

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        parameters.model_alias = [name]
        parameters.n_parallel, parameters.n_ctx = slots, slots * context
        parameters.n_batch = parameters.n_ubatch = _BATCH
        parameters.verbosity = 0
        parameters.cache_ram_mib = 0  # by default it keeps up to 8 GB of earlier prompts
        parameters.warmup = parameters.ui = False
        parameters.api_keys = [secrets.token_urlsafe()]
        if threads := _threads(path):
            parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
        try:
            with tempfile.TemporaryDirectory(prefix="ift-") as folder:
                if socket := _socket_file(Path(folder)):
                    parameters.hostnames = [socket]
                self._server = xllamacpp.Server(parameters)
        except RuntimeError as error:
            raise BackendUnusableError(
                f"llama.cpp ({LIBRARY} {xllamacpp.__version__}) cannot load the model file",
                where=str(path),
                hint="it may be cut off, of a kind that this version does not know, or too large for the memory with "
                f"{slots} times {context:,} tokens: try a smaller --context, a new download, or "
                f"pip install --upgrade {LIBRARY}",
            ) from error

    def answer(self, api: Api, body: dict[str, Any], is_cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The reply to a request, in the shape of the OpenAI API.

        It is taken as a stream, since that is how a request can be given up midway, while the prompt is read too.

        Args:
            api: Which endpoint.
            body: The request.
            is_cancelled: Whether nobody waits for the reply any longer.

        Raises:
            RequestError: llama.cpp refused the request.
        """
        reply = _Reply()

        def take(chunk: dict[str, Any]) -> bool:
            reply.add(chunk)
            return is_cancelled()

        handle = self._server.handle_chat_completions if api == "chat" else self._server.handle_completions
        handle({**body, **_STREAMED}, take)
        if reply.error is not None:
            raise _refused(reply.error)
        return reply.whole()


class _Reply:
    """Puts the chunks of a streamed reply together."""

    def __init__(self) -> None:
        self.error: dict[str, Any] | None = None
        self._texts: list[str] = []
        self._finish_reason = ""
        self._names: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}

    def add(self, chunk: dict[str, Any]) -> None:
        """Takes one chunk; those of thoughts have no `content` and go by."""
        if "error" in chunk:
            self.error = chunk["error"]
            return
        self._names = {name: chunk.get(name) for name in ("id", "model")}
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk["choices"]:
            self._texts.append(choice.get("text") or choice.get("delta", {}).get("content") or "")
            self._finish_reason = choice.get("finish_reason") or self._finish_reason

    def whole(self) -> dict[str, Any]:
        """The reply as it would have come in one piece; the text stands where either endpoint has it."""
        text = "".join(self._texts)
        choice = {"text": text, "message": {"content": text}, "finish_reason": self._finish_reason}
        return {**self._names, "usage": self._usage, "choices": [choice]}


def _refused(error: dict[str, Any]) -> RequestError:
    is_ours = error.get("code") == 400  # noqa: PLR2004 - HTTP's number for a request that is wrong in itself
    reason = CONTEXT_OVERFLOW if error.get("type") == OVERFLOW else "refused" if is_ours else "server-error"
    tokens = NO_TOKENS if is_ours else None
    return RequestError(f"llama.cpp: {error.get('message')}", reason=reason, retryable=not is_ours, tokens=tokens)


def _socket_file(folder: Path) -> str:
    """Where the socket may be; `""` where the system has none, or not under so long a name."""
    path = str(folder / "llama.sock")
    return path if os.name == "posix" and len(os.fsencode(path)) <= _LONGEST_SOCKET else ""


def _threads(path: Path) -> int | None:
    """How many to use where llama.cpp, which looks at the machine's processors only, would use too many; else None."""
    if path.stat().st_size < _SMALL:
        return 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return allowed if allowed and allowed < (os.cpu_count() or 1) else None
