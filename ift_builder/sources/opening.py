"""From what the user names to a dataset: a file by its ending, a folder by what is in it, anything else on the hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.sources import arrow, delimited, lines
from ift_builder.sources.table import Defaults

if TYPE_CHECKING:
    from ift_builder.sources.table import Dataset

_MARKS_OF_SAVED_FOLDERS = ("dataset_dict.json", "state.json", "dataset_info.json")


def open_dataset(
    name: str,
    *,
    config: str = "",
    split: str = "",
    revision: str = "",
    streaming: bool = False,
    defaults: Defaults | None = None,
) -> Dataset:
    """The dataset, of which no row is read yet but those that tell what is in its columns.

    Args:
        name: A file, a folder that `datasets` saved, or a name on the hub.
        config: The configuration; may be empty where there is only one. Of a file it is the user's word, which tells
            what templates fit it.
        split: The split; empty for `train`, or the only one. A file has none.
        revision: The hub's revision. Files and folders have none.
        streaming: Whether to read a hub dataset without downloading it first.
        defaults: What the name stands for on the hub; None where nothing is known of it.

    Raises:
        InputError: There is no such dataset, configuration or split, or it is no dataset.
    """
    path = Path(name)
    if not name or "://" in name:
        hint = "download its data files, and name these" if name else "give a file, a folder or a name on the hub"
        raise InputError("an address is no dataset" if name else "the name of the dataset is empty", hint=hint)
    inputs.require_regular(path)
    if path.is_file():
        refuse_hub_options(path, split=split, revision=revision)
        return open_file(path, config=config)
    from ift_builder.sources import hub  # noqa: PLC0415 - only hub datasets and saved folders need the library

    if path.is_dir():
        if not any((path / mark).is_file() for mark in _MARKS_OF_SAVED_FOLDERS):
            raise InputError(
                "the folder was not saved by `datasets`", where=str(path), hint="name its data files one by one instead"
            )
        refuse_hub_options(path, revision=revision)
        return hub.saved_folder(path, split, config)
    defaults = defaults or Defaults()
    is_path = bool(path.suffix) or name.count("/") > 1 or name.startswith((".", "/", "~"))
    if path.is_symlink() or (is_path and not defaults.names):
        raise InputError(f"there is no file or folder {name!r}", hint="check the path")
    return hub.on_hub(name, config=config, split=split, revision=revision, streaming=streaming, defaults=defaults)


def refuse_hub_options(path: Path, *, split: str = "", revision: str = "", config: str = "") -> None:
    """Raises InputError for the first thing asked of a file or folder that it does not have.

    Without effect it would stand in the `source` of each record all the same, and be wrong there.
    """
    options = {"--split": split, "--revision": revision, "--config-name": config}
    for option, value in options.items():
        if value:
            kind = "folder" if path.is_dir() else "file"
            raise InputError(
                f"{option} {value} means nothing for this {kind}", where=str(path), hint=f"leave {option} out"
            )


def open_file(path: Path, *, config: str = "") -> Dataset:
    """A data file, by its ending; its revision is the hash of its content."""
    kind = kind_of(path)
    readers = {
        ".jsonl": lines.json_lines,
        ".ndjson": lines.json_lines,
        ".json": lines.json_array,
        ".csv": _csv,
        ".tsv": _tsv,
        ".parquet": arrow.parquet,
    }
    if kind not in readers:
        raise InputError(
            f"cannot tell by its ending {kind!r} what kind of file this is",
            where=str(path),
            hint="known are json, jsonl, csv, tsv and parquet; a loading script is never run",
        )
    facts = {"name": name_of(path), "config": config, "revision": hash_of(path)}
    dataset = readers[kind](path, **facts)
    if dataset.rows == 0:
        raise InputError("the dataset has no rows", where=str(path))
    return dataset


def from_rows(path: Path, rows: list[dict[str, Any]]) -> Dataset:
    """The rows that somebody read from the file, as a dataset."""
    if not rows:
        raise InputError("the dataset has no rows", where=str(path))
    return lines.rows_of(rows, path, name=name_of(path), revision=hash_of(path))


def kind_of(path: Path) -> str:
    """The ending that tells the format, without `.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return suffixes[-1] if suffixes else ""


def name_of(path: Path) -> str:
    """A file's name without its endings."""
    name = path.name.removesuffix(".gz")
    return name.removesuffix(Path(name).suffix)


def hash_of(path: Path) -> str:
    """What stands for a file's revision: the hash of its bytes."""
    return f"sha256:{inputs.sha256_of(path)}"


def _csv(path: Path, **facts: Any) -> Dataset:
    return delimited.delimited(path, ",", **facts)


def _tsv(path: Path, **facts: Any) -> Dataset:
    return delimited.delimited(path, "\t", **facts)
