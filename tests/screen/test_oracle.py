"""Judging again decides as a plain from-scratch judgement of the same candidates in the same order does."""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ift_builder.runs import DROPPED, EXAMPLES
from ift_builder.screen import Plan, opened, screen
from ift_builder.screen.thresholds import Thresholds
from ift_builder.screening.wording import BEYOND_TEXT, WordingScreens
from tests.files import rows_of
from tests.screen.growing import Limits, candidates_of, from_scratch, grow, seeds

SCREENS = ("length", "beyond-text", "opening", "leading-mark", "near-duplicate")

LIMITS = st.builds(
    Limits,
    similarity=st.sampled_from([0.2, 0.35, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 1.0]) | st.floats(0.05, 1.0),
    min_words=st.integers(1, 8),
    max_words=st.integers(8, 20) | st.just(150),
    forbidden=st.sampled_from([BEYOND_TEXT, (), ("soup",), (*BEYOND_TEXT, "ember", "Walnut"), ("map",)]),
    off=st.frozensets(st.sampled_from(SCREENS), max_size=2),
)


@pytest.fixture(scope="module", params=["complete", "stopped", "stopped twice", "saturated", "resumed"])
def run(request, tmp_path_factory):
    """(folder, seed file, model) of runs that ended in every way."""
    root = tmp_path_factory.mktemp("runs")
    file, folder = seeds(root / "seeds.jsonl"), root / "run"
    if request.param == "complete":
        model = grow(folder, file)
    elif request.param == "saturated":
        model = grow(folder, file, target=400, patience=12)
    else:
        model = grow(folder, file, stop_after=70)
        if request.param == "stopped twice":
            grow(folder, file, stop_after=30, model=model)
        elif request.param == "resumed":
            grow(folder, file, model=model)
    return folder, file, model


def judge_again(run, out, limits):
    folder, file, _ = run
    wording = WordingScreens(limits.min_words, limits.max_words, limits.forbidden, off=limits.off)
    plan = Plan(opened(folder), Thresholds(limits.similarity, "unicode", wording), file)
    return screen(plan, out, on_progress=lambda _: None)


def expected(run, limits):
    """The two files' rows, told from the run's own by two judgements from scratch."""
    folder, file, model = run
    seen = orjson.loads((folder / "manifest.json").read_bytes())["answers"]["seen"]
    candidates = candidates_of(model, seen)
    before, now = (from_scratch(candidates, rows_of(file), each) for each in (Limits(), limits))
    examples, dropped = rows_of(folder / EXAMPLES), rows_of(folder / DROPPED)
    of_answers = {row["source"]["prompts"][0]: row for row in dropped if row["level"] == "answer"}
    expected_examples, expected_dropped = [], []
    for number in range(seen):
        key, items, _ = model.asked[number]
        expected_dropped += [of_answers[key]] if not items else []
        for id_, text, whole in candidates_of_round(candidates, model, number):
            own = [row for row in examples if row["task"]["name"] == id_]
            lost = [row for row in dropped if id_ in (row["id"], row["evidence"].get("task"))]
            if whole and now[id_]:
                expected_dropped.append((id_, key, text, *now[id_]))
            elif whole and before[id_]:
                reason, evidence = before[id_]
                was = {"screen": "instances", "before": reason, "evidence_before": evidence}
                expected_dropped.append((id_, key, text, "not-developed", was))
            else:
                expected_examples += own
                expected_dropped += lost
    return expected_examples, expected_dropped, before, now


def candidates_of_round(candidates, model, number):
    start = sum(len(model.asked[earlier][1]) for earlier in range(number))
    return candidates[start : start + len(model.asked[number][1])]


def matches(row, told):
    if isinstance(told, dict):
        return row == told
    id_, key, text, reason, evidence = told
    said = (row["id"], row["level"], row["text"], row["reason"], row["evidence"], row["source"]["prompts"])
    return said == (id_, "task", text, reason, evidence, [key])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=LIMITS)
def test_the_result_is_that_of_a_judgement_from_scratch(run, tmp_path_factory, limits):
    out = tmp_path_factory.mktemp("out") / "run"
    screened = judge_again(run, out, limits)
    examples, dropped, before, now = expected(run, limits)
    written = rows_of(out / DROPPED)

    assert rows_of(out / EXAMPLES) == examples
    assert len(written) == len(dropped)
    assert [(row, told) for row, told in zip(written, dropped, strict=True) if not matches(row, told)] == []
    changes = screened.manifest.extra["changes"]
    assert changes["newly_kept"] == sum(bool(before[id_]) and not now[id_] for id_ in now)
    assert changes["newly_dropped"] == sum(bool(now[id_]) and not before[id_] for id_ in now)
    both = [id_ for id_ in now if before[id_] and now[id_]]
    assert changes["other_reason"] == sum(before[id_][0] != now[id_][0] for id_ in both)
    for level in ("answers", "tasks", "instances"):
        assert screened.manifest.levels[level].add_up
    levels = screened.manifest.levels
    assert levels["tasks"].seen == len(candidates_of(run[2], levels["answers"].seen))


def test_at_its_own_thresholds_a_run_comes_out_byte_for_byte(run, tmp_path):
    folder, _, _ = run
    screened = judge_again(run, tmp_path / "out", Limits())
    manifest = orjson.loads((folder / "manifest.json").read_bytes())

    for name in (EXAMPLES, DROPPED):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()
    for level in ("answers", "tasks", "instances"):
        counts = screened.manifest.levels[level].as_json()
        assert counts == manifest[level]
        assert list(counts["dropped"]) == list(manifest[level]["dropped"])
    assert set(screened.manifest.extra["changes"].values()) == {0}


def test_the_runs_are_of_every_kind(run, request):
    """So that the tests above say something."""
    folder, _, _ = run
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    kind = request.node.callspec.params["run"]

    assert manifest["status"] == {
        "complete": "complete",
        "resumed": "complete",
        "saturated": "saturated",
    }.get(kind, "interrupted")
    assert (manifest["tasks"]["open"] > 0) == kind.startswith("stopped")
    assert {"near-duplicate", "too-short", "beyond-text", "leading-mark"} <= manifest["tasks"]["dropped"].keys()
    if kind in ("complete", "resumed", "saturated"):
        assert manifest["answers"]["dropped"] == {"empty-answer": 1}
        assert {"cut", "unreadable-classification"} <= manifest["tasks"]["dropped"].keys()
