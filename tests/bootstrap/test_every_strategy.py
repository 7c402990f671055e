"""What holds for each strategy: it runs on the demo model and over HTTP, resumes to the same bytes, counts add up."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder import draws
from ift_builder.backends.demo import DemoBackend
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.growth import Growth
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.rows import Rows
from ift_builder.bootstrap.strategies import REGISTRY, SEEDS, Manner
from ift_builder.formats import schemas, seed_tasks
from ift_builder.formats.run_folder import DROPPED, EXAMPLES, JOURNAL
from ift_builder.records import Example
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.conftest import ROOT
from tests.fake_server import FakeServer, Fault, answers_of
from tests.files import rows_of
from tests.purposes import purpose_of

FILES = (EXAMPLES, DROPPED)
OPTIONS = {"unnatural": ["--paraphrase", "2"]}
"""Of a strategy, so that all its steps are taken."""


def bytes_of(folder):
    return [(folder / name).read_bytes() for name in FILES]


def bootstrap(ift_build, name, out, *more, target=40):
    options = ["--strategy", name, "--target", target, "--out", out, *OPTIONS.get(name, []), "--no-report", "--json"]
    return ift_build("bootstrap", *(more or ["--model", "demo"]), *options)


def grow(name, *, order=lambda waiting: 0, target=15, stop_after=None, api="chat"):
    """The rows of a growth that the demo model answers; `order` picks which outstanding prompt is answered next."""
    strategy = strategies.load(name, Manner("m", api, paraphrases=2))
    seeds = seed_tasks.read(seed_tasks.shipped(SEEDS.get(name, "seed_tasks.jsonl")))
    screens = TaskScreens(WordingScreens(), NearDuplicates())
    growth = Growth(strategy, Pool(seeds, 0), screens, target=target, patience=400, note=lambda *_: None)
    model, waiting, answered = DemoBackend(), [], 0
    while answered != stop_after:
        while (prompt := growth.next_prompt()) is not None:
            waiting.append(prompt)
        if not waiting:
            break
        prompt = waiting.pop(order(waiting))
        growth.receive(prompt, asyncio.run(model.complete(prompt)))
        answered += 1
    return Rows(growth, strategy, "m")


@pytest.mark.parametrize("api", ["chat", "completions"])
@pytest.mark.parametrize("name", REGISTRY)
def test_it_runs_on_the_demo_model_and_its_drops_add_up(ift_build, tmp_path, name, api):
    ran = bootstrap(ift_build, name, tmp_path / "run", "--model", "demo", "--api", api)
    examples, dropped = (rows_of(tmp_path / "run" / file) for file in FILES)

    assert ran.code == 0
    assert ran.result["tasks"]["kept"] == 40 == len({row["task"]["name"] for row in examples})
    for level in ("answers", "tasks", "instances"):
        counts = ran.result[level]
        assert counts["seen"] == counts["kept"] + sum(counts["dropped"].values())
        assert sum(counts["dropped"].values()) == sum(f"{row['level']}s" == level for row in dropped)
    assert ran.result["instances"]["kept"] == len(examples)
    assert [row for row in examples if schemas.complaint("example", row)] == []
    assert [row for row in dropped if schemas.complaint("dropped", row)] == []
    ids = [row["id"] for row in (*examples, *dropped)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", REGISTRY)
def test_what_could_not_be_read_is_dropped_with_its_text(ift_build, tmp_path, name):
    bootstrap(ift_build, name, tmp_path / "run", target=60)
    unread = [row for row in rows_of(tmp_path / "run" / DROPPED) if row["evidence"].get("screen") == "reading"]

    assert unread
    assert [row for row in unread if row["level"] == "task" and not row["text"] and row["reason"] != "empty"] == []


@pytest.mark.parametrize("name", REGISTRY)
def test_over_http_faults_change_nothing_in_the_dataset(ift_build, tmp_path, name, monkeypatch):
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)
    faults = [
        Fault("503", tries=(1,), share=0.2),
        Fault("429", tries=(1, 2), share=0.2, retry_after=0.01),
        Fault("cut", tries=(1,), share=0.1),
    ]
    for folder, faulty in (("clean", []), ("faulty", faults)):
        with FakeServer(answer=answers_of(DemoBackend().complete, purpose_of), latency=0.002, faults=faulty) as server:
            to = ["--model", "served", "--base-url", server.url, "--concurrency", 16]
            ran = bootstrap(ift_build, name, tmp_path / folder, *to, target=20)
        assert ran.code == 0
        assert ran.result["tasks"]["kept"] == 20
    assert bytes_of(tmp_path / "faulty") == bytes_of(tmp_path / "clean")


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("name", REGISTRY)
def test_the_rows_do_not_depend_on_the_order_in_which_answers_arrive(name, seed):
    random = draws.stream(seed, "arrival")

    assert list(grow(name, order=lambda waiting: random.randrange(len(waiting)))) == list(grow(name))


@pytest.mark.parametrize("name", REGISTRY)
def test_a_stopped_run_counts_what_is_open(name):
    rows = grow(name, stop_after=9, order=lambda waiting: len(waiting) // 2)
    examples = [row for row in rows if isinstance(row, Example)]

    for tally in rows.tallies.values():
        assert tally.seen == tally.kept + sum(tally.dropped.values()) + tally.open
    assert rows.tallies["instance"].kept == len(examples)


@pytest.mark.parametrize("name", REGISTRY)
def test_a_run_that_was_killed_goes_on_to_the_same_bytes_and_asks_nothing_twice(ift_build, tmp_path, name):
    whole, run = tmp_path / "whole", tmp_path / "run"
    target = 60 if name == "alpaca" else 12  # a list of triples brings many tasks at once
    bootstrap(ift_build, name, whole, "--model", "demo", target=target)
    process = subprocess.Popen(
        slow_demo(name, run, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    recorded = wait_for_answers(run, 3)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    ran = bootstrap(ift_build, name, run, "--model", "demo", target=target)

    assert ran.result["requests"]["this_sitting"]["recalled"] >= recorded
    assert bytes_of(run) == bytes_of(whole)


def slow_demo(name, folder, target):
    """A command line for a demo run that takes a second or two, so that it can be killed."""
    script = (
        "import asyncio\n"
        "from ift_builder.backends.demo import DemoBackend\n"
        "complete = DemoBackend.complete\n"
        "async def slow(self, prompt):\n"
        "    await asyncio.sleep(0.2)\n"
        "    return await complete(self, prompt)\n"
        "DemoBackend.complete = slow\n"
        "from ift_builder.cli import main\n"
        "main()\n"
    )
    return [
        *(sys.executable, "-c", script, "bootstrap", "--model", "demo", "--strategy", name, *OPTIONS.get(name, [])),
        *("--target", str(target), "--concurrency", "2", "--out", str(folder), "--no-report", "--json"),
    ]


def wait_for_answers(run, count):
    """Waits until the run has recorded some answers; returns how many."""
    for _ in range(2000):
        time.sleep(0.01)
        if (run / JOURNAL).exists():
            try:
                with sqlite3.connect(run / JOURNAL) as connection:
                    (recorded,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            except sqlite3.OperationalError:
                continue
            if recorded >= count:
                return recorded
    pytest.fail("the run recorded nothing")


@pytest.mark.parametrize("name", sorted(set(REGISTRY) - {"self-instruct"}))
@pytest.mark.parametrize("api", ["chat", "completions"])
def test_prompts_say_the_language_and_the_subject_that_are_wanted(name, api):
    strategy = strategies.load(name, Manner("m", api, domain="the keeping of bees"))
    seeds = seed_tasks.read(seed_tasks.shipped(SEEDS.get(name, "seed_tasks.jsonl")))
    shown = tuple(strategy.choose(Pool(seeds, 0).then(0), 0))
    prompt = strategy.propose(strategies.Proposal(0, shown, "Finnish"))

    assert "Finnish" in prompt.messages[-1].content
    assert "the keeping of bees" in prompt.messages[-1].content
