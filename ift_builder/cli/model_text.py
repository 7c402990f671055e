"""Text of others, made fit for a terminal: it is data, and may neither steer what shows it nor hold a secret.

Others are models, servers, datasets, and whoever gave a file or a field its name. `Console` sends all that it shows
through `visible`, so that no command has to think of it.
"""

from __future__ import annotations

import re
import textwrap
from typing import Final

from ift_builder.secrets import redact

_STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves the cursor, begins a sequence of commands, or turns the order of letters around (C0, C1, the line
separators and embeddings of Unicode), and halves of characters, which no terminal takes. Line breaks and tabs stay."""


def visible(text: str) -> str:
    """The text without secrets, and with escapes such as `\\x1b` in place of what would steer the terminal."""
    return _STEERING.sub(_escape, redact(text))


def visible_json(line: str) -> str:
    """A line of JSON, which means the same afterwards, without secrets and what would steer the terminal."""
    return _STEERING.sub(lambda mark: f"\\u{ord(mark[0]):04x}", redact(line))


def brief(text: str, width: int) -> str:
    """The text on one line of at most so many characters."""
    return textwrap.shorten(visible(text), width, placeholder=" …")


def _escape(mark: re.Match[str]) -> str:
    code = ord(mark[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - Python's own two forms
