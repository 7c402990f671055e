"""Answers without labels, dropped or kept; and what a model writes of another task, which is dropped and counted."""

import json

import pytest

from ift_builder.formats import schemas
from ift_builder.runs import CARD, DROPPED, EXAMPLES, SETTINGS
from tests.fake_server import FakeServer, answers_of
from tests.files import rows_of
from tests.purposes import purpose_of
from tests.scripted import ScriptedBackend, sensible

MARK = "self-instruct/unlabelled-answer"
NEXT = "Task: Write an article about coffee.\nOutput: Coffee is a drink."


def weak(prompt):
    """A model that does every third task instead of giving examples of it, and goes on with a task of its own."""
    if prompt.purpose != "instances_input_first":
        return sensible(prompt)
    kind = int(prompt.key, 16) % 3
    labelled = sensible(prompt)
    return (f"Well done.\n\n{NEXT}", f"It takes {prompt.key} steps.", f"{labelled}\n\n{NEXT}")[kind]


@pytest.fixture
def grow(ift_build, tmp_path):
    """Grows a dataset of the weak model's."""
    with FakeServer(answer=answers_of(ScriptedBackend(weak).complete, purpose_of)) as server:
        yield lambda *more, out="run": ift_build(
            *("bootstrap", "--model", "m", "--base-url", server.url, "--target", 30, "--out", tmp_path / out),
            *("--no-report", "--json", *more),
        )


def rows(folder):
    return rows_of(folder / EXAMPLES), rows_of(folder / DROPPED)


def test_answers_without_labels_are_dropped_as_unreadable_unless_they_are_wanted(grow, tmp_path):
    ran = grow()
    examples, dropped = rows(tmp_path / "run")

    assert ran.code == 0
    assert ran.result["tasks"]["dropped"]["unreadable-instances"] > 0
    assert {row["source"]["template"] for row in [*examples, *dropped]} == {"self-instruct"}
    assert "unlabelled_answers" not in json.loads((tmp_path / "run" / SETTINGS).read_text())
    assert "unlabelled" not in (tmp_path / "run" / CARD).read_text()


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_kept_ones_are_marked_and_counted(grow, tmp_path, api):
    ran = grow("--unlabelled-answers", "keep", "--api", api)
    examples, dropped = rows(tmp_path / "run")
    marked = [row for row in examples if row["source"]["template"] == MARK]
    card = (tmp_path / "run" / CARD).read_text()

    assert ran.code == 0
    assert "unreadable-instances" not in ran.result["tasks"]["dropped"]
    assert {row["input"] for row in marked} == {""}
    assert 0 < len(marked) == ran.result["readings"]["unlabelled-answer"] < len(examples)
    assert f"{len(marked)} rows" in card
    assert "--unlabelled-answers keep" in card
    assert not [said for row in examples if (said := schemas.complaint("example", row))]
    assert not [said for row in dropped if (said := schemas.complaint("dropped", row))]


def test_what_a_model_writes_of_another_task_is_dropped_with_its_text_and_counted(grow, tmp_path):
    ran = grow("--unlabelled-answers", "keep")
    examples, dropped = rows(tmp_path / "run")
    beyond = [row for row in dropped if row["reason"] == "next-task"]
    counts = ran.result["instances"]

    assert not [row for row in examples if "Task:" in row["output"]]
    assert {row["text"] for row in beyond} == {f"Output: {NEXT}"}
    assert len(beyond) == counts["dropped"]["next-task"]
    assert counts["seen"] == counts["kept"] + counts["open"] + sum(counts["dropped"].values())


def test_a_run_is_not_continued_with_the_other_choice(grow):
    grow()
    refused = grow("--unlabelled-answers", "keep")

    assert refused.code == 1
    assert "unlabelled_answers" in refused.err


def test_a_second_judgement_keeps_them_and_their_marks(grow, ift_build, tmp_path):
    grow("--unlabelled-answers", "keep")
    run, again = tmp_path / "run", tmp_path / "again"
    same = ift_build("screen", run, "--out", again, "--no-report")
    stricter = ift_build("screen", run, "--out", tmp_path / "fewer", "--similarity", 0.2, "--no-report")

    assert same.code == stricter.code == 0
    assert [(again / name).read_bytes() for name in (EXAMPLES, DROPPED)] == [
        (run / name).read_bytes() for name in (EXAMPLES, DROPPED)
    ]
    kept = [row["id"] for row in rows(run)[0] if row["source"]["template"] == MARK]
    fewer = [row["id"] for row in rows(tmp_path / "fewer")[0] if row["source"]["template"] == MARK]
    assert set(fewer) < set(kept)


def test_the_choice_goes_with_the_strategy_that_asks_for_labels(ift_build, tmp_path):
    given = ["bootstrap", "--model", "demo", "--out", tmp_path / "run", "--unlabelled-answers", "keep"]

    assert ift_build(*given, "--strategy", "alpaca").code == 2
