"""The journal: each request with its raw answer, each verdict. What is in it is never asked, and never paid, again.

SQLite in WAL mode with `synchronous=FULL`: a committed row survives `kill -9` and a power cut, since every commit
waits for the disk; the waiting is shared by all rows that arrived meanwhile (see `group_commit`). One process writes:
the one that holds the lock of the run folder (`runs`). Reading (`show`) needs no lock.
Answers that are gone are missed by a `count` beside the journal, and one that was changed by its checksum.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import orjson

from ift_builder import assets, inputs
from ift_builder.errors import JournalError
from ift_builder.journal.checks import (
    VERSION,
    check_for_run,
    check_version,
    checksum,
    connect_to_read,
    damaged_row,
    problem,
)
from ift_builder.journal.count import Count
from ift_builder.journal.group_commit import GroupCommit, Statement
from ift_builder.journal.rounds import NotedCandidate, NotedRound, of_row, row_of
from ift_builder.records import Completion, Outcome, Prompt, Unanswered, Usage, Verdict
from ift_builder.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["VERSION", "Journal", "NotedCandidate", "NotedRound", "open_for_run", "open_to_read"]

_ANSWER = "INSERT OR IGNORE INTO answers"
_FAILURE = "INSERT OR REPLACE INTO failures"
_ENTRY = "INSERT OR REPLACE INTO ledger"
_BATCH = "INSERT OR IGNORE INTO batches"
_VERDICT = "INSERT OR REPLACE INTO verdicts"
_ROUND = "INSERT OR REPLACE INTO rounds"
_ENDING = "INSERT INTO endings"

_CHECKED = 12
"""Columns of an answer before its checksum."""

_UNKNOWN, _COUNTED, _ESTIMATED = 0, 1, 2
"""What `settled` says in the ledger: how the tokens of a request are known."""

_NO_MORE = ""
"""In the place of a screen's name: what stands after it was said in an earlier sitting."""


class Journal:
    """An open journal. Use `open_for_run` or `open_to_read`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, writer: GroupCommit | None) -> None:
        self._path = path
        self._connection = connection
        self._writer = writer
        settled = "SELECT key FROM answers UNION SELECT key FROM failures"
        self._settled = {key for (key,) in self._rows(settled)} if writer else set()
        self._entries: int = self._rows("SELECT coalesce(max(entry), 0) FROM ledger")[0][0]

    def recall(self, key: str) -> Outcome | None:
        """The recorded outcome of a prompt; None if it was never settled."""
        if self._writer and key not in self._settled:  # a query would wait for the writer to lend the interpreter
            return None
        if row := self._answer(key):
            *_, text, finish_reason, prompt_tokens, completion_tokens, model, request_id, _tries, _at = row
            return Completion(key, text, finish_reason, Usage(prompt_tokens, completion_tokens), model, request_id)
        row = self._row("SELECT reason, detail FROM failures WHERE key = ?", key)
        return Unanswered(key, *row) if row else None

    def prompt(self, key: str) -> dict[str, Any] | None:
        """The recorded request as JSON."""
        answer = self._answer(key)
        row = answer[3:] if answer else self._row("SELECT prompt FROM failures WHERE key = ?", key)
        return orjson.loads(row[0]) if row else None

    def verdicts(self, subject: str) -> list[Verdict]:
        """What the screens said of a candidate, in order."""
        rows = self._rows("SELECT screen, reason, evidence FROM verdicts WHERE subject = ? ORDER BY ordinal", subject)
        last = next((place for place, (screen, *_) in enumerate(rows) if screen == _NO_MORE), len(rows))
        return [Verdict(screen, reason, orjson.loads(evidence)) for screen, reason, evidence in rows[:last]]

    def requests(self) -> dict[str, tuple[str, int]]:
        """The step and the draw of each request, by its key."""
        both = "SELECT key, purpose, draw FROM failures UNION ALL SELECT key, purpose, draw FROM answers"
        return {key: (purpose, draw) for key, purpose, draw in self._rows(both)}

    def ledger(self) -> list[tuple[str, int, int]]:
        """(key, prompt tokens, completion tokens) of each request sent, in order."""
        return self._rows("SELECT key, prompt_tokens, completion_tokens FROM ledger ORDER BY entry")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered or given up yet."""
        return not self._settled

    def totals(self) -> dict[str, int]:
        """Over all sittings: prompts answered and given up, requests sent, and tokens paid."""
        sent, prompt_tokens, completion_tokens = self._rows(
            "SELECT count(*), total(prompt_tokens), total(completion_tokens) FROM ledger"
        )[0]
        return {
            "answered": self._rows("SELECT count(*) FROM answers")[0][0],
            "given_up": self._rows("SELECT count(*) FROM failures WHERE key NOT IN (SELECT key FROM answers)")[0][0],
            "sent": sent,
            "prompt_tokens": int(prompt_tokens),
            "completion_tokens": int(completion_tokens),
        }

    def new_entry(self) -> int:
        """A number for a request in the ledger."""
        self._entries += 1
        return self._entries

    async def reserve(self, entry: int, key: str, most: Usage) -> None:
        """Returns when the ledger has, on the disk, a request about to be sent with the most that it can cost."""
        await self._writing.write(_ledger_row(entry, key, most, _UNKNOWN))

    def reserve_soon(self, entry: int, key: str, most: Usage) -> None:
        """As `reserve`, without waiting: the row is on the disk a moment after the request was sent.

        Waiting took 8 % of the rate where an answer took 100 ms, and this nothing that could be measured.
        """
        self._writing.write_shortly(_ledger_row(entry, key, most, _UNKNOWN))

    def settle(self, entry: int, key: str, paid: Usage, *, estimated: bool = False) -> None:
        """Queues what a request cost that brought no answer."""
        self._writing.write_soon(_ledger_row(entry, key, paid, _ESTIMATED if estimated else _COUNTED))

    async def record_answer(
        self, prompt: Prompt, answer: Completion, tries: int, entry: int, paid: Usage, *, estimated: bool = False
    ) -> None:
        """Returns when the answer, and what it cost, are safe on the disk.

        Args:
            prompt: What was asked.
            answer: What came back.
            tries: Requests sent for it.
            entry: The last one's number in the ledger.
            paid: What that one cost.
            estimated: Whether the server did not count that.
        """
        usage = answer.usage
        tail = (
            answer.text,
            answer.finish_reason,
            usage.prompt_tokens,
            usage.completion_tokens,
            answer.model,
            answer.request_id,
        )
        row = _redacted((*_head(prompt), *tail, tries, _now()))
        paid_row = _ledger_row(entry, prompt.key, paid, _ESTIMATED if estimated else _COUNTED)
        await self._writing.write((_ANSWER, [(*row, checksum(row))]), paid_row)
        self._settled.add(prompt.key)

    async def record_failure(self, prompt: Prompt, failure: Unanswered, tries: int) -> None:
        """Returns when it is on the disk that the request was given up."""
        row = _redacted((*_head(prompt), failure.reason, failure.detail, tries, _now()))
        await self._writing.write((_FAILURE, [row]))
        self._settled.add(prompt.key)

    def open_batches(self) -> dict[str, list[str]]:
        """Prompt keys by batch id, of prompts that were sent in a batch and have no outcome yet."""
        rows = self._rows(
            "SELECT batch, key FROM batches "
            "WHERE key NOT IN (SELECT key FROM answers UNION ALL SELECT key FROM failures)"
        )
        batches: dict[str, list[str]] = {}
        for batch, key in rows:
            batches.setdefault(batch, []).append(key)
        return batches

    async def note_batch(self, batch: str, keys: list[str]) -> None:
        """Returns when it is on the disk that the keys are in the batch."""
        await self._writing.write((_BATCH, [_redacted((batch, key)) for key in keys]))

    def note(self, subject: str, verdicts: Sequence[Verdict]) -> None:
        """Queues the verdicts on a candidate; an earlier sitting's give way, those too that come after the last."""
        rows = [
            _redacted((subject, ordinal, verdict.screen, verdict.reason, orjson.dumps(verdict.evidence).decode()))
            for ordinal, verdict in enumerate((*verdicts, Verdict(_NO_MORE)))
        ]
        self._writing.write_soon((_VERDICT, rows))

    def note_round(self, number: int, noted: NotedRound) -> None:
        """Queues what a proposal brought; an earlier sitting's round of that number gives way."""
        self._writing.write_soon((_ROUND, [_redacted(row_of(number, noted))]))

    def rounds(self, count: int) -> list[NotedRound]:
        """The first `count` rounds in order; none in a journal that was written before rounds were noted."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'rounds'"):
            return []
        query = "SELECT source, candidates FROM rounds WHERE number < ? ORDER BY number"
        return [of_row(*row) for row in self._rows(query, count)]

    def end(self, status: str, files: dict[str, Any]) -> None:
        """Queues the run's last row: what became of it and which files stand."""
        self._writing.write_soon((_ENDING, [(_now(), status, orjson.dumps(files).decode())]))

    async def flush(self) -> None:
        """Returns when all that was queued is on the disk."""
        await self._writing.write()

    def close(self) -> None:
        """Writes what is queued and closes."""
        try:
            if self._writer:
                self._writer.close()
                self._leave_wal_mode()
        finally:
            self._connection.close()

    def _leave_wal_mode(self) -> None:
        """Makes it one file again, which can be read where nothing may be written; not while somebody reads it."""
        with suppress(sqlite3.OperationalError):
            self._connection.execute("PRAGMA journal_mode = DELETE")

    @property
    def _writing(self) -> GroupCommit:
        assert self._writer is not None, "the journal is open to read"
        return self._writer

    def _answer(self, key: str) -> tuple[Any, ...] | None:
        """The columns of an answer before its checksum, which an answer of version 1 lacks.

        Raises:
            JournalError: It is not what was written.
        """
        try:
            row = self._connection.execute("SELECT * FROM answers WHERE key = ?", (key,)).fetchone()
        except sqlite3.OperationalError as error:  # a text that is none any longer, among others
            raise damaged_row(self._path, key) from error
        except sqlite3.Error as error:
            raise problem(self._path, error) from error
        if row is None:
            return None
        values: tuple[Any, ...] = row[:_CHECKED]
        if any(one is not None and one != checksum(values) for one in row[_CHECKED:]):
            raise damaged_row(self._path, key)
        return values

    def _row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        rows = self._rows(query, *values)
        return rows[0] if rows else None

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise problem(self._path, error) from error


@contextmanager
def open_for_run(path: Path, *, begun: bool = False) -> Iterator[Journal]:
    """The journal of a run, made if need be, for the process that holds the lock of the run folder.

    Args:
        path: The journal.
        begun: Whether something outside the journal says that the run has begun, so that it must be there.

    Raises:
        JournalError: It is damaged, lacks answers, or was written by another version; it is left as it is.
    """
    check_for_run(path, begun=begun)
    with _open(path) as journal:
        yield journal


@contextmanager
def open_to_read(path: Path) -> Iterator[Journal]:
    """The journal of a run that may be going on.

    Raises:
        JournalError: There is none, or it cannot be read.
    """
    if not path.exists():
        raise JournalError("the run has no journal", where=str(path), hint="only commands that call a model keep one")
    inputs.require_regular(path)
    try:
        connection = connect_to_read(path)
        check_version(path, connection)
    except sqlite3.Error as error:
        raise problem(path, error) from error
    journal = Journal(path, connection, None)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def _open(path: Path) -> Iterator[Journal]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    inputs.require_regular(path)
    try:
        connection = connect()
        _bring_up_to_date(connection)
        (answers,) = connection.execute("SELECT count(*) FROM answers").fetchone()
        count = Count(path, answers)
    except (sqlite3.Error, OSError) as error:
        raise problem(path, error) from error
    with closing(count):
        writer = GroupCommit(
            connect, lambda error: problem(path, error), lambda inserted: count.add(inserted.get(_ANSWER, 0))
        )
        journal = Journal(path, connection, writer)
        try:
            yield journal
        finally:
            journal.close()


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Makes the tables that are missing, and gives answers of version 1 a column for checksums.

    Each statement is a transaction of its own; killed after any of them, the next session does the rest.
    """
    connection.executescript(assets.path("journal", "schema.sql").read_text(encoding="utf-8"))
    if "checksum" not in [name for _, name, *_ in connection.execute("PRAGMA table_info(answers)")]:
        connection.execute("ALTER TABLE answers ADD COLUMN checksum INTEGER")
    if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _head(prompt: Prompt) -> tuple[Any, ...]:
    return prompt.key, prompt.purpose, prompt.draw, orjson.dumps(prompt).decode()


def _redacted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row as it may be kept; to be taken before anything is computed of it."""
    return tuple(redact(value) if isinstance(value, str) else value for value in row)


def _ledger_row(entry: int, key: str, usage: Usage, settled: int) -> Statement:
    return _ENTRY, [(entry, key, usage.prompt_tokens, usage.completion_tokens, settled)]


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
