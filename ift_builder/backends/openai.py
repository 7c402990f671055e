"""Any server that speaks the OpenAI API, through the official client.

The key comes from OPENAI_API_KEY. The client's own retries are off: `asking` decides about retries, in one place.
Errors are told apart by class, status and the API's `code` and `param` fields, never by their message text.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import openai

from ift_builder.backends.openai_reply import WRONG_SERVER, completion_of, model_names, text_of
from ift_builder.errors import CONTEXT_OVERFLOW, BackendError, BackendUnusableError, InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ift_builder.records import Completion, Prompt, Sampling

_CONNECT_SECONDS: Final = 10.0
"""For the connection alone; how long an answer may take is for `asking` to say."""

_ENDPOINTS: Final = {"chat": "/chat/completions", "completions": "/completions"}

_REFUSALS: Final = {
    "content_filter": "content-filter",
    "context_length_exceeded": CONTEXT_OVERFLOW,
    "exceed_context_size_error": CONTEXT_OVERFLOW,  # llama.cpp's name for it
}
"""Our names for what a server says in `code` or `type` of an error that is about the one request."""

_LONGER: Final = (
    "start the server with a longer context for each request, or take a model that knows more, then --retry-failed"
)
_PUBLIC_API: Final = "https://api.openai.com/v1"
_NO_KEY: Final = "none"
"""Sent to servers of one's own, which mostly ask for no key."""


class OpenAIBackend:
    """Asks an OpenAI-compatible server."""

    name = "openai"

    def __init__(self, *, base_url: str | None = None, key: str | None = None) -> None:
        """Opens a client; nothing is sent yet.

        Args:
            base_url: The server; None for that in OPENAI_BASE_URL, or the public API.
            key: The key; None for that in OPENAI_API_KEY.

        Raises:
            InputError: No key is set and the server is the public API, which needs one, or the address is not one.
        """
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL") or _PUBLIC_API
        key = (os.environ.get("OPENAI_API_KEY", "") if key is None else key).strip()
        if not key and self._base_url.startswith(_PUBLIC_API):
            raise InputError(
                "no API key is set",
                where="environment variable OPENAI_API_KEY",
                hint="export OPENAI_API_KEY=…, or reach a server of your own with --base-url, or try --model demo",
            )
        if not (key.isascii() and key.isprintable()):
            raise InputError(
                "the API key holds characters that cannot be sent", where="environment variable OPENAI_API_KEY"
            )
        if not _is_web_address(self._base_url):
            raise InputError(
                f"{self._base_url!r} is not a web address",
                where="--base-url",
                hint="such as http://localhost:8000/v1",
            )
        if "@" in urlsplit(self._base_url).netloc:  # it would stand beside the key's header, which HTTP forbids
            raise InputError(
                "an address with a user and password in it cannot be asked",
                where="--base-url",
                hint="leave them out; a key goes into the environment variable OPENAI_API_KEY",
            )
        self.client = openai.AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=self._base_url,
            timeout=openai.Timeout(None, connect=_CONNECT_SECONDS),
            max_retries=0,
            http_client=openai.DefaultAioHttpClient(),  # takes about half the CPU of the default one
        )
        self._refused_options: set[str] = set()
        self._answered_any = False

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer; see `Backend.complete`.

        The client's general `post` rather than `create`, which spends half a millisecond on each request looking for
        fields to rename in messages that have none, and as much again on making objects of the reply.
        """
        body = self._body(prompt)
        path = _ENDPOINTS[prompt.api]
        with self.translating(body):
            completion = completion_of(prompt, await self.client.post(path, body=body, cast_to=object))
        self._answered_any = True
        return completion

    async def models(self) -> list[str]:
        """The names of the models that the server has, in its order.

        Raises:
            BackendError: It does not say.
        """
        with self.translating():
            return model_names(await self.client.get("/models", cast_to=object))

    def line(self, prompt: Prompt) -> dict[str, Any]:
        """The prompt's line in a batch file."""
        path = _ENDPOINTS[prompt.api]
        return {"custom_id": prompt.key, "method": "POST", "url": f"/v1{path}", "body": self._body(prompt)}

    @contextmanager
    def translating(self, body: Mapping[str, Any] | None = None) -> Iterator[None]:
        """Turns the client's errors into ours.

        Args:
            body: The request, so that an option which the server does not take is learned.
        """
        try:
            yield
        except openai.OpenAIError as error:
            raise self._translated(error, body or {}) from error
        except ValueError as error:  # the client lets a body that is no JSON through to the decoder
            raise _bad_answer("the answer is not JSON", self._base_url) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self.client.close()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        """The request as the API wants it."""
        if prompt.api == "completions":
            words: dict[str, Any] = {"prompt": "\n\n".join(turn.content for turn in prompt.messages)}
        else:
            words = {"messages": [asdict(turn) for turn in prompt.messages]}
        return {"model": prompt.model, **words, **self._options(prompt.sampling)}

    def _options(self, sampling: Sampling) -> dict[str, Any]:
        """The sampling as API parameters, without what this server has refused by name."""
        options = {name: value for name, value in asdict(sampling).items() if value is not None and value != ()}
        if "stop" in options:
            options["stop"] = list(options["stop"])
        if "max_tokens" in self._refused_options and "max_tokens" in options:
            options["max_completion_tokens"] = options["max_tokens"]
        return {name: value for name, value in options.items() if name not in self._refused_options}

    def _translated(self, error: openai.OpenAIError, body: Mapping[str, Any]) -> BackendError:
        if isinstance(error, openai.APIStatusError):
            return self._unsupported(error, body) or _status_error(error, self._base_url, self._answered_any)
        if isinstance(error, openai.APIConnectionError):  # its time-outs too: only connecting has one here
            return RequestError(
                "the server cannot be reached",
                reason="unreachable",
                retryable=True,
                where=self._base_url,
                hint="check the address in --base-url and that the server is running",
            )
        return _bad_answer(f"the answer is not what the API promises ({error})", self._base_url)

    def _unsupported(self, error: openai.APIStatusError, body: Mapping[str, Any]) -> RequestError | None:
        """For an option that the server names and does not take, which is left out from now on; None for other errors.

        Reasoning models, for one, take no temperature.
        """
        if error.code not in ("unsupported_parameter", "unsupported_value") or error.param not in body:
            return None
        self._refused_options.add(str(error.param))
        what = f"the model does not take the option {error.param}"
        return RequestError(what, reason="unsupported-option", retryable=True, retry_after=0, where=self._base_url)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _bad_answer(what: str, where: str = "") -> RequestError:
    return RequestError(
        what,
        reason="bad-answer",
        retryable=True,
        where=where,
        hint=WRONG_SERVER,
    )


def _status_error(error: openai.APIStatusError, base_url: str, answered_any: bool) -> BackendError:  # noqa: FBT001
    status, says = error.status_code, text_of(error.message)
    if status == 401 or (status == 403 and not answered_any):  # noqa: PLR2004 - HTTP's own numbers, here and below
        return BackendUnusableError(
            f"the server refuses the key (HTTP {status})",
            where=base_url,
            hint="check the environment variable OPENAI_API_KEY",
        )
    if status == 404:  # noqa: PLR2004
        return BackendUnusableError(
            f"the server knows no such model or address (HTTP 404): {says}",
            where=base_url,
            hint="check --model, --api and --base-url, which mostly ends in /v1",
        )
    if status == 402 or (status == 429 and error.code == "insufficient_quota"):  # noqa: PLR2004
        return BackendUnusableError(
            "the account has no credit left",
            where=base_url,
            hint="add credit, then run the same command to go on",
        )
    if status == 429:  # noqa: PLR2004
        wait = retry_after(error.response.headers)
        return RequestError(
            "the server limits the rate",
            reason="rate-limited",
            retryable=True,
            retry_after=wait,
            where=base_url,
        )
    if status in (408, 409) or status >= 500:  # noqa: PLR2004
        wait = retry_after(error.response.headers)
        return RequestError(
            f"the server failed (HTTP {status})",
            reason="server-error",
            retryable=True,
            retry_after=wait,
            where=base_url,
        )
    reason = _REFUSALS.get(error.code or "") or _REFUSALS.get(error.type or "", "refused")
    return RequestError(
        f"the server refused the request (HTTP {status}): {says}",
        reason=reason,
        retryable=False,
        where=base_url,
        hint=_LONGER if reason == CONTEXT_OVERFLOW else "",
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the `Retry-After` header (seconds or a date); None where it is absent or senseless."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))  # `inf` too: whoever waits has a limit
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
