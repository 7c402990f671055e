"""JSON and YAML nested without end is a bad row, file or answer, and no bug of ours, wherever it is read."""

import json
from pathlib import Path

import pytest

from ift_builder.answers import json_tasks
from ift_builder.inputs import json_fault, limits
from tests.small_runs import example, write_run

pytestmark = pytest.mark.usefixtures("must_end")

ROW = '{"instruction": "Name a fish.", "input": "", "output": "Eel."}\n'
TEXTS = {
    "200,000 brackets": "[" * 200_000,
    "900 levels in a field": '{"instruction": "Name a fish.", "output": "Eel.", "more": ' + "[" * 900 + "]" * 900 + "}",
}
GROW = ("bootstrap", "--model", "demo", "--target", 2, "--out", "out")
COMMANDS = {
    "bootstrap --seeds": (*GROW, "--seeds", "f.jsonl"),
    "bootstrap --from": (*GROW, "--from", "f.jsonl"),
    "bootstrap --use-cases": (*GROW, "--strategy", "use-cases", "--use-cases", "f.jsonl"),
    "convert, lines": ("convert", "f.jsonl", "--template", "ag_news", "--out", "out"),
    "convert, an array": ("convert", "f.json", "--template", "ag_news", "--out", "out"),
    "convert, an object": ("convert", "object.json", "--template", "ag_news", "--out", "out"),
    "dedupe": ("dedupe", "f.jsonl", "--out", "out"),
    "check, lines": ("check", "--all", "f.jsonl"),
    "check, an array": ("check", "--all", "f.json"),
    "check, an object": ("check", "--all", "object.json"),
    "templates lint": ("templates", "lint", "f.yaml"),
    "templates preview": ("templates", "preview", "ag_news", "--data", "f.jsonl"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_says_that_the_file_is_wrong(command, text, ift_build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("f.jsonl").write_text(f"{text}\n{ROW}")
    Path("f.json").write_text(f"[{text}, {ROW}]")
    Path("object.json").write_text(text)
    Path("f.yaml").write_text(text)
    ran = ift_build(*command)

    assert ran.code == 1
    assert "f.yaml" in command or "nested" in ran.out + ran.err


@pytest.mark.parametrize("name", ["settings.json", "manifest.json", "dropped.jsonl", "export.json"])
@pytest.mark.parametrize(
    "command",
    [
        ("show", "run"),
        ("report", "run"),
        ("check", "run"),
        ("export", "run", "--to", "alpaca", "--out", "out"),
        ("export", "other", "--to", "alpaca", "--out", "run"),
        ("screen", "run", "--out", "out"),
        (*GROW[:-1], "run"),
    ],
    ids=lambda command: " ".join(map(str, command[:2])),
)
def test_a_run_folder_with_such_a_file_is_no_bug_of_ours(command, name, ift_build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_run(Path("run"), [example()])
    write_run(Path("other"), [example()])
    Path("run/settings.json").write_text('{"command": "bootstrap"}')
    Path("run/manifest.json").write_text('{"status": "done"}')
    Path("run", name).write_text('{"files": ' + "[" * 900 + "]" * 900 + "}")

    assert ift_build(*map(str, command)).code in (0, 1)


@pytest.mark.parametrize(
    "answer",
    ["[" * 200_000, '{"tasks": ' * 50_000, '[{"instruction": ' * 50_000, '{"tasks": [' + '{"a": [' * 20_000],
    ids=["brackets", "objects", "tasks", "both"],
)
def test_an_answer_nested_without_end_holds_no_task(answer):
    assert all(piece.problem for piece in json_tasks.read(answer, was_cut=False))


@pytest.mark.parametrize("depth", [1, limits.MAX_DEPTH, limits.MAX_DEPTH + 1, 5_000])
def test_the_depth_of_json_is_counted_exactly(depth):
    inner = "[" * (depth - 1) + "]" * (depth - 1)
    for text in ('{"a": ' + inner + "}" if inner else "{}", '{"[[[[{{": ' + (inner or "0") + ', "\\"[": "]]}}"}'):
        assert bool(json_fault(text.encode())) == (depth > limits.MAX_DEPTH)


def test_brackets_in_texts_nest_nothing():
    assert json_fault(json.dumps({"a": "[" * 200_000, "b": '\\"[[' * 9_999}).encode()) == ""
