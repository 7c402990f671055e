"""Values that a dataset writes in another way than it means them are mapped as the templates say, and counted."""

import orjson
import pytest

from ift_builder.formats.template_set import Column
from ift_builder.rendering.spellings import mapped
from tests.conftest import ROOT
from tests.files import rows_of

ROWS = ROOT / "tests" / "templates" / "rows"
OPTIONS = {"q_op1": "Ice cream", "q_op2": "bed ", "q_op3": "Oven", "q_op4": "piano", "q_op5": "hall"}


def changed(tmp_path, name, *changes):
    """A file of the shipped file's first sample row, once with each of the changes."""
    row = rows_of(ROWS / f"{name}.jsonl")[0]
    path = tmp_path / f"{name}.jsonl"
    path.write_bytes(b"".join(orjson.dumps({**row, **change}) + b"\n" for change in changes))
    return path


def test_svamps_common_divison_is_a_division(convert, tmp_path):
    data = changed(tmp_path, "svamp", {"Type": "Common-Divison"}, {"Type": "Common-Division"}, {"Type": "Addition"})
    ran = convert(data, "--template", "svamp#which_operation")

    assert [row["output"] for row in ran.examples] == ["divide", "divide", "add"]
    assert ran.manifest["renderings"]["mapped"] == {"Type": 1}
    assert ran.manifest["datasets"][0]["templates"]["svamp#which_operation"]["mapped"] == {"Type": 1}
    assert "Type 1" in ran.err


ANSWERS = {"ice cream": "Ice cream", "bed": "bed ", " oven": "Oven", "icecream": "Ice cream"}
"""Answers of ECQA's kind, and the options that they are."""


@pytest.mark.parametrize("template", ["choose_one", "reason_it_out", "words_on_cards", "in_favour_of_it"])
def test_ecqas_answers_that_differ_in_case_or_blanks_are_the_option(convert, tmp_path, template):
    data = changed(tmp_path, "ecqa", *({**OPTIONS, "q_ans": answer} for answer in [*ANSWERS, "piano"]))
    ran = convert(data, "--template", f"ecqa#{template}")

    assert [row["output"] for row in ran.examples] == [*ANSWERS.values(), "piano"]
    assert all(row["output"] in row["options"] for row in ran.examples)
    assert ran.manifest["renderings"]["mapped"] == {"q_ans": 4}


def test_a_template_that_does_not_show_the_options_maps_the_answer_too(convert, tmp_path):
    data = changed(tmp_path, "ecqa", {**OPTIONS, "q_ans": " oven"})
    (row,) = convert(data, "--template", "ecqa#guess_the_question", "--invert").examples

    assert 'The answer was "Oven"' in row["instruction"]


def test_an_answer_that_is_no_option_is_dropped_and_not_guessed(convert, tmp_path):
    data = changed(tmp_path, "ecqa", {**OPTIONS, "q_ans": "hallway"}, {**OPTIONS, "q_ans": "piano"})
    ran = convert(data, "--template", "ecqa#choose_one")

    assert (len(ran.examples), len(ran.dropped)) == (1, 1)
    assert "mapped" not in ran.manifest["renderings"]


def test_processes_count_the_same(convert, tmp_path):
    rows = [{"Type": kind} for kind in ("Common-Divison", "Addition", "Common-Division")] * 1000
    data = changed(tmp_path, "svamp", *rows)
    one, two = (convert(data, "--workers", workers, "--per-row", "all", "--no-report") for workers in (1, 2))

    assert one.manifest["renderings"] == two.manifest["renderings"]
    assert one.manifest["renderings"]["mapped"] == {"Type": 1000}


AMBIGUOUS = Column("answer", "answer", "text", one_of=("a", "b"))


def test_an_answer_that_could_be_two_options_stays():
    assert mapped(["X"], AMBIGUOUS, [["x"], ["x "]]) == (["X"], set())


def test_an_answer_that_is_an_option_stays_though_another_is_nearly_the_same():
    assert mapped(["x"], AMBIGUOUS, [["x"], ["X"]]) == (["x"], set())


def test_nulls_and_other_values_stay():
    assert mapped([None, 3, ["x"]], AMBIGUOUS, [[None, "3", "x"], ["x", "y", "z"]]) == ([None, 3, ["x"]], set())


def test_a_choice_that_is_no_declared_column_is_refused(convert, tmp_path):
    path = tmp_path / "mine.yaml"
    shipped = (ROOT / "templates" / "datasets" / "ecqa.yaml").read_text()
    path.write_text(shipped.replace("one_of: [q_op1", "one_of: [q_op9"))
    ran = convert(ROWS / "ecqa.jsonl", "--template", path, code=1)

    assert "`one_of` of column 'q_ans' names 'q_op9'" in ran.err


def test_a_dataset_that_lacks_one_of_the_choices_is_refused(convert, tmp_path):
    row = rows_of(ROWS / "ecqa.jsonl")[0]
    (tmp_path / "ecqa.jsonl").write_bytes(orjson.dumps({name: row[name] for name in row if name != "q_op3"}) + b"\n")
    ran = convert(tmp_path / "ecqa.jsonl", "--template", "ecqa#guess_the_question", "--invert", code=1)

    assert "no column 'q_op3'" in ran.err
