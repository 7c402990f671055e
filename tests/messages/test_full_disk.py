"""A full disk is called one, wherever it is met, and nobody is advised to delete what was paid for."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile

import click
import pytest

from ift_builder import disk
from ift_builder.cli.boundary import run
from ift_builder.errors import RunFolderError
from ift_builder.journal import checks
from ift_builder.runs import lock, writing
from ift_builder.sources.parquet_out import ParquetExamples

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a megabyte, nearly full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here")
    (folder / "filler").write_bytes(bytes(900 << 10))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_run_whose_disk_fills_up_says_so_and_goes_on_when_there_is_room(ift_build, small_disk, tmp_path):
    line = ("bootstrap", "--model", "demo", "--target", "6", "--no-report", "--quiet", "--out")
    ran = ift_build(*line, small_disk / "run")
    assert ran.code == 1
    assert "the disk is full" in ran.err
    assert "is kept" in ran.err
    assert "free some space" in ran.err

    (small_disk / "filler").unlink()
    assert ift_build(*line, small_disk / "run").code == 0
    assert ift_build(*line, tmp_path / "other").code == 0
    assert (small_disk / "run" / "examples.jsonl").read_bytes() == (tmp_path / "other" / "examples.jsonl").read_bytes()


def test_a_limit_on_the_size_of_files_is_said_too(tmp_path):
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40960, 40960)); "
        "from ift_builder.cli import main; main()"
    )
    line = ("bootstrap", "--model", "demo", "--target", "3", "--out", str(tmp_path / "run"))
    done = subprocess.run([sys.executable, "-c", limited, *line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "larger than it may" in done.stderr
    assert "ulimit" in done.stderr


@pytest.mark.parametrize("error", [sqlite3.OperationalError("x"), sqlite3.DatabaseError("x"), TypeError("x")])
@pytest.mark.parametrize("denied", [None, FULL, OSError(errno.EACCES, "denied")])
def test_no_problem_of_a_journal_is_answered_by_deleting_it(monkeypatch, tmp_path, error, denied):
    monkeypatch.setattr(disk, "obstacle", lambda _: denied)
    found = checks.problem(tmp_path / "journal.sqlite", error)
    assert not any(word in found.hint for word in ("take the folder away", "delete", "remove", "start again"))
    assert found.hint


def test_a_folder_that_may_not_be_written_is_not_called_a_full_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(disk, "obstacle", lambda _: OSError(errno.EROFS, "Read-only file system"))
    found = checks.problem(tmp_path / "journal.sqlite", sqlite3.OperationalError("attempt to write"))
    assert "Read-only" in found.what
    assert "writable" in found.hint


def test_the_obstacle_is_found_by_writing(tmp_path):
    assert disk.obstacle(tmp_path) is None
    assert disk.obstacle(tmp_path / "gone").errno == errno.ENOENT


def test_a_full_disk_under_the_lock_file_is_said(monkeypatch, tmp_path):
    def acquire(*_, **__):
        raise FULL

    monkeypatch.setattr("filelock.FileLock.acquire", acquire)
    with pytest.raises(RunFolderError, match="the disk is full") as caught, lock.held(tmp_path):
        pass
    assert "free some space" in caught.value.hint


def test_a_full_disk_under_parquet_is_said(monkeypatch, tmp_path):
    def flush(*_, **__):
        raise FULL

    monkeypatch.setattr(ParquetExamples, "_flush", flush)
    with (
        pytest.raises(RunFolderError, match="the disk is full"),
        writing(tmp_path / "out", "convert") as run_,
        run_.parquet(),
    ):
        pass


def failing(error):
    @click.command()
    def command():
        raise error

    return command


def test_a_full_disk_under_a_scratch_file_or_cache_is_no_bug(capsys):
    assert run(failing(OSError(errno.ENOSPC, "x", "scratch/part")), []) == 1
    said = capsys.readouterr().err
    assert "the disk is full" in said
    assert "scratch/part" in said


def test_a_bug_whose_log_finds_no_room_is_told_on_the_spot(monkeypatch, capsys):
    def mkstemp(*_, **__):
        raise FULL

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    assert run(failing(RuntimeError("our mistake")), []) == 3
    said = capsys.readouterr().err
    assert "our mistake" in said
    assert "no log could be written (the disk is full)" in said
