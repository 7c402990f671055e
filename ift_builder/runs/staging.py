"""How new files take the place of old ones all at once, wherever the process is killed.

::

    .ift-build-new-x4t1/    everything is written here, and synced
            │  one rename: from here on the new files stand
            ▼
    .ift-build-move/        each file is moved to its place; then this folder goes
        moves.json          which files are put, and which old ones go

Killed before the rename, the old files stand and the scratch folder is litter. Killed after it, whoever opens the
folder next carries on with the moves (`settle`), in any number of attempts.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from ift_builder.errors import RunFolderError
from ift_builder.runs.names import CARD, EXPORT, MANIFEST, MOVE, SCRATCH, SETTINGS
from ift_builder.secrets import redact_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOVES: Final = "moves.json"
_OLD: Final = ".old"

_EARLIER: Final = (".jsonl.partial", ".json.partial", ".parquet.partial")
"""Endings of scratch files of earlier versions."""

_FIRST: Final = (SETTINGS,)
_LAST: Final = (MANIFEST, EXPORT, CARD)
"""Files that are moved before, and after, all others: a folder with a manifest has all that it tells of."""


def new_folder(folder: Path) -> Path:
    """A new scratch folder in `folder`; its name is drawn, so that nobody can have made it before."""
    return Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))


def write(path: Path, content: bytes) -> None:
    """Writes a small file in a scratch folder; no secret gets into it."""
    path.write_bytes(redact_bytes(content))


def put(staged: Path, removed: Iterable[str] = ()) -> None:
    """Moves all that a scratch folder holds into the folder around it, and removes old files.

    Args:
        staged: What `new_folder` made; it is gone afterwards.
        removed: Names of old files and folders that have no successor.

    Raises:
        OSError: The file system refuses; nothing was moved then, or the next `settle` completes it.
    """
    new = sorted(entry.name for entry in staged.iterdir())
    for name in new:
        if (staged.parent / name).is_dir() and not (staged / name).is_dir():
            raise IsADirectoryError(f"there is a folder of the name {name}")
    moves = {"put": new, "remove": sorted(name for name in set(removed) - set(new) if _is_plain(name))}
    (staged / _MOVES).write_bytes(orjson.dumps(moves))
    _sync_tree(staged)
    staged.rename(staged.with_name(MOVE))
    sync(staged.parent)
    try:
        _carry_on(staged.parent)
    except KeyboardInterrupt:  # too late to leave all as it was
        _carry_on(staged.parent)
        raise


def put_file(folder: Path, name: str, content: bytes) -> None:
    """Writes one file, whole and synced, in the place of the old one; no secret gets into it.

    Raises:
        OSError: The file system refuses; the old file stands then.
    """
    scratch = folder / f"{SCRATCH}{secrets.token_hex(8)}"
    try:
        with scratch.open("xb") as out:  # a new file or none: no link is followed
            out.write(redact_bytes(content))
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(folder / name)
        sync(folder)
    finally:
        scratch.unlink(missing_ok=True)


def discard(staged: Path) -> None:
    """Removes a scratch folder; what cannot be removed now, the next `settle` removes."""
    shutil.rmtree(staged, ignore_errors=True)


def is_unsettled(folder: Path) -> bool:
    """Whether files are being moved in, or somebody was killed while they were."""
    return (folder / MOVE / _MOVES).exists()


def settle(folder: Path) -> None:
    """Completes the moves of a process that was killed, and removes what it left unfinished. The lock must be held."""
    _carry_on(folder)
    for entry in folder.iterdir():
        if entry.name.startswith(SCRATCH) or _is_of_earlier_versions(entry):
            _remove(entry)


def _is_of_earlier_versions(entry: Path) -> bool:
    """They left `.examples.jsonl.partial`, and the folder `.partial`; a link of such a name is none of theirs."""
    is_ours = entry.name == ".partial" or (entry.name.startswith(".") and entry.name.endswith(_EARLIER))
    return is_ours and not entry.is_symlink()


def _carry_on(folder: Path) -> None:
    move = folder / MOVE
    if not move.exists():
        return
    if is_unsettled(folder):
        moves = _moves(move / _MOVES)
        for manifest in (MANIFEST, EXPORT):
            if (move / manifest).exists():  # the old one tells of files that go now
                (folder / manifest).unlink(missing_ok=True)
        for name in moves["remove"]:
            _remove(folder / name)
        for name in sorted(moves["put"], key=_turn):
            if (move / name).exists():
                _replace(move, folder / name)
        sync(folder)
        (move / _MOVES).unlink()
    shutil.rmtree(move)


def _turn(name: str) -> int:
    return -1 if name in _FIRST else _LAST.index(name) + 1 if name in _LAST else 0


def _replace(move: Path, target: Path) -> None:
    """Moves a file or folder to its place; a folder cannot be replaced, so the old one is laid aside."""
    new = move / target.name
    if target.exists() and (target.is_dir() or new.is_dir()):
        (move / _OLD).mkdir(exist_ok=True)
        target.rename(move / _OLD / target.name)
    new.replace(target)


def _moves(path: Path) -> dict[str, list[str]]:
    """What `put` wrote; names of another sort would reach out of the folder."""
    moves: dict[str, list[str]] = orjson.loads(path.read_bytes())
    for name in (*moves["put"], *moves["remove"]):
        if not _is_plain(name):
            raise RunFolderError("the list of files to be moved is none of ours", where=str(path), hint="remove it")
    return moves


def _is_plain(name: str) -> bool:
    """Whether a name is that of a file in the folder itself, and none of those that stand there on the way."""
    return name != "" and Path(name).name == name and not name.startswith(".")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync(path)
        else:
            with path.open("r+b") as file:
                os.fsync(file.fileno())
    sync(folder)


def sync(folder: Path) -> None:
    """Makes renames in a folder last through a power cut, where the system can do so."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
