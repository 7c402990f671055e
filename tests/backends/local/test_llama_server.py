"""`ift-build bootstrap` against llama.cpp's own HTTP server, with a real language model behind it."""

import json
from functools import partial

import pytest

from ift_builder.formats import schemas
from ift_builder.runs import DROPPED, EXAMPLES, MANIFEST
from tests.backends.local import processes
from tests.backends.local.llama_server import LlamaServer
from tests.files import rows_of

KEY = "sk-local-4711"
CLOSE = 700
"""Tokens that most lists of tasks fit into, but not all."""


@pytest.fixture(scope="module")
def served(tiny):
    with LlamaServer(tiny, key=KEY) as server:
        yield server


def start(server, out, *more, key=KEY, api="chat"):
    """`ift-build bootstrap` in a process of its own, eight requests in flight."""
    chosen = ["--model", "tiny", "--api", api, "--base-url", server.url, "--concurrency", 8, "--out", out]
    return processes.start("bootstrap", *chosen, "--quiet", "--no-report", *more, OPENAI_API_KEY=key)


def kill(process):
    process.kill()
    process.communicate()


def test_a_target_of_100_is_reached_though_run_and_server_are_killed_on_the_way(served, tmp_path):
    out = tmp_path / "run"
    grow = partial(start, served, out, "--target", 100, api="completions")
    for answers in (20, 70):
        process = grow()
        processes.wait_for(process, out, answers)
        kill(process)
    process = grow()
    processes.wait_for(process, out, 120)
    served.kill()
    served.start()
    said = process.communicate()

    assert (process.returncode, *said) == (0, "", "")
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["tasks"]["kept"] == 100
    assert manifest["requests"]["all_sittings"]["given_up"] == 0
    rows = rows_of(out / EXAMPLES)
    answered = processes.answers_in(out).keys()
    assert all(set(row["source"]["prompts"]) <= answered for row in rows)
    assert all(schemas.complaint("example", row) == "" for row in rows)
    assert all(KEY.encode() not in path.read_bytes() for path in out.iterdir())


def test_a_chat_model_is_asked_by_chat(served, tmp_path):
    process = start(served, tmp_path / "run", "--target", 30)

    assert (*process.communicate(), process.returncode) == ("", "", 0)
    assert json.loads((tmp_path / "run" / MANIFEST).read_text())["tasks"]["kept"] == 30


@pytest.mark.parametrize("key", ["", "sk-wrong"])
def test_a_wrong_key_is_said_to_be_one(served, tmp_path, key):
    process = start(served, tmp_path / "run", key=key)
    _, said = process.communicate()

    assert process.returncode == 1
    assert "the server refuses the key (HTTP 401)" in said
    assert "OPENAI_API_KEY" in said
    assert "sk-" not in said


def test_a_context_that_no_prompt_fits_into_is_said(tiny, tmp_path):
    with LlamaServer(tiny, slots=2, context=256) as server:
        process = start(server, tmp_path / "run")
        _, said = process.communicate()

    assert process.returncode == 1
    for word in ("do not fit into the model's context", "start the server with a longer context", "--retry-failed"):
        assert word in said


def test_a_prompt_that_does_not_fit_is_counted_and_the_run_goes_on(tiny, tmp_path):
    with LlamaServer(tiny, slots=2, context=CLOSE) as server:
        process = start(server, tmp_path / "run", "--target", 5, "--max-requests", 60)
        process.communicate()

    assert process.returncode == 0
    reasons = {row["evidence"].get("why") for row in rows_of(tmp_path / "run" / DROPPED)}
    assert "context-overflow" in reasons


def test_models_names_what_the_server_has(served, ift_build, monkeypatch):
    monkeypatch.setattr("ift_builder.models.LOCAL_SERVERS", {"llama.cpp": int(served.url.split(":")[2].split("/")[0])})
    ran = ift_build("models", "--json")
    here = ran.result["backends"][-1]

    assert ran.code == 0
    assert (here["ready"], here["base_url"]) == (False, served.url)
    assert "OPENAI_API_KEY" in here["todo"]

    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    ran = ift_build("models", "--base-url", served.url)
    assert f"{served.url}: 1 model (tiny)" in ran.out
    assert KEY not in ran.out + ran.err
