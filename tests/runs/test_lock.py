"""One process writes a folder at a time."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from ift_builder.errors import RunBusyError
from ift_builder.runs import lock
from tests.conftest import ROOT
from tests.runs.conftest import WRITING, files_of

COMMANDS = (*WRITING, "report")

# Stops in the middle of writing until it is told to go on.
PAUSED = textwrap.dedent("""
    import os, sys
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run
    fsync, paused = os.fsync, False
    def wait(descriptor):
        global paused
        if not paused and os.path.exists(sys.argv[1]):
            paused = True
            print("paused", flush=True)
            sys.stdin.readline()
        fsync(descriptor)
    os.fsync = wait
    sys.exit(run(ift_build, sys.argv[2:]))
""")


@pytest.fixture
def paused():
    """Starts a command in a process of its own and returns when it stands still in the middle of writing."""
    started = []

    def start(folder, arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", PAUSED, folder / lock.LOCK, *arguments, "--quiet"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "paused\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("first", COMMANDS)
def test_while_one_command_writes_a_folder_every_other_is_refused(first, inputs, copy_of, tmp_path, ift_build, paused):
    folder = copy_of("bootstrap") if first == "report" else tmp_path / "out"
    process = paused(folder, inputs.arguments(first, folder))
    before = files_of(folder)
    for second in COMMANDS:
        ran = ift_build(*inputs.arguments(second, folder))
        assert ran.code == 1, second
        if second != "report" or first in ("bootstrap", "report"):  # the others have no rows yet
            assert "another process is at work" in ran.err or "not come to an end" in ran.err, second
    assert files_of(folder) == before
    process.communicate("go on\n")

    assert process.returncode == 0
    for name, content in files_of(inputs.made("bootstrap" if first == "report" else first)).items():
        if name.endswith((".jsonl", ".csv")):
            assert (folder / name).read_bytes() == content


def test_a_killed_process_frees_the_folder(inputs, tmp_path, ift_build, paused):
    process = paused(tmp_path / "out", inputs.arguments("dedupe", tmp_path / "out"))
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert ift_build(*inputs.arguments("dedupe", tmp_path / "out")).code == 0
    assert files_of(tmp_path / "out").keys() == files_of(inputs.made("dedupe")).keys()


def test_the_lock_file_is_gone_when_the_lock_is_free(tmp_path):
    with lock.held(tmp_path):
        assert (tmp_path / lock.LOCK).exists()
        with pytest.raises(RunBusyError, match="another process"), lock.held(tmp_path):
            pass

    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_removed_meanwhile_counts_for_nothing(tmp_path, monkeypatch):
    """The holder removes the file between the opening and the locking of the next."""
    path, opens, found = tmp_path / lock.LOCK, os.open, []

    def open_and_lose(name, *more, **options):
        descriptor = opens(name, *more, **options)
        if str(name) == str(path) and not found:
            found.append(name)
            path.unlink()
        return descriptor

    monkeypatch.setattr(lock.os, "open", open_and_lose)
    with lock.held(tmp_path):
        assert found
        with pytest.raises(RunBusyError), lock.held(tmp_path):
            pass


def test_whether_a_folder_is_free_can_be_asked_without_changing_it(tmp_path):
    lock.check_free(tmp_path)
    assert list(tmp_path.iterdir()) == []

    with lock.held(tmp_path), pytest.raises(RunBusyError):
        lock.check_free(tmp_path)
