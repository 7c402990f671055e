"""What holds of every way of growing, whatever it asks and reads."""

import json
import os
import subprocess
import sys
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder import draws
from ift_builder.backends.demo import DemoBackend
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.growth import Growth
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.rows import Rows
from ift_builder.bootstrap.strategies import Manner
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

EVERY = tuple(strategies.REGISTRY)
CHAT_ONLY = ("structured",)
FILES = (EXAMPLES, DROPPED)
LEVELS = ("answers", "tasks", "instances")

DEMO = DemoBackend()


def bytes_of(folder):
    return [(folder / name).read_bytes() for name in FILES]


def answered(prompt):
    """The demo model's answer; it never waits, so no event loop is needed."""
    try:
        DEMO.complete(prompt).send(None)
    except StopIteration as end:
        return end.value
    pytest.fail("the demo model waited for something")


def grow(name, *, target=15, order=lambda waiting: 0, stop_after=None, recorded=None, api="chat"):
    """Runs a growth over the demo model's answers; `order` picks which outstanding prompt is answered next."""
    strategy = strategies.load(name, Manner("demo", api))
    seeds = seed_tasks.read(seed_tasks.shipped())
    screens = TaskScreens(WordingScreens(), NearDuplicates())
    growth = Growth(strategy, Pool(seeds, 0), screens, target=target, patience=200, note=lambda *_: None)
    recorded = {} if recorded is None else recorded
    waiting, count = [], 0
    while True:
        while (prompt := growth.next_prompt()) is not None:
            waiting.append(prompt)
        if not waiting or count == stop_after:
            return growth, Rows(growth, strategy, "demo"), recorded
        prompt = waiting.pop(order(waiting))
        if prompt.key not in recorded:
            recorded[prompt.key] = answered(prompt)
        growth.receive(prompt, recorded[prompt.key])
        count += 1


@cache
def rows_in_order(name):
    return list(grow(name)[1])


# A function of the answers


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_rows_do_not_depend_on_the_order_in_which_answers_arrive(name, seed):
    random = draws.stream(seed, "arrival")
    _, shuffled, _ = grow(name, order=lambda waiting: random.randrange(len(waiting)))

    assert list(shuffled) == rows_in_order(name)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("stop_after", [1, 4, 9])
def test_a_run_stopped_after_any_answer_and_resumed_gives_the_same_rows(name, stop_after):
    _, _, recorded = grow(name, stop_after=stop_after, order=lambda waiting: len(waiting) - 1)
    _, resumed, _ = grow(name, recorded=recorded)

    assert list(resumed) == rows_in_order(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_higher_target_goes_on_from_the_same_rows(name):
    small = [row for row in rows_in_order(name) if isinstance(row, Example)]
    large = [row for row in grow(name, target=30)[1] if isinstance(row, Example)]

    assert small == large[: len(small)]
    assert len(large) > len(small)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_seen_at_each_level_is_kept_dropped_or_open_whenever_a_run_is_stopped(name):
    for stop_after in (1, 3, 8, 21):
        _, rows, _ = grow(name, stop_after=stop_after, order=lambda waiting: len(waiting) // 2)
        list(rows)
        for tally in rows.tallies.values():
            assert tally.seen == tally.kept + sum(tally.dropped.values()) + tally.open


@pytest.mark.parametrize("name", EVERY)
def test_every_row_names_its_requests_and_its_model(name):
    _, rows, recorded = grow(name)
    for row in rows:
        assert row.source.prompts
        assert set(row.source.prompts) <= set(recorded)
        assert (row.source.method, row.source.model) == (f"bootstrap/{name}", "demo")


@pytest.mark.parametrize("name", [name for name in EVERY if name not in CHAT_ONLY])
def test_base_models_reach_the_target_too(name):
    growth, _, recorded = grow(name, api="completions")

    assert growth.status == "complete"
    assert len(recorded) > 1


def test_purposes_are_unique_over_all_strategies_but_for_borrowed_steps():
    hashes = {}
    for name in EVERY:
        for step, hash_ in strategies.load(name, Manner("m")).templates.items():
            assert hashes.setdefault(step, hash_) == hash_, step


# As a user runs it


@pytest.fixture(scope="module", params=EVERY)
def demo(request, tmp_path_factory):
    """The name of a strategy and a finished demo run of 60 tasks."""
    folder = tmp_path_factory.mktemp("runs") / request.param
    ran = subprocess.run(command(request.param, folder), capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    return request.param, folder


def command(name, folder, *more):
    common = ["bootstrap", "--model", "demo", "--strategy", name, "--target", "60", "--out", str(folder)]
    return [sys.executable, "-m", "ift_builder", *common, *more]


def test_the_demo_keeps_its_target_in_rows_that_fit_the_schemas(demo):
    _, folder = demo
    rows = rows_of(folder / EXAMPLES)

    assert len({row["task"]["name"] for row in rows}) == 60
    assert [complaint for row in rows if (complaint := schemas.complaint("example", row))] == []
    assert [complaint for row in rows_of(folder / DROPPED) if (complaint := schemas.complaint("dropped", row))] == []


def test_the_demo_shows_screens_at_work_on_wording_reading_and_instances(demo):
    _, folder = demo
    screens = {row["evidence"].get("screen") for row in rows_of(folder / DROPPED)}

    assert {"near-duplicate", "reading", "instance"} <= screens


def test_the_manifest_accounts_for_every_candidate(demo):
    _, folder = demo
    manifest = json.loads((folder / "manifest.json").read_text())
    for level in LEVELS:
        counts = manifest[level]
        assert counts["seen"] == counts["kept"] + sum(counts["dropped"].values())
    assert manifest["instances"]["kept"] == len(rows_of(folder / EXAMPLES))
    dropped = sum(sum(manifest[level]["dropped"].values()) for level in LEVELS)
    assert dropped == len(rows_of(folder / DROPPED))


def test_ids_are_unique_in_a_run(demo):
    _, folder = demo
    ids = [row["id"] for name in FILES for row in rows_of(folder / name)]

    assert len(ids) == len(set(ids))


def test_a_run_killed_twice_and_resumed_ends_with_the_same_bytes_and_asks_nothing_twice(demo, tmp_path):
    name, folder = demo
    run = tmp_path / "run"
    slow = [sys.executable, "-c", SLOW_DEMO, *command(name, run, "--concurrency", "4", "--json")[3:]]
    recorded = 0
    for more in (3, 6):
        process = subprocess.Popen(slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        recorded = wait_for_answers(run, recorded + more)
        process.kill()
        process.wait()
    ran = subprocess.run(
        command(name, run, "--json"), check=False, capture_output=True, text=True, cwd=ROOT, env={**os.environ}
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1])["requests"]["this_sitting"]["recalled"] >= recorded
    assert bytes_of(run) == bytes_of(folder)


SLOW_DEMO = """
import asyncio
from ift_builder.backends.demo import DemoBackend
complete = DemoBackend.complete
async def slow(self, prompt):
    await asyncio.sleep(0.05)
    return await complete(self, prompt)
DemoBackend.complete = slow
from ift_builder.cli import main
main()
"""


def wait_for_answers(run, count):
    """Waits until the run has recorded that many answers; returns how many it has."""
    import sqlite3

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


# Over HTTP


@pytest.mark.parametrize("name", EVERY)
def test_faults_on_the_way_change_nothing_in_the_dataset(name, tmp_path, ift_build, monkeypatch):
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)
    faults = [Fault(kind, tries=(1,), share=0.15, retry_after=0.01) for kind in ("503", "429", "cut")]
    for folder, wrong in (("clean", []), ("faulty", faults)):
        with FakeServer(answer=answers_of(DEMO.complete, purpose_of), latency=0.002, faults=wrong) as server:
            common = ["--model", "served", "--base-url", server.url, "--target", 30, "--out", tmp_path / folder]
            ran = ift_build("bootstrap", "--strategy", name, *common, "--json")
            assert ran.code == 0, ran.err
            assert ran.result["tasks"]["kept"] == 30
            assert bool(server.stats()["faults"]) == bool(wrong)

    assert bytes_of(tmp_path / "faulty") == bytes_of(tmp_path / "clean")
