"""The field `response_format`: what servers make of a wish for JSON by a schema.

`taken` checks the schema as OpenAI's strict mode does, and otherwise answers as ever: to hold a model to it is the
answer function's part. The others are servers without it: `named` and `unnamed` refuse as OpenAI's older models and as
DeepSeek do, `typed` as servers that check types do (TGI), and `ignored` passes the field over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fake_server.http11 import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

MANNERS = ("taken", "named", "unnamed", "typed", "ignored")

_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
_STRICT = ("type", "properties", "required", "additionalProperties", "items", "enum", "description", "anyOf")
"""Keywords that every server with strict schemas knows."""


def refusal(manner: str, body: dict[str, Any]) -> Reply | None:
    """The reply to a request with the field that the server does not take; None where it may be answered."""
    wanted = body.get("response_format")
    if wanted is None or manner == "ignored":
        return None
    if manner == "typed":
        return Reply(422, {"error": "response_format: unknown variant `json_schema`", "error_type": "validation"})
    if manner != "taken":
        param = "response_format" if manner == "named" else None
        return _error("This response_format is not available with this model.", param)
    problem = next(_problems(wanted), "")
    return _error(problem, "response_format") if problem else None


def _error(message: str, param: str | None) -> Reply:
    return Reply(400, {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}})


def _problems(wanted: Any) -> Iterator[str]:
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    if kind not in ("text", "json_object", "json_schema"):
        yield "response_format.type must be text, json_object or json_schema."
    elif kind == "json_schema":
        given = wanted.get("json_schema")
        if not isinstance(given, dict) or not _NAME.fullmatch(str(given.get("name", ""))):
            yield "response_format.json_schema needs a name of letters, digits, _ and -."
        elif not isinstance(given.get("schema"), dict) or given["schema"].get("type") != "object":
            yield "response_format.json_schema.schema must be the schema of an object."
        elif given.get("strict"):
            yield from _not_strict(given["schema"])


def _not_strict(schema: dict[str, Any]) -> Iterator[str]:
    """What strict mode has against a schema: each object closed, each of its properties required."""
    for keyword in schema:
        if keyword not in _STRICT:
            yield f"{keyword!r} is not permitted."
    properties = schema.get("properties", {})
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield "'additionalProperties' must be false."
        if sorted(schema.get("required", [])) != sorted(properties):
            yield "'required' must hold every property."
    for part in (*properties.values(), *([schema["items"]] if "items" in schema else [])):
        yield from _not_strict(part)
