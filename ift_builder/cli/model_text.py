"""What a model wrote, made fit for a terminal: it is data, and may not steer what shows it."""

from __future__ import annotations

import textwrap


def printable(text: str) -> str:
    """The text with a question mark in place of what would steer the terminal."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def brief(text: str, width: int) -> str:
    """The text on one line of at most so many characters."""
    return textwrap.shorten(printable(text), width, placeholder=" …")
