"""Runs with languages and a subject over real HTTP, and after a kill: the bytes of a run that nothing disturbed."""

import subprocess
import sys

import pytest

from ift_builder.runs import DROPPED
from tests.bootstrap.test_command import bytes_of, wait_for_answers
from tests.bootstrap.test_over_http import demo_answers
from tests.conftest import ROOT
from tests.fake_server import FakeServer, Fault
from tests.files import rows_of

FOCUS = ("--language", "de=0.7", "--language", "ja=0.3", "--domain", "the work of a bakery")

_SLOW = """
import asyncio, sys
from ift_builder.backends.demo import DemoBackend
complete = DemoBackend.complete
async def slow(self, prompt):
    await asyncio.sleep(0.01)
    return await complete(self, prompt)
DemoBackend.complete = slow
from ift_builder.cli import main
main()
"""


def slow_demo(folder):
    run = ("bootstrap", "--model", "demo", "--target", "20", "--concurrency", "4", "--out", str(folder), "--no-report")
    return [sys.executable, "-c", _SLOW, *run, *FOCUS]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "whole"
    assert subprocess.run(slow_demo(folder), check=False, capture_output=True, cwd=ROOT).returncode == 0
    return bytes_of(folder)


@pytest.mark.parametrize("answers", [60, 220], ids=["among the seeds", "among the tasks"])
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path, undisturbed, answers):
    run = tmp_path / "run"
    process = subprocess.Popen(slow_demo(run), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    wait_for_answers(run, answers)
    process.kill()
    process.wait()
    assert subprocess.run(slow_demo(run), check=False, capture_output=True, cwd=ROOT).returncode == 0

    assert bytes_of(run) == undisturbed


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_a_server_that_fails_now_and_then_changes_nothing(tmp_path, ift_build, monkeypatch, api):
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)
    common = ("bootstrap", "--model", "served", "--target", 20, "--api", api, "--json", "--no-report", *FOCUS)
    for name, faults in (("clean", []), ("faulty", [Fault("503", tries=(1,), share=0.2)])):
        with FakeServer(answer=demo_answers(), latency=0.001, faults=faults) as server:
            ran = ift_build(*common, "--base-url", server.url, "--out", tmp_path / name)
        assert ran.result["tasks"]["kept"] == 20
        assert ran.result["seeds"]["on_subject"] > 100

    assert bytes_of(tmp_path / "faulty") == bytes_of(tmp_path / "clean")
    reasons = {row["reason"] for row in rows_of(tmp_path / "clean" / DROPPED)}
    assert {"wrong-language", "off-subject", "near-duplicate"} <= reasons
