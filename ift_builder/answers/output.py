"""Reads an output that was asked for by itself."""

from __future__ import annotations

from typing import Final

import regex

from ift_builder.answers import chatter, markdown
from ift_builder.answers.label_names import QUALIFIER

_LABEL = regex.compile(
    rf"^[ \t]*(?P<bold>\*\*|__)?(?:(?:{QUALIFIER})[ ])?Output(?P<bold>\*\*|__)?[:：](?P<bold>\*\*|__)?[ \t]*", regex.I
)
_COLONS: Final = (":", "：")


def read(text: str) -> str:
    """The output: the answer without a label or a greeting before it and an offer of help after it."""
    lines = markdown.lines(text)
    if len(lines) > 1 and chatter.opens(lines[0]):
        lines = markdown.lines("\n".join(lines[1:]))
    if label := _LABEL.match(lines[0]):
        lines[0] = lines[0][label.end() :]
    return chatter.without_closing([markdown.part(lines[0], lines[1:])])


def alone(text: str) -> str:
    """An answer without a line above that announces it, up to a colon, and remarks below it that are known as talk."""
    lines = markdown.lines(markdown.part("", markdown.lines(text)))
    if len(lines) > 1 and not lines[1].strip() and lines[0].endswith(_COLONS) and chatter.opens(lines[0]):
        lines = lines[2:]
    return chatter.without_closing([markdown.part("", lines)])
