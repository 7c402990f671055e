"""Prompt and completion: two texts, of which a trainer learns the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder.export.targets.target import TOGETHER, Target
from ift_builder.export.targets.text import prompt

if TYPE_CHECKING:
    from ift_builder.export.rendering import Conversation


def row(conversation: Conversation) -> dict[str, str]:
    """The conversation up to the answer, and the answer."""
    return {"id": conversation.example.id, "prompt": prompt(conversation), "completion": conversation.answer}


TARGET = Target({"id": "string", "prompt": "string", "completion": "string"}, row, ids_refused_by=TOGETHER)
