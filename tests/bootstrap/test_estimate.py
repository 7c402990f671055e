"""The estimate before a run."""

import pytest

from ift_builder.asking import Terms
from ift_builder.backends.demo import DemoBackend
from ift_builder.bootstrap import Plan
from ift_builder.bootstrap.estimate import VALID_SHARE, estimate
from ift_builder.bootstrap.strategies import REGISTRY, load
from ift_builder.formats import seed_tasks
from ift_builder.records import Prices
from tests.fake_server import FakeServer, answers_of
from tests.purposes import purpose_of


def plan(target, prices=None, **more):
    return Plan(seeds=seed_tasks.shipped(), model="m", target=target, terms=Terms(prices=prices), **more)


def test_it_grows_with_the_target_and_costs_what_tokens_cost():
    small, large = estimate(plan(100, Prices(1, 1))), estimate(plan(1000, Prices(1, 1)))

    assert large.requests == pytest.approx(10 * small.requests, rel=0.01)
    assert large.cost == pytest.approx(large.tokens / 1_000_000)
    assert estimate(plan(100)).cost is None


@pytest.mark.parametrize("strategy", REGISTRY)
def test_each_strategy_has_one_near_what_a_demo_run_takes(ift_build, tmp_path, strategy):
    out = ["--target", 60, "--strategy", strategy, "--out", tmp_path / "run", "--no-report", "--json"]
    taken = ift_build("bootstrap", "--model", "demo", *out).result["requests"]["all_sittings"]["sent"]

    assert taken / 2 < estimate(plan(60, strategy=strategy)).requests < taken * 2


@pytest.mark.parametrize("strategy", REGISTRY)
def test_it_counts_every_request_that_a_task_takes(strategy):
    given = plan(60, strategy=strategy)
    outlook = load(strategy, given.manner).outlook
    tasks = 60 / VALID_SHARE

    expected = tasks / outlook.kept_per_answer + tasks * len(outlook.follow_up_tokens)
    assert estimate(given).requests == pytest.approx(expected, abs=1)


def test_wordings_are_counted():
    without, with_two = (estimate(plan(60, strategy="unnatural", paraphrase=count)) for count in (0, 2))

    assert with_two.requests - without.requests == pytest.approx(60 / 0.9, abs=1)
    assert with_two.tokens > without.tokens


def test_it_is_said_before_the_run_and_is_near_what_the_run_takes(ift_build, tmp_path):
    run = ["bootstrap", "--model", "m", "--target", 60, "--out", tmp_path / "run", "--json"]
    with FakeServer(answer=answers_of(DemoBackend().complete, purpose_of), latency=0.001) as server:
        ran = ift_build(*run, "--base-url", server.url)

    assert "Expected: about 150 requests" in ran.err
    assert "price unknown" in ran.err
    assert 150 / 2 < ran.result["requests"]["all_sittings"]["sent"] < 150 * 2
