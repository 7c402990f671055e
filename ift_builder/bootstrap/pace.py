"""How far the asking may run ahead of the judging, and when a strategy has nothing more to ask.

Proposal *i* is written from the pool as it stood after the first `known(i)` proposals. What counts as "after" is the
pace's: after they were judged, so that the pool holds all that was kept; or after their tasks were settled, so that
it holds tasks that came to something. Either way it is a rule without time in it, and the outcome does not depend on
the order in which answers arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.bootstrap.pool import Pool

WINDOW: Final = 64
"""Proposals that may be asked beyond the last one judged. Each brings about five tasks with two requests each, so
some 700 requests can be in flight; a larger window would only show the model an older pool."""


def known(number: int) -> int:
    """How many answers must be judged before proposal `number` can be written: a rule without time in it.

    Half of those before it at first, so that the model soon sees its own tasks, later all but the last `WINDOW`, so
    that many requests can be in flight.
    """
    return max(number // 2, number - WINDOW)


@dataclass(frozen=True, slots=True)
class Pace:
    """The rules of a strategy's asking."""

    known: Callable[[int], int] = known
    """How many proposals must be done with before proposal `number` is written; at most `number`."""

    waits_for_tasks: bool = False
    """Whether "done with" means that their tasks are settled, and the pool grows by valid tasks only."""

    proposals: int | None = None
    """The most proposals; None where there is no end to them."""


USUAL: Final = Pace()
"""Of strategies that say nothing else."""


@runtime_checkable
class Paced(Protocol):
    """A strategy with a pace of its own."""

    def pace(self, pool: Pool) -> Pace:
        """The rules for growing from what `pool` holds at the start."""


def pace_of(strategy: object, pool: Pool) -> Pace:
    """The strategy's own pace, or the usual one."""
    return strategy.pace(pool) if isinstance(strategy, Paced) else USUAL
