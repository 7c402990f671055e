"""Which files under a path are data: a run's examples, what an export's manifest lists, or all that can be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ift_builder import inputs
from ift_builder.errors import InputError, RunFolderError
from ift_builder.formats.training_rows import ENDINGS, data_file
from ift_builder.runs import fields
from ift_builder.runs.folder import settled
from ift_builder.runs.manifest import FileFacts, Manifest
from ift_builder.runs.names import DROPPED, EXPORT, MANIFEST, SETTINGS
from ift_builder.runs.reading import find_run, stopped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ift_builder.formats.training_rows import DataFile
    from ift_builder.runs.reading import Run

_NOT_DATA: Final = frozenset([SETTINGS, MANIFEST, DROPPED, "dataset_info.json", "dataset_dict.json", "state.json"])
"""Files of ours and of `datasets` that stand beside the data."""


class _Export(NamedTuple):
    """What an export's manifest tells."""

    files: Mapping[str, FileFacts]
    """Its files with rows, by their path from there."""

    stopped: str
    """How the run that was exported was stopped before its end; `""` for others."""


def data_files(path: Path) -> list[DataFile]:
    """The data files that a path stands for: itself, a run's examples, or all data files under a folder.

    Raises:
        InputError: There is nothing that can be read, or what would be read is no regular file.
        RunFolderError: The folder holds a run without any rows, or one that was changed by hand.
    """
    inputs.require_regular(path)
    if path.is_file():
        return [data_file(path)]
    if not path.is_dir():
        raise InputError("there is no such file or folder", where=str(path), hint="check the path")
    settled(path)
    if run := find_run(path):
        return _of_run(run)
    exports = {found.parent: export for found in path.rglob(EXPORT) if (export := _export(found))}
    found = [data for file in sorted(path.rglob("*")) if _is_data(file, path) and (data := _under(file, exports))]
    if not found:
        raise InputError("the folder holds no data files", where=str(path), hint=f"can be read: {', '.join(ENDINGS)}")
    return found


def _of_run(run: Run) -> list[DataFile]:
    """A run's files; what is wrong with the run as a whole stands at the first."""
    if not run.files:
        run.check_whole()
    told = run.manifest.files if run.manifest else {}
    files = [replace(data_file(path), told=told.get(path.name, FileFacts()).rows) for path in run.files]
    return [replace(files[0], missing=run.missing, stopped=run.stopped), *files[1:]]


def _under(file: Path, exports: Mapping[Path, _Export]) -> DataFile | None:
    """A file with what its export tells of it; None for one that stands beside an export's data, as the ids do."""
    folder = next((folder for folder in file.parents if folder in exports), None)
    if folder is None:
        return data_file(file)
    export, name = exports[folder], file.relative_to(folder).as_posix()
    if name not in export.files:
        return None
    is_first = name == next(iter(export.files))
    return replace(data_file(file), told=export.files[name].rows, stopped=export.stopped if is_first else "")


def _export(path: Path) -> _Export | None:
    """What a manifest tells; None for a file of that name which is none of ours."""
    try:
        found = fields.read(path)
        if found is None or not (files := _with_rows(found.object("files"))):
            return None
        return _Export(files, stopped(Manifest.of(found.object("run").object("manifest"))))
    except RunFolderError:
        return None


def _with_rows(files: fields.Fields) -> dict[str, FileFacts]:
    facts = {name: FileFacts.of(files.object(name)) for name in files.values}
    return {name: one for name, one in facts.items() if one.rows is not None}


def _is_data(path: Path, root: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    if is_hidden or path.name in _NOT_DATA or path.suffix.lower() not in ENDINGS:
        return False
    inputs.require_regular(path)
    return path.is_file()
