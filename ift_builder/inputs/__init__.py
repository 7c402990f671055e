"""What a user's files may be and how much of them is in memory at a time: regular files, read in bounded pieces.

Everything that opens a file named on the command line, or one in a folder named there, does it through here.
"""

from ift_builder.inputs.files import (
    blocks,
    opened,
    read_bytes,
    read_text,
    require_regular,
    sha256_of,
    unreadable,
    unzipped,
)
from ift_builder.inputs.json_text import json_fault, read_json
from ift_builder.inputs.lines import LongLineError, RecordLines, batches_by_size, lines, readline, skip_line

__all__ = [
    "LongLineError",
    "RecordLines",
    "batches_by_size",
    "blocks",
    "json_fault",
    "lines",
    "opened",
    "read_bytes",
    "read_json",
    "read_text",
    "readline",
    "require_regular",
    "sha256_of",
    "skip_line",
    "unreadable",
    "unzipped",
]
