"""`bootstrap --from`: an existing dataset is grown further: its rows are shown and compared with, not written again."""

import json
import shutil

import pytest

from ift_builder.formats import seed_tasks
from ift_builder.journal import open_to_read
from ift_builder.records import Instance
from ift_builder.runs import DROPPED, EXAMPLES
from ift_builder.runs import dataset_tasks as dataset
from tests.files import rows_of

ROWS = [
    {"instruction": "Name three rivers that flow north.", "input": "", "output": "Nile, Ob, Lena"},
    {"instruction": "Translate the sign into Danish.", "input": "Exit", "output": "Udgang"},
    {"instruction": "Translate the sign into Danish.", "input": "Way in", "output": "Indgang"},
    {"instruction": "Work out what the guest owes.", "input": "two teas at 3 euros", "output": ""},
]


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def alpaca(tmp_path_factory):
    """A file of Alpaca's columns."""
    return lines(tmp_path_factory.mktemp("data") / "alpaca.jsonl", ROWS)


@pytest.fixture
def grow(ift_build, tmp_path):
    """Runs the demo into `tmp_path / "new"`."""
    return lambda *more: ift_build(
        "bootstrap", "--model", "demo", "--target", 8, "--out", tmp_path / "new", "--no-report", "--json", *more
    )


# Reading


def test_rows_with_one_instruction_are_one_task_and_a_row_without_output_brings_none(alpaca):
    tasks = dataset.read(alpaca)

    assert [task.instruction for task in tasks] == [ROWS[number]["instruction"] for number in (0, 1, 3)]
    assert tasks[1].instances == (Instance("Exit", "Udgang"), Instance("Way in", "Indgang"))
    assert tasks[2].instances == ()


def as_json(path):
    path.write_text(json.dumps(ROWS))


def as_csv(path):
    import csv

    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(ROWS[0]))
        writer.writeheader()
        writer.writerows(ROWS)


def as_parquet(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(ROWS), path)


@pytest.mark.parametrize(("name", "write"), [("a.json", as_json), ("a.csv", as_csv), ("a.parquet", as_parquet)])
def test_all_kinds_of_files_hold_the_same_tasks(alpaca, tmp_path, name, write):
    write(tmp_path / name)

    assert dataset.read(tmp_path / name) == dataset.read(alpaca)


def test_seed_files_and_columns_of_no_concern_are_read_too(tmp_path):
    rows = [{**ROWS[0], "text": "whole", "lang": 3}, {**ROWS[1], "input": None}]
    rows[1].pop("input")

    assert [task.instances[0].input for task in dataset.read(lines(tmp_path / "a.jsonl", rows))] == ["", ""]
    assert [task.id for task in dataset.read(seed_tasks.shipped())][:2] == ["seed-001", "seed-002"]


def test_ids_are_those_of_the_rows_and_never_stand_twice(tmp_path):
    rows = [{**ROWS[0], "id": 7}, {**ROWS[1], "id": "7"}, {**ROWS[3], "id": "x"}]
    ids = [task.id for task in dataset.read(lines(tmp_path / "a.jsonl", rows))]

    assert (ids[0], ids[2]) == ("7", "x")
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("name", "content", "where", "words"),
    [
        ("a.jsonl", '{"instruction": "Sing.", "output": "la"}\n{"instruction": 3, "output": ""}\n', ":2", "type int"),
        ("a.jsonl", '{"instruction": "Sing.", "output": "la"}\n\n{"a": 1}\n', ":3", "no shape"),
        ("a.jsonl", '{"instruction": "Sing.", "output": "la"}\n{"instr\n', ":2", "not valid JSON"),
        ("a.jsonl", '{"messages": [{"role": "user", "content": "Hi"}]}\n', ":1", "shape 'messages'"),
        ("a.jsonl", '{"instruction": " ", "output": "la"}\n', ":1", "`instruction` is empty"),
        ("a.json", '[{"instruction": "Sing.", "output": "la"}, {"output": "la"}]', "[1]", "no shape"),
        ("a.jsonl", "\n", "a.jsonl", "no task"),
        ("a.txt", "Sing.", "a.txt", "kind '.txt'"),
    ],
)
def test_bad_input_is_said_with_file_and_line_before_anything_is_made(grow, tmp_path, name, content, where, words):
    (tmp_path / name).write_text(content)
    ran = grow("--from", tmp_path / name)

    assert ran.code == 1
    assert ran.result["where"].endswith(f"{name}{where.removeprefix(name)}")
    assert words in ran.result["error"]
    assert ran.result["hint"]
    assert not (tmp_path / "new").exists()


def test_a_dataset_that_is_not_there(grow, tmp_path):
    ran = grow("--from", tmp_path / "none")

    assert ran.code == 1
    assert "no such file or folder" in ran.result["error"]


# Growing


def test_the_examples_of_a_run_are_shown_compared_with_and_not_written_again(grow, ift_build, tmp_path):
    ift_build("bootstrap", "--model", "demo", "--target", 20, "--out", tmp_path / "old", "--no-report")
    ran = grow("--from", tmp_path / "old", "--similarity", 0.3)
    old = {row["id"]: row for row in rows_of(tmp_path / "old" / EXAMPLES)}
    new = rows_of(tmp_path / "new" / EXAMPLES)
    parents = [set(row["source"]["parents"]) & old.keys() for row in new]
    like = {row["evidence"].get("of") for row in rows_of(tmp_path / "new" / DROPPED)}

    assert ran.result["tasks"]["kept"] == 8
    assert not old.keys() & {row["id"] for row in new}
    assert any(parents)
    assert all(len(found) <= 2 for found in parents)
    assert like & old.keys()


def test_the_first_prompt_shows_tasks_of_the_dataset(grow, alpaca, tmp_path):
    grow("--from", alpaca)
    first = min(rows_of(tmp_path / "new" / EXAMPLES), key=lambda row: row["source"]["prompts"][0])
    ids = {task.id for task in dataset.read(alpaca)}
    with open_to_read(tmp_path / "new" / "journal.sqlite") as journal:
        prompt = journal.prompt(first["source"]["prompts"][0])
    shown = [task.instruction for task in dataset.read(alpaca) if task.instruction in str(prompt)]

    assert len(ids & set(first["source"]["parents"])) == len(shown) == 2


def test_settings_know_the_dataset_by_its_content_wherever_it_lies(grow, alpaca, tmp_path):
    shutil.copy(alpaca, tmp_path / "moved.jsonl")
    grow("--from", alpaca)
    before = (tmp_path / "new" / EXAMPLES).read_bytes()
    ran = grow("--from", tmp_path / "moved.jsonl")

    assert ran.code == 0
    assert ran.result["requests"]["this_sitting"]["asked"] == 0
    assert (tmp_path / "new" / EXAMPLES).read_bytes() == before
    assert str(alpaca) not in (tmp_path / "new" / "settings.json").read_text()


def test_a_resume_with_other_content_is_refused(grow, tmp_path):
    grow("--from", lines(tmp_path / "a.jsonl", ROWS))
    lines(tmp_path / "a.jsonl", ROWS[:2])
    ran = grow("--from", tmp_path / "a.jsonl")
    without = grow()

    assert (ran.code, without.code) == (1, 1)
    assert "other settings (from: " in ran.result["error"]
    assert "other settings (from: " in without.result["error"]


@pytest.mark.parametrize("inside", ["", EXAMPLES])
def test_a_run_cannot_grow_from_its_own_folder(grow, tmp_path, inside):
    grow()
    before = (tmp_path / "new" / EXAMPLES).read_bytes()
    ran = grow("--from", tmp_path / "new" / inside)

    assert ran.code == 2
    assert "--out" in ran.result["error"]
    assert (tmp_path / "new" / EXAMPLES).read_bytes() == before


# Evolving


def evolve(ift_build, out, *more):
    return ift_build(
        "bootstrap", "--model", "demo", "--strategy", "evolve", "--out", out, "--no-report", "--json", *more
    )


def test_without_a_target_each_task_has_its_rounds(ift_build, alpaca, tmp_path):
    ran = evolve(ift_build, tmp_path / "new", "--from", alpaca, "--rounds", 3)

    assert ran.result["status"] == "exhausted"
    assert ran.result["target"] == 9
    assert ran.result["answers"]["seen"] == 9


def test_more_rounds_take_a_run_up_again_and_fewer_are_refused(ift_build, alpaca, tmp_path):
    evolve(ift_build, tmp_path / "whole", "--from", alpaca)
    for rounds in (2, 4):
        assert evolve(ift_build, tmp_path / "new", "--from", alpaca, "--rounds", rounds).code == 0
    fewer = evolve(ift_build, tmp_path / "new", "--from", alpaca, "--rounds", 3, "--target", 12)

    for name in (EXAMPLES, DROPPED):
        assert (tmp_path / "new" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert fewer.code == 1
    assert "--rounds 4 or more" in fewer.result["hint"]


def test_a_run_evolves_from_another_runs_tasks_and_names_them(ift_build, tmp_path):
    ift_build("bootstrap", "--model", "demo", "--target", 12, "--out", tmp_path / "old", "--no-report")
    ran = evolve(ift_build, tmp_path / "new", "--from", tmp_path / "old")
    old = {row["id"] for row in rows_of(tmp_path / "old" / EXAMPLES)}
    new = rows_of(tmp_path / "new" / EXAMPLES)
    tasks = {row["task"]["name"] for row in new}

    assert ran.result["status"] == "exhausted"
    assert all(set(row["source"]["parents"]) <= old | tasks for row in new)
    assert {row["source"]["template"].partition("/")[0] for row in new} == {"evolve"}


def test_rounds_go_with_evolve_alone(grow):
    ran = grow("--rounds", 2)

    assert ran.code == 2
    assert "--strategy evolve" in ran.result["error"]
