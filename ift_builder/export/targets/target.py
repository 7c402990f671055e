"""What a target is: its columns, how a conversation becomes a row, and what else lies beside the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from ift_builder.export.rendering import Conversation

Columns = Mapping[str, Any]
"""Column to type: `"string"`, `"int64"`, a list that holds the type of its items, or a mapping of a record's fields."""

MESSAGES: Columns = {"messages": [{"role": "string", "content": "string"}]}
"""The conversation as OpenAI and TRL write it."""


ID: Final = "id"
"""The column of ids."""

TOGETHER: Final = "Together's fine-tuning service"
"""Its validator (`together` 1.x, `utils/files.py`) takes `messages`, `prompt` with `completion`, or `text` alone."""


def no_extras(name: str, files: Mapping[str, str]) -> dict[str, bytes]:  # noqa: ARG001 - the signature of all extras
    """Nothing beside the rows."""
    return {}


@dataclass(frozen=True, slots=True)
class Target:
    """A trainer's file format."""

    columns: Columns
    """The columns of every row, always all of them, never null unless said."""

    row: Callable[[Conversation], dict[str, Any]]
    """A conversation as a row."""

    extras: Callable[[str, Mapping[str, str]], dict[str, bytes]] = no_extras
    """Other files by name, from the dataset's name and the files of its splits."""

    fewest_rows: int = 1
    """The fewest rows that it accepts."""

    ids_refused_by: str = ""
    """Who takes this format and refuses a column of ids in it."""

    as_tables: bool = False
    """Whether rows go to parquet and `save_to_disk` instead of JSON lines."""

    @property
    def has_ids(self) -> bool:
        """Whether the rows carry their ids; if not, `ids.jsonl` does."""
        return ID in self.columns

    def without_ids(self) -> Target:
        """The same without the column of ids."""
        columns = {name: shape for name, shape in self.columns.items() if name != ID}
        return replace(self, columns=columns, row=partial(_row_without_id, self.row))


def _row_without_id(row: Callable[[Conversation], dict[str, Any]], conversation: Conversation) -> dict[str, Any]:
    return {name: value for name, value in row(conversation).items() if name != ID}


def messages(conversation: Conversation) -> list[dict[str, str]]:
    """All turns, as OpenAI and TRL write them."""
    return [{"role": turn.role, "content": turn.content} for turn in conversation.turns]


def refuse(conversation: Conversation, parts: Sequence[str], target: str) -> None:
    """Raises InputError where the conversation has a part that the target has no place for."""
    found = {"system": bool(conversation.system), "earlier turns": bool(conversation.earlier)}
    ways_out = {"system": "--system none", "earlier turns": "--exemplars inline if they are exemplars"}
    for part in parts:
        if found[part]:
            raise InputError(
                f"{target} has no place for {part}",
                where=f"record {conversation.example.id}",
                hint=f"use --to messages, or {ways_out[part]}",
            )
