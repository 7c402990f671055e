"""No secret that somebody quotes gets into a file of a run, onto the terminal, into `--json` or the log of a bug."""

import io
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import datasets
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ift_builder import secrets
from tests.conftest import ROOT
from tests.files import rows_of
from tests.hub import hub
from tests.secrets.echo_server import PLACES, echoing, text_with
from tests.secrets.echoes import ENCODINGS, KEY, TOKEN, echoes, leaks
from tests.small_runs import example, write_run

TEMPLATE = """
dataset: rows
licence: MIT
languages: [en]
task: {name: rows, category: generation}
columns: {text: text}
templates:
  plain:
    instruction: Say it.
    output: "{{ text }}"
"""

QUIET = ("status 401", "status 403", "status 429", "status 500", "status 503", "header", "no JSON")
"""Places of which nothing is kept or shown by any way that we know."""


def few(place):
    """Hypothesis begins with the simplest example."""
    examples = 1 if place in QUIET else 2
    return settings(max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A key is set; retries and batches wait for milliseconds."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.001)
    monkeypatch.setattr("ift_builder.asking.pace.LONGEST_PAUSE", 0.001, raising=False)
    monkeypatch.setattr("ift_builder.asking.retries.LONGEST_PAUSE", 0.001)
    monkeypatch.setattr("ift_builder.backends.openai_batch._QUIET", 0.001)
    yield
    secrets.forget()


def told(ran, *folders) -> dict[str, bytes]:
    """All that a command left behind: what it said, and each byte of its files."""
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return {"output": ran.out.encode(), "errors": ran.err.encode(), **{str(path): path.read_bytes() for path in files}}


def given_away(said: dict[str, bytes], secret: str) -> dict[str, set[str]]:
    return {name: found for name, data in said.items() if (found := leaks(data, secret))}


def grow(ift_build, url, out, *more):
    common = ("--model", "m", "--base-url", url, "--target", 3, "--out", out, "--json", "--max-requests", 9)
    return ift_build("bootstrap", *common, "--concurrency", 2, "--no-report", *more)


@pytest.mark.parametrize("place", PLACES)
def test_a_key_that_the_server_quotes_leaks_nowhere(place, ift_build, tmp_path):
    @few(place)
    @given(st.lists(echoes(KEY), min_size=6, max_size=6))
    def leaks_nowhere(quotations):
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        with echoing(place, [lambda _, said=said: said for said in quotations]) as url:
            ran = grow(ift_build, url, tmp_path / "run", *(("--batch",) if place == "batch" else ()))

        assert given_away(told(ran, tmp_path / "run"), KEY) == {}
        assert ran.code in (0, 1), ran.err

    leaks_nowhere()


@pytest.mark.parametrize("place", ["status 400", "ids and names"])
def test_every_encoding_of_the_whole_key_is_taken_out_of_what_a_run_keeps(place, ift_build, tmp_path):
    with echoing(place, ENCODINGS.values()) as url:
        ran = grow(ift_build, url, tmp_path / "run", "--max-requests", 40)
    said = told(ran, tmp_path / "run")

    assert given_away(said, KEY) == {}
    assert any(secrets.REDACTED.encode() in data for data in said.values())


def test_rows_report_card_and_all_commands_on_a_run_are_free_of_the_key(ift_build, tmp_path):
    with echoing("content", list(ENCODINGS.values())) as url:
        ran = ift_build(
            *("bootstrap", "--model", "m", "--base-url", url, "--target", 2, "--out", tmp_path / "run", "--json"),
            *("--max-requests", 30),
        )
    shown = [ift_build("show", tmp_path / "run", "--json"), ift_build("check", tmp_path / "run", "--all", "--json")]

    assert (tmp_path / "run" / "report.html").exists(), ran.err
    assert given_away(told(ran, tmp_path / "run"), KEY) == {}
    assert [given_away(told(one), KEY) for one in shown] == [{}, {}]


def test_models_do_not_show_the_key_that_a_server_lists(ift_build):
    with echoing("status 400", ENCODINGS.values()) as url:
        ran = ift_build("models", "--base-url", url)
        as_json = ift_build("models", "--base-url", url, "--json")

    assert secrets.REDACTED in ran.out
    assert given_away(told(ran) | {"json": as_json.out.encode()}, KEY) == {}


def test_a_run_that_kept_a_key_is_shown_reported_and_exported_without_it(ift_build, tmp_path):
    said = text_with(KEY)
    write_run(tmp_path / "old", [example(number, output=said) for number in range(3)])
    (tmp_path / "old" / "settings.json").write_text(f'{{"command": "bootstrap", "strategy": "{KEY}"}}')
    kept = tmp_path / "kept"
    ran = [
        ift_build("show", tmp_path / "old"),
        ift_build("show", tmp_path / "old", "--json"),
        ift_build("dedupe", tmp_path / "old" / "examples.jsonl", "--field", "output", "--out", kept / "dedupe"),
        *(ift_build("export", tmp_path / "old", "--to", to, "--out", kept / to) for to in ("hf", "messages", "text")),
    ]

    assert [given_away(told(one), KEY) for one in ran] == [{}] * len(ran)
    assert given_away(told(ran[0], kept), KEY) == {}
    assert KEY not in datasets.load_from_disk(str(kept / "hf" / "saved"))["train"][0]["output"]
    assert KEY not in str(datasets.Dataset.from_parquet(str(kept / "hf" / "data" / "train.parquet"))[0])


def test_a_conversion_to_parquet_is_free_of_the_key(ift_build, tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(orjson.dumps({"text": KEY[3:]}))
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    ran = ift_build(
        *("convert", tmp_path / "rows.jsonl", "--template", tmp_path / "t.yaml"),
        *("--file-format", "parquet", "--out", tmp_path / "run", "--json"),
    )
    assert ran.code == 0, ran.err
    (file,) = (tmp_path / "run").glob("examples*.parquet")

    assert ran.code == 0, ran.err
    assert secrets.REDACTED in str(datasets.Dataset.from_parquet(str(file))[0])


def test_the_log_of_a_bug_is_free_of_the_key_in_the_whole_chain_of_errors(ift_build, tmp_path, monkeypatch):
    def broken(*_, **__):
        try:
            raise OSError(f"sent {KEY}")  # noqa: TRY301 - the chain is the point
        except OSError as error:
            raise RuntimeError(f"Authorization: {ENCODINGS['all of it quoted'](KEY)}") from error

    monkeypatch.setattr("ift_builder.backends.openai.completion_of", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with echoing("content", ENCODINGS.values()) as url:
        ran = grow(ift_build, url, tmp_path / "run")
    (log,) = tmp_path.glob("ift-build-*.log")

    assert ran.code == 3
    assert log.read_text().count(secrets.REDACTED) == 2
    assert given_away(told(ran, tmp_path), KEY) == {}


def test_what_libraries_log_is_free_of_the_key(ift_build):
    ift_build("models", "--help")
    heard = io.StringIO()
    logger = logging.getLogger("some.library")
    logger.addHandler(handler := logging.StreamHandler(heard))
    try:
        raise ValueError(KEY)  # noqa: TRY301 - what is logged is the point
    except ValueError:
        logger.exception("GET /v1?key=%s", KEY)
        logger.warning("two %s, one given", "of", "these")  # noqa: PLE1205 - a library's mistake
    finally:
        logger.removeHandler(handler)

    assert heard.getvalue().startswith(f"GET /v1?key={secrets.REDACTED}\nTraceback")
    assert leaks(heard.getvalue().encode(), KEY) == set()


WRITES = re.compile(r"\.write_(?:bytes|text)\(|\.open\(\"[wax]|\bfdopen\(|ParquetWriter\(|\bclick\.s?echo\(|\bprint\(")

HARMLESS_WRITES = {
    "journal/count.py": "digits",
    "engines/worker.py": "messages from process to process",
    "templates/comparing.py": "the user's own file, with a date in it",
}


def test_every_module_that_writes_or_says_something_redacts_it():
    package = ROOT / "ift_builder"
    ways_out = [path for path in package.rglob("*.py") if WRITES.search(path.read_text(encoding="utf-8"))]
    forgetful = {
        path.relative_to(package).as_posix()
        for path in ways_out
        if not re.search(r"redact|visible", path.read_text(encoding="utf-8"))
    }

    assert ways_out
    assert forgetful <= HARMLESS_WRITES.keys()


def test_rows_that_quote_the_key_are_the_same_after_a_kill(ift_build, tmp_path):
    with echoing("content", [ENCODINGS["plain"]]) as url:
        grow(ift_build, url, tmp_path / "run", "--max-requests", 4)
        grow(ift_build, url, tmp_path / "run", "--max-requests", 20)
        grow(ift_build, url, tmp_path / "whole", "--max-requests", 20)

    rows = rows_of(tmp_path / "run" / "dropped.jsonl")
    assert rows == rows_of(tmp_path / "whole" / "dropped.jsonl")
    assert any(secrets.REDACTED in row["text"] for row in rows)


# The hub's token


def convert(address, tmp_path, name, out, **environment):
    """`convert` in a process of its own: the hub's client reads HF_ENDPOINT when it is imported."""
    command = ["convert", name, "--template", tmp_path / "t.yaml", "--out", tmp_path / out, "--json"]
    own = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), **environment}
    inherited = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    return subprocess.run(
        [sys.executable, "-m", "ift_builder", *command], env=inherited | own, capture_output=True, check=False
    )


def said_by(process, folder) -> dict[str, bytes]:
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {"output": process.stdout, "errors": process.stderr, **files}


@pytest.fixture
def quoting(tmp_path):
    """A hub that quotes the token in rows, licence and errors."""
    quoted = [encode(TOKEN) for encode in ENCODINGS.values()]
    rows = tmp_path / "hub" / "org" / "rows"
    rows.mkdir(parents=True)
    (rows / "train.jsonl").write_bytes(b"".join(orjson.dumps({"text": said}) + b"\n" for said in quoted))
    (rows / "README.md").write_text(f"---\nlicense: {TOKEN}\n---\n")
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    (tmp_path / "home").mkdir()
    with hub(tmp_path / "hub", quoting=quoted) as address:
        yield address


def test_a_token_of_the_environment_that_stands_in_a_datasets_rows_leaks_nowhere(quoting, tmp_path):
    ran = convert(quoting, tmp_path, "org/rows", "out", HF_TOKEN=TOKEN)

    assert ran.returncode == 0, ran.stderr
    assert secrets.REDACTED.encode() in (tmp_path / "out" / "examples.jsonl").read_bytes()
    assert given_away(said_by(ran, tmp_path / "out"), TOKEN) == {}


def test_a_token_stored_in_a_file_that_the_hub_quotes_in_refusing_leaks_nowhere(quoting, tmp_path):
    (tmp_path / "home" / "token").write_text(TOKEN)
    ran = convert(quoting, tmp_path, "org/forbidden", "out")

    assert ran.returncode == 1, ran.stderr
    assert secrets.REDACTED.encode() in ran.stderr
    assert given_away(said_by(ran, tmp_path / "out"), TOKEN) == {}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_token_that_the_hub_quotes_in_refusing_an_upload_is_not_shown(encoding, ift_build, tmp_path, monkeypatch):
    import huggingface_hub

    class Refusing:
        def __init__(self, token):
            self._token = token

        def create_repo(self, *_, **__):
            raise OSError(f"403: {ENCODINGS[encoding](self._token)} may not write")

    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(huggingface_hub, "HfApi", Refusing)
    run = write_run(tmp_path / "run", [example()])
    options = ("--to", "text", "--push-to-hub", "me/data", "--out", tmp_path / "out", "--json")
    ran = ift_build("export", run, *options)

    assert ran.code == 1
    assert secrets.REDACTED in ran.err
    assert given_away(told(ran, tmp_path / "out"), TOKEN) == {}
