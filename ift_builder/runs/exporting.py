"""The folder of an export: as that of a run, but with settings and manifest in one file, and files below folders."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ift_builder.runs import fields, owner, staging
from ift_builder.runs.folder import exclusive
from ift_builder.runs.manifest import FileFacts
from ift_builder.runs.names import EXPORT, PREFIX
from ift_builder.runs.problems import translated
from ift_builder.runs.settings import check_same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@contextmanager
def exporting(out: Path, settings: Mapping[str, Any]) -> Iterator[Path]:
    """A scratch folder whose content replaces that of `out` when the block ends well.

    Args:
        out: A new or empty folder, or one with the same export.
        settings: What is asked for.

    Raises:
        RunFolderError: `out` holds other files or another export, lies inside a run, is busy or cannot be written.
    """
    with exclusive(out):
        earlier = owner.check_own(out, owner.EXPORTS)
        if earlier is not None:
            _check_nothing_else(out)
            check_same(out, earlier, orjson.loads(orjson.dumps(settings)), frozenset())
        with translated(out):
            staged = staging.new_folder(out)
        try:
            yield staged
            with translated(out):
                staging.put(staged, _ours(out))
        finally:
            staging.discard(staged)


def write_manifest(staged: Path, manifest: Mapping[str, Any]) -> None:
    """Writes what was asked for, what the run was and what is in each file."""
    content = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    staging.write(staged / EXPORT, content)


def facts(folder: Path) -> dict[str, FileFacts]:
    """Size and sha256 of each file in the folder and below, by its path from there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _facts(path) for path in files}


def _facts(path: Path) -> FileFacts:
    digest = sha256()
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return FileFacts(None, path.stat().st_size, digest.hexdigest())


def _ours(out: Path) -> set[str]:
    """The files and folders of the export in a folder."""
    manifest = fields.read(out / EXPORT)
    files = manifest.object("files").values if manifest else {}
    return {EXPORT, *(name.split("/")[0] for name in files)}


def _check_nothing_else(out: Path) -> None:
    here = {entry.name for entry in out.iterdir() if not entry.name.startswith(PREFIX)}
    if foreign := sorted(here - _ours(out)):
        raise owner.other_files(out, foreign)
