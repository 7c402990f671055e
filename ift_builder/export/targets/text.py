"""Text: the whole conversation as one text, for training a base model as on any text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ift_builder import templating
from ift_builder.export.targets.target import TOGETHER, Target

if TYPE_CHECKING:
    from ift_builder.export.rendering import Conversation


def row(conversation: Conversation) -> dict[str, str]:
    """The conversation as one text."""
    return {"id": conversation.example.id, "text": prompt(conversation) + conversation.answer}


def prompt(conversation: Conversation) -> str:
    """The conversation up to the answer, by `templates/export/prompt.jinja`; the answer follows at once."""
    return _template().render(turns=conversation.turns[:-1])


@cache
def _template() -> templating.Template:
    return templating.shipped("export", "prompt.jinja")


TARGET = Target({"id": "string", "text": "string"}, row, ids_refused_by=TOGETHER)
