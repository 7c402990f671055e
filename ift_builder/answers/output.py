"""Reads an output that was asked for by itself."""

from __future__ import annotations

import regex

from ift_builder.answers import chatter, markdown

_LABEL = regex.compile(r"^[ \t]*(?P<bold>\*\*|__)?Output(?P<bold>\*\*|__)?[:：](?P<bold>\*\*|__)?[ \t]*", regex.I)


def read(text: str) -> str:
    """The output: the answer without a label or a greeting before it and an offer of help after it."""
    lines = markdown.lines(text)
    if len(lines) > 1 and chatter.opens(lines[0]):
        lines = markdown.lines("\n".join(lines[1:]))
    if label := _LABEL.match(lines[0]):
        lines[0] = lines[0][label.end() :]
    return chatter.without_closing([markdown.part(lines[0], lines[1:])])
