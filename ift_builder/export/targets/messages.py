"""Messages: `role` and `content`, the conversational format of TRL, and OpenAI's but for the id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.export.targets.target import MESSAGES, TOGETHER, Target, messages

if TYPE_CHECKING:
    from ift_builder.export.rendering import Conversation


def row(conversation: Conversation) -> dict[str, Any]:
    """All turns."""
    return {"id": conversation.example.id, "messages": messages(conversation)}


TARGET = Target({"id": "string", **MESSAGES}, row, ids_refused_by=TOGETHER)
