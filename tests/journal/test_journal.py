"""The journal: what is in it survives, and what is wrong with it is said."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from ift_builder.errors import JournalError
from ift_builder.journal import VERSION, open_for_run, open_to_read
from ift_builder.records import Completion, Prompt, Turn, Unanswered, Usage, Verdict

PROMPT = Prompt("step", (Turn("user", "Warum? 왜? \x00"),), "m")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def write(path, *calls):
    async def record(journal):
        for call in calls:
            await call(journal)

    with open_for_run(path) as journal:
        asyncio.run(record(journal))


def test_an_answer_comes_back_as_it_was(path):
    answer = Completion(PROMPT.key, "Darum.\r\n\x00 🙂", "length", Usage(3, None), "m-2", "r-1")
    write(path, lambda journal: journal.record_answer(PROMPT, answer, 2, 1, Usage(3, 0)))

    with open_to_read(path) as journal:
        assert journal.recall(PROMPT.key) == answer
        assert journal.prompt(PROMPT.key)["messages"] == [{"role": "user", "content": "Warum? 왜? \x00"}]


def test_the_ledger_counts_what_was_paid_and_where_that_is_unknown_what_was_set_aside(path):
    async def send(journal):
        for paid in (Usage(3, 4), None, Usage(0, 0)):
            entry = journal.new_entry()
            await journal.reserve(entry, PROMPT.key, Usage(10, 20))
            if paid:
                journal.settle(entry, PROMPT.key, paid)

    write(path, send)
    write(path, send)

    with open_to_read(path) as journal:
        totals = journal.totals()
        assert (totals["sent"], totals["prompt_tokens"], totals["completion_tokens"]) == (6, 26, 48)


def test_a_given_up_request_comes_back_as_such(path):
    failure = Unanswered(PROMPT.key, "timeout", "no answer")
    write(path, lambda journal: journal.record_failure(PROMPT, failure, tries=6))

    with open_to_read(path) as journal:
        assert journal.recall(PROMPT.key) == failure


def test_an_answer_replaces_an_earlier_failure(path):
    answer = Completion(PROMPT.key, "late", "stop")
    write(path, lambda journal: journal.record_failure(PROMPT, Unanswered(PROMPT.key, "timeout"), tries=6))
    write(path, lambda journal: journal.record_answer(PROMPT, answer, 1, 1, Usage(3, 0)))

    with open_to_read(path) as journal:
        assert journal.recall(PROMPT.key) == answer


def test_verdicts_come_back_in_order(path):
    verdicts = [Verdict("length"), Verdict("near-duplicate", "near-duplicate", {"of": "s1", "rouge_l": 0.8})]
    with open_for_run(path) as journal:
        journal.note("candidate", verdicts)
    with open_to_read(path) as journal:
        assert journal.verdicts("candidate") == verdicts


def test_more_verdicts_than_fit_into_one_statement_are_all_written(path):
    many = [Verdict("screen", "", {"number": number}) for number in range(1000)]
    with open_for_run(path) as journal:
        journal.note("candidate", many)
    with open_to_read(path) as journal:
        assert journal.verdicts("candidate") == many


def test_a_closed_journal_leaves_the_interpreter_as_it_was(path):
    usual = sys.getswitchinterval()
    with open_for_run(path):
        assert sys.getswitchinterval() < usual

    assert sys.getswitchinterval() == usual


def test_reading_needs_no_lock(path):
    with open_for_run(path), open_to_read(path) as journal:
        assert journal.recall("none") is None


def test_a_damaged_journal_is_refused_and_left_as_it_is(path):
    write(path, lambda journal: journal.record_answer(PROMPT, Completion(PROMPT.key, "x", "stop"), 1, 1, Usage(3, 0)))
    content = bytearray(path.read_bytes())
    content[100:3000] = os.urandom(2900)
    path.write_bytes(content)

    with pytest.raises(JournalError) as caught, open_for_run(path):
        pass
    assert "nothing in it was changed" in caught.value.hint
    assert path.read_bytes() == content


def test_a_file_that_is_no_journal_is_refused(path):
    path.write_text("not a database, but long enough to be read as one " * 40)

    with pytest.raises(JournalError), open_for_run(path):
        pass


def test_a_journal_of_another_version_is_refused(path):
    with open_for_run(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(JournalError, match="version"), open_for_run(path):
        pass


def test_what_was_recorded_survives_kill_9(path):
    script = textwrap.dedent("""
        import asyncio, os, pathlib, signal, sys
        from ift_builder.journal import open_for_run
        from ift_builder.records import Completion, Prompt, Turn, Usage
        async def main(journal):
            for draw in range(20):
                prompt = Prompt("step", (Turn("user", "q"),), "m", draw=draw)
                await journal.record_answer(prompt, Completion(prompt.key, str(draw), "stop"), 1, draw, Usage(1, 1))
            os.kill(os.getpid(), signal.SIGKILL)
        with open_for_run(pathlib.Path(sys.argv[1])) as journal:
            asyncio.run(main(journal))
    """)
    ended = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL

    with open_for_run(path) as journal:
        keys = [Prompt("step", (Turn("user", "q"),), "m", draw=draw).key for draw in range(20)]
        assert [journal.recall(key).text for key in keys] == [str(draw) for draw in range(20)]


def test_a_full_disk_is_said_and_the_answers_before_it_stay(path):
    write(path, lambda journal: journal.record_answer(PROMPT, Completion(PROMPT.key, "x", "stop"), 1, 1, Usage(3, 0)))

    async def overfill(journal):
        for draw in range(200):
            prompt = Prompt("step", (Turn("user", "q" * 10_000),), "m", draw=draw)
            await journal.record_answer(prompt, Completion(prompt.key, "y", "stop"), 1, draw, Usage(1, 1))

    size = path.stat().st_size // 4096 + 10
    import ift_builder.journal as module

    connect = sqlite3.connect

    def small(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.execute(f"PRAGMA max_page_count = {size}")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.sqlite3, "connect", small)
        with pytest.raises(JournalError, match="full"), open_for_run(path) as journal:
            asyncio.run(overfill(journal))
    with open_to_read(path) as journal:
        assert journal.recall(PROMPT.key).text == "x"


def test_a_row_that_cannot_be_written_is_an_error_and_no_endless_wait(path):
    answer = Completion(PROMPT.key, "half \ud83d", "stop")

    with pytest.raises(JournalError):
        write(path, lambda journal: journal.record_answer(PROMPT, answer, 1, 1, Usage(1, 1)))


def test_what_was_said_of_a_candidate_gives_way_to_what_a_later_sitting_says(path):
    kept, given_up = Verdict("length"), Verdict("classify", "request-given-up", {"why": "timeout"})
    with open_for_run(path) as journal:
        journal.note("task", [kept, given_up])
        journal.note("other", [given_up])
    with open_for_run(path) as journal:
        journal.note("task", [kept])
    with open_to_read(path) as journal:
        assert journal.verdicts("task") == [kept]
        assert journal.verdicts("other") == [given_up]
        assert journal.verdicts("nobody") == []
