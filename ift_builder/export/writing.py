"""Rows into files: JSON lines or tables, with the ids beside them where the format has no place for them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from ift_builder import jsonl
from ift_builder.runs import rows_file
from ift_builder.sources.saving import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from ift_builder.export.rendering import Conversation
    from ift_builder.export.targets.target import Target
    from ift_builder.runs import RowsFile

IDS: Final = "ids.jsonl"
"""Names the record behind each row: `split`, `row` (from 0 in its split) and `id`."""


def _new(folder: Path, name: str) -> AbstractContextManager[RowsFile]:
    """A new file in a scratch folder; its user knows of the folder around that one."""
    return rows_file.new(folder / name, folder.parent)


class Lines:
    """Writes rows of several splits as JSON lines: `<split>.jsonl`."""

    def __init__(self, folder: Path, splits: Iterable[str]) -> None:
        self._open = ExitStack()
        self._files = {split: self._open.enter_context(_new(folder, self.file(split))) for split in splits}

    def file(self, split: str) -> str:
        """The name of a split's file."""
        return f"{split}.jsonl"

    def write(self, split: str, row: Mapping[str, Any]) -> None:
        """Appends a row."""
        self._files[split].write(jsonl.dumps(row))

    def __enter__(self) -> Lines:  # noqa: PYI034 - Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)


class Writer:
    """Writes conversations as a target's rows.

    Attributes:
        rows: Rows by split.
    """

    def __init__(self, target: Target, folder: Path, splits: Iterable[str]) -> None:
        self._target = target
        self.rows = dict.fromkeys(splits, 0)
        self._open = ExitStack()
        files: Any = Tables(folder, target.columns, self.rows) if target.as_tables else Lines(folder, self.rows)
        self._files: Tables | Lines = self._open.enter_context(files)
        self._ids = None if target.has_ids else self._open.enter_context(_new(folder, IDS))

    @property
    def files(self) -> dict[str, str]:
        """The file of each split."""
        return {split: self._files.file(split) for split in self.rows}

    def write(self, split: str, conversation: Conversation) -> None:
        """Appends a conversation as a row."""
        self._files.write(split, self._target.row(conversation))
        if self._ids is not None:
            self._ids.write(jsonl.dumps({"split": split, "row": self.rows[split], "id": conversation.example.id}))
        self.rows[split] += 1

    def __enter__(self) -> Writer:  # noqa: PYI034 - Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)
