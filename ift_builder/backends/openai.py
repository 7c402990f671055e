"""Any server that speaks the OpenAI API, through the official client.

The key comes from OPENAI_API_KEY. The client's own retries are off: `asking` decides about retries, in one place.
Errors are told apart by class, status and the API's `code` and `param` fields, never by their message text.
"""

from __future__ import annotations

import os
import reprlib
from contextlib import contextmanager
from dataclasses import fields
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import aiohttp
import openai

from ift_builder import secrets
from ift_builder.backends import connection, rate_limits, replies
from ift_builder.backends.openai_reply import WRONG_SERVER, completion_of, error_in, model_names, text_of
from ift_builder.backends.openai_schema import SchemaOutput
from ift_builder.errors import (
    CONTEXT_OVERFLOW,
    NO_TOKENS,
    BackendError,
    BackendUnusableError,
    InputError,
    RequestError,
)
from ift_builder.records import Sampling
from ift_builder.secrets import addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ift_builder.records import Completion, Prompt

_CONNECT_SECONDS: Final = 10.0
"""For the connection alone; how long an answer may take is for `asking` to say."""

_ENDPOINTS: Final = {"chat": "/chat/completions", "completions": "/completions"}

_OPTIONS: Final = tuple(field.name for field in fields(Sampling))

_PASSING: Final = (408, 409, 425, 498)
"""Statuses below 500 that a later try may not meet: time-out, conflict, too early, and Groq's "no capacity"."""

_LOST_BEHIND: Final = (408, 502, 504, 520, 522, 524)
"""Statuses of a gateway that lost the server behind it, or did not wait for it: the answer may have been made and paid
all the same. Those from 520 are Cloudflare's."""

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

    def __init__(
        self, *, base_url: str | None = None, key: str | None = None, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Opens a client; nothing is sent yet.

        Args:
            base_url: The server; None for that in OPENAI_BASE_URL, or the public API.
            key: The key; None for that in OPENAI_API_KEY.
            tell: Says something to the user that is no error.

        Raises:
            InputError: No key is set and the server is the public API, which needs one, or the address is not one.
        """
        address = base_url or os.environ.get("OPENAI_BASE_URL") or _PUBLIC_API
        said_in = "--base-url" if base_url else "environment variable OPENAI_BASE_URL"
        key = (os.environ.get("OPENAI_API_KEY", "") if key is None else key).strip()
        secrets.register(key)
        secrets.register_address(address)
        self._base_url = addresses.shown(address)  # as messages name it; what is asked is below
        if not key and address.startswith(_PUBLIC_API):
            raise InputError(
                "no API key is set",
                where="environment variable OPENAI_API_KEY",
                hint="export OPENAI_API_KEY=…, or reach a server of your own with --base-url, or try --model demo",
            )
        if not (key.isascii() and key.isprintable()):
            raise InputError(
                "the API key holds characters that cannot be sent", where="environment variable OPENAI_API_KEY"
            )
        http_client = openai.DefaultAioHttpClient()  # takes about half the CPU of the default one
        self._http = _library_of(http_client)
        if not _is_web_address(address, self._http):
            raise InputError(
                f"{reprlib.repr(self._base_url)} is not a web address",
                where=said_in,
                hint="such as http://localhost:8000/v1",
            )
        if "@" in urlsplit(address).netloc:  # it would stand beside the key's header, which HTTP forbids
            raise InputError(
                "an address with a user and password in it cannot be asked",
                where=said_in,
                hint="leave them out; a key goes into the environment variable OPENAI_API_KEY",
            )
        base, http_client.params = addresses.split(address)
        http_client.event_hooks = {"response": [replies.bounding(self._http)]}
        http_client.headers["accept-encoding"] = replies.ENCODING
        self.client = openai.AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=base,
            timeout=openai.Timeout(None, connect=_CONNECT_SECONDS),
            max_retries=0,
            http_client=http_client,
        )
        self._refused_options: set[str] = set()
        self._schemas = SchemaOutput(tell)
        self._answered_any = False

    async def complete(self, prompt: Prompt) -> Completion:
        """The answer; see `Backend.complete`.

        The client's general `post` rather than `create`, which spends half a millisecond on each request looking for
        fields to rename in messages that have none, and as much again on making objects of the reply.
        """
        body = self._body(prompt)
        with self.translating(body, prompt.key):
            reply = await self.client.post(_ENDPOINTS[prompt.api], body=body, cast_to=self._http.Response)
            body_of_reply, pause = reply.json(), rate_limits.pause(reply.headers)
            if told := error_in(body_of_reply):
                status, names, says = told
                unsupported = self._without_schema(prompt.key, body, status, names[0])
                tokens = None if status >= 500 else NO_TOKENS  # noqa: PLR2004 - HTTP's; it failed after it had begun
                raise unsupported or self._failed(status, names, says, pause=pause, tokens=tokens)
            completion = completion_of(prompt, body_of_reply, pause=pause)
        self._answered_any = True
        self._schemas.answered(prompt.key, body)
        return completion

    async def models(self) -> list[str]:
        """The names of the models that the server has, in its order.

        Raises:
            BackendError: It does not say.
        """
        with self.translating():
            return model_names((await self.client.get("/models", cast_to=self._http.Response)).json())

    def line(self, prompt: Prompt) -> dict[str, Any]:
        """The prompt's line in a batch file."""
        path = _ENDPOINTS[prompt.api]
        return {"custom_id": prompt.key, "method": "POST", "url": f"/v1{path}", "body": self._body(prompt)}

    @contextmanager
    def translating(self, body: Mapping[str, Any] | None = None, key: str = "") -> Iterator[None]:
        """Turns the client's errors into ours.

        Args:
            body: The request, so that an option which the server does not take is learned.
            key: The prompt's.
        """
        try:
            yield
        except RequestError as error:  # of whoever reads or bounds the reply
            error.where = error.where or self._base_url
            raise
        except openai.OpenAIError as error:
            raise self._translated(error, body or {}, key) from error
        except aiohttp.ClientError as error:  # the client lets what is no HTTP through
            hint = connection.or_tls(WRONG_SERVER, self._base_url)
            raise _bad_answer("the answer is not HTTP", self._base_url, hint) from error
        except (ValueError, RecursionError) as error:  # the client lets a body that is no JSON through to the decoder
            raise _bad_answer("the answer is not JSON", self._base_url) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self.client.close()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        """The request as the API wants it."""
        if prompt.api == "completions":
            words: dict[str, Any] = {"prompt": "\n\n".join(turn.content for turn in prompt.messages)}
        else:
            words = {"messages": [{"role": turn.role, "content": turn.content} for turn in prompt.messages]}
        return {"model": prompt.model, **words, **self._options(prompt.sampling), **self._schemas.options(prompt)}

    def _options(self, sampling: Sampling) -> dict[str, Any]:
        """The sampling as API parameters, without what this server has refused by name."""
        options = {name: value for name in _OPTIONS if (value := getattr(sampling, name)) not in (None, ())}
        if "stop" in options:
            options["stop"] = list(options["stop"])
        if "max_tokens" in self._refused_options and "max_tokens" in options:
            options["max_completion_tokens"] = options["max_tokens"]
        return {name: value for name, value in options.items() if name not in self._refused_options}

    def _translated(self, error: openai.OpenAIError, body: Mapping[str, Any], key: str = "") -> BackendError:
        if isinstance(error, openai.APIStatusError):
            pause = rate_limits.pause(error.response.headers)
            says = text_of(error.message)
            unsupported = self._unsupported(error, body, key) or self._redirected(error.response)
            tokens = None if error.status_code in _LOST_BEHIND else NO_TOKENS
            names = text_of(error.code), text_of(error.type)
            return unsupported or self._failed(error.status_code, names, says, pause=pause, tokens=tokens)
        if isinstance(error.__cause__, RequestError):  # the client may have wrapped it
            error.__cause__.where = self._base_url
            return error.__cause__
        if isinstance(error, openai.APIConnectionError):  # its time-outs too: only connecting has one here
            return self._not_connected(error)
        return _bad_answer(f"the answer is not what the API promises ({error})", self._base_url)

    def _not_connected(self, error: openai.APIConnectionError) -> BackendError:
        why = connection.problem(error, self._base_url, self._http.TooManyRedirects)
        if why.is_lasting and not self._answered_any:
            return BackendUnusableError(why.what, where=self._base_url, hint=why.hint)
        tokens = NO_TOKENS if _was_never_sent(error) else None
        return RequestError(
            why.what, reason="unreachable", retryable=True, tokens=tokens, where=self._base_url, hint=why.hint
        )

    def _failed(
        self, status: int, names: Sequence[Any], says: str, *, pause: float | None, tokens: tuple[int, int] | None
    ) -> BackendError:
        """What a status of HTTP means, whether it came as the reply's own or in its body.

        Args:
            status: The status.
            names: What the server calls the error, in `code` and `type`.
            says: Its words for people.
            pause: Seconds that it wants to be left alone.
            tokens: What the request cost; None where that is unknown.
        """
        if status == 401 or (status == 403 and not self._answered_any):  # noqa: PLR2004 - HTTP's own numbers, here and below
            what, hint = f"the server refuses the key (HTTP {status})", "check the environment variable OPENAI_API_KEY"
            return BackendUnusableError(what, where=self._base_url, hint=hint)
        if status == 404:  # noqa: PLR2004
            what = f"the server knows no such model or address (HTTP 404): {says}"
            hint = "check --model, --api and --base-url, which mostly ends in /v1"
            return BackendUnusableError(what, where=self._base_url, hint=hint)
        if status == 402 or (status == 429 and "insufficient_quota" in names):  # noqa: PLR2004
            hint = "add credit, then run the same command to go on"
            return BackendUnusableError("the account has no credit left", where=self._base_url, hint=hint)
        if status == 429:  # noqa: PLR2004
            what, reason = "the server limits the rate", "rate-limited"
        elif status in _PASSING or status >= 500:  # noqa: PLR2004
            what, reason = f"the server failed (HTTP {status})", "server-error"
        else:
            what = f"the server refused the request (HTTP {status}): {says}"
            reason = next((_REFUSALS[name] for name in names if name in _REFUSALS), "refused")
            hint = _LONGER if reason == CONTEXT_OVERFLOW else ""
            return RequestError(what, reason=reason, retryable=False, tokens=tokens, where=self._base_url, hint=hint)
        return RequestError(what, reason=reason, retryable=True, retry_after=pause, tokens=tokens, where=self._base_url)

    def _redirected(self, response: Any) -> BackendUnusableError | None:
        """For an address that leads elsewhere, where nobody takes the request; None for other replies.

        A redirect of the usual kind turns a request into one for a page (RFC 9110, section 15.4).
        """
        status, was_redirected = response.status_code, bool(response.history)
        if not (300 <= status < 400 or (was_redirected and status in (404, 405))):  # noqa: PLR2004 - HTTP's numbers
            return None
        to = str(response.url if was_redirected else response.headers.get("location", ""))
        what = f"the server redirects to {addresses.shown(to) or 'nowhere'} (HTTP {status})"
        hint = "give the address that answers by itself in --base-url, which mostly ends in /v1"
        return BackendUnusableError(what, where=self._base_url, hint=hint)

    def _without_schema(
        self, key: str, body: Mapping[str, Any], status: int, code: Any, param: Any = None
    ) -> RequestError | None:
        """For a refusal that is or may be about the schema; the prompt is then asked without."""
        if not self._schemas.refused(key, body, status, code, param):
            return None
        return self._to_send_without("the server may have no JSON-schema output")

    def _unsupported(self, error: openai.APIStatusError, body: Mapping[str, Any], key: str) -> RequestError | None:
        """For an option that the server names and does not take, which is left out from now on; None for other errors.

        Reasoning models, for one, take no temperature; many servers take no JSON Schema, which `SchemaOutput` learns.
        """
        code, param = text_of(error.code), text_of(error.param)  # which the client promises, and servers do not
        if without := self._without_schema(key, body, error.status_code, code, param):
            return without
        if code not in ("unsupported_parameter", "unsupported_value") or param not in body:
            return None
        self._refused_options.add(param)
        return self._to_send_without(f"the model does not take the option {param}")

    def _to_send_without(self, what: str) -> RequestError:
        reason, where = "unsupported-option", self._base_url
        return RequestError(what, reason=reason, retryable=True, retry_after=0, tokens=NO_TOKENS, where=where)


def _library_of(client: Any) -> Any:
    """The library that a client is of: httpx2 or, with an older version of `openai`, httpx."""
    request = client.build_request("GET", "http://localhost")
    return import_module(type(request).__module__.partition(".")[0])


def _was_never_sent(error: BaseException | None) -> bool:
    """Whether there was no connection to send on; the client's own class is the same where one broke off later."""
    while error is not None and not isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        error = error.__cause__
    return error is not None


def _is_web_address(url: str, library: Any) -> bool:
    try:
        parts = urlsplit(url)
        library.URL(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except (ValueError, library.InvalidURL):
        return False


def _bad_answer(what: str, where: str = "", hint: str = WRONG_SERVER) -> RequestError:
    return RequestError(
        what,
        reason="bad-answer",
        retryable=True,
        where=where,
        hint=hint,
    )
