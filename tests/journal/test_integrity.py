"""What is gone from a journal is missed, what was changed in it is noticed, and neither is asked and paid again."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from ift_builder.errors import JournalError
from ift_builder.journal import VERSION, count, open_for_run, open_to_read
from ift_builder.records import Completion, Prompt, Turn, Usage

ANSWERS = 12


def prompt(number):
    return Prompt("step", (Turn("user", "Which river is meant?"),), "m", draw=number)


def answer(number):
    return Completion(prompt(number).key, f"The river Saale, number {number}.", "stop", Usage(7, 8), "m-1", "r-1")


async def record(journal, numbers):
    for number in numbers:
        await journal.record_answer(prompt(number), answer(number), 1, journal.new_entry(), Usage(7, 8))


def write(path, numbers=range(ANSWERS)):
    with open_for_run(path) as journal:
        asyncio.run(record(journal, numbers))


@pytest.fixture
def path(tmp_path):
    """The journal of a finished session."""
    write(tmp_path / "journal.sqlite")
    return tmp_path / "journal.sqlite"


@pytest.fixture
def killed(tmp_path):
    """The journal of a session that was killed: all its answers are in the `-wal`."""
    script = textwrap.dedent("""
        import asyncio, os, pathlib, signal, sys
        from ift_builder.journal import open_for_run
        from tests.journal.test_integrity import ANSWERS, record
        with open_for_run(pathlib.Path(sys.argv[1])) as journal:
            asyncio.run(record(journal, range(ANSWERS)))
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    path = tmp_path / "journal.sqlite"
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -signal.SIGKILL
    return path


def refused(path, **options):
    with pytest.raises(JournalError) as caught, open_for_run(path, **options):
        pass
    return caught.value


def answers_in(path):
    with open_for_run(path, begun=True) as journal:
        return [journal.recall(prompt(number).key) for number in range(ANSWERS)]


WHOLE = [answer(number) for number in range(ANSWERS)]


@pytest.mark.parametrize("finish", ["path", "killed"])
def test_a_journal_truncated_to_nothing_is_refused_and_goes_on_when_it_is_put_back(request, finish):
    path = request.getfixturevalue(finish)
    wal = path.with_name("journal.sqlite-wal")
    content, log = path.read_bytes(), wal.read_bytes() if wal.exists() else None
    path.write_bytes(b"")
    wal.unlink(missing_ok=True)

    assert "its journal is empty" in refused(path).what
    assert path.read_bytes() == b""

    path.write_bytes(content)
    if log is not None:
        wal.write_bytes(log)
    assert answers_in(path) == WHOLE


def test_a_journal_deleted_in_an_unfinished_run_is_refused_and_none_is_made_in_its_place(killed):
    for file in killed.parent.glob("journal.sqlite*"):
        file.unlink()

    error = refused(killed)
    assert "its journal is gone" in error.what
    assert "put journal.sqlite" in error.hint
    assert not killed.exists()


def test_a_journal_robbed_of_its_wal_is_refused_and_goes_on_when_it_is_put_back(killed):
    wal = killed.with_name("journal.sqlite-wal")
    log = wal.read_bytes()
    assert len(log) > 0
    wal.unlink()

    refused(killed)

    wal.write_bytes(log)
    assert answers_in(killed) == WHOLE


def test_a_journal_that_lost_some_of_its_answers_is_refused_and_says_how_many(path):
    older = path.with_name("older.sqlite")
    shutil.copy(path, older)
    write(path, range(ANSWERS, ANSWERS + 3))
    shutil.copy(older, path)

    assert f"the journal has {ANSWERS} answers, but {ANSWERS + 3} were recorded" in refused(path).what
    assert path.read_bytes() == older.read_bytes()


def test_who_accepts_the_loss_goes_on_with_the_answers_that_are_there(path):
    older = path.with_name("older.sqlite")
    shutil.copy(path, older)
    write(path, range(ANSWERS, ANSWERS + 3))
    shutil.copy(older, path)
    assert f"remove {count.NAME}" in refused(path).hint

    path.with_name(count.NAME).unlink()

    assert answers_in(path) == WHOLE
    assert count.read(path) == ANSWERS


def test_no_hint_advises_to_throw_answers_away(path, killed):
    path.with_name(count.NAME).write_text(f"{ANSWERS + 1:020}\n")
    lost = refused(path)
    for file in killed.parent.glob("journal.sqlite*"):
        file.unlink()
    gone = refused(killed)

    for error in (lost, gone):
        assert not any(word in error.hint for word in ("delete", "start again", "take the folder away"))


def test_a_run_of_an_earlier_version_whose_journal_is_gone_is_refused_by_its_settings(tmp_path):
    error = refused(tmp_path / "journal.sqlite", begun=True)

    assert "the run has begun, but its journal is gone" in error.what


def test_a_journal_that_never_had_an_answer_may_go_without_a_word(tmp_path):
    path = tmp_path / "journal.sqlite"
    with open_for_run(path):
        pass
    path.unlink()

    with open_for_run(path, begun=True) as journal:
        assert journal.is_empty


@pytest.mark.parametrize("left", [None, b"", b"\x00" * 21, b"0000", b"junk that is no number"])
def test_a_count_that_a_power_cut_left_old_empty_or_without_a_number_refuses_nothing(path, left):
    file = path.with_name(count.NAME)
    if left is None:
        file.unlink()
    else:
        file.write_bytes(left)

    assert answers_in(path) == WHOLE
    assert count.read(path) == ANSWERS


def test_the_count_is_never_ahead_of_what_a_commit_has_put_on_the_disk(tmp_path, monkeypatch):
    path = tmp_path / "journal.sqlite"
    seen, add = [], count.Count.add

    def look_first(self, answers):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            seen.append((count.read(path) + answers, *connection.execute("SELECT count(*) FROM answers").fetchone()))
        add(self, answers)

    monkeypatch.setattr(count.Count, "add", look_first)
    write(path)

    assert len(seen) >= ANSWERS
    assert all(recorded <= stored for recorded, stored in seen)


def test_an_answer_recorded_twice_is_counted_once(path):
    write(path, [0, 1, 2])

    assert count.read(path) == ANSWERS


def test_a_folder_that_was_moved_or_copied_goes_on(killed, tmp_path):
    shutil.copytree(killed.parent, tmp_path / "copy", ignore=shutil.ignore_patterns("copy"))
    assert answers_in(tmp_path / "copy" / "journal.sqlite") == WHOLE

    without_hidden_files = tmp_path / "other"
    without_hidden_files.mkdir()
    for file in killed.parent.glob("journal*"):
        shutil.copy(file, without_hidden_files)
    assert answers_in(without_hidden_files / "journal.sqlite") == WHOLE


def test_a_killed_journal_that_somebody_opened_with_sqlite_goes_on(killed):
    with sqlite3.connect(killed) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (ANSWERS,)
    connection.close()  # takes the rows out of the `-wal` and removes it
    assert not killed.with_name("journal.sqlite-wal").exists()

    assert answers_in(killed) == WHOLE


def test_a_planted_link_in_place_of_the_count_is_not_followed(path):
    target = path.with_name("mine.txt")
    target.write_text("my own words, which nobody may write over")
    path.with_name(count.NAME).unlink()
    path.with_name(count.NAME).symlink_to(target)

    refused(path)
    assert target.read_text() == "my own words, which nobody may write over"


# Checksums


def flip(path, old, new):
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))


@pytest.mark.parametrize(
    "new", [b"The river Saale, number 6.", b"The river S\xffale, number 5."], ids=["another text", "no text"]
)
def test_a_flipped_byte_in_an_answer_is_noticed_when_it_is_read_and_the_row_is_named(path, new):
    flip(path, b"The river Saale, number 5.", new)
    key = prompt(5).key

    for opened in (open_for_run, open_to_read):
        with opened(path) as journal:
            assert journal.recall(prompt(4).key) == answer(4)
            with pytest.raises(JournalError) as caught:
                journal.recall(key)
            assert key in caught.value.what
            assert f"DELETE FROM answers WHERE key = '{key}'" in caught.value.hint


def test_a_flipped_byte_in_a_recorded_request_is_noticed(path):
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE answers SET prompt = replace(prompt, 'river', 'diver') WHERE key = ?", (prompt(5).key,)
        )
    connection.close()

    with open_to_read(path) as journal, pytest.raises(JournalError, match="damaged"):
        journal.prompt(prompt(5).key)


def test_a_flipped_byte_in_the_key_of_an_answer_is_noticed_before_it_is_asked_again(path):
    key = prompt(5).key.encode()
    content = path.read_bytes()
    first = content.index(key)
    path.write_bytes(content[:first] + b"x" + content[first + 1 :])

    assert "damaged" in refused(path).what


def test_the_way_out_of_a_damaged_answer_loses_that_one_only(path):
    flip(path, b"The river Saale, number 5.", b"The river Saale, number 6.")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM answers WHERE key = ?", (prompt(5).key,))
    connection.close()
    path.with_name(count.NAME).unlink()

    assert answers_in(path) == [*WHOLE[:5], None, *WHOLE[6:]]


# Journals of version 1


@pytest.fixture
def earlier(path):
    """A journal as version 1 left it: no checksums, no count."""
    path.with_name(count.NAME).unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE answers DROP COLUMN checksum")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    return path


def test_a_journal_without_checksums_is_read_and_left_as_it_is(earlier):
    content = earlier.read_bytes()
    with open_to_read(earlier) as journal:
        assert [journal.recall(prompt(number).key) for number in range(ANSWERS)] == WHOLE
    assert earlier.read_bytes() == content


def test_a_run_that_goes_on_gives_its_new_answers_checksums_and_reads_the_old_ones(earlier):
    assert answers_in(earlier) == WHOLE
    write(earlier, [ANSWERS])

    with sqlite3.connect(earlier) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        sums = connection.execute("SELECT checksum IS NULL FROM answers ORDER BY rowid").fetchall()
    connection.close()
    assert sums == [(1,)] * ANSWERS + [(0,)]
    assert count.read(earlier) == ANSWERS + 1


# The command


def grow(ift_build, out, *more):
    return ift_build("bootstrap", "--model", "demo", "--target", 20, "--no-report", "--out", out, *more)


@pytest.mark.parametrize("how", ["truncated", "deleted"])
def test_bootstrap_refuses_an_unfinished_run_whose_journal_is_gone(tmp_path, ift_build, how):
    out = tmp_path / "run"
    assert grow(ift_build, out, "--max-requests", 20).code == 0
    (out / "manifest.json").unlink()  # as a killed run leaves it
    if how == "truncated":
        os.truncate(out / "journal.sqlite", 0)
    else:
        (out / "journal.sqlite").unlink()

    ran = grow(ift_build, out)
    assert ran.code == 1
    assert "asked and paid again" in ran.err.replace("\n", " ")


def test_bootstrap_refuses_an_unfinished_run_of_an_earlier_version_whose_journal_is_gone(tmp_path, ift_build):
    out = tmp_path / "run"
    assert grow(ift_build, out, "--max-requests", 20).code == 0
    for name in ("manifest.json", "journal.sqlite", count.NAME):
        (out / name).unlink()

    assert grow(ift_build, out).code == 1


def test_bootstrap_refuses_an_answer_with_a_flipped_byte(tmp_path, ift_build):
    out = tmp_path / "run"
    assert grow(ift_build, out).code == 0
    with sqlite3.connect(out / "journal.sqlite") as connection:
        connection.execute("UPDATE answers SET text = text || '!' WHERE rowid = 7")
    connection.close()

    ran = grow(ift_build, out)
    assert ran.code == 1
    assert "is damaged in the journal" in ran.err.replace("\n", " ")
