"""The page about limits says what the code does."""

import re

from ift_builder.asking.terms import LONGEST_ANSWER
from ift_builder.backends import openai_batch, replies
from ift_builder.backends.local import gguf
from ift_builder.formats import yaml_file
from ift_builder.inputs import limits
from ift_builder.sources.table import BATCH_ROWS
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
NUMBERS = {int(digits.replace(",", "")) for digits in re.findall(r"\b\d[\d,]*\b", PAGE)}
MIB, GIB = 1 << 20, 1 << 30


def test_every_limit_stands_on_the_page():
    sizes = [limits.MAX_ROW, limits.MAX_WHOLE, limits.MAX_BATCH, replies.MAX_REPLY, yaml_file.LARGEST_FILE]
    counts = [limits.MAX_VALUES, limits.MAX_WHOLE_VALUES, limits.MAX_DEPTH, replies.MAX_REPLY_VALUES, BATCH_ROWS]
    counts += [yaml_file.MOST_NODES, yaml_file.DEEPEST, gguf._MAX_ENTRIES]
    seconds = [LONGEST_ANSWER, openai_batch._CALL_SECONDS, openai_batch._TRANSFER_SECONDS]

    assert f"{replies.MAX_BATCH_FILE // GIB} GiB" in PAGE
    assert all(f"{size // MIB} MiB" in PAGE for size in [*sizes, gguf._MAX_TEXT])
    assert set(counts) <= NUMBERS
    assert set(map(int, seconds)) <= NUMBERS


def test_every_constant_is_a_limit_of_this_page():
    """Whoever adds one writes it down here and there."""
    assert {name for name in vars(limits) if name.startswith("MAX_")} == {
        "MAX_ROW",
        "MAX_WHOLE",
        "MAX_BATCH",
        "MAX_VALUES",
        "MAX_WHOLE_VALUES",
        "MAX_DEPTH",
    }
    assert {name for name in vars(replies) if name.startswith("MAX_")} == {
        "MAX_REPLY",
        "MAX_REPLY_VALUES",
        "MAX_BATCH_FILE",
    }
