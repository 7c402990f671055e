"""Puts constraints where the reader of a row finds them: into the instruction."""

from __future__ import annotations


def with_constraints(instruction: str, constraints: str) -> str:
    """The instruction with the constraints as its last line, unless it says them already."""
    if not constraints or _said(constraints) in _said(instruction):
        return instruction
    return f"{instruction}\n{constraints}"


def _said(text: str) -> str:
    return " ".join(text.casefold().split())
