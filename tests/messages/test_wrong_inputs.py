"""What is given in the place of a file, folder, address or text that a command wants is named as what it is."""

from __future__ import annotations

import gzip
import random

import orjson
import pytest

ROW = {"instruction": "Name two things that float.", "input": "", "output": "Boats and corks."}
LINES = orjson.dumps(ROW) + b"\n"
TASK = {**ROW, "id": "a", "name": "a", "instances": [{"input": "", "output": "Corks."}], "is_classification": False}

FILES = {
    "gzip": gzip.compress(LINES),
    "zip": b"PK\x03\x04" + bytes(20),
    "parquet": b"PAR1" + bytes(20),
    "utf-16": LINES.decode().encode("utf-16"),
    "noise": random.Random(1).randbytes(5000),
    "array": b"[" + LINES.strip() + b"]",
    "cut": LINES[:-9],
    "latin-1": '{"instruction": "Übung"}'.encode("latin-1"),
    "nul": bytes(100),
    "scalar": b"3\n",
    "empty": b"",
}

READERS = {
    "dedupe": ("dedupe", "IN", "--out", "OUT"),
    "seeds": ("bootstrap", "--model", "demo", "--target", "1", "--seeds", "IN", "--out", "OUT"),
    "use cases": ("bootstrap", "--model", "demo", "--strategy", "use-cases", "--use-cases", "IN", "--out", "OUT"),
    "from": ("bootstrap", "--model", "demo", "--target", "1", "--from", "IN", "--out", "OUT"),
    "check": ("check", "IN"),
    "convert": ("convert", "IN", "--template", "ag_news", "--out", "OUT"),
    "template": ("convert", "GOOD", "--template", "IN", "--out", "OUT"),
    "lint": ("templates", "lint", "IN"),
    "preview": ("templates", "preview", "ag_news", "--data", "IN"),
    "show": ("show", "IN"),
    "export": ("export", "IN", "--to", "alpaca", "--out", "OUT"),
    "report": ("report", "IN"),
    "screen": ("screen", "IN", "--out", "OUT"),
    "config": ("check", "GOOD", "--config", "IN"),
    "model": ("bootstrap", "--model", "IN", "--backend", "local", "--out", "OUT"),
}


def said(ift_build, tmp_path, reader, given):
    (tmp_path / "good.jsonl").write_bytes(LINES)
    names = {"IN": given, "OUT": tmp_path / "out", "GOOD": tmp_path / "good.jsonl"}
    return ift_build(*(names.get(part, part) for part in READERS[reader]))


@pytest.mark.parametrize("reader", READERS)
def test_whatever_file_a_command_is_given_it_ends_in_words(ift_build, tmp_path, reader):
    for kind, content in FILES.items():
        for ending in (".jsonl", ".yaml") if reader in ("template", "lint", "config") else (".jsonl", ".json", ".csv"):
            path = tmp_path / f"{kind}{ending}"
            path.write_bytes(content)
            ran = said(ift_build, tmp_path, reader, path)
            assert ran.code in (0, 1, 2), (kind, ending, ran.err)
            assert "Traceback" not in ran.err


@pytest.mark.parametrize("reader", READERS)
def test_folders_links_and_addresses_in_the_place_of_files_are_named(ift_build, tmp_path, reader):
    (tmp_path / "folder").mkdir()
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "circle").symlink_to("circle")
    for name in ("folder", "nowhere", "circle", "gone.jsonl"):
        ran = said(ift_build, tmp_path, reader, tmp_path / name)
        assert ran.code in (1, 2), name
        assert "hub" not in ran.err


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader not in ("template", "model")])
def test_an_address_is_no_path(ift_build, tmp_path, reader):
    ran = said(ift_build, tmp_path, reader, "https://example.org/rows.jsonl")
    assert ran.code in (1, 2)
    assert "an address" in ran.err
    assert "download" in ran.err


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader not in ("template", "model")])
def test_an_empty_text_is_not_the_folder_we_are_in(ift_build, tmp_path, monkeypatch, reader):
    monkeypatch.chdir(tmp_path)
    ran = said(ift_build, tmp_path, reader, "")
    assert ran.code in (1, 2)
    assert "is empty" in ran.err


def test_an_empty_out_writes_nothing_where_we_are(ift_build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.jsonl").write_bytes(LINES)
    assert ift_build("dedupe", "rows.jsonl", "--out", "").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_an_empty_model_is_a_matter_of_usage(ift_build, tmp_path):
    ran = ift_build("bootstrap", "--model", "", "--base-url", "http://127.0.0.1:9/v1", "--out", tmp_path / "run")
    assert (ran.code, "--model is empty" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("gzip", "gunzip"),
        ("zip", "unpack"),
        ("parquet", "parquet"),
        ("utf-16", "save it as UTF-8"),
        ("array", "a line"),
    ],
)
def test_other_files_in_the_place_of_json_lines_are_recognised(ift_build, tmp_path, kind, words):
    (tmp_path / "rows.jsonl").write_bytes(FILES[kind])
    for reader in ("dedupe", "seeds", "use cases"):
        assert words in said(ift_build, tmp_path, reader, tmp_path / "rows.jsonl").err, reader


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_a_mark_of_byte_order_and_dos_line_ends_do_no_harm(ift_build, tmp_path, ends):
    (tmp_path / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + orjson.dumps(TASK) + ends)
    for reader in ("dedupe", "seeds"):
        assert said(ift_build, tmp_path, reader, tmp_path / "rows.jsonl").code == 0, reader
        if reader == "dedupe":
            assert (tmp_path / "out" / "examples.jsonl").read_bytes() == orjson.dumps(TASK) + ends
            (tmp_path / "out").rename(tmp_path / "deduped")


def test_a_subject_that_is_a_dead_link_or_no_text_is_said(ift_build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "subject").symlink_to("gone")
    (tmp_path / "noise").write_bytes(FILES["noise"])
    for name, words in (("subject", "no such file"), ("noise", "not text in UTF-8")):
        ran = ift_build("bootstrap", "--model", "demo", "--domain", name, "--out", "run")
        assert (ran.code, words in ran.err) == (2, True)


def test_a_template_file_that_is_a_list_is_described_without_our_own_marks(ift_build, tmp_path):
    (tmp_path / "t.yaml").write_text("- {a: 1}\n")
    ran = ift_build("templates", "show", tmp_path / "t.yaml")
    assert "found a list" in ran.err
    assert "line'" not in ran.err
