"""What is said where a folder cannot be written: of a full disk, of rights, of a file system that is read-only."""

import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from ift_builder.runs.problems import problem
from tests.runs.conftest import WRITING, files_of

NEVER = ("delete the folder", "take the folder away", "make the folder writable")


@pytest.mark.parametrize(
    ("code", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "the disk quota is used up")]
)
@pytest.mark.parametrize("now", WRITING)
def test_a_full_disk_is_said_and_the_same_command_goes_on_later(now, code, said, inputs, copy_of, ift_build):
    folder = copy_of(now)
    before = files_of(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", _refusing(code))
        ran = ift_build(*inputs.arguments(now, folder))

    assert ran.code == 1
    assert said in ran.err
    assert "free some space, then run the same command again" in ran.err
    assert ("every answer so far is kept in journal.sqlite" in ran.err) == (now == "bootstrap")
    assert not any(words in ran.err for words in NEVER)
    after = files_of(folder)
    assert {name: after[name] for name in before if name != "journal.sqlite"} == {
        name: content for name, content in before.items() if name != "journal.sqlite"
    }
    assert ift_build(*inputs.arguments(now, folder)).code == 0


def _refusing(code):
    def refuse(_):
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.mark.parametrize("more", [[], ["--file-format", "parquet"]])
def test_a_file_system_that_refuses_while_rows_are_written_leaves_nothing(more, inputs, tmp_path, ift_build):
    """No file may have more than some bytes."""
    folder = tmp_path / "out"
    arguments = [*inputs.arguments("convert", folder), *more]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, hard))
    try:
        ran = ift_build(*arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)

    assert ran.code == 1
    assert "cannot write here" in ran.err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, ("you may not write there", "make the folder writable")),
        (errno.EPERM, ("you may not write there", "make the folder writable")),
        (errno.EROFS, ("the file system is read-only", "choose another folder with --out")),
        (errno.EIO, (os.strerror(errno.EIO), "choose another folder with --out")),
    ],
)
def test_each_refusal_has_its_own_words(code, words):
    error = problem(Path("outputs/mine"), OSError(code, os.strerror(code)))

    assert words[0] in error.what
    assert words[1] in error.hint
    assert error.where == "outputs/mine"
