"""How large the parts of an input may be. `docs/limits.md` lists them for users; a test holds the two together."""

from __future__ import annotations

from typing import Final

MAX_ROW: Final = 64 * 2**20
"""Bytes of one line, CSV row or element of a JSON array, unzipped. The longest context that a model was trained for,
ten million tokens, is 40 MB of English; an image of 40 MB in base64 fits too. A line that is longer is mostly a JSON
array without line breaks, or no text at all."""

MAX_WHOLE: Final = 128 * 2**20
"""Bytes of a JSON file that must be read whole, as an object with rows in it: the largest task of
Super-NaturalInstructions has 30 MB. Files with a row a line, and arrays of rows, have no limit."""

MAX_BATCH: Final = 8 * 2**20
"""Bytes of rows that are parsed at a time: a thousand rows of 8 kB. A longer row is a batch by itself."""

MAX_VALUES: Final = 2_000_000
"""Values in one row. An empty object takes three bytes in a file and seventy in memory, so that bytes alone do not
bound it; the waveform of two minutes of speech has as many numbers."""

MAX_WHOLE_VALUES: Final = 8_000_000
"""Values in a JSON file that is read whole."""

MAX_DEPTH: Final = 64
"""How deep lists and objects may stand in each other. Rows of chats with tool calls have about ten levels; Python's
own stack ends at a thousand."""
