"""Nothing that belongs together is torn apart by a split; the reference's ROUGE-L is the oracle for near-duplicates."""

from dataclasses import replace
from functools import partial
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from ift_builder.errors import InputError
from ift_builder.records import Example, Exemplar, Source, Task
from ift_builder.splitting.groups import Groups, compared_text
from ift_builder.splitting.split import SplitOptions, split
from tests.small_runs import example

SIMILARITY = 0.7
SCORER = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)

words = st.lists(st.sampled_from(["sort", "name", "add", "the", "a", "list", "city", "number"]), min_size=1, max_size=6)
sentences = words.map(" ".join)
seeds = st.sampled_from(["seed-1", "seed-2", "seed-3"])

grown = st.builds(
    lambda task, instruction, given, parents: Example.of(
        instruction=instruction,
        input=given,
        output="x",
        source=Source("bootstrap/self-instruct", parents=tuple(parents)),
        task=Task(f"task-{task}"),
    ),
    st.integers(0, 12),
    sentences,
    st.sampled_from(["", "one", "two"]),
    st.lists(seeds, max_size=3, unique=True),
)
converted = st.builds(
    lambda row, dataset, template, given: Example.of(
        instruction=f"template {template}",
        input=given,
        output="x",
        source=Source("convert", dataset=dataset, split="train", row=row, template=template),
        task=Task(dataset),
    ),
    st.integers(0, 9),
    st.sampled_from(["news", "maths"]),
    st.sampled_from("abc"),
    sentences,
)
rows = st.lists(st.one_of(grown, converted), min_size=2, max_size=30)


def connected(one, other, *, similarity=None, whole_tasks=False):
    """The promise of the command line's help, pair by pair."""
    if (one.instruction, one.input) == (other.instruction, other.input):
        return True
    if one.source.row is not None and other.source.row is not None:
        if (one.source.dataset, one.source.row) == (other.source.dataset, other.source.row):
            return True
    elif one.source.row is other.source.row and one.task.name == other.task.name:
        return True
    if whole_tasks and one.task.name == other.task.name:
        return True
    if len(one.source.parents) == 1 and one.source.parents == other.source.parents:
        return True
    if similarity is None:
        return False
    return SCORER.score(compared_text(one), compared_text(other))["rougeL"].fmeasure > similarity


@settings(max_examples=150, deadline=None)
@given(rows=rows, seed=st.integers(0, 3), similarity=st.sampled_from([None, SIMILARITY, 0.4]), whole=st.booleans())
def test_nothing_of_one_group_lands_on_both_sides(rows, seed, similarity, whole):
    options = SplitOptions(seed=seed, validation=0.3, similarity=similarity, whole_tasks=whole)
    try:
        sides = split(lambda: rows, options)
    except InputError:
        return  # all rows belong together
    train, validation = ([row for number, row in enumerate(rows) if sides.of(number) == name] for name in sides.names)
    torn = [pair for pair in product(train, validation) if connected(*pair, similarity=similarity, whole_tasks=whole)]

    assert not torn
    assert train
    assert validation


@settings(deadline=None)
@given(rows=rows)
def test_groups_are_no_larger_than_they_must_be(rows):
    groups = Groups()
    for row in rows:
        groups.add(row)
    reached = {number: {number} for number in range(len(rows))}
    for one, other in product(range(len(rows)), repeat=2):  # the transitive closure, the slow way
        if connected(rows[one], rows[other]) and reached[one] is not reached[other]:
            merged = reached[one] | reached[other]
            for member in merged:
                reached[member] = merged

    assert [groups.group(number) for number in range(len(rows))] == [
        min(reached[number]) for number in range(len(rows))
    ]


def test_the_share_is_met_exactly_where_groups_are_single_rows():
    assert sum(split(lambda: [example(number) for number in range(200)], SplitOptions(validation=0.05)).held_out) == 10


def test_the_draw_depends_on_the_seed_and_not_on_the_order_of_the_rows():
    rows = [example(number) for number in range(100)]

    def held_out(rows, seed=0):
        sides = split(lambda: rows, SplitOptions(validation=0.1, seed=seed))
        return {row.id for number, row in enumerate(rows) if sides.of(number) == "validation"}

    assert held_out(rows) == held_out(rows[::-1])
    assert held_out(rows) != held_out(rows, seed=1)


def test_a_run_that_has_grown_keeps_its_validation_rows_out_of_training():
    rows = [example(number) for number in range(400)]
    before, after = (split(partial(iter, rows[:count]), SplitOptions(validation=0.1)) for count in (200, 400))
    moved = [number for number in range(200) if before.held_out[number] and not after.held_out[number]]

    assert len(moved) <= 5


def test_eight_tasks_shown_as_demonstrations_connect_nothing():
    shown = tuple(f"seed-{number}" for number in range(8))
    rows = [
        example(number, source=Source("bootstrap/self-instruct", parents=shown), task=Task(f"task-{number}"))
        for number in range(20)
    ]

    assert sum(split(lambda: rows, SplitOptions(validation=0.1)).held_out) == 2


def test_a_record_made_from_another_stays_with_it():
    seed = example(1, source=Source("seed"), task=Task("seed-001"))
    evolved = example(2, source=Source("evolve", parents=("seed-001",)), task=Task("task-2"))
    revised = example(3, source=Source("revise", parents=(evolved.id,)), task=Task("task-3"))
    groups = Groups()
    for row in (seed, evolved, revised):
        groups.add(row)

    assert [groups.group(row) for row in range(3)] == [0, 0, 0]


def test_all_neighbours_are_joined_and_not_only_the_nearest():
    def grown(number, instruction):
        source = Source("bootstrap/self-instruct")
        return example(number, instruction=instruction, input="", source=source, task=Task(f"task-{number}"))

    first = grown(1, "a b c d e f g h i j")
    second = grown(2, "a b c d e f w x y z k l m n")  # not near the first
    bridge = grown(3, "a b c d e f g h w x y z")  # near both
    from ift_builder.screening.near_duplicate import NearDuplicates

    groups = Groups(NearDuplicates(SIMILARITY))
    for row in (first, second, bridge):
        groups.add(row)

    assert not connected(first, second, similarity=SIMILARITY)
    assert [groups.group(row) for row in range(3)] == [0, 0, 0]


@pytest.mark.parametrize("count", [1, 7])
def test_rows_that_all_belong_together_cannot_be_split(count):
    rows = [replace(example(number), task=Task("one"), source=Source("grown")) for number in range(count)]

    with pytest.raises(InputError, match="nothing can be held out"):
        split(lambda: rows, SplitOptions(validation=0.5))


@pytest.mark.parametrize("has_input", [True, False])
def test_no_training_prompt_shows_a_held_out_row_as_exemplar(has_input):
    """Row n shows rows n + 1 and n + 2, as `convert --shots 2` does."""
    count = 60

    def row(number, shots):
        others = [row((number + step) % count, 0) for step in range(1, shots + 1)]
        asked = [other.input or other.instruction for other in others]
        exemplars = tuple(Exemplar(question, "mixed", "so") for question in asked)
        texts = {} if has_input else {"instruction": f"Judge the soup of day {number}.", "input": ""}
        return example(number, exemplars=exemplars, **texts)

    rows = [row(number, 2) for number in range(count)]
    sides = split(lambda: rows, SplitOptions(validation=0.2))
    held_out = {row.input or row.instruction for row, out in zip(rows, sides.held_out, strict=True) if out}
    shown = [sides.without_held_out(number, row) for number, row in enumerate(rows)]
    lost = sum(len(row.exemplars) - len(kept.exemplars) for row, kept in zip(rows, shown, strict=True))

    for number, kept in enumerate(shown):
        if not sides.held_out[number]:
            assert not held_out & {exemplar.input for exemplar in kept.exemplars}
    assert 0 < lost <= 2 * len(held_out)
