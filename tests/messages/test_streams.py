"""Whatever the standard streams are, no command ends as a bug of ours, and what it was to make is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ift_builder.cli import COMMANDS
from tests.messages.streams import CONDITIONS

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")

ROOT = Path(__file__).parents[2]

SLOW, FOR_THE_SLOW = ("bootstrap", "models", "report"), "both full"
"""Verbs that take half a second and more, and the condition that they are tried under."""

GROWN = ("bootstrap", "--model", "demo", "--target", "3", "--no-report", "--seed", "5")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder with a run and files to work on."""
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run as call

    folder = tmp_path_factory.mktemp("streams")
    assert call(ift_build, [*GROWN, "--out", str(folder / "run"), "--quiet"]) == 0
    rows = [{"instruction": f"Übersetze 中文 {number} → “x”", "output": "é"} for number in range(3)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    template = (
        "dataset: rows\nlicence: unknown\nlanguages: [de]\ntask: {name: rows, category: topic}\n"
        "columns: {instruction: text, output: text}\ntemplates:\n"
        "  erste-中文: {instruction: '{{ instruction }}', output: '{{ output }}'}\n"
    )
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    return folder


def commands(here):
    """A command line for each verb, and three that fail; `OUT` stands for a folder of its own."""
    run, rows, template = (str(here / name) for name in ("run", "rows.jsonl", "template.yaml"))
    return {
        "models": ["models", "--base-url", "http://127.0.0.1:9/v1"],
        "bootstrap": [*GROWN, "--out", "OUT"],
        "convert": ["convert", rows, "--template", template, "--no-report", "--out", "OUT"],
        "templates": ["templates", "preview", template, "--data", rows],
        "dedupe": ["dedupe", rows, "--out", "OUT"],
        "screen": ["screen", run, "--similarity", "0.3", "--no-report", "--out", "OUT"],
        "check": ["check", rows, "--all"],
        "export": ["export", run, "--to", "messages", "--out", "OUT"],
        "report": ["report", run, "--rows", "3"],
        "show": ["show", run],
        "help": ["--help"],
        "usage": ["bootstrap", "--nonsense"],
        "not there": ["convert", "no-such-file.csv", "--out", "OUT", "--json"],
    }


@pytest.fixture(scope="module")
def ran(here, tmp_path_factory):
    """What each command said under each condition: (condition, command) to (exit code, words)."""
    scratch = tmp_path_factory.mktemp("ran")
    cases, names = [], []
    for condition in CONDITIONS:
        for name, line in commands(here).items():
            if name not in SLOW or condition == FOR_THE_SLOW:
                folder = scratch / str(len(cases))
                cases.append(
                    (condition, str(folder), [str(folder / "out") if part == "OUT" else part for part in line])
                )
                names.append((condition, name))
    (scratch / "cases.json").write_text(json.dumps(cases))
    done = subprocess.run(
        [sys.executable, "-m", "tests.messages.streams", scratch / "cases.json"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(cases)
    return {name: (code, said) for name, (_, _, code, said) in zip(names, results, strict=True)}


def test_every_verb_is_among_the_commands(here):
    assert set(COMMANDS) <= commands(here).keys()


def test_no_command_ends_as_a_bug_or_with_a_traceback(ran):
    bad = {case: said for case, (code, said) in ran.items() if code not in (0, 1, 2) or "Traceback" in said}
    assert bad == {}


def test_output_that_cannot_be_written_is_an_error_that_is_said(ran):
    for (condition, name), (code, said) in ran.items():
        if condition == "stdout full" and name not in ("usage", "not there"):
            assert (code, "cannot write to standard output" in said) == (1, True), name


@pytest.mark.parametrize("condition", ["stderr full", "stdout closed", "all closed", "nobody reads stdout", "latin-1"])
def test_other_streams_change_no_exit_code(ran, condition):
    usual = {"usage": 2, "not there": 1, "check": 0}
    for (found, name), (code, said) in ran.items():
        if found == condition:
            assert code == usual.get(name, 0), (name, said)


def test_what_latin_1_lacks_is_escaped_and_what_it_has_is_not(ran):
    _, said = ran["latin-1", "templates"]
    assert "\\u4e2d" in said


def run(line, **how):
    return subprocess.run(
        [sys.executable, "-m", "ift_builder", *line], cwd=ROOT, check=False, stderr=subprocess.PIPE, **how
    )


def test_json_is_utf_8_whatever_the_streams_encoding(here):
    done = run(
        ["templates", "show", str(here / "template.yaml"), "--json"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8").splitlines()[-1])["templates"] == ["erste-中文"]


def test_a_full_output_leaves_nothing_for_pythons_last_flush():
    with Path("/dev/full").open("w") as full:
        done = run(["templates", "list"], stdout=full)
    assert done.returncode == 1
    assert b"Exception ignored" not in done.stderr


def test_a_reader_that_leaves_ends_a_command_in_peace():
    reader, writer = os.pipe()
    os.close(reader)
    done = run(["templates", "list"], stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_no_file_gets_the_number_of_a_closed_stream(here, tmp_path):
    line = [sys.executable, "-m", "ift_builder", *GROWN, "--out", str(tmp_path / "run")]
    quoted = " ".join(f"'{part}'" for part in line)
    done = subprocess.run(["sh", "-c", f"{quoted} <&- >&- 2>&-"], cwd=ROOT, check=False)

    assert done.returncode == 0
    examples = (tmp_path / "run" / "examples.jsonl").read_bytes()
    assert examples == (here / "run" / "examples.jsonl").read_bytes()
