"""Answers held to a JSON Schema: what the OpenAI API calls `response_format`, and whether a server has it.

Servers without it differ. OpenAI's names the field in `param` of its refusal; DeepSeek's, vLLM's and LM Studio's say
400 or 422 and name nothing that a program can read; others pass the field over. So a refusal that does not say what it
is about is put to the test: the same prompt is asked once more without the field, and only if that is answered did the
refusal mean the field. From then on it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ift_builder.records import Prompt

FIELD: Final = "response_format"

WITHOUT: Final = "the server has no JSON-schema output; asking in words instead"
"""What the user is told, once."""

_REFUSALS: Final = (400, 422, 501)
"""Bad request; a body that cannot be processed, which typed servers say; not implemented."""

_OF_THE_TEXT: Final = ("content_filter", "context_length_exceeded")
"""Codes of refusals that are about the prompt's words."""


class SchemaOutput:
    """What is known of a server's JSON-schema output."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Nothing is known yet.

        Args:
            tell: Says something to the user.
        """
        self._tell = tell
        self._is_missing = False
        self._has_worked = False
        self._without: set[str] = set()

    def options(self, prompt: Prompt) -> dict[str, Any]:
        """The field with the prompt's schema, as far as the prompt has one and the server may take it."""
        wanted = prompt.answer_schema
        if wanted is None or prompt.api != "chat" or self._is_missing or prompt.key in self._without:
            return {}
        schema = {"name": wanted.name, "strict": True, "schema": orjson.loads(wanted.schema)}
        return {FIELD: {"type": "json_schema", "json_schema": schema}}

    def refused(self, key: str, body: Mapping[str, Any], status: int, code: Any, param: Any) -> bool:
        """Whether a refusal is, or may be, about the field, so that the prompt is to be asked without it.

        Args:
            key: The prompt's.
            body: The request.
            status: HTTP's.
            code: What the server calls the error.
            param: The part of the request that the server names.
        """
        if FIELD not in body or status not in _REFUSALS or code in _OF_THE_TEXT:
            return False
        is_named = str(param or "").startswith(FIELD)
        if not is_named and (param or self._has_worked):
            return False
        self._without.add(key)
        if is_named and not self._has_worked:
            self._learn_missing()
        return True

    def answered(self, key: str, body: Mapping[str, Any]) -> None:
        """Learns from an answer."""
        if FIELD in body:
            self._has_worked = True
        elif key in self._without and not self._has_worked:
            self._learn_missing()

    def _learn_missing(self) -> None:
        if not self._is_missing:
            self._is_missing = True
            self._tell(WITHOUT)
