"""Seed files: tasks written by people, one JSON object a line, in Self-Instruct's format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder import assets, inputs, jsonl
from ift_builder.errors import InputError
from ift_builder.formats import schemas
from ift_builder.records import Instance, SeedTask

if TYPE_CHECKING:
    from pathlib import Path

_SHAPE = (
    '{"id": "…", "name": "…", "instruction": "…", "instances": [{"input": "", "output": "…"}], '
    '"is_classification": false}'
)


def shipped(name: str = "seed_tasks.jsonl") -> Path:
    """A seed file that comes with the tool."""
    return assets.path("seeds", name)


def shipped_as(known: str) -> Path | None:
    """The seed file that comes with the tool and has this fingerprint; None if it is another one."""
    return next((path for path in sorted(shipped().parent.glob("*.jsonl")) if fingerprint(path) == known), None)


def fingerprint(path: Path) -> str:
    """What `settings.json` says of a seed file, to know it again.

    Raises:
        InputError: The file cannot be read.
    """
    return f"sha256:{inputs.sha256_of(path)[:16]}"


def read(path: Path) -> list[SeedTask]:
    """All tasks of a file, in order; keys that the format does not know are passed over.

    Raises:
        InputError: A line is not a seed task (names file, line, field and what was expected), an id stands twice, or
            the file holds no task.
    """
    tasks: dict[str, SeedTask] = {}
    for number, row in jsonl.read(path):
        where = f"{path}:{number}"
        if complaint := schemas.complaint("seed_task", row):
            raise InputError(complaint, where=where, hint=f"a seed task is one line such as {_SHAPE}")
        task = _task(row)
        if task.id in tasks:
            raise InputError(
                f"the id {task.id!r} stands on an earlier line too",
                where=where,
                hint="give each task an id of its own",
            )
        tasks[task.id] = task
    if not tasks:
        raise InputError(
            "the file holds no seed task", where=str(path), hint=f"a seed task is one line such as {_SHAPE}"
        )
    return list(tasks.values())


def _task(row: dict[str, Any]) -> SeedTask:
    instances = tuple(Instance(instance["input"], instance["output"]) for instance in row["instances"])
    names = ("id", "name", "instruction", "is_classification", "language", "category", "constraints")
    return SeedTask(instances=instances, **{name: row[name] for name in names if name in row})
