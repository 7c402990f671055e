"""The verdicts that several strategies come to in the same way: a request given up, a list's item, a lone instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder.records import Verdict
from ift_builder.screening import instances

if TYPE_CHECKING:
    from ift_builder.answers.numbered_list import Item
    from ift_builder.records import Instance, Unanswered


def given_up(step: str, outcome: Unanswered) -> Verdict:
    """On a task of which a step's request was given up."""
    return Verdict(step, "request-given-up", {"why": outcome.reason, "detail": outcome.detail})


def of_item(item: Item, *, was_cut: bool) -> Verdict:
    """On an item of a list: the one that the length limit cut says so, and so does an empty one."""
    if was_cut and item.is_last:
        return Verdict("reading", "cut")
    return Verdict("reading", "" if item.text else "empty")


def of_answer(instance: Instance, *, was_cut: bool) -> Verdict:
    """On a task's only instance, whose output was asked for by itself."""
    if was_cut:
        return Verdict("reading", "cut")
    (verdict,) = instances.judge([instance], is_classification=False, limit=1)
    return verdict
