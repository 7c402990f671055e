"""Examples as parquet: `examples-00000-of-0000N.parquet`, named when the last is whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ift_builder.inputs import sha256_of
from ift_builder.secrets import redact_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

SHARD_ROWS = 500_000
"""Rows in a file: some hundred megabytes, which the hub's viewer and most readers like best."""

GROUP_BYTES = 32 * 2**20
"""Bytes of JSON that become one row group."""


class ParquetExamples:
    """Takes the same lines that `examples.jsonl` would get.

    Attributes:
        rows: Rows written.
    """

    def __init__(self, folder: Path, problem: Callable[[OSError], Exception]) -> None:
        """Writes into `folder`, which holds nothing else of these names; `problem` is raised where it cannot."""
        self._folder = folder
        self._problem = problem
        self._shards: list[tuple[Path, int]] = []
        self._writer: Any = None
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._waiting_rows = 0
        self._names: dict[str, dict[str, Any]] = {}
        self.rows = 0

    def __enter__(self) -> ParquetExamples:  # noqa: PYI034 - typing.Self came with 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
            self._close_shard()
            if kind is None:
                self._name_shards()
        except OSError as failure:
            raise self._problem(failure) from failure

    def write(self, lines: bytes, rows: int) -> None:
        """Takes `lines`, which hold `rows` rows."""
        self._waiting.append(lines)
        self._waiting_bytes += len(lines)
        self._waiting_rows += rows
        self.rows += rows
        if self._waiting_bytes >= GROUP_BYTES:
            try:
                self._flush()
            except OSError as error:
                raise self._problem(error) from error

    def facts(self) -> dict[str, dict[str, Any]]:
        """For each file its rows, bytes and sha256; there are none before the block has ended."""
        return self._names

    def _flush(self) -> None:
        from pyarrow import json as arrow_json  # noqa: PLC0415 - heavy

        if not self._waiting_rows:
            return
        if self._writer is None or self._shards[-1][1] >= SHARD_ROWS:
            self._close_shard()
            self._open_shard()
        lines = redact_bytes(b"".join(self._waiting))
        options = arrow_json.ParseOptions(explicit_schema=schema(), unexpected_field_behavior="error")
        read = arrow_json.ReadOptions(block_size=len(lines) + 1)
        self._writer.write_table(arrow_json.read_json(io.BytesIO(lines), parse_options=options, read_options=read))
        scratch, rows = self._shards[-1]
        self._shards[-1] = (scratch, rows + self._waiting_rows)
        self._waiting, self._waiting_bytes, self._waiting_rows = [], 0, 0

    def _open_shard(self) -> None:
        from pyarrow import parquet as pq  # noqa: PLC0415 - heavy

        scratch = self._folder / f"examples-{len(self._shards):05}.parquet"
        self._shards.append((scratch, 0))
        self._writer = pq.ParquetWriter(scratch, schema(), compression="zstd")

    def _close_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _name_shards(self) -> None:
        """Gives the files their names, now that their number is known."""
        for number, (scratch, rows) in enumerate(self._shards):
            name = f"examples-{number:05}-of-{len(self._shards):05}.parquet"
            self._names[name] = {"rows": rows, "bytes": scratch.stat().st_size, "sha256": sha256_of(scratch)}
            scratch.rename(self._folder / name)


def schema() -> pa.Schema:
    """The record's columns, as `records.Example` has them."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    text, texts = pa.string(), pa.list_(pa.string())

    def record(*names: str) -> pa.StructType:
        return pa.struct([(name, text) for name in names])

    source = [
        ("method", text),
        ("parents", texts),
        ("prompts", texts),
        ("model", text),
        ("dataset", text),
        ("config", text),
        ("split", text),
        ("revision", text),
        ("row", pa.int64()),
        ("template", text),
        ("template_hash", text),
        ("licence", text),
        ("language", text),
    ]
    return pa.schema(
        [
            ("id", text),
            ("instruction", text),
            ("input", text),
            ("output", text),
            ("source", pa.struct(source)),
            ("rationale", text),
            ("options", texts),
            ("references", texts),
            ("exemplars", pa.list_(record("input", "output", "rationale"))),
            ("history", pa.list_(record("role", "content"))),
            ("system", text),
            ("task", record("name", "category", "kind")),
        ]
    )
