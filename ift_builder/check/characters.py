"""Family G, characters: what cannot be seen, and letters broken by a wrong encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_PLAIN: Final = bytes(range(0x20, 0x7F))
"""The bytes of ASCII text without control characters."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\u202d\u202e\ufeff]")
"""Control characters but tab and line breaks, soft hyphen, zero-width space, word joiner, overriding direction marks,
byte order mark. The joiners U+200C and U+200D and the marks U+200E and U+200F are part of Persian, Indic, Arabic and
Hebrew writing and of emoji."""
_BREAKS_WORDS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer letters: these scripts use the zero-width space between words."""

_BROKEN = re.compile(
    r"\ufffd"
    r"|[\ud800-\udfff]"
    r"|Ã[\u00a0-\u00bf\u0152-\u0178\u2018-\u203a\u20ac\u2122]"
    r"|Â[\u00a0-\u00bf]"
    r"|â€[\u0080-\u00ff\u0152-\u017e\u02c6\u02dc\u2018-\u203a\u20ac\u2122]?"
    r"|ï»¿|[ÐÑ][\u0080-\u00bf\u201a-\u203a\u20ac\u2122][ÐÑ]"
)
"""The replacement character; bytes that are no UTF-8; UTF-8 read as Latin-1 or Windows-1252 (é as Ã©, ’ as â€™)."""  # noqa: RUF001


def invisible_characters(pair: Pair) -> str:
    r"""Control or invisible characters: `"output": "It is\u200b 5."`, `"\u0007"`."""
    if not pair.rare.translate(None, _PLAIN):
        return ""
    for name, text in (("instruction", pair.instruction), ("input", pair.input), ("output", pair.output)):
        found = _INVISIBLE.search(text)
        if found and not (found.group() == "\u200b" and _BREAKS_WORDS.search(text)):
            return f"the {name} holds U+{ord(found.group()):04X} at {quoted(text, found.start())}"
    return ""


def broken_encoding(pair: Pair) -> str:
    r"""Letters broken by a wrong encoding: `"output": "The cafÃ© isnâ€™t open."`, `"caf\ufffd"`."""
    if pair.whole.isascii():
        return ""
    for name, text in (("instruction", pair.instruction), ("input", pair.input), ("output", pair.output)):
        if found := _BROKEN.search(text):
            return f"the {name} holds {quoted(text, found.start())}"
    return ""
