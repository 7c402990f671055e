"""`ift-build show`: the whole story of a record."""

import pytest

from tests.files import rows_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run as call

    folder = tmp_path_factory.mktemp("runs") / "demo"
    assert call(ift_build, ["bootstrap", "--model", "demo", "--target", "30", "--out", str(folder), "--quiet"]) == 0
    return folder


def test_an_examples_story_has_its_requests_raw_answers_and_verdicts(run, ift_build):
    row = rows_of(run / "examples.jsonl")[0]
    ran = ift_build("show", run, row["id"])

    assert "kept as an example" in ran.out
    assert row["instruction"].splitlines()[0] in ran.out
    for step in ("request propose", "request classify", "request instances_"):
        assert step in ran.out
    assert ran.out.count("── answer") == 3
    assert "near-duplicate: kept" in ran.out


def test_every_dropped_candidate_has_a_story_with_its_reason(run, ift_build):
    for row in rows_of(run / "dropped.jsonl"):
        ran = ift_build("show", run, row["id"])
        assert ran.code == 0
        assert row["reason"] in ran.out
        assert "request propose" in ran.out


def test_a_task_id_shows_all_its_examples(run, ift_build):
    task = rows_of(run / "examples.jsonl")[0]["task"]["name"]
    count = sum(row["task"]["name"] == task for row in rows_of(run / "examples.jsonl"))
    ran = ift_build("show", run, task, "--json")

    assert sum(story["kept"] for story in ran.result["stories"]) == count


def test_without_id_it_shows_the_run_at_a_glance(run, ift_build):
    ran = ift_build("show", run)

    assert "complete" in ran.out
    assert rows_of(run / "examples.jsonl")[0]["id"] in ran.out


def test_an_unknown_id_is_said(run, ift_build):
    ran = ift_build("show", run, "nope")

    assert ran.code == 1
    assert "'nope'" in ran.err


def test_a_folder_without_a_run_is_said(tmp_path, ift_build):
    ran = ift_build("show", tmp_path)

    assert ran.code == 1
    assert "no run here" in ran.err


def test_control_characters_of_a_model_do_not_reach_the_terminal(run, ift_build, tmp_path):
    row = rows_of(run / "examples.jsonl")[0]
    (tmp_path / "examples.jsonl").write_bytes(__import__("orjson").dumps({**row, "instruction": "red \x1b[31m alert"}))
    ran = ift_build("show", tmp_path, row["id"])

    assert "\x1b" not in ran.out
    assert "alert" in ran.out


def test_a_run_that_has_not_ended_is_said_to_be_one(run, ift_build, tmp_path):
    (tmp_path / "settings.json").write_bytes((run / "settings.json").read_bytes())
    ran = ift_build("show", tmp_path)

    assert ran.code == 0
    assert "not come to an end" in ran.err


def test_a_dataset_from_elsewhere_is_said_to_be_one(ift_build, tmp_path):
    (tmp_path / "examples.jsonl").write_text('{"instruction": "x"}\n')

    assert "no record of ours" in ift_build("show", tmp_path).err


def test_whoever_reads_only_the_beginning_is_no_error(run):
    import subprocess
    import sys

    from tests.conftest import ROOT

    command = f"{sys.executable} -m ift_builder show {run} ''; {sys.executable} -m ift_builder show {run} | head -n 1"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert ran.returncode == 0
    assert ran.stderr == ""


def test_a_run_in_parquet_is_shown_too(ift_build, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"text": "Rain is on its way.", "label": 2}\n' * 3)
    convert = ["convert", tmp_path / "rows.jsonl", "--template", "ag_news", "--out", tmp_path / "run"]
    assert ift_build(*convert, "--file-format", "parquet").code == 0
    (example, *_) = ift_build("show", tmp_path / "run", "--json").result["examples"]

    assert "Rain is on its way." in ift_build("show", tmp_path / "run", example["id"]).out


def test_what_dedupe_dropped_is_shown_and_what_it_kept_stays_the_users_own(ift_build, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"instruction": "Name a river in France."}\n' * 2)
    assert ift_build("dedupe", tmp_path / "rows.jsonl", "--out", tmp_path / "run").code == 0
    (dropped,) = rows_of(tmp_path / "run" / "dropped.jsonl")

    assert "near-duplicate" in ift_build("show", tmp_path / "run").out
    assert "of_line: 1" in ift_build("show", tmp_path / "run", dropped["id"]).out


def test_a_beginning_that_fits_many_records_is_said_to_be_too_short(ift_build, tmp_path):
    folder = tmp_path / "run"
    ift_build("bootstrap", "--model", "demo", "--target", 400, "--out", folder, "--quiet")
    digit = max(
        "0123456789abcdef", key=lambda digit: sum(row["id"][0] == digit for row in rows_of(folder / "examples.jsonl"))
    )
    ran = ift_build("show", folder, digit)

    assert ran.code == 1
    assert "give more of it" in ran.err


def test_programs_are_told_the_whole_story_too(run, ift_build):
    row = rows_of(run / "examples.jsonl")[0]
    (story,) = ift_build("show", run, row["id"], "--json").result["stories"]

    assert [exchange["prompt"]["purpose"] for exchange in story["exchanges"]][:2] == ["propose", "classify"]
    assert story["verdicts"]
