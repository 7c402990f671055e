"""`ift-build bootstrap` with a real language model in a file: the whole way, and kills on it."""

import json
import signal

import pytest

from ift_builder.backends import local
from ift_builder.backends.local import engine
from ift_builder.formats import schemas
from ift_builder.runs import EXAMPLES, MANIFEST
from tests.backends.local import processes
from tests.backends.local.gguf_files import write
from tests.files import rows_of

TARGET = 100


def start(tiny, out, *more):
    """`ift-build bootstrap` with the tiny model."""
    chosen = ["--backend", "local", "--model", tiny, "--target", TARGET, "--out", out]
    return processes.start("bootstrap", *chosen, "--quiet", "--no-report", *more)


def test_a_run_killed_twice_reaches_its_target_with_every_raw_answer_in_the_journal(tiny, tmp_path):
    out = tmp_path / "run"
    for answers in (20, 90):
        process = start(tiny, out)
        processes.wait_for(process, out, answers)
        process.kill()
        process.communicate()
    process = start(tiny, out)

    assert (*process.communicate(), process.returncode) == ("", "", 0)
    manifest = json.loads((out / MANIFEST).read_text())
    assert (manifest["status"], manifest["tasks"]["kept"], manifest["cost_usd"]) == ("complete", TARGET, 0)
    assert manifest["requests"]["this_sitting"]["recalled"] >= 90
    rows, answered = rows_of(out / EXAMPLES), processes.answers_in(out)
    assert len(rows) >= TARGET
    assert all(schemas.complaint("example", row) == "" for row in rows)
    assert all("(gguf:" in row["source"]["model"] for row in rows)
    assert all(len(row["source"]["prompts"]) == 3 for row in rows)
    assert all(set(row["source"]["prompts"]) <= answered.keys() for row in rows)
    assert undisturbed(tiny, tmp_path / "undisturbed").items() <= answered.items()


def undisturbed(tiny, out):
    """The first answers of a run that nothing disturbs."""
    start(tiny, out, "--max-requests", 50).communicate()
    answers = processes.answers_in(out)
    assert len(answers) > 40
    return answers


def test_ctrl_c_ends_a_run_in_good_order_and_leaves_the_rest_for_another_time(tiny, tmp_path):
    process = start(tiny, tmp_path / "run")
    processes.wait_for(process, tmp_path / "run", 3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert process.returncode == 130
    assert said.startswith("stopping: waiting for the requests in flight")
    assert json.loads((tmp_path / "run" / MANIFEST).read_text())["status"] == "interrupted"


def test_ctrl_c_twice_leaves_at_once(tiny, tmp_path):
    process = start(tiny, tmp_path / "run", "--concurrency", 2)
    processes.wait_for(process, tmp_path / "run", 3)
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline().startswith("stopping: ")
    process.send_signal(signal.SIGINT)

    assert process.communicate()[1].startswith("left at once")
    assert process.returncode == 130


def test_the_card_names_the_model_and_shows_a_command_that_can_be_typed(tiny, tmp_path, run_here):
    run_here(tiny)
    card = (tmp_path / "run" / "README.md").read_text()

    assert local.read(tiny, "chat").name in card
    assert "--model MODEL.gguf --backend local" in card


def test_another_file_of_the_same_name_is_another_model(tiny, tmp_path, run_here):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = tmp_path / "a" / "m.gguf", tmp_path / "b" / "m.gguf"
    one.write_bytes(tiny.read_bytes())
    other.write_bytes(tiny.read_bytes()[:-200_000] + bytes(200_000))
    began = run_here(one)
    ran = run_here(other)

    assert (began.code, ran.code) == (0, 1)
    assert "nothing to pay" in began.out
    assert "on this machine: nothing was paid" in began.out
    assert "other settings (model: " in ran.err
    one.rename(tmp_path / "renamed.gguf")
    assert run_here(tmp_path / "renamed.gguf").code == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda tiny, path: None, ("cannot read the model file", "No such file")),
        (lambda tiny, path: path.mkdir(), ("cannot read the model file",)),
        (lambda tiny, path: path.write_text("<html>"), ("no model file",)),
        (lambda tiny, path: path.write_bytes(tiny.read_bytes()[:400_000]), ("cut off", "400,000 bytes")),
        (lambda tiny, path: path.write_bytes(tiny.read_bytes()[:-100]), ("cannot load", "a new download")),
        (lambda tiny, path: write(path, {"general.architecture": "llama"}), ("no chat template", "--api completions")),
        (lambda tiny, path: write(path), ("cannot load", "does not know")),
    ],
    ids=["missing", "folder", "web page", "cut", "cut at the end", "base model", "not a model at all"],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(tiny, tmp_path, run_here, make, words):
    path = tmp_path / "m.gguf"
    make(tiny, path)
    ran = run_here(path)

    assert ran.code == 1
    assert ran.err.count("error: ") == 1
    assert "Traceback" not in ran.err
    for word in (*words, "hint:", "m.gguf"):
        assert word in ran.err


def test_a_context_that_is_too_small_is_said(tiny, run_here):
    ran = run_here(tiny, "--context", 256)

    assert ran.code == 1
    for word in ("do not fit into the model's context", "256", "--context", "--retry-failed"):
        assert word in ran.err


def test_a_missing_library_is_said_before_anything_is_written(tiny, tmp_path, run_here, monkeypatch):
    monkeypatch.setattr(engine, "LIBRARY", "no-such-library")
    ran = run_here(tiny)

    assert ran.code == 1
    assert "pip install 'ift-builder[local]'" in ran.err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--base-url", "http://127.0.0.1:9/v1", "--backend", "local"], "--base-url"),
        (["--batch"], "--batch"),
        (["--backend", "openai", "--context", "512"], "--context"),
    ],
)
def test_options_of_other_backends_are_usage_errors(tiny, run_here, options, word):
    ran = run_here(tiny, *options)

    assert ran.code == 2
    assert word in ran.err


@pytest.fixture
def run_here(ift_build, tmp_path):
    """A small run in this process."""
    common = ["--target", 2, "--out", tmp_path / "run", "--no-report"]
    return lambda model, *more: ift_build("bootstrap", "--model", model, *common, *more)
