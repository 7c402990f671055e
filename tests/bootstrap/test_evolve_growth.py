"""Chains of versions as a pure function of answers: each link waits for the last, whatever arrives first."""

from collections import defaultdict
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder import draws
from ift_builder.backends.demo import reading
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.evolve import IN_BREADTH
from ift_builder.bootstrap.growth import Growth
from ift_builder.bootstrap.pool import Pool, PoolTask
from ift_builder.bootstrap.rows import Rows
from ift_builder.bootstrap.strategies import Manner
from ift_builder.records import Completion, Dropped, Example, Unanswered
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.scripted import instruction

SIZE = 7
TASKS = [PoolTask(f"t{number}", instruction("task", number)) for number in range(SIZE)]
EVOLVING = ("evolve_in_depth", "evolve_in_breadth")


def fickle(prompt):
    """A model that often fails, in each way that there is."""
    draw = draws.stream(0, prompt.key)
    if prompt.purpose in EVOLVING:
        old = reading.labelled(prompt.messages[-1].content, "Starting task")
        new = (
            f"{old} Then {instruction(prompt.key)}" if prompt.purpose == "evolve_in_depth" else instruction(prompt.key)
        )
        given_up = Unanswered(prompt.key, "timeout")
        return draw.choice([new, new, new, new, old, "", "See the given prompt.", given_up])
    if prompt.purpose == "judge_gain":
        return draw.choice(["Not Equal"] * 5 + ["Equal", "Hm."])
    return draw.choice(["A good answer."] * 5 + ["I am sorry.", ""])


def willing(prompt):
    """A model that never fails, and changes little."""
    if prompt.purpose == "evolve_in_depth":
        return reading.labelled(prompt.messages[-1].content, "Starting task") + f" Also {prompt.draw}."
    if prompt.purpose == "evolve_in_breadth":
        return instruction(prompt.key)
    return "Not Equal" if prompt.purpose == "judge_gain" else "A good answer."


@cache
def compiled(rounds):
    """Compiled once: that takes longer than a growth."""
    return strategies.load("evolve", Manner("m", rounds=rounds))


def grow(
    answer=fickle,
    *,
    rounds=4,
    target=10_000,
    order=lambda waiting: 0,
    stop_after=None,
    recorded=None,
    tasks=TASKS,
    compares=True,
):
    """Runs a growth over scripted answers; `order` picks which outstanding prompt is answered next."""
    strategy = compiled(rounds)
    near_duplicates = NearDuplicates() if compares else None
    if near_duplicates is not None:
        near_duplicates.admit_all((task.instruction, task.id) for task in tasks)
    screens = TaskScreens(WordingScreens(), near_duplicates)
    growth = Growth(strategy, Pool([], 0, tasks), screens, target=target, patience=400, note=lambda *_: None)
    recorded = {} if recorded is None else recorded
    waiting, answered = [], 0
    while True:
        while (prompt := growth.next_prompt()) is not None:
            waiting.append(prompt)
        if not waiting or answered == stop_after:
            return growth, list(rows := Rows(growth, strategy, "m")), rows.tallies, recorded
        prompt = waiting.pop(order(waiting))
        if prompt.key not in recorded:
            said = answer(prompt)
            recorded[prompt.key] = said if isinstance(said, Unanswered) else Completion(prompt.key, said, "stop")
        growth.receive(prompt, recorded[prompt.key])
        answered += 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 2, SIZE]))
def test_the_rows_do_not_depend_on_the_order_in_which_answers_arrive(seed, size):
    random = draws.stream(seed, "arrival")
    _, in_order, *_ = grow(tasks=TASKS[:size])
    _, shuffled, *_ = grow(tasks=TASKS[:size], order=lambda waiting: random.randrange(len(waiting)))

    assert shuffled == in_order


def short_of_ideas(prompt):
    """A model that always says one of two, so that chains come to the same task at about the same time."""
    return instruction("idea", prompt.draw % 2) if prompt.purpose in EVOLVING else fickle(prompt)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_nor_do_they_where_near_duplicates_are_kept_and_only_the_same_task_is_dropped(seed):
    random = draws.stream(seed, "arrival")
    _, in_order, *_ = grow(short_of_ideas, compares=False)
    _, shuffled, *_ = grow(short_of_ideas, compares=False, order=lambda waiting: random.randrange(len(waiting)))

    assert "repeated-task" in {row.reason for row in in_order if isinstance(row, Dropped)}
    assert shuffled == in_order


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_a_run_stopped_after_any_answer_and_resumed_gives_the_same_rows(seed, stop_after):
    random = draws.stream(seed, "arrival")
    _, whole, *_ = grow()
    *_, recorded = grow(stop_after=stop_after, order=lambda waiting: random.randrange(len(waiting)))
    _, resumed, *_ = grow(recorded=recorded, order=lambda waiting: random.randrange(len(waiting)))

    assert resumed == whole


def test_what_is_seen_at_each_level_is_kept_dropped_or_open():
    for stop_after in (None, 5, 20, 45):
        _, _, tallies, _ = grow(stop_after=stop_after, order=lambda waiting: len(waiting) // 2)
        for tally in tallies.values():
            assert tally.seen == tally.kept + sum(tally.dropped.values()) + tally.open


def test_the_run_ends_when_every_chain_has_had_its_rounds():
    growth, rows, tallies, _ = grow(willing, rounds=3)

    assert growth.status == "exhausted"
    assert [item.proposal.number for item in growth.rounds] == list(range(3 * SIZE))
    assert tallies["task"].kept == 3 * SIZE
    assert all(isinstance(row, Example) for row in rows)


def test_a_target_ends_it_before():
    growth, rows, tallies, _ = grow(target=5)

    assert growth.status == "complete"
    assert tallies["task"].kept == 5
    kept = [row for row in rows if isinstance(row, Example)]
    assert kept == [row for row in grow()[1] if isinstance(row, Example)][:5]


def test_more_rounds_go_on_from_the_same_rows():
    _, short, *_ = grow(rounds=2)
    _, long, *_ = grow(rounds=5)

    assert long[: len(short)] == short
    assert len(long) > len(short)


def test_a_round_evolves_the_versions_that_lasted_and_gives_the_others_their_next_try():
    growth, *_ = grow()
    newest = {number: TASKS[number].id for number in range(SIZE)}
    outcomes = set()
    for item in growth.rounds:
        chain = item.proposal.number % SIZE
        assert [task.id for task in item.proposal.shown] == [newest[chain]]
        for candidate in item.candidates:
            outcomes.add(bool(candidate.task and candidate.task.is_valid))
            if candidate.task and candidate.task.is_valid:
                newest[chain] = candidate.id
    assert outcomes == {True, False}


def test_a_failed_evolution_is_asked_again_with_another_draw():
    growth, *_ = grow(lambda prompt: "" if prompt.purpose in EVOLVING else "Not Equal")

    assert len({item.prompt.key for item in growth.rounds}) == 4 * SIZE
    assert all(item.proposal.shown[0].id == TASKS[item.proposal.number % SIZE].id for item in growth.rounds)


def test_an_in_depth_version_is_no_near_duplicate_of_its_line_and_still_one_of_others():
    _, rows, *_ = grow(willing)
    assert not [row for row in rows if isinstance(row, Dropped)]

    twins = [PoolTask("a", "Name three rivers in the north of Africa, please, and say how long they are."), TASKS[1]]
    others = [PoolTask("b", twins[0].instruction.replace("please", "now")), *twins]
    _, rows, *_ = grow(willing, tasks=others)
    dropped = [row for row in rows if isinstance(row, Dropped)]
    assert {row.evidence["of"] for row in dropped} == {"a", "b"}
    assert {row.reason for row in dropped} == {"near-duplicate"}
    assert all(row.evidence["of"] != row.source.parents[0] for row in dropped)


def test_failed_siblings_do_not_stand_in_the_way_of_the_next_try():
    def at_the_second_try(prompt):
        if prompt.purpose == "judge_gain":
            return "Equal" if " Also 0." in prompt.messages[-1].content else "Not Equal"
        return willing(prompt)

    near = [PoolTask("t", "Name three rivers in the north of Africa, please, and say how long they are.")]
    _, rows, *_ = grow(at_the_second_try, tasks=near)
    operations = [compiled(4).operation(number) for number in range(4)]
    reasons = [getattr(row, "reason", "") for row in rows]

    assert IN_BREADTH not in operations[:2]
    assert reasons[:2] == ["no-gain", ""]


def test_a_version_in_breadth_is_screened_as_all_are():
    def repeating(prompt):
        return TASKS[0].instruction + " Now." if prompt.purpose == "evolve_in_breadth" else willing(prompt)

    _, rows, *_ = grow(repeating)
    broad = [row for row in rows if row.source.template == "evolve/breadth"]

    assert broad
    assert {(row.reason, row.evidence["of"]) for row in broad} == {("near-duplicate", "t0")}


def test_a_chain_has_one_request_in_flight_and_a_dataset_as_many_as_it_has_tasks():
    for size in (1, 3):
        in_flight = defaultdict(int)

        def order(waiting, size=size, in_flight=in_flight):
            in_flight[len(waiting)] += 1
            return len(waiting) - 1

        grow(willing, tasks=TASKS[:size], order=order)
        assert max(in_flight) == size


def test_every_example_can_be_followed_back_to_the_dataset():
    _, rows, *_ = grow()
    examples = {row.task.name: row for row in rows if isinstance(row, Example)}
    depths = []
    for row in examples.values():
        depth = 1
        while (parent := row.source.parents[0]) in examples:
            row, depth = examples[parent], depth + 1  # noqa: PLW2901 - one step up
        assert parent in {task.id for task in TASKS}
        depths.append(depth)

    assert max(depths) > 1


def test_a_model_that_finds_everything_equal_stops_the_run():
    growth, _, tallies, _ = grow(
        lambda prompt: "Equal" if prompt.purpose == "judge_gain" else willing(prompt), rounds=20
    )

    assert growth.status == "barren"
    assert tallies["task"].dropped == {"no-gain": 50}


@pytest.mark.parametrize("rounds", [1, 2])
def test_the_seeds_are_the_dataset_where_none_is_given(rounds):
    from ift_builder.formats import seed_tasks

    seeds = seed_tasks.read(seed_tasks.shipped())
    strategy = compiled(rounds)

    assert strategy.pace(Pool(seeds, 0)).proposals == rounds * len(seeds)
    assert strategy.choose(Pool(seeds, 0).then(0), len(seeds) + 1)[0].id == seeds[1].id
