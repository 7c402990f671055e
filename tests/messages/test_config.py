"""A `--config` file says what the command line could say, as it is written, and everything else is refused in words."""

from __future__ import annotations

import pytest

BOOTSTRAP = ("bootstrap", "--model", "demo")

REFUSED = {
    "deep brackets": ("target: " + "[" * 200, 1, "nested more than"),
    "brackets deeper than the parser goes": ("target: " + "[" * 100_000, 1, "not valid YAML"),
    "aliases of aliases": (
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        1,
        "aliases repeat",
    ),
    "an option twice": ("target: 3\ntarget: 4\n", 1, "stands here twice"),
    "an option in two spellings": ("max-words: 9\nmax_words: 8\n", 2, "two spellings"),
    "a tag that builds objects": ("target: !!python/object/apply:os.system [ls]\n", 1, "not valid YAML"),
    "tags of other kinds": ("target: !!binary aGVsbG8=\n", 2, "takes one value"),
    "a date with its tag": ("target: !!timestamp 2024-05-01\n", 2, "takes one value"),
    "a list for one value": ("target: [1, 2]\n", 2, "takes one value, not a list"),
    "a mapping": ("domain: {a: b}\n", 2, "takes one value, not a mapping"),
    "a list in a list": ("language: [[de]]\n", 2, "takes values, not a list"),
    "a gap in a list": ("language: [de, ~]\n", 2, "takes values, not a gap"),
    "a list of options": ("- target: 3\n", 2, "must hold `option: value` lines"),
    "a text": ("target\n", 2, "must hold `option: value` lines"),
    "a date for a number": ("target: 2024-05-01\n", 2, "'2024-05-01' is not a valid integer range"),
    "a number for a name": ("strategy: 012\n", 2, "'012' is not one of"),
    "no truth value": ("quiet: maybe\n", 2, "not a valid boolean"),
    "bytes": (b"\x00\x01\xff\xfe", 1, "not UTF-8"),
    "sixteen bits": ("target: 3\n".encode("utf-16"), 1, "not UTF-8"),
    "control characters": (b"target: \x00\x07\n", 1, "not valid YAML"),
    "half a character": ('domain: "\\ud800"\n', 1, "not valid YAML"),
}


@pytest.mark.parametrize(("content", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_what_the_command_line_could_not_say_is_refused_in_words(ift_build, tmp_path, content, code, words):
    path = tmp_path / "options.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = ift_build(*BOOTSTRAP, "--config", path, "--out", tmp_path / "run")
    assert ran.code == code
    assert words in ran.err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("value", ["2024-05-01", "no", "012", "1e5", "12:30:45", "null-ish", "0x10", "'~'"])
def test_a_value_is_the_text_that_stands_in_the_file(ift_build, tmp_path, value):
    """YAML itself would make a date, `False`, 10 and 45,045 of some of these."""
    (tmp_path / "options.yaml").write_text(f"strategy: {value}\n")
    ran = ift_build(*BOOTSTRAP, "--config", tmp_path / "options.yaml", "--out", tmp_path / "run")
    assert f"{value.strip(chr(39))!r} is not one of" in ran.err


@pytest.mark.parametrize("content", ["", "# nothing\n", "seeds:\nforbid: ~\n", "\ufefftarget: 3\n", "target: 3\r\n"])
def test_options_that_are_left_open_and_other_line_ends_do_no_harm(ift_build, tmp_path, content):
    (tmp_path / "options.yaml").write_bytes(content.encode())
    ran = ift_build(*BOOTSTRAP, "--config", tmp_path / "options.yaml", "--out", tmp_path, "--strategy", "none")
    assert ran.code == 2
    assert "'none' is not one of" in ran.err


@pytest.mark.parametrize("yes", ["true", "yes", "on", "True"])
def test_flags_and_lists_are_taken(ift_build, tmp_path, yes):
    (tmp_path / "rows.jsonl").write_text('{"instruction": "a", "output": "b"}\n')
    (tmp_path / "options.yaml").write_text(f"json: {yes}\nquiet: {yes}\nignore: [G001, G002]\n")
    ran = ift_build("check", tmp_path / "rows.jsonl", "--config", tmp_path / "options.yaml")
    assert ran.code == 0
    assert ran.result["ok"] is True


def test_a_broken_file_is_told_to_programs_too(ift_build, tmp_path):
    (tmp_path / "options.yaml").write_text("a: [")
    ran = ift_build("check", tmp_path, "--config", tmp_path / "options.yaml", "--json")
    assert ran.code == 1
    assert ran.result["ok"] is False
