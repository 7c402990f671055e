"""The funnel: what was seen at each level, what was dropped there and why, what was kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ift_builder.runs import Counts


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a funnel; `seen` is `kept` plus all dropped plus `aside`."""

    name: str
    """What was judged: `answers`, `tasks`, `instances`, `rows`, …"""

    seen: int
    """How many there were."""

    kept: int
    """How many stayed."""

    dropped: list[tuple[str, int]]
    """(reason, how many), the most frequent first."""

    aside: int
    """How many were neither kept nor dropped: still open when the run was stopped, or beyond a cap."""


def funnel(levels: Mapping[str, Counts], counted: Counter[tuple[str, str]]) -> list[Level]:
    """The levels in the order of the work, from the manifest or, without one, as counted in the files.

    Args:
        levels: Counts by level; empty where nothing tells.
        counted: Rows by (level, reason); examples have the level `examples` and the reason `""`.
    """
    told = [
        Level(name, counts.seen, counts.kept, sorted(counts.dropped.items(), key=lambda item: -item[1]), counts.aside)
        for name, counts in levels.items()
    ]
    return told or _from_rows(counted)


def _from_rows(counted: Counter[tuple[str, str]]) -> list[Level]:
    kept = counted["examples", ""]
    dropped = Counter({reason: count for (_, reason), count in counted.items() if reason})
    return [Level("rows", kept + dropped.total(), kept, dropped.most_common(), 0)]
