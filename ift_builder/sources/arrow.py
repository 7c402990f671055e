"""Arrow: parquet files, and what `datasets` gives, read in batches without a detour through Python rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.inputs.parquet import rows_at_a_time
from ift_builder.sources.table import BATCH_ROWS, Batch, ColumnFacts, Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

CLASS_LABEL = "ClassLabel"
"""What `datasets` calls a class column in the features that it writes into a file's schema."""

READ_BUFFER = 1 << 20
"""Bytes of a parquet column that are read at a time."""


@dataclass(slots=True)
class ArrowBatch:
    """Rows that are still Arrow's: the values of a column become Python's where they are used."""

    first_row: int
    table: pa.RecordBatch | pa.Table
    where: str = ""

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def columns(self, names: Sequence[str]) -> list[list[Any]]:
        """The named columns as Python values."""
        return [self._values(name) for name in names]

    def _values(self, name: str) -> list[Any]:
        column = self.table.column(name)
        try:
            values: list[Any] = column.to_pylist()
        except Exception as error:  # of several libraries: years beyond 9999, time zones unknown here, texts not UTF-8
            raise self._unreadable(name, column) from error
        return values

    def _unreadable(self, name: str, column: pa.ChunkedArray | pa.Array) -> InputError:
        for offset in range(len(column)):
            try:
                column[offset].as_py()
            except Exception as error:  # noqa: BLE001, PERF203 - of several libraries
                what = f"column {name!r} holds a value of type {column.type} that cannot be read: {_reason(error)}"
                where = f"{self.where or 'the dataset'}, row {self.first_row + offset}"
                return InputError(what, where=where, hint="write the column as text, or leave the row out")
        return InputError(f"column {name!r} cannot be read", where=self.where)


def parquet(path: Path, **facts: Any) -> Dataset:
    """A parquet file.

    Raises:
        InputError: It is damaged or no parquet file.
    """
    with _readable(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    twice = next((name for name in schema.names if schema.names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two columns are called {twice!r}", where=str(path), hint="rename one of them")
    return Dataset(columns=columns_of(schema), batches=partial(_parquet_batches, path), rows=rows, **facts)


def columns_of(schema: pa.Schema) -> dict[str, ColumnFacts]:
    """What the schema says of each column, with the class names that `datasets` keeps in its metadata."""
    features = _features(schema)
    return {field.name: ColumnFacts(_kind(field.type), _classes(features.get(field.name))) for field in schema}


def batches_of(tables: Iterator[pa.Table | pa.RecordBatch], where: str = "") -> Iterator[Batch]:
    """Numbers the rows of tables that come one after the other; `where` is what messages call the dataset."""
    start = 0
    for table in tables:
        yield ArrowBatch(start, table, where)
        start += table.num_rows


def stream_file_batches(paths: Sequence[str], names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The batches of Arrow stream files, such as `datasets` keeps, read rather than mapped into memory."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    for path in paths:
        with pa.OSFile(path) as file, pa.ipc.open_stream(file) as batches:
            for batch in batches:
                chosen = batch.select(list(names))
                yield from (chosen.slice(start, BATCH_ROWS) for start in range(0, chosen.num_rows, BATCH_ROWS))


def _readable(path: Path) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    inputs.require_regular(path)
    try:
        # Read through a small buffer: mapped into memory, or read ahead, a large file would count as memory in use.
        return pq.ParquetFile(path, memory_map=False, buffer_size=READ_BUFFER, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error


def _parquet_batches(path: Path, names: Sequence[str]) -> Iterator[Batch]:
    import pyarrow as pa  # noqa: PLC0415

    with _readable(path) as file:
        try:
            rows = rows_at_a_time(file.metadata, BATCH_ROWS, path)
            yield from batches_of(file.iter_batches(rows, columns=list(names)), str(path))
        except (pa.ArrowException, OSError) as error:
            raise _damaged(path, error) from error


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


def _damaged(path: Path, error: Exception) -> InputError:
    reason = _reason(error)
    return InputError(f"not a whole parquet file: {reason}", where=str(path), hint="was it copied to its end?")


def _features(schema: pa.Schema) -> Mapping[str, Any]:
    try:
        info = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = info["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return features if isinstance(features, dict) else {}


def _classes(feature: Any) -> tuple[str, ...]:
    if isinstance(feature, dict) and feature.get("_type") == CLASS_LABEL and isinstance(feature.get("names"), list):
        return tuple(map(str, feature["names"]))
    return ()


def _kind(type_: pa.DataType) -> str:
    from pyarrow import types  # noqa: PLC0415

    checks = {
        "text": (types.is_string, types.is_large_string, types.is_string_view),
        "boolean": (types.is_boolean,),
        "integer": (types.is_integer,),
        "number": (types.is_floating, types.is_decimal),
        "list": (types.is_list, types.is_large_list, types.is_fixed_size_list),
        "record": (types.is_struct,),
    }
    if types.is_dictionary(type_):
        return _kind(type_.value_type)
    return next((kind for kind, of_kind in checks.items() if any(check(type_) for check in of_kind)), "any")
