"""Rows on their way out: parquet files, folders for `datasets.load_from_disk`, and the hub.

Types are written as in an empty example: `"string"`, `"int64"`, a list that holds the type of its items, a mapping of a
record's fields.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder import secrets
from ift_builder.errors import InputError
from ift_builder.sources.hub import client_errors, endpoint, first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

TOKEN: Final = "HF_TOKEN"  # noqa: S105 - the variable's name, not its value
SAVED: Final = "saved"
"""The folder that `save_to_disk` wrote."""

_BATCH_ROWS: Final = 1000
"""Rows of a parquet row group and of an Arrow batch: as `datasets` writes them."""


class Tables:
    """Writes rows of several splits as parquet and, when the block ends well, as `save_to_disk` does.

    Each split is `data/<split>.parquet`; all of them together are the folder `saved`.
    """

    def __init__(self, folder: Path, columns: Mapping[str, Any], splits: Iterable[str]) -> None:
        import pyarrow as pa  # noqa: PLC0415 - heavy
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._folder = folder
        self._schema = _schema(columns)
        self._waiting: dict[str, list[dict[str, Any]]] = {split: [] for split in splits}
        self._hashes = {split: blake2b(digest_size=8) for split in self._waiting}
        self._open = ExitStack()
        (folder / "data").mkdir(parents=True)
        self._parquet = {
            split: self._open.enter_context(pq.ParquetWriter(folder / self.file(split), self._schema))
            for split in self._waiting
        }
        self._arrow = {
            split: self._open.enter_context(pa.ipc.new_stream(str(self._arrow_file(split)), self._schema))
            for split in self._waiting
        }

    def file(self, split: str) -> str:
        """The name of a split's parquet file."""
        return f"data/{split}.parquet"

    def write(self, split: str, row: dict[str, Any]) -> None:
        """Appends a row."""
        self._waiting[split].append(row)
        if len(self._waiting[split]) == _BATCH_ROWS:
            self._flush(split)

    def __enter__(self) -> Tables:  # noqa: PYI034 - Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for split in self._waiting:
                self._flush(split)
        self._open.__exit__(kind, error, trace)
        if error is None:
            self._save()

    def _flush(self, split: str) -> None:
        import pyarrow as pa  # noqa: PLC0415

        rows = secrets.redact_bytes(orjson.dumps(self._waiting[split]))
        batch = pa.RecordBatch.from_pylist(orjson.loads(rows), schema=self._schema)
        self._parquet[split].write_batch(batch, row_group_size=_BATCH_ROWS)
        self._arrow[split].write_batch(batch)
        self._hashes[split].update(rows)
        self._waiting[split] = []

    def _save(self) -> None:
        datasets = _library()
        saved = self._folder / SAVED
        splits = {
            split: datasets.Dataset.from_file(str(self._arrow_file(split)), split=datasets.NamedSplit(split))
            for split in self._waiting
        }
        datasets.DatasetDict(splits).save_to_disk(str(saved))
        for split in self._waiting:
            _steady_fingerprint(saved / split / "state.json", self._hashes[split].hexdigest())
            self._arrow_file(split).unlink()

    def _arrow_file(self, split: str) -> Path:
        return self._folder / f"{split}.arrow"


def push(folder: Path, name: str, *, public: bool) -> str:
    """Uploads a folder as a dataset of the hub, in one commit, and returns its address.

    Args:
        folder: All of it is uploaded but what `save_to_disk` wrote, which the hub does not read.
        name: `owner/name`, or a name under the token's owner.
        public: Whether a repository that is made now is for all to see; an old one stays as it is.

    Raises:
        InputError: There is no token, or the hub refuses.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415 - heavy
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    api = HfApi(token=token())
    try:
        repo = api.create_repo(name, repo_type="dataset", private=not public, exist_ok=True)
        api.upload_folder(
            repo_id=repo.repo_id, repo_type="dataset", folder_path=str(folder), ignore_patterns=[f"{SAVED}/**"]
        )
    except HfHubHTTPError as error:  # it answered; the client's own error of the same family follows
        raise _not_taken(name, error) from error
    except client_errors() as error:
        hint = "what was exported is whole; run the same command again when the hub is there"
        raise InputError(f"the hub cannot be reached: {first_line(error)}", where=endpoint(), hint=hint) from error
    except (HFValidationError, OSError) as error:
        raise _not_taken(name, error) from error
    return str(repo)


def _not_taken(name: str, error: Exception) -> InputError:
    return InputError(
        f"the hub did not take the dataset: {first_line(error)}",
        where=name,
        hint="what was exported is whole; check the name and that the token may write, and run the command again",
    )


def token() -> str:
    """The hub's token from the environment.

    Raises:
        InputError: There is none.
    """
    value = os.environ.get(TOKEN, "")
    if not value:
        raise InputError(
            f"there is no token for the hub: {TOKEN} is not set",
            hint="make a token that may write at https://huggingface.co/settings/tokens and export it",
        )
    secrets.register(value)
    return value


def _schema(columns: Mapping[str, Any]) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([(name, _type(shape)) for name, shape in columns.items()])


def _type(shape: Any) -> pa.DataType:
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(shape, list):
        return pa.list_(_type(shape[0]))
    if isinstance(shape, dict):
        return pa.struct([(name, _type(part)) for name, part in shape.items()])
    return {"string": pa.string(), "int64": pa.int64()}[shape]


def _library() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import datasets  # noqa: PLC0415 - heavy

    datasets.disable_progress_bars()
    return datasets


def _steady_fingerprint(state_file: Path, fingerprint: str) -> None:
    """Replaces what `datasets` drew at random, so that the same rows give the same bytes."""
    state = orjson.loads(state_file.read_bytes())
    state["_fingerprint"] = fingerprint
    state_file.write_bytes(orjson.dumps(state, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
