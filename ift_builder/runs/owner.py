"""Whose folder it is: the command that made it, or nobody's, or somebody's whom we do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.errors import RunFolderError, SettingsDifferError
from ift_builder.runs import fields
from ift_builder.runs.names import EXAMPLES, EXPORT, JOURNAL, MANIFEST, PREFIX, RUN_FILES, SETTINGS, is_shard, shards
from ift_builder.runs.problems import ANOTHER_FOLDER
from ift_builder.runs.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

EXPORTS: Final = "export"
"""The command whose settings stand in `export.json`."""

_DATASETS: Final = (".arrow", ".csv", ".jsonl", ".parquet", ".tsv")
"""Endings of files that can be a dataset of somebody else."""


def settings_of(folder: Path) -> Settings | None:
    """What the run or export in a folder was started with; None where there is neither.

    Raises:
        RunFolderError: The file cannot be read, or was changed by hand.
    """
    if (found := fields.read(folder / SETTINGS)) is not None:
        return Settings.of(found)
    if (found := fields.read(folder / EXPORT)) is not None:
        return Settings.of(found.object("settings"))
    return None


def check_own(folder: Path, command: str, *, keeps_journal: bool = False) -> Settings | None:
    """The settings of the command's own folder; None for one that it may take.

    Args:
        folder: The folder.
        command: The command.
        keeps_journal: Whether the command keeps a journal: one that it began may stand there before any settings do.

    Raises:
        SettingsDifferError: It holds a run of another command.
        RunFolderError: It holds files of unknown origin, or lies inside a run.
    """
    settings = settings_of(folder)
    if settings is None:
        _check_unclaimed(folder, command, {JOURNAL} if keeps_journal else frozenset())
        _check_outside(folder)
        return None
    if not settings.command:
        raise RunFolderError(
            f"the folder holds a {SETTINGS} that names no command",
            where=str(folder),
            hint=ANOTHER_FOLDER,
        )
    if settings.command != command:
        raise SettingsDifferError(
            f"the folder holds a run of `{settings.command}`, not of `{command}`",
            where=str(folder),
            hint=ANOTHER_FOLDER,
        )
    return settings


def other_files(folder: Path, names: list[str]) -> RunFolderError:
    """The error for a folder that has to hold nothing else, and does."""
    shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 - a glance is enough
    return RunFolderError(
        f"the folder holds other files ({shown})", where=str(folder), hint=f"{ANOTHER_FOLDER}, or empty this one"
    )


def unknown(folder: Path, name: str) -> RunFolderError:
    """The error for a file that some run, or somebody, left in a folder where nothing says which."""
    kind = "dataset" if name.endswith(_DATASETS) else "file"
    return RunFolderError(
        f"the folder holds a {kind} of unknown origin ({name}) but no {SETTINGS}",
        where=str(folder / name),
        hint=ANOTHER_FOLDER,
    )


def _check_unclaimed(folder: Path, command: str, allowed: AbstractSet[str]) -> None:
    """A folder of nobody may hold files, but none that would be overwritten, and no dataset."""
    here = {entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX)}
    names = sorted(here - allowed)
    if command == EXPORTS and names:
        raise other_files(folder, names)
    for name in names:
        if name in RUN_FILES or is_shard(name) or name.endswith(_DATASETS):
            raise unknown(folder, name)


def _check_outside(folder: Path) -> None:
    """What is inside another run would be taken for a part of it."""
    for parent in folder.resolve().parents:
        if command := _command_of(parent):
            raise RunFolderError(
                f"the folder lies inside a run of `{command}`",
                where=str(parent),
                hint=f"{ANOTHER_FOLDER}, beside that one",
            )


def _command_of(folder: Path) -> str:
    """The command of the run in a folder; `""` where there is none that is surely ours."""
    try:
        settings = settings_of(folder)
        if settings is None or not settings.text("version"):
            return ""
        has_run = any((folder / name).exists() for name in (EXPORT, MANIFEST, JOURNAL, EXAMPLES)) or shards(folder)
    except (RunFolderError, OSError):  # a settings.json of another program, or a folder that is closed to us
        return ""
    return settings.command if has_run else ""
