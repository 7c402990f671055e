"""What the files of a run folder are called, and which of the names in a folder are ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES: Final = "examples.jsonl"
DROPPED: Final = "dropped.jsonl"
SETTINGS: Final = "settings.json"
MANIFEST: Final = "manifest.json"
JOURNAL: Final = "journal.sqlite"
CARD: Final = "README.md"
REPORT: Final = "report.html"

EXPORT: Final = "export.json"
"""Settings and manifest of an export in one file: what is beside it is for trainers."""

RUN_FILES: Final = (SETTINGS, EXAMPLES, DROPPED, MANIFEST, CARD, REPORT, JOURNAL)
"""All that a run folder can hold besides parquet shards."""

PREFIX: Final = ".ift-build-"
"""Begins the names of files that only stand in a folder while somebody writes there; all readers pass over them."""

LOCK: Final = f"{PREFIX}lock"
SCRATCH: Final = f"{PREFIX}new-"
"""Begins the names of files and folders that are being written."""

MOVE: Final = f"{PREFIX}move"
"""The folder of new files that are being moved in."""

_SHARD: Final = re.compile(r"examples-(\d{5,})-of-(\d{5,})\.parquet")


def shard(number: int, count: int) -> str:
    """The name of a parquet file of examples."""
    return f"examples-{number:05}-of-{count:05}.parquet"


def shards(folder: Path) -> list[tuple[Path, int, int]]:
    """The parquet files of examples in a folder, in order: path, number, and how many their names speak of."""
    entries = folder.iterdir() if folder.is_dir() else ()
    found = [(path, int(match[1]), int(match[2])) for path in entries if (match := _SHARD.fullmatch(path.name))]
    return sorted(found, key=lambda one: (one[2], one[1]))


def is_shard(name: str) -> bool:
    """Whether a name is that of a parquet file of examples."""
    return _SHARD.fullmatch(name) is not None
