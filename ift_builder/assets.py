"""Where the shipped seeds, templates and schemas are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def path(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `path("seeds", "seed_tasks.jsonl")`.

    A wheel carries `seeds/` and `templates/` inside the package; in a checkout they stand beside it.
    """
    inside = _PACKAGE.joinpath(*parts)
    return inside if inside.exists() else _PACKAGE.parent.joinpath(*parts)


def names(*parts: str) -> list[str]:
    """The names of what a shipped folder holds, in order."""
    return sorted(entry.name for entry in path(*parts).iterdir())
