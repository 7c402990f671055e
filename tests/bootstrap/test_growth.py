"""The loop as a pure function of answers: arrival order, stops and resumes leave no trace in the rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder import draws
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.growth import MOST_BARREN, Growth
from ift_builder.bootstrap.pace import WINDOW, known
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.rows import Rows
from ift_builder.bootstrap.strategies import Manner, Proposal
from ift_builder.records import Completion, Example, Instance, SeedTask, Unanswered
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.scripted import instruction, sensible

SEEDS = [
    SeedTask(f"s{n}", f"seed_{n}", instruction("seed", n), (Instance("", "x"),), is_classification=False)
    for n in range(12)
]


def grow(
    answer=sensible, *, target=20, patience=400, order=lambda waiting: 0, stop_after=None, recorded=None, api="chat"
):
    """Runs a growth over scripted answers; `order` picks which outstanding prompt is answered next."""
    strategy = strategies.load("self-instruct", Manner("m", api))
    screens = TaskScreens(WordingScreens(), NearDuplicates())
    growth = Growth(strategy, Pool(SEEDS, 0), screens, target=target, patience=patience, note=lambda *_: None)
    recorded = {} if recorded is None else recorded
    waiting, answered = [], 0
    while True:
        while (prompt := growth.next_prompt()) is not None:
            waiting.append(prompt)
        if not waiting or answered == stop_after:
            return growth, Rows(growth, strategy, "m"), recorded
        prompt = waiting.pop(order(waiting))
        if prompt.key not in recorded:
            recorded[prompt.key] = outcome_of(prompt, answer(prompt))
        growth.receive(prompt, recorded[prompt.key])
        answered += 1


def outcome_of(prompt, answer):
    return answer if isinstance(answer, Unanswered) else Completion(prompt.key, answer, "stop")


def test_the_target_is_reached_and_not_passed():
    growth, rows, _ = grow(target=20)
    list(rows)

    assert growth.status == "complete"
    assert rows.tallies["task"].kept == 20


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_rows_do_not_depend_on_the_order_in_which_answers_arrive(seed):
    random = draws.stream(seed, "arrival")
    _, in_order, _ = grow()
    _, shuffled, _ = grow(order=lambda waiting: random.randrange(len(waiting)))

    assert list(shuffled) == list(in_order)


@pytest.mark.parametrize("stop_after", [1, 2, 3, 5, 8, 13, 21, 34, 55])
def test_a_run_stopped_after_any_answer_and_resumed_gives_the_same_rows(stop_after):
    _, whole, _ = grow()
    _, _, recorded = grow(stop_after=stop_after, order=lambda waiting: len(waiting) - 1)
    _, resumed, _ = grow(recorded=recorded)

    assert list(resumed) == list(whole)


def test_a_higher_target_goes_on_from_the_same_rows():
    _, small, _ = grow(target=10)
    _, large, _ = grow(target=30)
    kept = [row for row in small if isinstance(row, Example)]

    assert kept == [row for row in large if isinstance(row, Example)][: len(kept)]


def test_what_is_seen_at_each_level_is_kept_dropped_or_open():
    _, rows, _ = grow(stop_after=40, order=lambda waiting: len(waiting) // 2)
    list(rows)

    for tally in rows.tallies.values():
        assert tally.seen == tally.kept + sum(tally.dropped.values()) + tally.open
    assert rows.tallies["task"].open > 0


def test_machine_made_tasks_are_shown_as_soon_as_there_are_any():
    growth, _, _ = grow()
    shown = [[task.id for task in item.proposal.shown if not task.id.startswith("s")] for item in growth.rounds]

    assert shown[0] == []
    assert all(len(machine) == 2 for machine in shown[2:])
    assert all(len(item.proposal.shown) == 8 for item in growth.rounds)


def test_a_proposal_waits_for_a_fixed_part_of_those_before_it():
    assert [known(number) for number in (0, 1, 2, 3, 10)] == [0, 0, 1, 1, 5]
    assert known(1000) == 1000 - WINDOW
    assert all(known(number) <= known(number + 1) <= number for number in range(1, 500))


def test_a_model_that_repeats_itself_saturates_the_pool():
    def repeating(prompt):
        return (
            "\n".join(f"{n}. {instruction('same', n)}" for n in range(9, 17))
            if prompt.purpose == "propose"
            else sensible(prompt)
        )

    growth, rows, _ = grow(repeating, target=100, patience=60)
    list(rows)

    assert growth.status == "saturated"
    assert rows.tallies["task"].kept == 8
    assert rows.tallies["task"].dropped["near-duplicate"] >= 60


def test_a_model_whose_instances_cannot_be_read_stops_the_run():
    growth, rows, _ = grow(
        lambda prompt: sensible(prompt) if prompt.purpose != "instances_input_first" else "Hm.", target=500
    )
    assert growth.status == "complete"

    growth, rows, _ = grow(lambda prompt: sensible(prompt) if prompt.purpose == "propose" else "Hm.")
    list(rows)

    assert growth.status == "barren"
    assert rows.tallies["task"].dropped["unreadable-classification"] == MOST_BARREN


def test_a_classification_that_failed_is_not_taken_for_no():
    def failing(prompt):
        if prompt.purpose == "classify" and prompt.key[0] in "01234567":
            return Unanswered(prompt.key, "timeout", "no answer in time")
        return sensible(prompt)

    _, rows, _ = grow(failing)
    dropped = [row for row in rows if row.__class__.__name__ == "Dropped" and row.reason == "request-given-up"]

    assert dropped
    assert all(row.evidence["why"] == "timeout" and row.evidence["screen"] == "classify" for row in dropped)


def test_an_answer_without_a_list_is_dropped_whole_with_its_text():
    def sorry(prompt):
        return "I am sorry." if prompt.purpose == "propose" and prompt.draw == 1 else sensible(prompt)

    _, rows, _ = grow(sorry)
    dropped = [row for row in rows if getattr(row, "level", "") == "answer"]

    assert [(row.reason, row.text) for row in dropped] == [("no-list", "I am sorry.")]


def test_two_tasks_with_the_same_words_share_one_request():
    def twins(prompt):
        return "\n".join(f"{n}. é é é é é!" for n in range(9, 17)) if prompt.purpose == "propose" else sensible(prompt)

    _, rows, recorded = grow(twins, patience=20)

    assert len(recorded) == len(set(recorded))
    list(rows)


def test_the_same_instruction_with_the_same_input_is_dropped_even_without_the_near_duplicate_screen():
    def triples(prompt):
        blocks = [("Sort the words.", "b, a"), ("Sort the words.", "d, c"), ("Sort  the words.", "b, a")]
        return "".join(
            f"###\n4. Instruction: {one}\n4. Input: {two}\n4. Output: {prompt.draw}\n" for one, two in blocks
        )

    strategy = strategies.load("alpaca", Manner("m"))
    screens = TaskScreens(WordingScreens(min_words=1), None)
    growth = Growth(strategy, Pool(SEEDS, 0), screens, target=9, patience=6, note=lambda *_: None)
    while (prompt := growth.next_prompt()) is not None:
        growth.receive(prompt, Completion(prompt.key, triples(prompt), "stop"))
    rows = Rows(growth, strategy, "m")
    kept = [(row.instruction, row.input) for row in rows if isinstance(row, Example)]

    assert growth.status == "saturated"
    assert kept == [("Sort the words.", "b, a"), ("Sort the words.", "d, c")]
    assert set(rows.tallies["task"].dropped) == {"repeated-task"}


def test_base_models_are_given_a_text_that_ends_in_the_number_to_continue():
    strategy = strategies.load("self-instruct", Manner("m", "completions"))
    prompt = strategy.propose(Proposal(0, tuple(strategy.choose(Pool(SEEDS, 0).then(0), 0))))

    assert prompt.messages[0].content.endswith("\n9.")
    assert prompt.sampling.stop == ()


def test_every_example_names_its_requests_its_parents_and_its_model():
    _, rows, recorded = grow()
    for row in rows:
        if isinstance(row, Example):
            assert set(row.source.prompts) <= set(recorded)
            assert len(row.source.prompts) == 3
            assert len(row.source.parents) == 8
            assert row.source.model == "m"
