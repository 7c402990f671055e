"""The dataset that `--from` names, as tasks: a run's examples, or rows of `instruction`, `input`, `output`.

Rows with the same instruction are one task with several instances, as in a run, whose examples of a task all have its
instruction. A task's id is that of its first row; where the row has none, or one that stands twice, a hash.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from ift_builder import inputs
from ift_builder.errors import InputError, RunFolderError
from ift_builder.formats import training_rows
from ift_builder.records import Instance, SeedTask, content_hash
from ift_builder.runs.data_files import data_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ift_builder.formats.training_rows import TrainingRow

_SHAPES: Final = ("example", "alpaca", "seed-task")
"""Shapes of rows that hold an instruction with inputs and outputs."""

_IGNORED: Final = ("schema",)
"""Faults that take nothing from the task: another version's columns."""

_HINT: Final = 'a row looks like {"instruction": "…", "input": "", "output": "…"}; `ift-build check` finds all faults'


def fingerprint(path: Path) -> str:
    """What `settings.json` says of a dataset, to know it again: a hash of its content, wherever it lies.

    Raises:
        InputError: There is none, or it cannot be read.
    """
    digest = sha256()
    for file in _files(path):
        for block in inputs.blocks(file.path):
            digest.update(block)
    return f"sha256:{digest.hexdigest()[:16]}"


def read(path: Path) -> list[SeedTask]:
    """All tasks of a run folder or of a jsonl, json, csv or parquet file, in the order of their first rows.

    Raises:
        InputError: It cannot be read, a row is none that can be grown from (names file and line), or there is no row.
    """
    instances: dict[str, list[Instance]] = {}
    tasks: dict[str, SeedTask] = {}
    for row in _rows(path):
        for pair in row.pairs:
            if pair.instruction not in instances:
                instances[pair.instruction] = []
                identity = row.id if row.id and row.id not in tasks else content_hash([pair.instruction])
                tasks[identity] = _task(identity, pair.instruction, row.value)
            if pair.output:
                instances[pair.instruction].append(Instance(pair.input, pair.output))
    if not tasks:
        raise InputError("there is no task to grow from", where=str(path), hint=_HINT)
    return [replace(task, instances=tuple(instances[task.instruction])) for task in tasks.values()]


def _files(path: Path) -> list[training_rows.DataFile]:
    files = data_files(path)
    if missing := next((file.missing for file in files if file.missing), ""):
        raise RunFolderError(missing, where=str(path), hint="only a whole run can be grown further")
    return files


def _rows(path: Path) -> Iterator[TrainingRow]:
    for file in _files(path):
        for number, value in training_rows.read(file):
            row = training_rows.view(file, number, value)
            faults = [fault for fault in row.faults if fault.kind not in _IGNORED]
            if faults:
                raise InputError(faults[0].what, where=row.place, hint=_HINT)
            if row.shape not in _SHAPES:
                raise InputError(f"cannot grow from rows of the shape {row.shape!r}", where=row.place, hint=_HINT)
            yield row


def _task(identity: str, instruction: str, row: dict[str, Any]) -> SeedTask:
    task, source = row.get("task"), row.get("source")
    return SeedTask(
        identity,
        "",
        instruction,
        (),
        is_classification=False,
        category=_text(task, "category") or _text(row, "category"),
        language=_text(source, "language") or _text(row, "language"),
    )


def _text(fields: Any, name: str) -> str:
    found = fields.get(name) if isinstance(fields, dict) else None
    return found if isinstance(found, str) else ""
