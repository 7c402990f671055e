"""The rows of a run folder as examples: from `examples.jsonl`, or from its parquet shards."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Final

from ift_builder import jsonl
from ift_builder.errors import InputError, RunFolderError
from ift_builder.formats.run_folder import EXAMPLES, RunFolder
from ift_builder.records import Example, Exemplar, Source, Task, Turn, content_hash
from ift_builder.sources import shards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SHARD: Final = re.compile(r"examples-(\d{5})-of-(\d{5})\.parquet")
_UNFINISHED: Final = ("budget", "interrupted")
"""What a manifest's status says of a run that was stopped before its end."""

_HINT: Final = "`ift-build check` finds all such rows"


@dataclass(frozen=True, slots=True)
class Run:
    """A run to export."""

    path: Path
    """Its folder."""

    files: tuple[Path, ...]
    """The files that hold the examples, in order."""

    settings: dict[str, Any]
    """What was asked for; empty where nothing tells."""

    manifest: dict[str, Any]
    """What happened; empty where nothing tells."""

    @property
    def day(self) -> date:
        """The day on which its rows were written, in UTC."""
        return datetime.fromtimestamp(max(file.stat().st_mtime for file in self.files), timezone.utc).date()

    def examples(self) -> Iterator[Example]:
        """The examples in their order.

        Raises:
            InputError: A row is not an example; names file and row.
        """
        for where, row in self._rows():
            yield example_of(row, where)

    def _rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path in self.files:
            if path.suffix == ".parquet":
                yield from ((f"{path}, row {number}", row) for number, row in enumerate(shards.rows(path)))
            else:
                yield from ((f"{path}:{number}", row) for number, row in jsonl.read(path))


def open_run(path: Path) -> Run:
    """The run in a folder.

    Raises:
        RunFolderError: The folder holds no run, or not the whole of it.
    """
    folder = RunFolder(path)
    files = (path / EXAMPLES,) if (path / EXAMPLES).exists() else _shards(path)
    return Run(path, files, folder.settings() or {}, folder.manifest() or {})


def unfinished(manifest: dict[str, Any]) -> str:
    """Why a run stopped before its end, in its manifest's words; `""` for one that came to an end."""
    status = manifest.get("status")
    return str(status) if status in _UNFINISHED else ""


def _shards(path: Path) -> tuple[Path, ...]:
    found = sorted(file for file in path.iterdir() if _SHARD.fullmatch(file.name)) if path.is_dir() else []
    if not found:
        raise RunFolderError("there is no run here", where=str(path), hint="a run folder holds examples.jsonl")
    numbers = [tuple(map(int, match.groups())) for file in found if (match := _SHARD.fullmatch(file.name))]
    count = numbers[0][1]
    if numbers != [(number, count) for number in range(count)]:
        raise RunFolderError(
            f"the run is not whole: {len(found)} parquet files, where their names speak of {count}",
            where=str(path),
            hint="copy the missing files, or run the command that made them again",
        )
    return tuple(found)


def example_of(row: dict[str, Any], where: str) -> Example:
    """The record in a row; what is missing or null is empty, but for instruction and output.

    Raises:
        InputError: A field is of another type, or one that trainers need is empty.
    """
    try:
        example = Example(**{field.name: _READERS[field.type](row, field.name) for field in fields(Example)})
        if not example.id:
            example = replace(example, id=content_hash(row))
    except (TypeError, AttributeError) as error:
        raise InputError(f"not an example: {error}", where=where, hint=_HINT) from error
    _refuse_useless(example, where)
    return example


def _refuse_useless(example: Example, where: str) -> None:
    for name in ("instruction", "output"):
        if not getattr(example, name).strip():
            raise InputError(f"the {name} is empty", where=where, hint=_HINT)
    expected = ("user", "assistant") * (len(example.history) // 2)
    if tuple(turn.role for turn in example.history) != expected:
        raise InputError(
            "the earlier turns do not alternate between user and assistant, ending with the assistant",
            where=where,
            hint=_HINT,
        )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"`{name}` must be text, found {type(value).__name__}")
    return value or ""


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    values = row.get(name) or ()
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"`{name}` must be a list of texts")
    return tuple(values)


def _records(kind: type[Any]) -> Callable[[dict[str, Any], str], tuple[Any, ...]]:
    return lambda row, name: tuple(_record(kind, item) for item in row.get(name) or ())


def _record(kind: type[Any], row: dict[str, Any]) -> Any:
    return kind(**{field.name: _READERS[field.type](row, field.name) for field in fields(kind)})


def _number(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is not None and not isinstance(value, int):
        raise TypeError(f"`{name}` must be a number, found {type(value).__name__}")
    return value


_READERS: Final[dict[Any, Callable[[dict[str, Any], str], Any]]] = {
    "str": _text,
    "int | None": _number,
    "tuple[str, ...]": _texts,
    "tuple[Exemplar, ...]": _records(Exemplar),
    "tuple[Turn, ...]": _records(Turn),
    "Source": lambda row, name: _record(Source, row.get(name) or {}),
    "Task": lambda row, name: _record(Task, row.get(name) or {}),
}
"""How a field is read, by its type as `records` writes it."""
