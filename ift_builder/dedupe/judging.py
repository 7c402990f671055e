"""Who judges the rows: one process, or several that come to the same decisions.

A row's verdict depends on all rows kept before it, so several processes work in blocks. Each worker has an index of its
own of everything kept up to the block before the last, and judges its share of a block against it. What is left, the
block before and the rows of the block itself, is little, and this process judges it while the workers are at the next
block::

    workers    judge 1   judge 2   judge 3 …       against what was kept of blocks 1 to n - 2
    here       ·         settle 1  settle 2 …      against what is kept of block n - 1 and of n so far
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from ift_builder.engines import Workers
from ift_builder.screening.near_duplicate import NearDuplicates, Nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

BLOCK: Final = 4096
"""Rows in a block: enough to make the traffic between processes cheap."""


class Row(NamedTuple):
    """A row of the file."""

    line: int
    """Its line number, from 1."""

    raw: bytes
    """The line."""

    text: str
    """What is compared."""

    has_text: bool = True
    """Whether there is something to compare; where not, `text` is `""`, which is like nothing."""


Decision = tuple[Row, Nearest | None]
"""A row and the kept row that it is too like, whose id is the line number; None for a row that is kept."""


Share = tuple[list[tuple[str, int]], list[str]]
"""A worker's task: what was kept of the block before (text and line), and the texts to judge."""

Verdicts = list[Nearest | None]
"""What it says of these texts, in their order."""


def judged(rows: Iterable[Row], similarity: float, tokenizer: str, workers: int) -> Generator[Decision, None, None]:
    """Decides on the rows in their order: a row is kept unless it is too like one that was kept before it.

    Close it, and no worker is left.
    """
    if workers == 1:
        yield from _alone(rows, similarity, tokenizer)
        return
    with Workers[Share, Verdicts](workers, _judge, similarity, tokenizer) as processes:
        yield from _Team(processes, similarity, tokenizer).judged(rows)


def _alone(rows: Iterable[Row], similarity: float, tokenizer: str) -> Iterator[Decision]:
    screen = NearDuplicates(similarity, tokenizer)
    for row in rows:
        nearest = screen.nearest(row.text)
        if nearest is None:
            screen.admit(row.text, row.line)
        yield row, nearest


class _Team:
    """Several workers, and this process."""

    def __init__(self, workers: Workers[Share, Verdicts], similarity: float, tokenizer: str) -> None:
        self._workers = workers
        self._kind = (similarity, tokenizer)

    def judged(self, rows: Iterable[Row]) -> Iterator[Decision]:
        """As the function of the same name."""
        rows = iter(rows)
        latest: list[Row] = []  # what was kept of the last block that is settled
        sent: deque[list[Row]] = deque()
        while True:
            if block := list(islice(rows, BLOCK)):
                self._send(block, latest)
                sent.append(block)
            if not sent:
                return
            if len(sent) > 1 or not block:
                before, latest = latest, []
                yield from self._settle(sent.popleft(), before, latest)

    def _send(self, block: list[Row], kept: list[Row]) -> None:
        news = [(row.text, row.line) for row in kept]
        share = -(-len(block) // len(self._workers))
        for number in range(len(self._workers)):
            self._workers.submit(number, (news, [row.text for row in block[number * share : (number + 1) * share]]))

    def _settle(self, block: list[Row], before: list[Row], kept: list[Row]) -> Iterator[Decision]:
        """Decides on a block; those kept are added to `kept`."""
        recent = NearDuplicates(*self._kind)
        recent.admit_all((row.text, row.line) for row in before)
        earlier = [nearest for number in range(len(self._workers)) for nearest in self._workers.receive(number)]
        for row, far in zip(block, earlier, strict=True):
            near = recent.nearest(row.text)
            # Of two equally near the one that was kept first, which is the worker's.
            nearest = near if far is None or (near and near.rouge_l > far.rouge_l) else far
            if nearest is None:
                recent.admit(row.text, row.line)
                kept.append(row)
            yield row, nearest


def _judge(similarity: float, tokenizer: str) -> Callable[[Share], Verdicts]:
    """A worker's own index, and how it judges against it."""
    screen = NearDuplicates(similarity, tokenizer)

    def judge(task: Share) -> Verdicts:
        kept, texts = task
        screen.admit_all(kept)
        return [screen.nearest(text) for text in texts]

    return judge
