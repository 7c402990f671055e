"""`ift-build screen` as a user runs it."""

import json

import pytest

from ift_builder.cli import screen_options
from ift_builder.formats import schemas
from ift_builder.runs import DROPPED, EXAMPLES
from ift_builder.screening import tasks
from tests.files import rows_of

FILES = (EXAMPLES, DROPPED)


def bytes_of(folder):
    return [(folder / name).read_bytes() for name in FILES]


@pytest.mark.parametrize(
    "sittings",
    [
        [["--target", 30]],
        [["--target", 8], ["--target", 30]],
        [["--target", 30, "--max-requests", 40]],
        [["--target", 30, "--max-requests", 40], ["--target", 30]],
        [["--target", 30, "--api", "completions"]],
        [["--target", 30, "--no-screen", "near-duplicate", "--forbid", "the", "--allow", "map", "--min-words", 6]],
        [["--target", 30, "--similarity", 0.4, "--tokenizer", "rouge", "--max-words", 20]],
    ],
    ids=["whole", "raised target", "budget", "resumed", "completions", "few screens", "strict"],
)
def test_without_thresholds_the_result_is_the_runs_own(ift_build, tmp_path, sittings):
    for options in sittings:
        ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "run", "--quiet", "--no-report", *options)
        assert ran.code == 0
    ran = ift_build("screen", tmp_path / "run", "--out", tmp_path / "out", "--json", "--no-report")

    assert ran.code == 0
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "run")
    assert ran.result["changes"] == {"newly_kept": 0, "newly_dropped": 0, "other_reason": 0}
    for level in ("answers", "tasks", "instances"):
        assert ran.result[level] == ran.result["before"][level]
    then, now = (json.loads((tmp_path / name / "settings.json").read_text()) for name in ("run", "out"))
    for name in ("similarity", "tokenizer", "min_words", "max_words", "forbidden_words", "screens_off"):
        assert now[name] == then[name]


def test_every_screen_of_instructions_can_be_left_out():
    assert screen_options.SCREENS == tasks.SCREENS


def test_thresholds_that_are_given_as_the_run_has_them_change_nothing(ift_build, demo, tmp_path):
    given = ["--similarity", 0.7, "--tokenizer", "unicode", "--min-words", 4, "--max-words", 150]
    ift_build("screen", demo, "--out", tmp_path / "out", *given, "--no-report")

    assert bytes_of(tmp_path / "out") == bytes_of(demo)


def test_the_run_stays_as_it_is(ift_build, demo, tmp_path):
    before = {path.name: path.read_bytes() for path in demo.iterdir() if path.is_file()}
    ift_build("screen", demo, "--similarity", 0.3, "--out", tmp_path / "out", "--no-report")

    assert {path.name: path.read_bytes() for path in demo.iterdir() if path.is_file()} == before


def test_a_stricter_threshold_tells_what_is_newly_dropped_and_why(ift_build, demo, tmp_path):
    ran = ift_build("screen", demo, "--similarity", 0.4, "--out", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    count = manifest["changes"]["newly_dropped"]

    assert count > 3
    assert f"newly dropped: {count}" in ran.out
    assert ran.out.count("  (near 0.") == 3
    assert "newly kept by the screens: 0" in ran.out
    then, now = (level["tasks"]["dropped"]["near-duplicate"] for level in (manifest["before"], manifest))
    line = next(line for line in ran.out.splitlines() if line.strip().startswith("near-duplicate"))
    assert line.split()[1:] == [str(then), str(now), f"+{now - then}"]


def test_a_looser_threshold_tells_what_is_newly_kept_and_that_it_has_no_instances(ift_build, demo, tmp_path):
    ran = ift_build("screen", demo, "--similarity", 1, "--out", tmp_path / "out", "--json", "--no-report")
    newly_kept = [row for row in rows_of(tmp_path / "out" / DROPPED) if row["reason"] == "not-developed"]

    assert ran.result["changes"]["newly_kept"] == len(newly_kept) > 0
    assert ran.result["tasks"]["dropped"]["not-developed"] == len(newly_kept)
    assert [shown["text"] for shown in ran.result["shown"]["newly_kept"]] == [row["text"] for row in newly_kept[:3]]
    assert "(was near 0." in ran.err
    assert "has no instances" in ran.err
    for row in newly_kept:
        assert row["evidence"]["before"] == "near-duplicate"
        assert row["evidence"]["evidence_before"]["rouge_l"] > 0.7


def test_words_are_forbidden_and_allowed_on_top_of_the_runs(ift_build, tmp_path):
    run = tmp_path / "run"
    ift_build("bootstrap", "--model", "demo", "--target", 20, "--forbid", "Zebra", "--out", run, "--no-report")
    ift_build("screen", run, "--forbid", "the", "--allow", "zebra", "--allow", "plot", "--out", tmp_path / "out")
    words = [
        json.loads((folder / "settings.json").read_text())["forbidden_words"] for folder in (run, tmp_path / "out")
    ]

    assert set(words[0]) - set(words[1]) == {"Zebra", "plot"}
    assert set(words[1]) - set(words[0]) == {"the"}
    assert not any(" the " in row["instruction"] for row in rows_of(tmp_path / "out" / EXAMPLES))


def test_a_screen_that_the_run_did_without_can_be_used(ift_build, tmp_path):
    run = tmp_path / "run"
    ift_build(
        "bootstrap", "--model", "demo", "--target", 60, "--no-screen", "near-duplicate", "--out", run, "--no-report"
    )
    ran = ift_build(
        "screen", run, "--with-screen", "near-duplicate", "--out", tmp_path / "out", "--json", "--no-report"
    )

    assert ran.result["changes"]["newly_dropped"] == ran.result["tasks"]["dropped"]["near-duplicate"] > 0


def test_the_result_is_a_run_folder_as_others_are(ift_build, demo, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    out = tmp_path / "out"
    ran = ift_build("screen", demo, "--similarity", 0.4, "--out", out)
    loaded = datasets.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))

    assert ran.code == 0
    assert loaded.num_rows == len(rows_of(out / EXAMPLES)) > 0
    assert {path.name for path in out.iterdir()} == {
        *FILES,
        "settings.json",
        "manifest.json",
        "README.md",
        "report.html",
    }
    assert [complaint for row in rows_of(out / EXAMPLES) if (complaint := schemas.complaint("example", row))] == []
    assert [complaint for row in rows_of(out / DROPPED) if (complaint := schemas.complaint("dropped", row))] == []
    assert {row["source"]["method"] for name in FILES for row in rows_of(out / name)} == {"bootstrap/self-instruct"}
    assert "| similarity | 0.7 | 0.4 |" in (out / "README.md").read_text()
    assert "judged again" in (out / "report.html").read_text()
    dropped = next(row for row in rows_of(out / DROPPED) if row["reason"] == "near-duplicate")
    assert dropped["text"].splitlines()[0] in ift_build("show", out, dropped["id"]).out
    assert ift_build("export", out, "--to", "alpaca", "--out", tmp_path / "export").code == 0


def test_it_can_be_run_again_into_the_same_folder_and_not_with_other_thresholds(ift_build, demo, tmp_path):
    run = ["screen", demo, "--out", tmp_path / "out", "--no-report"]
    assert ift_build(*run, "--similarity", 0.5).code == 0
    before = bytes_of(tmp_path / "out")
    assert ift_build(*run, "--similarity", 0.5).code == 0
    ran = ift_build(*run, "--similarity", 0.6)

    assert ran.code == 1
    assert "similarity: 0.5 then, 0.6 now" in ran.err
    assert bytes_of(tmp_path / "out") == before


def test_without_a_report_and_quietly_it_says_nothing(ift_build, demo, tmp_path):
    ran = ift_build("screen", demo, "--out", tmp_path / "out", "--quiet", "--no-report")

    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert not (tmp_path / "out" / "report.html").exists()


def test_json_ends_with_one_line_for_programs(ift_build, demo, tmp_path):
    ran = ift_build("screen", demo, "--out", tmp_path / "out", "--json")

    assert len(ran.out.splitlines()) == 1
    assert ran.result["ok"] is True
    assert ran.result["tasks"]["kept"] == 60


def test_an_interrupt_leaves_nothing(ift_build, demo, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ift_builder.screen.judged", interrupted)
    ran = ift_build("screen", demo, "--out", tmp_path / "out")

    assert ran.code == 130
    assert "nothing was written" in ran.err
    assert not (tmp_path / "out").exists()
