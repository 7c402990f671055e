"""The figures' values: they add up, and agree with what is counted or computed another way."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.report.funnel import funnel
from ift_builder.report.growth import GrowthFigure
from ift_builder.report.lengths import LengthsFigure
from ift_builder.report.nearness import NearnessFigure, nearest
from ift_builder.report.reading import Row
from ift_builder.report.samples import SamplesFigure, shares
from ift_builder.report.tallies import MOST, TalliesFigure, script_of
from ift_builder.rouge import rouge_l, tokenize

TEXTS = st.text(alphabet="ab c言葉é.", max_size=30)


def kept(instruction="Sort these.", *, is_new=True, proposal="", **fields):
    return Row(
        kept=True,
        fields={"instruction": instruction, "source": {"prompts": [proposal] if proposal else []}, **fields},
        instruction=instruction,
        is_new=is_new,
    )


def dropped(reason="too-short", *, level="task", proposal="", **fields):
    source = {"prompts": [proposal] if proposal else []}
    return Row(
        kept=False,
        fields={"level": level, "reason": reason, "text": "no", "source": source, **fields},
        instruction="",
        is_new=False,
    )


def fed(figure, rows):
    for row in rows:
        figure.add(row)
    return figure


def test_every_level_of_a_manifest_adds_up_in_the_funnel(demo):
    from ift_builder.runs import open_run

    levels = funnel(open_run(demo).manifest.levels, Counter())

    assert [level.name for level in levels] == ["answers", "tasks", "instances"]
    for level in levels:
        assert level.seen == level.kept + sum(count for _, count in level.dropped) + level.aside


def test_without_a_manifest_the_funnel_is_counted_from_the_rows():
    rows = [kept(), kept(), dropped("cut"), dropped("too-short"), dropped("cut")]
    (level,) = funnel({}, fed(TalliesFigure(), rows).rows)

    assert (level.seen, level.kept, level.dropped) == (5, 2, [("cut", 2), ("too-short", 1)])


def test_growth_follows_the_order_of_the_requests_not_of_the_rows():
    rows = [
        kept("c", proposal="third", task={"name": "c"}),
        kept("a", proposal="first", task={"name": "a"}),
        kept("a", proposal="first", task={"name": "a"}),
        kept("b", proposal="first", task={"name": "b"}),
        dropped("near-duplicate", proposal="second"),
        dropped("cut", proposal="second", level="instance"),
    ]
    growth = fed(GrowthFigure(), rows).value({"first": 0, "second": 1, "third": 2})

    assert growth.pool.y == [2, 2, 3]
    assert growth.per_request.y == [2, 0, 1]
    assert growth.near_duplicates.y == [0, 1, 0]
    assert growth.fit is None


def test_all_tasks_of_a_strategy_with_several_ways_to_propose_are_in_its_growth(tmp_path, ift_build):
    ran = ift_build(
        "bootstrap", "--model", "demo", "--strategy", "evolve", "--target", 40, "--out", tmp_path / "run", "--json"
    )
    page = (tmp_path / "run" / "report.html").read_text()

    assert f"requests for new tasks brought {ran.result['tasks']['kept']}." in page


def test_a_pool_that_grows_by_heaps_law_gets_its_exponent():
    rows, total = [], 0
    for request in range(1, 401):
        wanted = round(20 * request**0.6)
        rows += [kept(proposal=f"{request}", task={"name": f"{number}"}) for number in range(total, wanted)]
        rows += [dropped("near-duplicate", proposal=f"{request}")]
        total = wanted
    growth = fed(GrowthFigure(), rows).value({f"{request}": request for request in range(1, 401)})

    assert growth.exponent == pytest.approx(0.6, abs=0.01)
    assert growth.fit.x[-1] == 800
    assert growth.fit.y[-1] == pytest.approx(20 * 800**0.6, rel=0.02)


def test_a_run_without_requests_has_no_growth():
    assert fed(GrowthFigure(), [kept(), dropped()]).value({}) is None


@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(TEXTS, min_size=1, max_size=5))
def test_the_nearest_seed_is_the_one_with_the_highest_rouge_l(texts, seeds):
    expected = [max(rouge_l(tokenize(seed), tokenize(text)) for seed in seeds) for text in texts]

    assert nearest(texts, seeds, "unicode").tolist() == expected


def test_instructions_are_compared_once_however_many_examples_share_them():
    near = fed(NearnessFigure(0), [kept("Sort these."), kept("Sort these.", is_new=False)]).value(
        ["Sort these"], "unicode"
    )

    assert (near.instructions, near.compared, near.median, near.bars[-1]) == (1, 1, 1.0, 1)


def test_without_seeds_there_is_no_nearness():
    assert fed(NearnessFigure(0), [kept()]).value([], "unicode") is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_every_output_is_in_one_bar_or_counted_as_empty(lengths):
    rows = [kept(output="word " * words, is_new=False) for words in lengths]
    found = {figure.field: figure for figure in fed(LengthsFigure(), rows).value()}

    assert sum(lengths) == 0 or found["output"].longest == max(lengths)
    if any(lengths):
        assert sum(found["output"].bars) + found["output"].empty == len(lengths)
        assert found["output"].has_tail == (max(lengths) > 30 * found["output"].width)


def test_long_tallies_sum_up_what_is_rare():
    rows = [kept(task={"category": f"{number}"}) for number in range(MOST + 5)]
    category = fed(TalliesFigure(), rows).value()["category"]

    assert category[-1] == ("…", 5)
    assert sum(count for _, count in category) == len(rows)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Write it", "Latin"),
        ("Напишите функцию plural", "Cyrillic"),
        ("動物の名前", "Japanese"),
        ("动物的名字", "Chinese"),
        ("날씨를 알려", "Korean"),
        ("เขียนข้อความ", "Thai"),
        ("लिखिए", "Devanagari"),
        ("12 + 3 = 🙂", ""),
    ],
)
def test_scripts_have_the_names_that_people_call_them(text, script):
    assert script_of(text) == script


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 50), max_size=8), st.integers(0, 120))
def test_shares_take_as_many_as_there_are_and_as_evenly_as_can_be(sizes, total):
    taken = shares(sizes, total)

    assert sum(taken.values()) == min(total, sum(sizes.values()))
    assert all(taken[name] <= size for name, size in sizes.items())
    cut_short = [taken[name] for name, size in sizes.items() if taken[name] < size]
    assert not cut_short or max(taken.values()) - min(cut_short) <= 1


def test_a_sample_holds_every_reason_and_fills_the_page():
    rows = [kept(f"Sort {number}.", id=f"{number}") for number in range(300)]
    rows += [dropped("near-duplicate") for _ in range(300)] + [dropped("once")]
    shown = fed(SamplesFigure(100, 0), rows).value(lambda _: "")

    assert len(shown) == 100
    assert Counter(row["kept"] for row in shown) == {True: 50, False: 50}
    assert sum(row["reason"] == "once" for row in shown) == 1
    assert [int(row["id"]) for row in shown if row["kept"]] == sorted(int(row["id"]) for row in shown if row["kept"])


def test_few_rows_are_all_shown():
    rows = [kept() for _ in range(30)] + [dropped() for _ in range(3)]

    assert len(fed(SamplesFigure(100, 0), rows).value(lambda _: "")) == 33


def test_a_dropped_instance_is_shown_by_its_parts_and_a_long_text_says_what_is_left_out():
    text = '{"instruction": "Sort these.", "input": "", "output": "' + "x" * 5_000 + '"}'
    (shown,) = fed(SamplesFigure(5, 0), [dropped("cut", level="instance", text=text)]).value(lambda _: "")

    assert [(name, len(shown_text), left) for name, shown_text, left in shown["texts"]] == [
        ("instruction", 11, 0),
        ("output", 3_000, 2_000),
    ]
