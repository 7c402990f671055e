"""Reads and judges other wordings of an instruction.

The paper keeps a wording that differs from the instruction and from the others (Honovich et al. 2022, section 2). Its
wordings have a gap for the input; ours have none, since the input is a field of its own, and must not repeat it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from ift_builder.answers import numbered_list
from ift_builder.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.answers.numbered_list import Item

_SCREEN: Final = "paraphrase"
_GAP = regex.compile(r"\{+ *[A-Za-z_]*input[A-Za-z_]* *\}+|\[INPUT\]|<input>", regex.IGNORECASE)
_LONG_INPUT: Final = 20
"""Characters from which on an input inside a wording is no coincidence."""


def read(text: str, *, continues: bool) -> list[Item]:
    """The wordings of an answer; empty if it holds no list."""
    return numbered_list.read(text, 1, continues=continues) if text.strip() else []


def judge(found: Sequence[Item], instruction: str, input: str, *, most: int, was_cut: bool) -> list[Verdict]:
    """The verdicts on wordings, in order.

    Args:
        found: The wordings.
        instruction: What they say in other words.
        input: What the instruction is to be carried out on.
        most: How many were asked for.
        was_cut: Whether the length limit cut the answer, and so the last wording.
    """
    seen = {_said(instruction)}
    verdicts: list[Verdict] = []
    kept = 0
    for item in found:
        verdict = _judge_one(item.text, instruction, input, seen)
        if was_cut and item.is_last:
            verdict = Verdict("reading", "cut")
        elif verdict.kept and kept >= most:
            verdict = Verdict(_SCREEN, "too-many", {"most": most})
        kept += verdict.kept
        seen.add(_said(item.text))
        verdicts.append(verdict)
    return verdicts


def _judge_one(text: str, instruction: str, input: str, seen: set[str]) -> Verdict:
    if not text.strip():
        return Verdict(_SCREEN, "empty-wording")
    if _said(text) == _said(instruction):
        return Verdict(_SCREEN, "equals-instruction")
    if _said(text) in seen:
        return Verdict(_SCREEN, "repeated-wording")
    if gap := _GAP.search(text):
        return Verdict(_SCREEN, "gap-for-input", {"gap": gap.group()})
    if len(input) >= _LONG_INPUT and input in text and input not in instruction:
        return Verdict(_SCREEN, "holds-input")
    return Verdict(_SCREEN)


def _said(text: str) -> str:
    """What counts of a wording when it is compared."""
    return regex.sub(r"[^\w]+", " ", text.casefold()).strip()
