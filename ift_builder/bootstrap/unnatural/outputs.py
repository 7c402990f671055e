"""Reads an output that was asked for by itself, and puts constraints where the reader of a row finds them."""

from __future__ import annotations

import regex

from ift_builder.bootstrap.reading import plain, small_talk

_LABEL = regex.compile(r"^[ \t]*(?P<bold>\*\*|__)?Output(?P<bold>\*\*|__)?[:：](?P<bold>\*\*|__)?[ \t]*", regex.I)


def read(text: str) -> str:
    """The output: the answer without a label or a greeting before it and an offer of help after it."""
    lines = plain.lines(text)
    if len(lines) > 1 and small_talk.opens(lines[0]):
        lines = plain.lines("\n".join(lines[1:]))
    if label := _LABEL.match(lines[0]):
        lines[0] = lines[0][label.end() :]
    return small_talk.without_closing([plain.part(lines[0], lines[1:])])


def with_constraints(instruction: str, constraints: str) -> str:
    """The instruction with the constraints as its last line, unless it says them already."""
    if not constraints or _said(constraints) in _said(instruction):
        return instruction
    return f"{instruction}\n{constraints}"


def _said(text: str) -> str:
    return " ".join(text.casefold().split())
