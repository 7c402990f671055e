"""The dataset card: a run folder's README.md, whose YAML header tells `datasets` and the hub what to load."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ift_builder.runs.manifest import FileFacts, Manifest

SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
"""The hub's size categories: rows below which each holds."""


def size_of(rows: int) -> str:
    """The hub's size category."""
    return next((name for limit, name in SIZES if rows < limit), "n>10M")


def content(files: Iterable[FileFacts]) -> str:
    """A short hash of the files of rows, for the header.

    `datasets` finds what it has loaded before by the folder's name and the header, not by what is in the files (5.2,
    `load.py`): without the hash a run that has grown is given back as it was, and another folder of the same name is
    given that one's rows.
    """
    return sha256(" ".join(facts.sha256 for facts in files).encode()).hexdigest()[:16]


def rendered(name: str, render: Callable[..., str], settings: Mapping[str, Any], manifest: Manifest) -> bytes:
    """The card of a run.

    Args:
        name: The dataset's name.
        render: Renders the card's template; it is given `name`, `size`, `content`, `settings` and `manifest`.
        settings: What was asked for.
        manifest: What happened.
    """
    files = [facts for file, facts in manifest.files.items() if file.startswith("examples")]
    text = render(
        name=name,
        size=size_of(manifest.examples),
        content=content(files),
        settings=settings,
        manifest=manifest.as_json(),
    )
    return text.encode()
