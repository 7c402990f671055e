"""How much work one rendering may do: counted steps, so that the limit falls at the same place on every machine.

Jinja has no `while`, and still a template can run for ever (loops in loops, macros that call themselves twice) or
fill the memory (`"a" * 10**10`, `"%999999999d"`). The environment therefore counts each turn of a loop, each item of
a generator, each call and each character that a template makes beyond what the row brought, and refuses single
operations whose result would not fit (see `checks`). A clock is there too, as the last resort for work that nobody
thought of counting: all that is known to be slow reaches the count long before.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

LARGEST_TEXT = 16_000_000
"""Characters that one rendering may make. The longest book in English has about 13 million."""

STEP = 64
"""What a turn of a loop or a call costs, in characters: 250,000 turns and the rendering is over."""

LARGEST_INTEGER_BITS = 4096
"""Bits; sums and products of a dataset's numbers stay far below."""

WIDEST = 10_000
"""The widest field that a text is padded to."""

SECONDS = 120.0
"""Processor time after which a rendering is stopped whatever it counted: the last resort, and the one limit that is
timed."""

LOOK_AT_CLOCK_EVERY = 256


class TooMuchWorkError(Exception):
    """A rendering would not end, or would fill the memory."""


class Work(threading.local):
    """What is left of the current rendering's allowance."""

    def __init__(self) -> None:
        self.left = LARGEST_TEXT
        self._spendings = 0
        self._until = 0.0

    def begin(self) -> None:
        """A new rendering starts."""
        self.left = LARGEST_TEXT
        self._until = 0.0

    def spend(self, cost: int) -> None:
        """Takes `cost` characters' worth of the allowance.

        Raises:
            TooMuchWorkError: Nothing is left of it.
        """
        self.left -= cost
        if self.left < 0:
            raise TooMuchWorkError(
                f"it goes beyond {LARGEST_TEXT:,} characters or {LARGEST_TEXT // STEP:,} turns of loops for one row"
            )
        self._spendings += 1
        if not self._spendings % LOOK_AT_CLOCK_EVERY:
            self._look_at_clock()

    def counted(self, items: Iterable[Any], name: str) -> Iterator[Any]:
        """The items, each of which costs a turn; `name` is what templates call it that gives them."""
        found = self._counted(items)
        found.__name__ = name  # type: ignore[attr-defined]  # mypy does not know that generators have one
        return found

    def _counted(self, items: Iterable[Any]) -> Generator[Any, None, None]:
        for item in items:
            self.spend(STEP)
            yield item

    def _look_at_clock(self) -> None:
        now = time.thread_time()
        if not self._until:
            self._until = now + SECONDS
        elif now > self._until:
            raise TooMuchWorkError(f"it takes more than {SECONDS:.0f} seconds for one row")


_SIZED: Any = (str, list, tuple, dict, range, bytes, type({}.keys()), type({}.values()), type({}.items()))


def size(value: Any) -> int:
    """What handling `value` costs: its length if it has one."""
    return len(value) + 1 if isinstance(value, _SIZED) else STEP


def text_size(value: Any) -> int:
    """The length of `value` written out, nested lists included.

    Raises:
        TooMuchWorkError: It is longer than `LARGEST_TEXT`. Lists that hold one list twice, again and again, are
            short to make and endless to print or to compare.
    """
    if isinstance(value, str):
        return len(value)
    total, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        total += STEP if isinstance(item, int | float | list | tuple | dict) else size(item)
        if total > LARGEST_TEXT:
            raise TooMuchWorkError(f"it builds a value of more than {LARGEST_TEXT:,} characters")
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)
    return total


def depth(value: Any) -> int:
    """How many lists and mappings stand in each other in `value`, whose `text_size` was looked at before."""
    found, level = 0, [value]
    while level := [item for item in level if isinstance(item, list | tuple | dict)]:
        found += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return found
