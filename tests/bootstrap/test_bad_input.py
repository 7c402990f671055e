"""Bad input gets one clear message, the right exit code, and loses nothing."""

import json
import os

import pytest

from ift_builder.runs import JOURNAL, lock
from tests.fake_server import FakeServer, Fault


@pytest.fixture
def demo(ift_build, tmp_path):
    """Runs the demo into `tmp_path / "run"` with more options."""
    return lambda *more: ift_build("bootstrap", "--model", "demo", "--target", 5, "--out", tmp_path / "run", *more)


def assert_says(ran, *words, code=1):
    """One error with a hint, no traceback, the exit code."""
    assert ran.code == code
    assert ran.err.count("error: ") == 1
    assert "Traceback" not in ran.err
    if code == 1:
        assert "hint:" in ran.err
    for word in words:
        assert word in ran.err


def test_a_missing_seed_file(demo, tmp_path):
    assert_says(demo("--seeds", tmp_path / "none.jsonl"), "cannot read", "none.jsonl")
    assert not (tmp_path / "run").exists()


def test_a_broken_line_in_the_seed_file(demo, tmp_path):
    (tmp_path / "seeds.jsonl").write_text('{"id": "a"\n')

    assert_says(demo("--seeds", tmp_path / "seeds.jsonl"), "seeds.jsonl:1", "not valid JSON")
    assert not (tmp_path / "run").exists()


def test_an_empty_pool(demo, tmp_path):
    (tmp_path / "seeds.jsonl").write_text("\n\n")

    assert_says(demo("--seeds", tmp_path / "seeds.jsonl"), "no seed task")


def test_a_seed_file_that_is_a_folder(demo, tmp_path):
    assert_says(demo("--seeds", tmp_path), "cannot read")


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ({"api_key": "right"}, ("refuses the key", "OPENAI_API_KEY")),
        ({"models": ["other"]}, ("no such model", "--model")),
        ({"faults": [Fault("html")]}, ("--base-url",)),
    ],
    ids=["wrong key", "unknown model", "no API"],
)
def test_a_server_that_will_not_answer(ift_build, tmp_path, server, words):
    with FakeServer(**server) as running:
        ran = ift_build("bootstrap", "--model", "m", "--base-url", running.url, "--out", tmp_path / "run")

    assert_says(ran, *words)


def test_an_unreachable_server(ift_build, tmp_path):
    ran = ift_build("bootstrap", "--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--out", tmp_path / "run")

    assert_says(ran, "cannot be reached", "http://127.0.0.1:9/v1", "--base-url")


def test_no_key_for_the_public_api(ift_build, tmp_path):
    assert_says(ift_build("bootstrap", "--model", "m", "--out", tmp_path / "run"), "OPENAI_API_KEY", "--model demo")
    assert not (tmp_path / "run").exists()


def test_an_unwritable_folder(ift_build, tmp_path):
    (tmp_path / "file").write_text("in the way")
    ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "file" / "run")

    assert_says(ran, "cannot make the folder", "--out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(demo, tmp_path):
    (tmp_path / "run").mkdir(mode=0o500)

    assert_says(demo(), "cannot write", "--out")


def test_a_damaged_journal(demo, tmp_path):
    demo()
    journal = tmp_path / "run" / JOURNAL
    content = journal.read_bytes()
    damaged = content[:100] + b"\xff" * 3000 + content[3100:]
    journal.write_bytes(damaged)
    before = (tmp_path / "run" / "examples.jsonl").read_bytes()

    assert_says(demo(), "journal", "recover")
    assert journal.read_bytes() == damaged
    assert (tmp_path / "run" / "examples.jsonl").read_bytes() == before


def test_a_lost_journal_is_not_paid_for_again(demo, tmp_path):
    demo()
    (tmp_path / "run" / JOURNAL).unlink()

    assert_says(demo(), "journal is gone")


def test_a_lower_target_would_take_examples_away(demo, tmp_path):
    demo()
    before = (tmp_path / "run" / "examples.jsonl").read_bytes()

    assert_says(demo("--target", 3), "would take examples away", "--target 5")
    assert (tmp_path / "run" / "examples.jsonl").read_bytes() == before


def test_fewer_rounds_would_take_examples_away(tmp_path, ift_build):
    (tmp_path / "one.jsonl").write_text('{"instruction": "Name a river in Peru.", "input": "", "output": "Rímac"}\n')
    evolve = ("bootstrap", "--model", "demo", "--strategy", "evolve", "--from", tmp_path / "one.jsonl")
    ift_build(*evolve, "--rounds", 6, "--out", tmp_path / "run")

    assert_says(
        ift_build(*evolve, "--rounds", 1, "--out", tmp_path / "run"), "made with 6 rounds", "--rounds 6 or more"
    )


def test_other_settings_are_named_where_the_target_is_lower_too(demo):
    demo()
    ran = demo("--target", 3, "--strategy", "alpaca")

    assert_says(
        ran,
        "strategy: 'self-instruct' then, 'alpaca' now",
        "templates: other then than now (classify, ",
        ", propose, triples)",
    )


@pytest.mark.parametrize("name", ["README.md", "dropped.jsonl", "manifest.json", "report.html"])
def test_a_file_of_somebody_else_is_not_overwritten(demo, tmp_path, name):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / name).write_text("{}")

    assert_says(demo(), "of unknown origin", name)
    assert [(path.name, path.read_text()) for path in (tmp_path / "run").iterdir()] == [(name, "{}")]


def test_a_folder_of_another_command(demo, tmp_path, ift_build):
    (tmp_path / "rows.jsonl").write_text('{"instruction": "Name a river."}\n')
    ift_build("dedupe", tmp_path / "rows.jsonl", "--out", tmp_path / "run")

    assert_says(demo(), "a run of `dedupe`, not of `bootstrap`")


def test_a_usage_error_comes_as_json_too(demo):
    ran = demo("--frobnicate", "--json")

    assert ran.code == 2
    assert ran.result["ok"] is False


def test_other_settings_for_the_same_folder(demo, tmp_path):
    demo()
    ran = demo("--similarity", "0.6", "--seed", 3)

    assert_says(ran, "other settings", "similarity: 0.7 then, 0.6 now", "seed: 0 then, 3 now")
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["similarity"] == 0.7


def test_a_broken_settings_file(demo, tmp_path):
    demo()
    (tmp_path / "run" / "settings.json").write_text("{")

    assert_says(demo(), "settings.json")


def test_a_settings_file_that_is_no_object(demo, tmp_path):
    demo()
    (tmp_path / "run" / "settings.json").write_text("[]")

    assert_says(demo(), "not a JSON object")


def test_a_model_name_that_was_wrong_can_be_put_right_in_the_same_folder(ift_build, tmp_path):
    with FakeServer(models=["right"], answer=lambda body: "sorry") as server:
        run = ["bootstrap", "--base-url", server.url, "--out", tmp_path / "run", "--patience", 3]
        assert_says(ift_build(*run, "--model", "wrong"), "no such model")
        assert ift_build(*run, "--model", "right").code == 0


def test_a_folder_that_holds_another_dataset(demo, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "examples.jsonl").write_text('{"precious": true}\n')

    assert_says(demo(), "no settings.json")
    assert (tmp_path / "run" / "examples.jsonl").read_text() == '{"precious": true}\n'


def test_a_folder_in_use(demo, tmp_path):
    demo()
    before = (tmp_path / "run" / "settings.json").read_bytes()
    with lock.held(tmp_path / "run"):
        assert_says(demo("--target", 9), "another process")
    assert (tmp_path / "run" / "settings.json").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--target", "0"], "--target"),
        (["--similarity", "1.5"], "--similarity"),
        (["--frobnicate"], "--frobnicate"),
        (["--min-words", "9", "--max-words", "8"], "--min-words"),
        (["--strategy", "magic"], "--strategy"),
        (["--config", "none.yaml"], "none.yaml"),
        (["--allow", "nonsense"], "nonsense"),
        (["--seed", str(2**70)], "--seed"),
        (["--max-tokens", str(2**70)], "--max-tokens"),
        (["--max-cost", "1", "--model", "mine", "--base-url", "http://127.0.0.1:9/v1"], "--price-in"),
        (["--price-in", "1"], "--price-out"),
    ],
)
def test_a_wrong_option_is_a_usage_error(demo, options, word):
    ran = demo(*options)

    assert ran.code == 2
    assert word in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("lines", ["no-screen: length", "no-screen: [length]", "forbid: politics", "allow: [MAP]"])
def test_a_config_file_may_hold_one_value_of_a_repeatable_option_or_a_list(demo, tmp_path, lines):
    (tmp_path / "o.yaml").write_text(lines)

    assert demo("--config", tmp_path / "o.yaml").code == 0


def test_a_config_file_with_unknown_options(demo, tmp_path):
    (tmp_path / "o.yaml").write_text("targett: 5\n")
    ran = demo("--config", tmp_path / "o.yaml")

    assert ran.code == 2
    assert "targett" in ran.err


def test_an_error_comes_as_json_too(demo, tmp_path):
    ran = demo("--seeds", tmp_path / "none.jsonl", "--json")

    assert ran.code == 1
    assert ran.result["ok"] is False
    assert "cannot read" in ran.result["error"]
    assert ran.result["hint"]


def test_a_bug_of_ours_is_said_to_be_one(demo, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("ift_builder.formats.seed_tasks.read", lambda path: 1 / 0)
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    ran = demo()

    assert ran.code == 3
    log = next(tmp_path.glob("ift-build-*.log"))
    assert str(log) in ran.err
    assert "ZeroDivisionError" in log.read_text()
