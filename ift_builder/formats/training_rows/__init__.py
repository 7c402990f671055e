"""Datasets in the shapes that trainers know, read row by row as they are, faults and all.

A reader for people who want to know what is wrong with a file does not stop at the first broken line: what cannot be
read is a row with faults. `files` reads json, jsonl, csv and parquet in constant memory; `shapes` tells by its columns
what a row is; `views` says what it teaches.

>>> row = view(DataFile(Path("mine.jsonl")), 3, {"instruction": "Add 2 and 3.", "output": "5"})
>>> row.shape, row.place, row.pairs[0].output
('alpaca', 'mine.jsonl:3', '5')
"""

from __future__ import annotations

from ift_builder.formats.training_rows.files import ENDINGS, DataFile, data_file, read
from ift_builder.formats.training_rows.json_rows import Unreadable
from ift_builder.formats.training_rows.row import Conversation, Fault, Pair, Said, TrainingRow
from ift_builder.formats.training_rows.shapes import SHAPES, view

__all__ = [
    "ENDINGS",
    "SHAPES",
    "Conversation",
    "DataFile",
    "Fault",
    "Pair",
    "Said",
    "TrainingRow",
    "Unreadable",
    "data_file",
    "read",
    "view",
]
