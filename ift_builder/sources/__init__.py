"""Where datasets come from and where they go: files, folders, the hub. All that knows `datasets` and Arrow is here."""

from ift_builder.sources.opening import from_rows, kind_of, open_dataset, refuse_hub_options
from ift_builder.sources.parquet_out import ParquetExamples
from ift_builder.sources.repository import HubUnreachableError

__all__ = ["HubUnreachableError", "ParquetExamples", "from_rows", "kind_of", "open_dataset", "refuse_hub_options"]
