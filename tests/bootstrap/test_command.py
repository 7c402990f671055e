"""`ift-build bootstrap` as a user runs it, with the scripted model."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from ift_builder.formats import schemas
from ift_builder.journal import open_to_read
from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL
from tests.conftest import ROOT
from tests.files import rows_of

FILES = (EXAMPLES, DROPPED)


def bytes_of(folder):
    return [(folder / name).read_bytes() for name in FILES]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A finished demo run of 100 tasks, and what was printed."""
    folder = tmp_path_factory.mktemp("runs") / "demo"
    ran = in_process_of_its_own(folder)
    assert ran.returncode == 0, ran.stderr
    return folder, ran.stdout


def command(folder, *more, target=100):
    common = ["bootstrap", "--model", "demo", "--target", str(target), "--out", str(folder)]
    return [sys.executable, "-m", "ift_builder", *common, *map(str, more)]


def in_process_of_its_own(folder, *more, target=100, **environment):
    return subprocess.run(
        command(folder, *more, target=target),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def test_the_demo_keeps_a_hundred_tasks_that_fit_the_schema(demo):
    folder, _ = demo
    rows = rows_of(folder / EXAMPLES)

    assert len({row["task"]["name"] for row in rows}) == 100
    assert [complaint for row in rows if (complaint := schemas.complaint("example", row))] == []
    assert [complaint for row in rows_of(folder / DROPPED) if (complaint := schemas.complaint("dropped", row))] == []


def test_the_demo_shows_every_screen_at_work_with_evidence(demo):
    folder, _ = demo
    dropped = rows_of(folder / DROPPED)
    screens = {row["evidence"].get("screen") for row in dropped}

    assert {
        "length",
        "beyond-text",
        "opening",
        "leading-mark",
        "near-duplicate",
        "reading",
        "classify",
        "instance",
    } <= screens
    near = next(row for row in dropped if row["reason"] == "near-duplicate")
    assert near["evidence"]["rouge_l"] > 0.7
    assert near["evidence"]["text"]


def test_the_manifest_accounts_for_every_candidate(demo):
    folder, _ = demo
    manifest = json.loads((folder / "manifest.json").read_text())
    for level in ("answers", "tasks", "instances"):
        counts = manifest[level]
        assert counts["seen"] == counts["kept"] + sum(counts["dropped"].values())
    assert manifest["instances"]["kept"] == len(rows_of(folder / EXAMPLES))
    dropped = sum(sum(manifest[level]["dropped"].values()) for level in ("answers", "tasks", "instances"))
    assert dropped == len(rows_of(folder / DROPPED))
    assert manifest["model"]["scripted"] is True


def test_the_end_tells_what_was_dropped_and_where_the_files_are(demo):
    folder, printed = demo

    assert "near-duplicate" in printed
    assert str(folder / EXAMPLES) in printed
    assert "The target is reached." in printed


def test_the_journal_has_a_verdict_on_every_candidate_and_instance(demo):
    folder, _ = demo
    with open_to_read(folder / JOURNAL) as journal:
        for row in rows_of(folder / DROPPED):
            if row["level"] in ("task", "instance") and row["reason"] not in ("no-valid-instance", "after-end"):
                assert journal.verdicts(row["id"])[-1].reason == row["reason"]


def test_ids_are_unique_in_a_run(demo):
    folder, _ = demo
    ids = [row["id"] for name in FILES for row in rows_of(folder / name)]

    assert len(ids) == len(set(ids))


def test_the_dataset_opens_with_the_datasets_library(demo, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    folder, _ = demo
    loaded = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path))

    assert loaded.num_rows == len(rows_of(folder / EXAMPLES))
    assert {"instruction", "input", "output"} <= set(loaded.column_names)


@pytest.mark.parametrize("concurrency", [1, 4, 64])
@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_concurrency_and_hash_seed_do_not_change_a_byte(demo, tmp_path, concurrency, hash_seed):
    folder, _ = demo
    in_process_of_its_own(tmp_path / "run", "--concurrency", concurrency, PYTHONHASHSEED=hash_seed)

    assert bytes_of(tmp_path / "run") == bytes_of(folder)


def test_another_seed_gives_another_dataset(demo, tmp_path, ift_build):
    folder, _ = demo
    ift_build("bootstrap", "--model", "demo", "--target", 20, "--seed", 1, "--out", tmp_path / "run")

    assert bytes_of(tmp_path / "run") != bytes_of(folder)


def test_running_it_again_asks_nothing_and_changes_nothing(demo, ift_build):
    folder, _ = demo
    before = bytes_of(folder)
    ran = ift_build("bootstrap", "--model", "demo", "--target", 100, "--out", folder, "--json")

    assert ran.code == 0
    assert ran.result["requests"]["this_sitting"]["asked"] == 0
    assert bytes_of(folder) == before


def test_a_smaller_run_continued_to_a_higher_target_equals_one_run(demo, tmp_path, ift_build):
    folder, _ = demo
    for target in (10, 40, 100):
        ift_build("bootstrap", "--model", "demo", "--target", target, "--out", tmp_path / "run")

    assert bytes_of(tmp_path / "run") == bytes_of(folder)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on_and_ends_with_the_same_bytes(tmp_path, slow_demo, sent):
    whole, run = tmp_path / "whole", tmp_path / "run"
    assert subprocess.run(slow_demo(whole), check=False, capture_output=True, cwd=ROOT).returncode == 0
    process = subprocess.Popen(slow_demo(run), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    wait_for_answers(run)
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "Run the same command to go on" in out
    assert "Traceback" not in err
    assert json.loads((run / "manifest.json").read_text())["status"] == "interrupted"
    assert subprocess.run(slow_demo(run), check=False, capture_output=True, cwd=ROOT).returncode == 0
    assert bytes_of(run) == bytes_of(whole)


def test_a_second_interrupt_leaves_at_once_and_says_how_to_go_on(tmp_path, slow_demo):
    process = subprocess.Popen(
        [*slow_demo(tmp_path / "run", pause=30), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    for _ in range(500):
        time.sleep(0.02)
        if (tmp_path / "run" / "settings.json").exists():
            break
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "run the same command to go on" in err
    assert "Traceback" not in err
    assert [json.loads(line)["ok"] for line in out.splitlines()] == [False]


def test_a_killed_run_goes_on_without_asking_anything_twice(tmp_path, slow_demo):
    whole, run = tmp_path / "whole", tmp_path / "run"
    assert subprocess.run(slow_demo(whole), check=False, capture_output=True, cwd=ROOT).returncode == 0
    process = subprocess.Popen(slow_demo(run), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    recorded = wait_for_answers(run)
    process.kill()
    process.wait()
    ran = subprocess.run([*slow_demo(run), "--json"], check=False, capture_output=True, text=True, cwd=ROOT)

    result = json.loads(ran.stdout.splitlines()[-1])
    assert result["requests"]["this_sitting"]["recalled"] >= recorded
    assert bytes_of(run) == bytes_of(whole)


@pytest.fixture
def slow_demo(tmp_path):
    """A command line for a demo run that takes a second or two, so that it can be interrupted."""

    def script(pause):
        return (
            "import asyncio, sys\n"
            "from ift_builder.backends.demo import DemoBackend\n"
            "complete = DemoBackend.complete\n"
            "async def slow(self, prompt):\n"
            f"    await asyncio.sleep({pause})\n"
            "    return await complete(self, prompt)\n"
            "DemoBackend.complete = slow\n"
            "from ift_builder.cli import main\n"
            "main()\n"
        )

    return lambda folder, pause=0.02: [
        *(sys.executable, "-c", script(pause), "bootstrap", "--model", "demo"),
        *("--target", "60", "--concurrency", "4", "--out", str(folder)),
    ]


def wait_for_answers(run, count=20):
    """Waits until the run has recorded some answers; returns how many."""
    import sqlite3

    for _ in range(2000):
        time.sleep(0.01)
        if (run / JOURNAL).exists():
            try:
                with sqlite3.connect(run / JOURNAL) as connection:
                    (recorded,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            except sqlite3.OperationalError:
                continue
            if recorded >= count:
                return recorded
    pytest.fail("the run recorded nothing")


def test_json_ends_with_one_line_for_programs(tmp_path, ift_build):
    ran = ift_build("bootstrap", "--model", "demo", "--target", 5, "--out", tmp_path / "run", "--json")

    assert ran.result["ok"] is True
    assert ran.result["tasks"]["kept"] == 5
    assert len(ran.out.splitlines()) == 1


def test_quiet_says_nothing(tmp_path, ift_build):
    ran = ift_build("bootstrap", "--model", "demo", "--target", 5, "--out", tmp_path / "run", "--quiet")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_options_can_stand_in_a_file_and_the_command_line_wins(tmp_path, ift_build):
    config = tmp_path / "options.yaml"
    config.write_text(f"model: demo\ntarget: 50\nmin-words: 5\nout: {tmp_path / 'run'}\n")
    ran = ift_build("bootstrap", "--config", config, "--target", 6, "--json")

    assert ran.result["target"] == 6
    settings = json.loads((tmp_path / "run" / "settings.json").read_text())
    assert settings["min_words"] == 5


def test_the_screens_follow_the_options(tmp_path, ift_build):
    options = ["--no-screen", "near-duplicate", "--forbid", "the", "--min-words", 8]
    ran = ift_build("bootstrap", "--model", "demo", "--target", 20, "--out", tmp_path / "run", "--json", *options)

    assert "near-duplicate" not in ran.result["tasks"]["dropped"]
    for row in rows_of(tmp_path / "run" / EXAMPLES):
        assert "the" not in row["instruction"].lower().split()


def test_base_models_are_asked_to_continue_a_text(tmp_path, ift_build):
    ran = ift_build(
        "bootstrap", "--model", "demo", "--api", "completions", "--target", 20, "--out", tmp_path / "r", "--json"
    )

    assert ran.code == 0
    assert ran.result["tasks"]["kept"] == 20


def test_a_budget_of_requests_stops_the_run_and_a_higher_one_takes_it_up(tmp_path, ift_build):
    run = ["bootstrap", "--model", "demo", "--target", 20, "--out", tmp_path / "run", "--json"]
    stopped = ift_build(*run, "--max-requests", 15)
    assert stopped.result["status"] == "budget"
    assert stopped.result["requests"]["all_sittings"]["sent"] == 15

    assert ift_build(*run).result["status"] == "complete"
    ift_build("bootstrap", "--model", "demo", "--target", 20, "--out", tmp_path / "whole")
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


def test_the_same_command_after_a_spent_budget_writes_the_same_files(tmp_path, ift_build):
    command = [
        "bootstrap",
        "--model",
        "demo",
        "--target",
        300,
        "--max-requests",
        50,
        "--out",
        tmp_path / "run",
        "--no-report",
    ]
    assert ift_build(*command).code == 0
    before = [(tmp_path / "run" / name).read_bytes() for name in ("examples.jsonl", "dropped.jsonl")]
    assert ift_build(*command).code == 0

    assert [(tmp_path / "run" / name).read_bytes() for name in ("examples.jsonl", "dropped.jsonl")] == before


def test_a_finished_run_leaves_one_journal_file(tmp_path, ift_build):
    ift_build("bootstrap", "--model", "demo", "--target", 10, "--out", tmp_path / "run")

    assert [path.name for path in (tmp_path / "run").glob("journal*")] == ["journal.sqlite"]
