"""`bootstrap --batch`: the same dataset by the Batch API, through kills and failed lines."""

import os
import subprocess
import sys
import time

import pytest

from ift_builder.backends import openai_batch
from ift_builder.backends.demo import DemoBackend
from ift_builder.runs import DROPPED, EXAMPLES
from tests.conftest import ROOT
from tests.fake_server import FakeServer, Fault, answers_of
from tests.purposes import purpose_of


def answers():
    return answers_of(DemoBackend().complete, purpose_of)


def files_of(folder):
    return [(folder / name).read_bytes() for name in (EXAMPLES, DROPPED)]


@pytest.fixture
def quick_looks(monkeypatch):
    """Batches are looked at all the time."""
    monkeypatch.setattr(openai_batch, "_QUIET", 0.01)
    monkeypatch.setattr(openai_batch, "_FIRST_LOOK", 0.02)
    monkeypatch.setattr(openai_batch, "_LONGEST_LOOK", 0.05)


@pytest.fixture
def grow(ift_build):
    """Grows 12 tasks into a folder."""

    def run(server, folder, *more):
        common = ["--model", "m", "--base-url", server.url, "--target", 12, "--out", folder, "--json"]
        return ift_build("bootstrap", *common, *more)

    return run


@pytest.fixture
def whole(grow, tmp_path):
    """The files of the same run by direct requests."""
    with FakeServer(answer=answers(), latency=0.001) as server:
        assert grow(server, tmp_path / "whole").code == 0
    return files_of(tmp_path / "whole")


def test_the_dataset_is_the_same_as_by_direct_requests(grow, tmp_path, whole, quick_looks):
    with FakeServer(answer=answers(), batch_seconds=0.05) as server:
        ran = grow(server, tmp_path / "run", "--batch")
        assert ran.code == 0
        assert server.stats()["statuses"] == {}, "no prompt was asked directly"

    assert files_of(tmp_path / "run") == whole


def test_a_line_that_failed_is_asked_directly(grow, tmp_path, whole, quick_looks):
    faults = [Fault("500", share=0.3, tries=(1,))]
    with FakeServer(answer=answers(), batch_seconds=0.05, faults=faults) as server:
        ran = grow(server, tmp_path / "run", "--batch")

    assert ran.code == 0
    assert ran.result["requests"]["all_sittings"]["given_up"] == 0
    assert files_of(tmp_path / "run") == whole


def test_a_run_killed_while_a_batch_runs_takes_the_batch_up_again_and_pays_once(grow, tmp_path, whole, quick_looks):
    command = [sys.executable, "-m", "ift_builder", "bootstrap", "--model", "m", "--target", "12", "--batch"]
    with FakeServer(answer=answers(), batch_seconds=0.6) as server:
        full = [*command, "--base-url", server.url, "--out", str(tmp_path / "run"), "--quiet"]
        for seconds in (1.6, 2.0, 3.5):
            process = subprocess.Popen(full, cwd=ROOT, env=os.environ)
            time.sleep(seconds)
            process.kill()
            process.wait()
        assert grow(server, tmp_path / "run", "--batch").code == 0
        assert server.stats()["answered_again"] == 0

    assert files_of(tmp_path / "run") == whole


def test_the_demo_model_has_no_batches(ift_build, tmp_path):
    ran = ift_build("bootstrap", "--model", "demo", "--batch", "--out", tmp_path / "run")

    assert ran.code == 2
    assert "Batch API" in ran.err
