"""Bad input gets one clear message, the right exit code, and leaves nothing behind."""

import json
import shutil
import sqlite3

import pytest

from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL, MANIFEST, SETTINGS, lock
from tests.convert.conftest import TEMPLATES

STANDING = (EXAMPLES, DROPPED, MANIFEST)


@pytest.fixture
def run(demo, tmp_path):
    """A demo run that a test may spoil."""
    return shutil.copytree(demo, tmp_path / "run")


@pytest.fixture
def refused(ift_build, tmp_path):
    """Asserts that a run is refused with these words and that nothing is written."""

    def call(run, *words, more=(), code=1):
        ran = ift_build("screen", run, "--out", tmp_path / "out", "--no-report", *more)
        assert ran.code == code
        assert ran.err.lower().count("error: ") == 1
        assert "Traceback" not in ran.err
        if code == 1:
            assert "hint:" in ran.err
        for word in words:
            assert word in ran.err
        assert not (tmp_path / "out").exists()

    return call


def test_a_folder_without_a_run(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "there is no run here", "bootstrap")


def test_a_folder_that_is_not_there(refused, tmp_path):
    refused(tmp_path / "none", "does not exist", code=2)


def test_a_run_of_dedupe(ift_build, refused, demo, tmp_path):
    ift_build("dedupe", demo / EXAMPLES, "--out", tmp_path / "deduped")
    refused(tmp_path / "deduped", "a run of `dedupe` has no recorded candidates", "ift-build dedupe")


def test_a_run_of_convert(ift_build, refused, tmp_path):
    (tmp_path / "mine.yaml").write_text(TEMPLATES)
    (tmp_path / "rows.jsonl").write_text('{"text": "Good fun.", "label": 1}\n')
    made = ["--template", tmp_path / "mine.yaml", "--out", tmp_path / "converted"]
    assert ift_build("convert", tmp_path / "rows.jsonl", *made).code == 0
    refused(tmp_path / "converted", "a run of `convert` has no recorded candidates")


def test_a_result_of_screen_itself(ift_build, refused, demo, tmp_path):
    ift_build("screen", demo, "--out", tmp_path / "once", "--no-report")
    refused(tmp_path / "once", "a run of `screen`", "the run again that it was made from")


def test_a_run_that_has_not_come_to_an_end(refused, run):
    for name in STANDING:
        (run / name).unlink()
    refused(run, "has not come to an end", "run its command again")


def test_a_run_that_was_taken_up_again_and_killed(ift_build, refused, run):
    before = {name: (run / name).read_bytes() for name in STANDING}
    ift_build("bootstrap", "--model", "demo", "--target", 90, "--out", run, "--no-report")
    for name, content in before.items():
        (run / name).write_bytes(content)
    refused(run, "was taken up again and has not come to an end", "run its command again")


def test_a_run_that_somebody_is_at_work_in(ift_build, refused, run, tmp_path):
    with lock.held(run):
        refused(run, "another process is at work")

    assert ift_build("screen", run, "--out", tmp_path / "out", "--no-report").code == 0


def test_a_run_without_its_journal(refused, run):
    (run / JOURNAL).unlink()
    refused(run, "the run has no journal")


def test_a_journal_of_an_earlier_version_is_completed_by_the_runs_own_command(ift_build, refused, run, tmp_path):
    with sqlite3.connect(run / JOURNAL) as connection:
        connection.execute("DROP TABLE rounds")
    connection.close()
    refused(run, "an earlier version wrote it", "asks nothing")
    ran = ift_build("bootstrap", "--model", "demo", "--target", 60, "--out", run, "--json", "--no-report")

    assert ran.result["requests"]["this_sitting"]["asked"] == 0
    assert ift_build("screen", run, "--out", tmp_path / "out", "--no-report").code == 0
    assert (tmp_path / "out" / DROPPED).read_bytes() == (run / DROPPED).read_bytes()


def test_a_damaged_journal(refused, run):
    content = (run / JOURNAL).read_bytes()
    (run / JOURNAL).write_bytes(b"x" * 4096 + content[4096:])
    refused(run, "cannot use the journal")


def test_other_seeds(refused, demo, tmp_path):
    task = {"id": "a", "name": "a", "instruction": "Name a river.", "is_classification": False}
    task["instances"] = [{"input": "", "output": "Po"}]
    (tmp_path / "seeds.jsonl").write_text(json.dumps(task) + "\n")
    refused(demo, "not the seeds of the run", "--seeds", more=["--seeds", tmp_path / "seeds.jsonl"])


def test_seeds_that_are_not_there(refused, demo, tmp_path):
    refused(demo, "cannot read", "none.jsonl", more=["--seeds", tmp_path / "none.jsonl"])


@pytest.mark.parametrize("name", [EXAMPLES, DROPPED])
def test_a_file_that_was_changed_since(refused, run, name):
    lines = (run / name).read_bytes().splitlines(keepends=True)
    (run / name).write_bytes(b"".join(lines[:-1]))
    refused(run, f"{name}", "is not as the run left it")


def test_a_file_that_is_gone(refused, run):
    (run / DROPPED).unlink()
    refused(run, "cannot read", DROPPED)


def test_a_journal_that_is_another_runs(refused, run):
    with sqlite3.connect(run / JOURNAL) as connection:
        rows = connection.execute("SELECT number, candidates FROM rounds ORDER BY number LIMIT 2").fetchall()
        (first, one), (second, other) = rows
        connection.execute("UPDATE rounds SET candidates = ? WHERE number = ?", (other, first))
        connection.execute("UPDATE rounds SET candidates = ? WHERE number = ?", (one, second))
    connection.close()
    refused(run, "do not fit together")


def test_settings_without_a_threshold(refused, run):
    settings = json.loads((run / SETTINGS).read_text())
    del settings["min_words"]
    (run / SETTINGS).write_text(json.dumps(settings))
    refused(run, "settings.json", "min_words")


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        (SETTINGS, "similarity", "x"),
        (SETTINGS, "min_words", None),
        (SETTINGS, "tokenizer", "guess"),
        (SETTINGS, "forbidden_words", 5),
        (MANIFEST, "tasks", 5),
        (MANIFEST, "files", {}),
    ],
)
def test_a_file_of_the_run_that_was_changed_by_hand(refused, run, name, key, value):
    content = json.loads((run / name).read_text())
    (run / name).write_text(json.dumps({**content, key: value}))
    refused(run, name, "not as the run left it")


@pytest.mark.parametrize(("name", "value"), [("similarity", 0.5), ("min_words", 12), ("screens_off", ["length"])])
def test_settings_that_do_not_lead_to_what_the_run_came_to(refused, run, name, value):
    settings = json.loads((run / SETTINGS).read_text())
    (run / SETTINGS).write_text(json.dumps({**settings, name: value}))
    refused(run, "do not come to the run's own decision on")


def test_the_run_as_its_own_result(ift_build, run, tmp_path, monkeypatch):
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    (tmp_path / "link").symlink_to(run)
    monkeypatch.chdir(tmp_path)
    for out in (run, tmp_path / "link", "run", "run/../run"):
        ran = ift_build("screen", run, "--similarity", 0.5, "--out", out)
        assert ran.code == 1
        assert "take the place of the run" in ran.err
        assert "--out" in ran.err
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_result_in_the_place_of_another_run(ift_build, demo, run):
    before = (run / EXAMPLES).read_bytes()
    ran = ift_build("screen", demo, "--out", run)

    assert ran.code == 1
    assert "a run of `bootstrap`, not of `screen`" in ran.err
    assert (run / EXAMPLES).read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--min-words", 9, "--max-words", 3], "--min-words 9 is more than --max-words 3"),
        (["--min-words", 200], "--min-words 200 is more than --max-words 150"),
        (["--allow", "hedgehog"], "--allow hedgehog: not a forbidden word"),
        (["--no-screen", "length", "--with-screen", "length"], "both given for length"),
        (["--with-screen", "language"], "the run asked for no language"),
        (["--similarity", 1.5], "--similarity"),
        (["--tokenizer", "none"], "--tokenizer"),
    ],
)
def test_thresholds_that_make_no_sense(refused, demo, options, words):
    refused(demo, words, more=options, code=2)


def test_a_language_that_the_screen_does_not_know(ift_build, refused, tmp_path):
    out = ("--target", 3, "--patience", 40, "--out", tmp_path / "run", "--no-report")
    ift_build("bootstrap", "--model", "demo", "--language", "chr", "--no-screen", "language", *out)
    refused(tmp_path / "run", "does not know Cherokee", more=["--with-screen", "language"], code=2)
