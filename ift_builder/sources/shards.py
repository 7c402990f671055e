"""Rows of parquet files, read in batches, so that memory does not grow with the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder import inputs
from ift_builder.errors import InputError
from ift_builder.inputs.parquet import rows_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BATCH_ROWS = 1024


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a parquet file as Python values.

    Raises:
        InputError: It is damaged or no parquet file.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    inputs.require_regular(path)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(rows_at_a_time(file.metadata, _BATCH_ROWS, path)):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"not a whole parquet file: {error}", where=str(path), hint="was it copied to its end?"
        ) from error
