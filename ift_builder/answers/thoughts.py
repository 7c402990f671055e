"""Takes off what a reasoning model thinks before it answers, where a server passes it on in the text."""

from __future__ import annotations

import re
from typing import Final

_THOUGHTS: Final = re.compile(
    r"\s*<(?P<tag>think(?:ing)?|thought|reasoning)>.*?(?:</(?P=tag)>|\Z)\s*|(?:(?!<think).)*?</think(?:ing)?>\s*",
    re.DOTALL,
)
"""Where thoughts were cut, they have no end; where the chat template opens them, as those of DeepSeek-R1 and QwQ do,
they have no beginning."""


def without_thoughts(text: str) -> str:
    """The text after the thoughts that it begins with."""
    thoughts = _THOUGHTS.match(text)
    return text[thoughts.end() :] if thoughts else text
