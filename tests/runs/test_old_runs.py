"""Runs that version 0.1.0 made before folders had one writer are read as they are.

`tests/data/old_runs` has one of `bootstrap` and one of `convert`, which said `verb` where others say `command`.
"""

import shutil

import pytest

from ift_builder.runs import Status, open_run
from tests.conftest import ROOT
from tests.runs.conftest import files_of


@pytest.fixture(params=["bootstrap", "convert"])
def old(request, tmp_path):
    return shutil.copytree(ROOT / "tests" / "data" / "old_runs" / request.param, tmp_path / request.param)


def test_an_old_run_is_known_with_all_its_figures(old):
    run = open_run(old)

    assert run.command == run.settings.command == old.name
    assert run.manifest.status is Status.COMPLETE
    assert run.manifest.seconds > 0
    assert run.manifest.examples == len(list(run.examples())) > 0
    assert all(counts.add_up for counts in run.manifest.levels.values())
    assert run.unfinished == ""
    assert "verb" not in run.settings.values


def test_an_old_run_is_shown_checked_reported_and_exported(old, tmp_path, ift_build):
    before = files_of(old)
    for command in (
        ["show", old],
        ["check", old, "--select", "F"],
        ["export", old, "--to", "messages", "--out", tmp_path / "out"],
        ["report", old],
    ):
        ran = ift_build(*command)
        assert ran.code == 0, ran.err
    after = files_of(old)
    assert after.pop("report.html")
    assert after == before


def test_no_other_command_writes_into_an_old_run(old, tmp_path, ift_build):
    before = files_of(old)
    (tmp_path / "rows.jsonl").write_text('{"instruction": "Name a river."}\n')
    commands = {
        "bootstrap": ["bootstrap", "--model", "demo", "--target", 3, "--out", old],
        "dedupe": ["dedupe", tmp_path / "rows.jsonl", "--out", old],
    }
    for name, command in commands.items():
        if name != old.name:
            ran = ift_build(*command)
            assert ran.code == 1
            assert f"a run of `{old.name}`, not of `{name}`" in ran.err
    assert files_of(old) == before
