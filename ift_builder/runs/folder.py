"""A folder for one process alone, with nothing in it that another left half done."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ift_builder.runs import lock, staging
from ift_builder.runs.problems import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """The folder, made if need be; what fails leaves no empty folder behind.

    Raises:
        RunBusyError: Another process is at work in it.
        RunFolderError: It cannot be made or written.
    """
    made = [place for place in (folder, *folder.parents) if not os.path.exists(place)]  # noqa: PTH110 - says no where it may not look
    try:
        with translated(folder, "make the folder"):
            folder.mkdir(parents=True, exist_ok=True)
            for place in made:
                staging.sync(place.parent)
        with lock.held(folder):
            with translated(folder):
                staging.settle(folder)
            yield
    finally:
        with suppress(OSError):  # the first that is not empty
            for place in made:
                place.rmdir()


def settled(folder: Path) -> None:
    """Completes, before a folder is read, the moves of a process that was killed.

    Raises:
        RunBusyError: Another process is moving the files at this moment.
        RunFolderError: The moves cannot be completed.
    """
    if staging.is_unsettled(folder):
        with exclusive(folder):
            pass
