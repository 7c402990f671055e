"""Small run folders with every kind of row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder import jsonl
from ift_builder.records import Example, Exemplar, Source, Task, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def example(number: int = 0, **fields) -> Example:
    """A converted row; `fields` replace its own."""
    own = {
        "instruction": "Which word names the mood of the review?",
        "input": f"Review {number}: the soup was cold, the waiter warm.",
        "output": "mixed",
        "source": Source("convert", dataset="reviews", split="train", row=number, licence="MIT", language="en"),
        "task": Task("reviews", "sentiment", "classification"),
    }
    return Example.of(**{**own, **fields})


def rich(number: int = 0, **fields) -> Example:
    """A row with all that a row can have but a system message and earlier turns."""
    own = {
        "rationale": f"The soup counts against, the waiter for ({number}).",
        "options": ("good", "bad", "mixed"),
        "exemplars": (Exemplar("All fine.", "good", "Nothing against."), Exemplar("Never again!", "bad")),
    }
    return example(number, **{**own, **fields})


def conversation(number: int = 0) -> Example:
    """A row with all that a row can have."""
    turns = (Turn("user", "Hello, can you read reviews?"), Turn("assistant", "I can.\n"))
    return rich(number, system="You judge reviews.", history=turns)


def write_run(folder: Path, examples: Iterable[Example]) -> Path:
    """A run folder without settings and manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "examples.jsonl").write_bytes(jsonl.join(examples))
    return folder
