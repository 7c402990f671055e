"""Reads the OpenAI API's replies: JSON values whose every field is checked, since servers differ."""

from __future__ import annotations

import re
from typing import Any, Final

from ift_builder.errors import RequestError
from ift_builder.records import Completion, Prompt, Usage

WRONG_SERVER: Final = "is this an OpenAI-compatible server, and does --base-url end in /v1?"
"""What to check where a reply is no reply of that API."""

_MOST_TOKENS: Final = 1 << 40
"""A count above this is a mistake."""

_HALVES: Final = re.compile("[\ud800-\udfff]")


def completion_of(prompt: Prompt, reply: Any, *, pause: float | None = None) -> Completion:
    """The answer in a reply.

    Args:
        prompt: What was asked.
        reply: The JSON that came back.
        pause: Seconds that the server's headers ask for.

    Raises:
        RequestError: There is none: the model or a filter withheld it, or the server broke the API's promise.
    """
    choices = field(reply, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice if prompt.api == "completions" else field(choice, "message")
    text = field(message, "text" if prompt.api == "completions" else "content")
    finish_reason = text_of(field(choice, "finish_reason"))
    usage = Usage(_count(reply, "prompt_tokens"), _count(reply, "completion_tokens"))
    if failure := _withheld(finish_reason, field(message, "refusal"), has_text=isinstance(text, str)):
        what, reason = failure
        hint = WRONG_SERVER if reason == "bad-answer" else ""
        raise RequestError(what, reason=reason, retryable=reason == "bad-answer", tokens=_counted(usage), hint=hint)
    names = text_of(field(reply, "model")), text_of(field(reply, "id"))
    return Completion(prompt.key, text_of(text), finish_reason, usage, *names, pause=pause)


def error_in(reply: Any) -> tuple[int, tuple[str, ...], str] | None:
    """(status, its names, message) of an error that came in place of an answer, as gateways send them with HTTP 200."""
    error = field(reply, "error")
    if not isinstance(error, dict) or field(reply, "choices"):
        return None
    status, said = error.get("code"), text_of(error.get("message"))
    names = (text_of(error.get("type")),)
    return (status, names, said) if type(status) is int and 400 <= status < 600 else (500, names, said)  # noqa: PLR2004 - HTTP's


def model_names(reply: Any) -> list[str]:
    """The names in a server's list of models; an entry without one is passed over.

    Raises:
        RequestError: The reply is no such list.
    """
    models = field(reply, "data")
    if not isinstance(models, list):
        raise RequestError(
            "the answer is no list of models in JSON", reason="bad-answer", retryable=True, hint=WRONG_SERVER
        )
    names = [text_of(field(model, "id")) for model in models]
    return [name for name in names if name]


def text_of(value: Any) -> str:
    """A text that can be written: JSON can escape halves of characters, which no file can hold; `""` for no text."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else ""


def _withheld(finish_reason: str, refusal: Any, *, has_text: bool) -> tuple[str, str] | None:
    """(what happened, reason) where the server answered, but not with an answer."""
    if finish_reason == "content_filter":
        return "the server's content filter withheld the answer", "content-filter"
    if has_text or finish_reason == "length":  # a reasoning model may use up the limit before its first word
        return None
    if isinstance(refusal, str):
        return f"the model refused: {text_of(refusal)}", "refusal"
    return "the server's answer has no text", "bad-answer"


def field(value: Any, name: str) -> Any:
    """A field of what may be an object; None where it is not, or has no such field."""
    return value.get(name) if isinstance(value, dict) else None


def _count(reply: Any, name: str) -> int | None:
    """A token count, or None where the server sent none that makes sense."""
    count = field(field(reply, "usage"), name)
    return count if type(count) is int and 0 <= count <= _MOST_TOKENS else None


def _counted(usage: Usage) -> tuple[int, int] | None:
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    return usage.prompt_tokens, usage.completion_tokens
