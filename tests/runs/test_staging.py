"""New files take the place of old ones all at once, whatever the moves are interrupted by."""

import os
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from ift_builder.errors import RunFolderError
from ift_builder.runs import staging
from ift_builder.runs.folder import exclusive, settled
from tests.runs.conftest import files_of


class KilledError(Exception):
    """Stands for a kill: whoever meets it does nothing more."""


def new_files(folder: Path, content: bytes) -> Path:
    staged = staging.new_folder(folder)
    (staged / "data").mkdir()
    for name in ("examples.jsonl", "manifest.json", "README.md", "data/train.parquet"):
        (staged / name).write_bytes(content)
    return staged


OLD = dict.fromkeys(("README.md", "data/train.parquet", "data/valid.parquet", "gone.jsonl", "manifest.json"), b"old")
NEW = dict.fromkeys(("README.md", "data/train.parquet", "examples.jsonl", "manifest.json"), b"new")


@pytest.fixture
def folder(tmp_path):
    for name, content in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("moment", range(11))
def test_moves_that_were_cut_off_are_completed_by_whoever_comes_next_again_and_again(folder, moment, monkeypatch):
    steps = []

    def cut(real):
        def call(*arguments, **options):
            steps.append(real)
            if len(steps) > moment:
                raise KilledError
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in ("rename", "replace", "unlink", "mkdir"):
            patched.setattr(Path, name, cut(getattr(Path, name)))
        with pytest.raises(KilledError):
            staging.put(new_files(folder, b"new"), ["gone.jsonl", "data"])
        for _ in range(2):  # and cut off again
            steps.clear()
            with suppress(KilledError):
                staging.settle(folder)
    with exclusive(folder):
        found = files_of(folder)
    found.pop(".ift-build-lock", None)

    assert found in (OLD, NEW)
    assert found == files_of(folder)


def test_a_folder_with_a_manifest_has_all_that_the_manifest_tells_of(folder, monkeypatch):
    seen, replace = [], Path.replace

    def watch(path, target):
        replace(path, target)
        if (folder / "manifest.json").exists():
            seen.append(files_of(folder).get("manifest.json"))
            assert (folder / "examples.jsonl").read_bytes() == b"new"

    monkeypatch.setattr(Path, "replace", watch)
    staging.put(new_files(folder, b"new"), ["gone.jsonl"])

    assert set(seen) == {b"new"}


def test_moves_that_reach_out_of_the_folder_are_refused(tmp_path):
    (tmp_path / "in" / ".ift-build-move").mkdir(parents=True)
    (tmp_path / "victim").write_bytes(b"precious")
    for names in ({"put": [], "remove": ["../victim"]}, {"put": ["../victim"], "remove": []}):
        (tmp_path / "in" / ".ift-build-move" / "moves.json").write_bytes(orjson.dumps(names))
        with pytest.raises(RunFolderError, match="none of ours"):
            settled(tmp_path / "in")

    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_old_files_are_removed_in_the_folder_only(folder, tmp_path_factory):
    victim = tmp_path_factory.mktemp("elsewhere") / "victim"
    victim.write_bytes(b"precious")
    staging.put(new_files(folder, b"new"), ["gone.jsonl", "data", "..", str(victim), "", ".", ".git"])

    assert files_of(folder) == NEW
    assert victim.exists()


def test_a_folder_in_the_place_of_a_file_is_left_alone(folder):
    (folder / "examples.jsonl").mkdir()
    (folder / "examples.jsonl" / "mine").write_bytes(b"precious")
    with pytest.raises(OSError, match="folder"):
        staging.put(new_files(folder, b"new"))

    assert (folder / "examples.jsonl" / "mine").exists()
    assert (folder / "manifest.json").read_bytes() == b"old"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_one_file_is_put_whole_or_not_at_all(tmp_path, monkeypatch):
    (tmp_path / "settings.json").write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        staging.put_file(tmp_path, "settings.json", b"new")

    assert files_of(tmp_path) == {"settings.json": b"old"}
