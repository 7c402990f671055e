"""What is written on the way is nobody else's file, is on the disk before it gets its name, and does not stay."""

import os
from pathlib import Path

import pytest

from tests.runs.conftest import WRITING, files_of

NAMES = ("examples.jsonl", "dropped.jsonl", "settings.json", "manifest.json", "README.md", "train.jsonl")


@pytest.mark.parametrize("now", WRITING)
def test_a_planted_link_of_a_scratch_files_name_is_not_followed(now, inputs, tmp_path, ift_build):
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.write_bytes(b"precious")
    for name in NAMES:
        (out / f".{name}.partial").symlink_to(victim)
    (out / ".ift-build-new-planted").symlink_to(victim)
    if now == "export":
        for name in NAMES:
            (out / f".{name}.partial").unlink()
    assert ift_build(*inputs.arguments(now, out)).code == 0

    assert victim.read_bytes() == b"precious"


def test_a_planted_link_of_the_locks_name_is_not_followed(inputs, tmp_path, ift_build):
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.write_bytes(b"precious")
    (out / ".ift-build-lock").symlink_to(victim)
    ran = ift_build(*inputs.arguments("dedupe", out))

    assert ran.code == 1
    assert "lock file" in ran.err
    assert victim.read_bytes() == b"precious"


def test_a_link_in_the_place_of_a_result_is_replaced_and_not_followed(inputs, copy_of, tmp_path, ift_build):
    out, victim = copy_of("dedupe"), tmp_path / "victim"
    victim.write_bytes(b"precious")
    (out / "dropped.jsonl").unlink()
    (out / "dropped.jsonl").symlink_to(victim)
    assert ift_build(*inputs.arguments("dedupe", out)).code == 0

    assert victim.read_bytes() == b"precious"
    assert (out / "dropped.jsonl").read_bytes() == (inputs.made("dedupe") / "dropped.jsonl").read_bytes()


@pytest.mark.parametrize("now", WRITING)
def test_what_killed_processes_left_is_cleaned_and_nothing_of_ours_stays(now, inputs, copy_of, ift_build):
    out = copy_of(now)
    (out / ".ift-build-new-abc").mkdir()
    (out / ".ift-build-new-abc" / "examples.jsonl").write_bytes(b"half a li")
    (out / ".ift-build-new-def").write_bytes(b"{")
    (out / ".ift-build-lock").touch()
    if now != "export":
        (out / ".examples.jsonl.partial").write_bytes(b"of an earlier version")
    assert ift_build(*inputs.arguments(now, out)).code == 0

    assert [name for name in files_of(out) if name.startswith(".") and name != ".journal.count"] == []
    assert not (out / ".ift-build-new-abc").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
@pytest.mark.parametrize("now", [*WRITING, "convert to parquet", "export as tables"])
def test_every_file_and_its_folder_are_synced_before_the_new_files_stand(now, inputs, tmp_path, ift_build, monkeypatch):
    out, synced, fsync, rename = tmp_path / "out", set(), os.fsync, Path.rename
    name, _, how = now.partition(" ")
    more = {"to parquet": ["--file-format", "parquet"], "as tables": ["--to", "hf"]}.get(how, [])
    unsynced = []

    def watch(descriptor):
        synced.add(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def check(path, target):
        if Path(target).name == ".ift-build-move":
            unsynced.extend(str(one) for one in [path, *path.rglob("*")] if str(one) not in synced)
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", watch)
    monkeypatch.setattr(Path, "rename", check)
    assert ift_build(*inputs.arguments(name, out), *more).code == 0

    assert unsynced == []
    assert str(out) in synced
    assert any("/.ift-build-new-" in path and path.count("/") > str(out).count("/") + 1 for path in synced)


def test_no_file_of_ours_has_other_rights_than_any_new_file(inputs):
    usual = os.umask(0)
    os.umask(usual)
    for name in WRITING:
        for path in inputs.made(name).rglob("*"):
            if path.is_file() and path.name != "journal.sqlite":
                assert path.stat().st_mode & 0o777 == 0o666 & ~usual, path
