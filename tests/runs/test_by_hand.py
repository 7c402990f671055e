"""Settings and manifests that somebody changed end every command with one message, and never as a bug of ours."""

import os

import orjson
import pytest

from tests.runs.conftest import files_of

COMMANDS = ("show", "report", "check", "export", "screen", "bootstrap")

BYTES = {
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"5",
    "null": b"null",
    "deeply nested": b"[" * 100_000,
    "not UTF-8": b'{"status": "\xff"}',
}
MANIFEST = {
    "files as a number": {"files": 5},
    "files as null": {"files": None},
    "facts as a number": {"files": {"examples.jsonl": 3}},
    "rows as text": {"files": {"examples.jsonl": {"rows": "many"}}},
    "rows below zero": {"files": {"examples.jsonl": {"rows": -1}}},
    "a hash as a list": {"files": {"examples.jsonl": {"rows": 1, "sha256": []}}},
    "status as null": {"status": None},
    "status as a list": {"status": ["complete"]},
    "a status that is none": {"status": "superb"},
    "tasks as a number": {"tasks": 5},
    "tasks as null": {"tasks": None},
    "counts as text": {"tasks": {"seen": "x", "kept": 1, "dropped": {}}},
    "reasons as a list": {"tasks": {"seen": 1, "kept": 1, "dropped": []}},
    "requests as a list": {"requests": []},
    "tokens as true": {"requests": {"all_sittings": {"prompt_tokens": True}}},
    "model as null": {"model": None},
    "cost as text": {"cost_usd": "free"},
    "seconds as null": {"seconds": None},
    "datasets as texts": {"datasets": ["one"]},
    "target as text": {"target": "all"},
}
SETTINGS = {
    "command as a number": {"command": 5},
    "command as null": {"command": None},
    "a tokenizer that is none": {"tokenizer": "guess"},
    "seeds as a list": {"seeds": ["sha256:1"]},
    "templates as a number": {"templates": 3},
    "similarity as text": {"similarity": "high"},
    "strategy as null": {"strategy": None},
}
CASES = [
    *(("manifest.json", name, content) for name, content in BYTES.items()),
    *(("settings.json", name, content) for name, content in BYTES.items()),
    *(("manifest.json", name, change) for name, change in MANIFEST.items()),
    *(("settings.json", name, change) for name, change in SETTINGS.items()),
]


def arguments(command, run, inputs, out):
    if command == "bootstrap":
        return inputs.arguments("bootstrap", run)
    more = {"export": ["--to", "messages", "--out", out], "screen": ["--out", out]}
    return [command, run, *more.get(command, [])]


@pytest.mark.parametrize(("file", "name", "content"), CASES, ids=[f"{file}: {name}" for file, name, _ in CASES])
def test_an_odd_file_is_one_clear_error_of_every_command(file, name, content, inputs, copy_of, tmp_path, ift_build):
    run = copy_of("bootstrap")
    if isinstance(content, dict):
        content = orjson.dumps({**orjson.loads((run / file).read_bytes()), **content})
    (run / file).write_bytes(content)
    before = files_of(run)
    for command in COMMANDS:
        ran = ift_build(*arguments(command, run, inputs, tmp_path / "out"))
        assert ran.code == 1, command
        assert ran.err.count("error: ") == 1, command
        assert file in ran.err, command
        assert "hint:" in ran.err, command
        assert "where:" in ran.err, command
    assert files_of(run) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("command", ["convert", "dedupe", "screen", "export"])
def test_a_command_refuses_its_own_folder_where_the_settings_are_odd(command, name, inputs, copy_of, ift_build):
    folder = copy_of(command)
    file = "export.json" if command == "export" else "settings.json"
    (folder / file).write_bytes(BYTES[name])
    ran = ift_build(*inputs.arguments(command, folder))

    assert ran.code == 1
    assert file in ran.err


def test_a_manifest_that_was_taken_away_is_written_anew_without_a_request(inputs, copy_of, ift_build):
    run = copy_of("bootstrap")
    before = files_of(run)
    (run / "manifest.json").unlink()
    ran = ift_build(*inputs.arguments("bootstrap", run), "--json")

    assert ran.result["requests"]["this_sitting"]["asked"] == 0
    for name in ("examples.jsonl", "dropped.jsonl", "README.md"):
        assert (run / name).read_bytes() == before[name]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_settings_that_are_a_folder_or_a_pipe_are_refused(make, inputs, copy_of, ift_build):
    run = copy_of("dedupe")
    (run / "settings.json").unlink()
    make(run / "settings.json")

    assert ift_build("check", run).code == 1
    assert ift_build(*inputs.arguments("dedupe", run)).code == 1
