"""The `datasets` library: datasets of the hub, and folders that it saved. Loading scripts are never run."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ift_builder.errors import InputError
from ift_builder.sources import arrow, repository
from ift_builder.sources.repository import HubUnreachableError, UnavailableError
from ift_builder.sources.table import BATCH_ROWS, Batch, Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ift_builder.sources.repository import Repository
    from ift_builder.sources.table import Defaults

DEFAULT_SPLIT = "train"

DEFAULT_CONFIGS = ("default", "all")
"""What authors call the configuration to take unasked: `all` is the one that holds the others."""

MAX_LISTED = 8
"""Configurations or splits that a note names; cais/mmlu has 59."""

_READERS = frozenset(
    {
        "arrow",
        "audiofolder",
        "csv",
        "generator",
        "imagefolder",
        "json",
        "pandas",
        "parquet",
        "sql",
        "text",
        "webdataset",
    }
)
"""The library's own readers of files: a dataset that one of them made is called after it, and its configuration after
the files' hash, which says nothing of the data."""


def saved_folder(path: Path, split: str, config: str = "") -> Dataset:
    """A folder that `save_to_disk` wrote.

    Raises:
        InputError: It is no such folder, is damaged, lacks the split, or holds another configuration.
    """
    datasets = _library()
    with _explained(str(path)):
        found = datasets.load_from_disk(str(path))
    if isinstance(found, datasets.DatasetDict):
        split = _split(split, list(found), str(path), "", [])
        found = found[split]
    elif split and str(found.split or split) != split:
        raise InputError(f"the folder holds the split {found.split}, not {split}", where=str(path))
    made_by_reader = not found.info.dataset_name or found.info.dataset_name in _READERS
    own = "" if made_by_reader else found.info.config_name or ""
    if config and own and config != own:
        raise InputError(f"the folder holds the configuration {own}, not {config}", where=str(path))
    return Dataset(
        name=path.name if made_by_reader else found.info.dataset_name,
        config=own or config,
        split=split or str(found.split or ""),
        revision=f"fingerprint:{found._fingerprint}",  # noqa: SLF001 - written into state.json, and nowhere public
        licence=found.info.license or "",
        other_names=(path.name,),
        columns=arrow.columns_of(found.features.arrow_schema),
        rows=len(found),
        batches=partial(_batches, found, str(path)),
    )


def on_hub(name: str, *, config: str, split: str, revision: str, streaming: bool, defaults: Defaults) -> Dataset:
    """A dataset of the hub, or of the server that HF_ENDPOINT names.

    Raises:
        HubUnreachableError: The hub, or this server, does not answer.
        InputError: The hub has no such dataset, configuration, split or revision, or none whose rows can be read.
    """
    _library()
    notes: list[str] = []
    found = _first_readable(defaults.names or (name,), revision, notes)
    with _explained(found.name):
        configs = found.configs
        config = _config(config, configs, found.name, defaults.config, notes)
        chosen = found.configuration(config)
        split = _split(split, chosen.splits, found.name, defaults.split, notes)
        rows = chosen.load(split, streaming=streaming)
        features = rows.features if rows.features is not None else rows._resolve_features().features  # noqa: SLF001 - the public way reads all rows
    return Dataset(
        name=found.name,
        config=config,
        split=split,
        revision=found.commit,
        licence=found.licence,
        other_names=(name, found.name.rpartition("/")[2]),
        columns=arrow.columns_of(features.arrow_schema),
        rows=None if streaming else len(rows),
        batches=partial(_batches, rows, found.name),
        configs=tuple(configs),
        splits=chosen.splits,
        notes=tuple(notes),
    )


def _first_readable(names: Sequence[str], revision: str, notes: list[str]) -> Repository:
    """The first repository whose rows can be read; a revision belongs to the first name alone."""
    failures: list[UnavailableError] = []
    for name in names[:1] if revision else names:
        try:
            with _explained(name):
                found = repository.find(name, revision)
        except UnavailableError as error:
            failures.append(error)
            continue
        notes += [f"{error.where}: {error.what}; {found.name} is read instead" for error in failures[:1]]
        notes += [found.note] if found.note else []
        return found
    others = f"{', '.join(names[1:])} cannot be read either; " if failures[1:] else ""
    raise UnavailableError(failures[0].what, where=failures[0].where, hint=others + failures[0].hint)


def _batches(found: Any, name: str, columns: Sequence[str]) -> Iterator[Batch]:
    with _explained(name):
        if _is_whole_files(found):  # read rather than mapped, a large dataset does not count as memory in use
            paths = [file["filename"] for file in found.cache_files]
            yield from arrow.batches_of(arrow.stream_file_batches(paths, columns))
        else:
            chosen = found.select_columns(list(columns))
            yield from arrow.batches_of(chosen.with_format("arrow").iter(BATCH_ROWS))


def _is_whole_files(found: Any) -> bool:
    """Whether the dataset is just what its Arrow files hold, in their order."""
    files = getattr(found, "cache_files", None)
    return bool(files) and found._indices is None  # noqa: SLF001 - set where rows were picked or put in another order


def _library() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import datasets  # noqa: PLC0415 - heavy

    datasets.disable_progress_bars()
    # Older releases ask this variable whether to run the code that a dataset brings; newer ones have no such thing.
    if hasattr(datasets.config, "HF_DATASETS_TRUST_REMOTE_CODE"):
        datasets.config.HF_DATASETS_TRUST_REMOTE_CODE = False
    return datasets


def _config(config: str, known: list[str], name: str, default: str, notes: list[str]) -> str:
    if config and config not in known:
        raise InputError(f"the dataset has no configuration {config!r}", where=name, hint=f"it has {', '.join(known)}")
    if config or len(known) == 1:
        return config or known[0]
    chosen = next((one for one in (default, *DEFAULT_CONFIGS) if one in known), None)
    if chosen is None:
        raise InputError(
            "the dataset has several configurations",
            where=name,
            hint=f"choose one with --config-name: {', '.join(known)}",
        )
    notes.append(f"{name}: the configuration {chosen} is read; there are {_listed(known)}")
    return chosen


def _split(split: str, known: Sequence[str], name: str, default: str, notes: list[str]) -> str:
    if split and split not in known:
        raise InputError(f"the dataset has no split {split!r}", where=name, hint=f"it has {', '.join(known)}")
    if split or len(known) == 1:
        return split or known[0]
    if DEFAULT_SPLIT in known:
        return DEFAULT_SPLIT
    if default in known:
        notes.append(f"{name} has no split {DEFAULT_SPLIT}: {default} is read; there are {_listed(known)}")
        return default
    raise InputError("the dataset has several splits", where=name, hint=f"choose one with --split: {', '.join(known)}")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Translates what `datasets`, the hub's client and Arrow raise, by type."""
    import pyarrow as pa  # noqa: PLC0415
    from datasets.exceptions import DataFilesNotFoundError, DatasetNotFoundError, DatasetsError  # noqa: PLC0415
    from huggingface_hub.errors import (  # noqa: PLC0415
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    unreachable: tuple[type[Exception], ...] = (HfHubHTTPError, OfflineModeIsEnabled, ConnectionError)
    unreachable += client_errors()
    try:
        yield
    except InputError:
        raise
    except GatedRepoError as error:
        raise InputError(
            "the dataset is gated", where=name, hint="accept its terms on the hub and set HF_TOKEN"
        ) from error
    except RevisionNotFoundError as error:
        raise InputError("the dataset has no such revision", where=name, hint="see its history on the hub") from error
    except (RepositoryNotFoundError, DatasetNotFoundError) as error:
        raise UnavailableError(
            f"there is no dataset {name!r}: no such file or folder, and no such name on the hub",
            where=endpoint(),
            hint="check the spelling; `ift-build templates list` shows the short names; private datasets need HF_TOKEN",
        ) from error
    except HFValidationError as error:
        raise InputError(
            f"there is no file or folder {name!r}, and it is no name of the hub",
            hint="the hub's names are namespace/name; `ift-build templates list` shows the short ones",
        ) from error
    except DataFilesNotFoundError as error:
        raise InputError("the dataset has no data files that can be read", where=name) from error
    except unreachable as error:
        raise HubUnreachableError(
            f"the hub cannot be reached: {first_line(error)}", where=endpoint(), hint="try again, or use a local copy"
        ) from error
    except (DatasetsError, pa.ArrowException, OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"the dataset cannot be read: {first_line(error)}", where=name) from error


def client_errors() -> tuple[type[Exception], ...]:
    """What the hub's HTTP client raises where nobody answers; which client that is changed over its releases."""
    loaded = [sys.modules[name] for name in ("httpx", "httpx2", "requests") if name in sys.modules]
    return tuple(getattr(module, "RequestError", None) or module.RequestException for module in loaded)


def endpoint() -> str:
    """The hub's address."""
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co")


def first_line(error: Exception) -> str:
    """What an error says, in short; its name where it says nothing."""
    text = str(error).strip()
    return text.splitlines()[0][:300] if text else type(error).__name__
