"""Whether a model finds that a new version of a task asks for something else than the old one."""

from __future__ import annotations

from typing import Final

from ift_builder.answers import equal_or_not
from ift_builder.records import Verdict

SCREEN: Final = "judge_gain"


def judge(answer: str) -> Verdict | None:
    """Why the new version is dropped; None where it asks for something else than the old one."""
    gained = equal_or_not.read(answer)
    if gained is None:
        return Verdict(SCREEN, "unreadable-judgement", {"answer": answer})
    return None if gained else Verdict(SCREEN, "no-gain", {"answer": answer})
