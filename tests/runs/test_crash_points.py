"""A dozen kills at file operations of commands that write; `python -m benchmarks.crash_points` tries all of them."""

import subprocess
import sys

import orjson
import pytest

from tests.conftest import ROOT

SCENARIOS = ("bootstrap, again", "convert to parquet", "dedupe, again", "export, again")


@pytest.fixture(scope="module")
def rows():
    only = [word for name in SCENARIOS for word in ("--only", name)]
    command = [sys.executable, "-m", "benchmarks.crash_points", "--sample", "3", "--json", *only]
    return orjson.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)


@pytest.mark.parametrize("place", range(len(SCENARIOS)), ids=SCENARIOS)
def test_wherever_a_command_is_killed_old_or_new_stands_and_the_same_command_completes_it(place, rows):
    row = rows[place]

    assert row["command"] == SCENARIOS[place]
    assert row["wrong"] == []
    assert row["right"] == 3
