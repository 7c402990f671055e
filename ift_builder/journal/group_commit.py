"""A thread that writes to SQLite in groups: whatever has come in while it was writing shares the next commit.

So a commit, which waits for the disk, is paid once per group and never holds up the requests in flight.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ift_builder.errors import JournalError

LARGEST_GROUP = 2_000
"""Statements in one commit, so that no caller waits long behind others."""


MOST_VALUES: Final = 900
"""Values in one statement; SQLite takes 999 in the oldest version that we meet."""

MOST_SOON: Final = 500
"""Statements that nobody waits for, before they are written on their own account."""

SHORTLY: Final = 0.05
"""Seconds after which what was laid aside is written if nothing else was: a fraction of what an answer takes, and long
enough to share the commits of others where there are many."""

SWITCH_INTERVAL: Final = 0.0005
"""Seconds after which a busy thread lets another one go on. With Python's own 5 ms an answer waited 11 ms for its
commit at 250 answers a second, and 6 ms with this: nearly all of it for the interpreter, not for the disk."""

Statement = tuple[str, Sequence[tuple[Any, ...]]]
"""The beginning of an `INSERT`, up to its table, with the rows to insert."""


@dataclass(frozen=True, slots=True)
class _Write:
    statements: Sequence[Statement]
    done: Callable[[Exception | None], object] | None


class GroupCommit:
    """Takes writes from an event loop and returns when they are on the disk."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        describe: Callable[[Exception], JournalError],
        committed: Callable[[Mapping[str, int]], None] = lambda _: None,
    ) -> None:
        """Starts the thread.

        Args:
            connect: Opens the connection that only the thread will use.
            describe: Turns SQLite's error into ours.
            committed: Told after each commit, in the thread, how many rows each statement has inserted.
        """
        self._connect = connect
        self._describe = describe
        self._committed = committed
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._soon: list[Statement] = []
        self._timer: asyncio.TimerHandle | None = None
        self._failure: JournalError | None = None
        self._usual_interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    async def write(self, *statements: Statement) -> None:
        """Runs the statements in one transaction; returns once that is safe on the disk.

        Raises:
            JournalError: They could not be written.
        """
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()

        def settle(error: Exception | None) -> None:
            if written.cancelled():
                return
            if error is None:
                written.set_result(None)
            else:
                written.set_exception(error)

        def wake(error: Exception | None) -> None:
            with suppress(RuntimeError):  # the loop was closed: the user has left without waiting
                loop.call_soon_threadsafe(settle, error)

        self._put(statements, wake)
        await written

    def write_soon(self, *statements: Statement) -> None:
        """Lays aside what nobody waits for: it goes with the next write, and is on the disk when `close` returns."""
        self._soon += statements
        if len(self._soon) >= MOST_SOON:
            self._put((), None)

    def write_shortly(self, *statements: Statement) -> None:
        """As `write_soon`, but it is written `SHORTLY` if nothing else is until then."""
        self.write_soon(*statements)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SHORTLY, self._write_laid_aside)

    def close(self) -> None:
        """Writes what is queued, then ends the thread.

        Raises:
            JournalError: Something could not be written.
        """
        if self._timer:
            self._timer.cancel()
        self._writes.put(_Write(self._soon, None))
        self._writes.put(None)
        self._thread.join()
        sys.setswitchinterval(self._usual_interval)
        if self._failure:
            raise self._failure

    def _write_laid_aside(self) -> None:
        self._timer = None
        if self._soon and not self._failure:
            self._put((), None)

    def _put(self, statements: Sequence[Statement], done: Callable[[Exception | None], object] | None) -> None:
        if self._failure:
            raise self._failure
        self._writes.put(_Write([*self._soon, *statements], done))
        self._soon = []

    def _run(self) -> None:
        connection = None
        try:
            connection = self._connect()
        except sqlite3.Error as error:
            self._failure = self._describe(error)
        ended = False
        while not ended:
            group, ended = self._next_group()
            failure = self._commit(connection, group) if connection else self._failure
            for write in group:
                if write.done:
                    write.done(failure)
        if connection:
            connection.close()

    def _next_group(self) -> tuple[list[_Write], bool]:
        group: list[_Write] = []
        item = self._writes.get()
        while item is not None:
            group.append(item)
            if len(group) >= LARGEST_GROUP or self._writes.empty():
                return group, False
            item = self._writes.get()
        return group, True

    def _commit(self, connection: sqlite3.Connection, group: list[_Write]) -> JournalError | None:
        try:
            with connection:
                tables = _by_table(group)
                inserted = {table: _insert(connection, table, rows) for table, rows in tables.items() if rows}
            self._committed(inserted)
        except Exception as error:  # noqa: BLE001 - whoever waits for the rows must hear of it, whatever it is
            self._failure = self._describe(error)
        return self._failure


def _by_table(group: Sequence[_Write]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all writes by statement: within a transaction the order of the tables makes no difference."""
    rows_of: dict[str, list[tuple[Any, ...]]] = {}
    for statement, rows in chain.from_iterable(write.statements for write in group):
        rows_of.setdefault(statement, []).extend(rows)
    return rows_of


def _insert(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Inserts many rows at a time: after each statement the thread has to wait for the interpreter again.

    Returns how many were new.
    """
    most, inserted = MOST_VALUES // len(rows[0]), 0
    for start in range(0, len(rows), most):
        some = rows[start : start + most]
        places = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(some))
        inserted += connection.execute(f"{statement} VALUES {places}", tuple(chain.from_iterable(some))).rowcount
    return inserted
