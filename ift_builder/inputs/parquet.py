"""How many rows of a parquet file to read at a time, by what its footer says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.inputs import limits
from ift_builder.inputs.lines import LongLineError

if TYPE_CHECKING:
    from pathlib import Path


def rows_at_a_time(metadata: Any, most: int, path: Path) -> int:
    """Up to `most`, fewer where rows are long.

    Args:
        metadata: Arrow's, of the whole file.
        most: Rows.
        path: The file.

    Raises:
        LongLineError: The rows of a group are longer on average than a row may be.
    """
    longest = 1
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        longest = max(longest, group.total_byte_size // max(1, group.num_rows))
    if longest > limits.MAX_ROW:
        raise LongLineError(str(path), "a row")
    return max(1, min(most, limits.MAX_BATCH // longest))
