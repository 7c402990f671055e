"""`--strategy structured` against servers with and without JSON-schema output, directly and by the Batch API."""

import pytest

from ift_builder.backends import openai_batch
from ift_builder.backends.demo import DemoBackend
from ift_builder.backends.openai_schema import WITHOUT
from ift_builder.runs import DROPPED, EXAMPLES
from tests.fake_server import FakeServer, answers_of
from tests.purposes import purpose_of


def files_of(folder):
    return [(folder / name).read_bytes() for name in (EXAMPLES, DROPPED)]


@pytest.fixture
def grow(ift_build, monkeypatch, tmp_path):
    """Grows 24 tasks with a server of some manner; returns what was said, the server's counts and the bodies."""
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)
    for name, value in (("_QUIET", 0.01), ("_FIRST_LOOK", 0.02), ("_LONGEST_LOOK", 0.05)):
        monkeypatch.setattr(openai_batch, name, value)

    def run(manner, *more):
        answer = answers_of(DemoBackend().complete, purpose_of)
        with FakeServer(answer=answer, latency=0.002, json_schema=manner, keep_bodies=True) as server:
            common = ["--model", "m", "--base-url", server.url, "--target", 24, "--out", tmp_path / manner, "--json"]
            ran = ift_build("bootstrap", "--strategy", "structured", *common, *more)
            assert ran.code == 0, ran.err
            return ran, server.stats(), list(server.bodies)

    return run


def test_a_server_with_schemas_gets_one_with_every_request(grow):
    ran, stats, bodies = grow("taken")

    assert WITHOUT not in ran.err
    assert stats["statuses"] == {"200": len(bodies)}
    assert all(body["response_format"]["json_schema"]["strict"] for body in bodies)


@pytest.mark.parametrize("manner", ["named", "unnamed", "typed"])
def test_a_server_without_is_asked_in_words_the_user_is_told_once_and_the_rows_are_the_same(grow, tmp_path, manner):
    ran, stats, bodies = grow(manner, "--concurrency", 4)
    grow("taken")

    assert ran.err.count(WITHOUT) == 1
    refused = stats["statuses"].get("400", 0) + stats["statuses"].get("422", 0)
    assert 1 <= refused <= 4, "no more than were in flight before the first was refused"
    assert not any("response_format" in body for body in bodies)
    assert ran.result["requests"]["all_sittings"]["given_up"] == 0
    assert files_of(tmp_path / manner) == files_of(tmp_path / "taken")


def test_a_server_that_passes_the_field_over_gives_the_same_rows(grow, tmp_path):
    ran, _, _ = grow("ignored")
    grow("taken")

    assert WITHOUT not in ran.err
    assert files_of(tmp_path / "ignored") == files_of(tmp_path / "taken")


def test_a_batch_carries_the_schema_and_gives_the_same_rows(grow, tmp_path):
    _, stats, bodies = grow("taken", "--batch")
    batched = files_of(tmp_path / "taken")

    assert (stats["statuses"], bodies) == ({}, []), "no prompt was asked directly"
    assert batched
    grow("ignored")
    assert batched == files_of(tmp_path / "ignored")


def test_a_batch_whose_lines_are_refused_for_the_schema_is_asked_directly_and_without(grow, tmp_path):
    ran, _, bodies = grow("unnamed", "--batch")
    grow("taken")

    assert ran.err.count(WITHOUT) == 1
    assert bodies
    assert files_of(tmp_path / "unnamed") == files_of(tmp_path / "taken")


def test_base_models_have_no_schemas(ift_build, tmp_path):
    common = ["--model", "demo", "--api", "completions", "--out", tmp_path / "run"]
    ran = ift_build("bootstrap", "--strategy", "structured", *common)

    assert ran.code == 2
    assert "--api chat" in ran.err
