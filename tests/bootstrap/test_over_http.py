"""`ift-build bootstrap` against a real HTTP server that speaks the OpenAI API, with the demo model behind it."""

import pytest

from ift_builder.backends.demo import DemoBackend
from ift_builder.formats import schemas
from ift_builder.runs import DROPPED, EXAMPLES
from tests.fake_server import FakeServer, Fault, answers_of
from tests.files import rows_of
from tests.purposes import purpose_of


def demo_answers():
    return answers_of(DemoBackend().complete, purpose_of)


def bootstrap(ift_build, server, out, *more, target=200):
    common = ["--model", "served", "--base-url", server.url, "--target", target, "--out", out, "--json"]
    return ift_build("bootstrap", *common, *more)


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_a_target_of_200_is_reached_with_16_requests_in_flight(tmp_path, ift_build, api):
    with FakeServer(answer=demo_answers(), latency=0.05) as server:
        ran = bootstrap(ift_build, server, tmp_path / "run", "--concurrency", 16, "--api", api)
        stats = server.stats()

    assert ran.code == 0
    assert ran.result["tasks"]["kept"] == 200
    assert stats["max_in_flight"] == 16
    assert all(schemas.complaint("example", row) == "" for row in rows_of(tmp_path / "run" / EXAMPLES))


def test_faults_on_the_way_change_nothing_in_the_dataset(tmp_path, ift_build, quick_retries):
    with FakeServer(answer=demo_answers(), latency=0.002) as server:
        bootstrap(ift_build, server, tmp_path / "clean", target=30)
    faults = [
        Fault("503", tries=(1,), share=0.2),
        Fault("429", tries=(1, 2), share=0.2, retry_after=0.01),
        Fault("cut", tries=(1,), share=0.1),
    ]
    with FakeServer(answer=demo_answers(), latency=0.002, faults=faults) as server:
        ran = bootstrap(ift_build, server, tmp_path / "faulty", target=30)
        assert server.stats()["statuses"].get("503", 0) > 0

    assert ran.code == 0
    for name in (EXAMPLES, DROPPED):
        assert (tmp_path / "faulty" / name).read_bytes() == (tmp_path / "clean" / name).read_bytes()


PASSING = (
    *(
        "429",
        "500",
        "502",
        "503",
        "closed",
        "reset-before-headers",
        "reset-after-headers",
        "cut",
        "invalid-json",
        "html",
    ),
    *("empty-choices", "null-content", "slow", "usage-missing", "usage-null", "usage-negative", "usage-strings"),
)
"""Kinds of faults after which the same request may succeed, or does."""


def test_thirty_percent_of_passing_faults_of_every_kind_change_nothing_in_the_dataset(
    tmp_path, ift_build, quick_retries
):
    with FakeServer(answer=demo_answers(), latency=0.002) as server:
        bootstrap(ift_build, server, tmp_path / "clean", target=40)
    faults = [Fault(kind, share=0.3 / len(PASSING), seconds=0.01, retry_after=0.01) for kind in PASSING]
    with FakeServer(answer=demo_answers(), latency=0.002, faults=faults) as server:
        ran = bootstrap(ift_build, server, tmp_path / "faulty", target=40)

    assert ran.code == 0
    assert ran.result["requests"]["all_sittings"]["given_up"] == 0
    for name in (EXAMPLES, DROPPED):
        assert (tmp_path / "faulty" / name).read_bytes() == (tmp_path / "clean" / name).read_bytes()


def test_a_refused_prompt_is_counted_and_the_run_goes_on(tmp_path, ift_build):
    faults = [Fault("400", share=0.05, sticky=True)]
    with FakeServer(answer=demo_answers(), faults=faults, latency=0.002) as server:
        ran = bootstrap(ift_build, server, tmp_path / "run", target=60)

    assert ran.code == 0
    assert ran.result["requests"]["all_sittings"]["given_up"] > 0
    given_up = [row for row in rows_of(tmp_path / "run" / DROPPED) if row["reason"] == "request-given-up"]
    assert {row["evidence"]["why"] for row in given_up} == {"refused"}


@pytest.fixture
def quick_retries(monkeypatch):
    """Retries that wait milliseconds."""
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.005)


def test_the_key_is_in_no_file_and_no_message(tmp_path, ift_build, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-4711")
    with FakeServer(answer=demo_answers(), latency=0.001, api_key="sk-secret-4711") as server:
        ran = bootstrap(ift_build, server, tmp_path / "run", target=5)
    with FakeServer(api_key="another") as server:
        refused = bootstrap(ift_build, server, tmp_path / "refused", target=5)

    assert (ran.code, refused.code) == (0, 1)
    assert "sk-secret" not in ran.out + ran.err + refused.out + refused.err
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"sk-secret" not in path.read_bytes()
