"""What holds of every strategy: it runs on the demo model and over HTTP, resumes after a kill, its counts add up."""

import json
import os
import subprocess
import sys
from functools import cache

import pytest

from ift_builder import draws
from ift_builder.backends.demo import DemoBackend
from ift_builder.bootstrap.strategies import REGISTRY
from ift_builder.formats import schemas
from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL
from tests.bootstrap.test_command import wait_for_answers
from tests.conftest import ROOT
from tests.fake_server import FakeServer, Fault, answers_of
from tests.files import rows_of
from tests.purposes import purpose_of
from tests.scripted import instruction

TARGET = 40
FILES = (EXAMPLES, DROPPED)
LEVELS = ("answers", "tasks", "instances")

PURPOSES = {
    "alpaca": {"triples"},
    "unnatural": {"constrained_task", "constrained_output", "paraphrase"},
    "evolve": {"evolve_in_depth", "evolve_in_breadth", "judge_gain", "respond"},
    "self-instruct": {"propose", "classify", "instances_input_first", "instances_output_first"},
    "structured": {"structured_tasks"},
    "use-cases": {"use_case_tasks", "use_case_answer", "instances_input_first", "instances_output_first"},
}
"""The steps that a run of each strategy asks."""

REASONS = {
    "alpaca": {"near-duplicate", "no-output", "no-instruction", "no-list"},
    "unnatural": {"near-duplicate", "cut", "empty-output"},
    "evolve": {"unchanged", "no-gain", "unreadable-judgement", "copied-prompt", "short-apology", "stop-words-only"},
    "self-instruct": {"near-duplicate", "no-list", "unreadable-instances", "too-short"},
    "structured": {"near-duplicate", "unlike-schema", "not-json", "cut"},
    "use-cases": {"near-duplicate", "no-list", "no-input", "too-short"},
}
"""Some of the reasons that the demo shows for each strategy, in a run of the default length."""

IN_FLIGHT = 16
"""Requests in flight, by default; they may be sent again after a kill."""

OPTIONS = {"unnatural": ["--paraphrase", "2"]}
"""So that all steps of a strategy are taken."""

CHAT_ONLY = ("structured",)
FEW = {"structured": 4, "alpaca": 3}
"""Answers of a run where these are few: each brings many tasks."""

pytestmark = pytest.mark.parametrize("name", REGISTRY)


def options(name, out, *more, target=TARGET):
    return ["bootstrap", "--strategy", name, "--target", target, "--out", out, "--no-report", *more]


@pytest.fixture(scope="module")
def more(tmp_path_factory):
    """Options of a strategy for a short run that still goes all its ways: small datasets have several rounds."""
    path = tmp_path_factory.mktemp("data") / "tasks.jsonl"
    rows = [{"instruction": instruction("task", number), "input": "", "output": "x"} for number in range(14)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return {**OPTIONS, "evolve": ["--from", path]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory, more):
    """The bytes of an undisturbed run of a strategy, made once."""

    @cache
    def run(name):
        from ift_builder.cli import ift_build as command
        from ift_builder.cli.boundary import run

        out = tmp_path_factory.mktemp("whole") / "run"
        arguments = options(name, out, "--model", "demo", "--quiet", *more.get(name, ()))
        assert run(command, [str(argument) for argument in arguments]) == 0
        return bytes_of(out)

    return run


def bytes_of(folder):
    return [(folder / name).read_bytes() for name in FILES]


def test_a_demo_run_adds_up_at_every_level_and_fits_the_schemas(name, ift_build, tmp_path):
    ran = ift_build(*options(name, tmp_path / "run", "--model", "demo", "--json", target=200))
    examples, dropped = (rows_of(tmp_path / "run" / file) for file in FILES)

    assert ran.code == 0
    for level in LEVELS:
        counts = ran.result[level]
        assert counts["seen"] == counts["kept"] + counts["open"] + sum(counts["dropped"].values())
    assert ran.result["instances"]["kept"] == len(examples)
    assert sum(sum(ran.result[level]["dropped"].values()) for level in LEVELS) == len(dropped)
    assert {row["reason"] for row in dropped} >= REASONS[name]
    assert not [said for row in examples if (said := schemas.complaint("example", row))]
    assert not [said for row in dropped if (said := schemas.complaint("dropped", row))]
    assert len({row["id"] for row in (*examples, *dropped)}) == len(examples) + len(dropped)


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_it_asks_its_own_steps_in_both_dresses(name, ift_build, tmp_path, api):
    if api == "completions" and name in CHAT_ONLY:
        assert ift_build(*options(name, tmp_path / "run", "--model", "demo", "--api", api)).code == 2
        return
    ift_build(*options(name, tmp_path / "run", "--model", "demo", "--api", api, "--json", *OPTIONS.get(name, ())))

    import sqlite3

    with sqlite3.connect(tmp_path / "run" / JOURNAL) as connection:
        asked = {purpose for (purpose,) in connection.execute("SELECT DISTINCT purpose FROM answers")}
    assert asked <= PURPOSES[name]
    assert len(asked) >= len(PURPOSES[name]) - 1  # a short run need not meet the rarest step


@pytest.mark.parametrize("concurrency", [1, 64])
def test_concurrency_and_hash_seed_do_not_change_a_byte(name, tmp_path, whole, more, concurrency):
    demo = ("--model", "demo", "--concurrency", concurrency)
    arguments = options(name, tmp_path / "run", *demo, *more.get(name, ()))
    subprocess.run(
        [sys.executable, "-m", "ift_builder", *map(str, arguments)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4711"},
    )

    assert bytes_of(tmp_path / "run") == whole(name)


def test_faults_and_delays_on_the_way_change_nothing_over_http(name, ift_build, tmp_path, more, monkeypatch):
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)
    answers = answers_of(DemoBackend().complete, purpose_of)
    faults = [Fault("503", tries=(1,), share=0.2), Fault("429", tries=(1,), share=0.1, retry_after=0.01)]
    for folder, wrong in (("clean", []), ("faulty", [*faults, Fault("slow", share=0.1, seconds=0.03)])):
        with FakeServer(answer=answers, latency=0.002, faults=wrong) as server:
            served = ("--model", "m", "--base-url", server.url, "--json")
            ran = ift_build(*options(name, tmp_path / folder, *served, *more.get(name, ())))
        assert ran.code == 0
        assert ran.result["tasks"]["kept"] >= TARGET / 2

    assert bytes_of(tmp_path / "faulty") == bytes_of(tmp_path / "clean")


SLOW_DEMO = """
import asyncio
from ift_builder.backends.demo import DemoBackend
complete = DemoBackend.complete
async def slow(self, prompt):
    await asyncio.sleep(0.02)
    return await complete(self, prompt)
DemoBackend.complete = slow
from ift_builder.cli import main
main()
"""


def test_a_run_killed_at_any_moment_goes_on_and_ends_with_the_same_bytes(name, tmp_path, whole, more):
    run = tmp_path / "run"
    arguments = options(name, run, "--model", "demo", "--json", *more.get(name, ()))
    command = [sys.executable, "-c", SLOW_DEMO, *map(str, arguments)]
    random, recorded = draws.stream(0, "kills", name), 0
    for _ in range(2):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        recorded = wait_for_answers(run, recorded + random.randrange(1, FEW.get(name, 30)))
        process.kill()
        process.wait()
    ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)

    result = json.loads(ran.stdout.splitlines()[-1])
    # What was answered beyond the end is not needed again, and neither is a follow-up of a task beyond it.
    assert result["requests"]["this_sitting"]["recalled"] + IN_FLIGHT >= recorded
    assert result["requests"]["all_sittings"]["sent"] <= result["requests"]["all_sittings"]["answered"] + 2 * IN_FLIGHT
    assert bytes_of(run) == whole(name)
