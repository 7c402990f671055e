"""Which requests are refused for what they are: a wrong key, an unknown model, no messages, a prompt too long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fake_server import json_schema
from tests.fake_server.answers import COMPLETIONS, tokens
from tests.fake_server.faults import Fault, error, rate_headers, refusal, retry_headers

if TYPE_CHECKING:
    from tests.fake_server.http11 import Reply
    from tests.fake_server.rate_limit import Bucket
    from tests.fake_server.settings import Settings


def stranger(settings: Settings, headers: dict[str, str]) -> Reply | None:
    """401 for a client without the key."""
    if settings.api_key is None or headers.get("authorization") == f"Bearer {settings.api_key}":
        return None
    return error(401, "Incorrect API key provided.", code="invalid_api_key")


def read_json(body: bytes) -> dict[str, Any] | Reply:
    """The body's object, or 400."""
    try:
        value = json.loads(body)
    except ValueError:
        return error(400, "The body is not valid JSON.")
    return value if isinstance(value, dict) else error(400, "The body is not a JSON object.")


def misfit(settings: Settings, path: str, body: dict[str, Any]) -> Reply | None:
    """404 for an unknown model; 400 for a body that does not ask what the path answers, or asks for a stream."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        return error(400, "You must provide a model parameter.")
    if settings.models and model not in settings.models:
        return error(404, f"The model {model!r} does not exist.", code="model_not_found")
    if body.get("stream"):
        return error(400, "This server does not stream.", code="unsupported_value")
    if path == COMPLETIONS[0]:
        good = _is_list_of(body.get("messages"), dict) and all("role" in one for one in body["messages"])
        if good:
            return json_schema.refusal(settings.json_schema, body)
        return error(400, "'messages' must be a list of messages with role and content.")
    good = isinstance(body.get("prompt"), str) or _is_list_of(body.get("prompt"), str)
    return None if good else error(400, "'prompt' must be a string or a list of strings.")


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, kind) for one in value)


def too_long(settings: Settings, body: dict[str, Any], text: str) -> Reply | None:
    """400 for a prompt that leaves no room for the answer."""
    wanted = body.get("max_completion_tokens") or body.get("max_tokens") or 0
    if settings.context_tokens is None or tokens(text) + wanted <= settings.context_tokens:
        return None
    return refusal(Fault("context-length"))


def too_fast(settings: Settings, bucket: Bucket) -> Reply:
    """429 for a request that finds the bucket empty."""
    reply = error(429, "Rate limit reached for requests.", kind="requests", code="rate_limit_exceeded")
    reply.headers |= limits(bucket)
    if settings.retry_form:
        reply.headers |= retry_headers(bucket.wait, settings.retry_form)
    return reply


def limits(bucket: Bucket) -> dict[str, str]:
    """The rate-limit headers of a reply."""
    return rate_headers(limit=bucket.rate * 60, remaining=bucket.tokens, reset=bucket.refill)
