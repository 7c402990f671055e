"""The `datasets` library: datasets of the hub, and folders that it saved. Loading scripts are never run."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ift_builder import secrets
from ift_builder.errors import InputError
from ift_builder.sources import arrow
from ift_builder.sources.table import BATCH_ROWS, Batch, Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DEFAULT_SPLIT = "train"

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
        split = _split(split, list(found), str(path))
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


def on_hub(name: str, *, config: str, split: str, revision: str, streaming: bool) -> Dataset:
    """A dataset of the hub, or of the server that HF_ENDPOINT names.

    Raises:
        InputError: The hub has no such dataset, configuration, split or revision, or cannot be reached, or the dataset
            needs a loading script.
    """
    datasets = _library()
    with _explained(name):
        facts = _facts(name, revision)
        commit = facts.sha or revision or None
        config = _config(config, datasets.get_dataset_config_names(name, revision=commit), name)
        split = _split(split, datasets.get_dataset_split_names(name, config, revision=commit), name)
        found = datasets.load_dataset(name, config, split=split, revision=commit, streaming=streaming)
        features = found.features if found.features is not None else found._resolve_features().features  # noqa: SLF001 - the public way reads all rows
    card = facts.card_data
    licence = card.get("license") if card else ""
    return Dataset(
        name=name,
        config=config,
        split=split,
        revision=commit or "",
        licence=", ".join(licence) if isinstance(licence, list) else licence or "",
        other_names=(name.rpartition("/")[2],),
        columns=arrow.columns_of(features.arrow_schema),
        rows=None if streaming else len(found),
        batches=partial(_batches, found, name),
    )


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


def _facts(name: str, revision: str) -> Any:
    from huggingface_hub import HfApi, get_token  # noqa: PLC0415 - heavy

    secrets.register(get_token() or "")  # which may stand in a file, and is sent by itself
    return HfApi().dataset_info(name, revision=revision or None)


def _config(config: str, known: list[str], name: str) -> str:
    if config and config not in known:
        raise InputError(f"the dataset has no configuration {config!r}", where=name, hint=f"it has {', '.join(known)}")
    if config or len(known) == 1:
        return config or known[0]
    if "default" in known:
        return "default"
    raise InputError(
        "the dataset has several configurations", where=name, hint=f"choose one with --config-name: {', '.join(known)}"
    )


def _split(split: str, known: list[str], name: str) -> str:
    if split and split not in known:
        raise InputError(f"the dataset has no split {split!r}", where=name, hint=f"it has {', '.join(known)}")
    if split or len(known) == 1:
        return split or known[0]
    if DEFAULT_SPLIT in known:
        return DEFAULT_SPLIT
    raise InputError("the dataset has several splits", where=name, hint=f"choose one with --split: {', '.join(known)}")


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
    unreachable += _client_errors()
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
        raise InputError(
            f"there is no dataset {name!r}: no such file or folder, and no such name on the hub",
            where=_endpoint(),
            hint="check the spelling; private datasets need HF_TOKEN",
        ) from error
    except HFValidationError as error:
        raise InputError(f"there is no file or folder {name!r}, and it is no name of the hub") from error
    except DataFilesNotFoundError as error:
        raise InputError("the dataset has no data files that can be read", where=name) from error
    except unreachable as error:
        raise InputError(
            f"the hub cannot be reached: {_first_line(error)}", where=_endpoint(), hint="try again, or use a local copy"
        ) from error
    except RuntimeError as error:
        raise _script_or(error, name) from error
    except (DatasetsError, pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"the dataset cannot be read: {_first_line(error)}", where=name) from error


def _client_errors() -> tuple[type[Exception], ...]:
    """What the hub's HTTP client raises where nobody answers; which client that is changed over its releases."""
    loaded = [sys.modules[name] for name in ("httpx", "httpx2", "requests") if name in sys.modules]
    return tuple(getattr(module, "RequestError", None) or module.RequestException for module in loaded)


def _script_or(error: RuntimeError, name: str) -> InputError:
    return InputError(
        f"the dataset cannot be read: {_first_line(error)}",
        where=name,
        hint="a loading script is never run: try a revision with data files, such as --revision refs/convert/parquet",
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co")


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:300] if text else type(error).__name__
