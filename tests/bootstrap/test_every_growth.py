"""Every strategy is a function of the answers, whatever their order of arrival and wherever a run is stopped."""

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
from ift_builder.formats import seed_tasks
from ift_builder.records import Example
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens

EVERY = tuple(strategies.REGISTRY)
CHAT_ONLY = ("structured",)
DEMO = DemoBackend()


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
    seeds = seed_tasks.read(seed_tasks.shipped(strategies.SEEDS.get(name, "seed_tasks.jsonl")))
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
