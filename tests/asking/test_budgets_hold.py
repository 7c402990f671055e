"""Budgets hold whatever the server does, and what they pay for is finished."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from ift_builder.asking import Stop, Terms, pump
from ift_builder.backends.openai import OpenAIBackend
from ift_builder.bootstrap import Plan, bootstrap
from ift_builder.bootstrap.strategies import shipped_seeds
from ift_builder.errors import NO_TOKENS, BackendUnusableError, InputError, RequestError
from ift_builder.journal import open_for_run
from ift_builder.records import Completion, Prices, Prompt, Sampling, Turn, Usage
from ift_builder.runs import Status
from tests.asking.test_asking import Questions
from tests.fake_server import FakeServer, Fault
from tests.fake_server.answers import text_of
from tests.scripted import ScriptedBackend, sensible

ANSWER = "A river is a stream of water that flows to the sea. " * 4


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch):
    """Retries that wait a millisecond, and time-outs of a fraction of a second."""
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.001)
    monkeypatch.setattr("ift_builder.asking.timeouts.LEAST", 0.1)


def prompts(count, words="Say what a river is, number"):
    sampling = Sampling(max_tokens=len(ANSWER))
    return [Prompt("step", (Turn("user", f"{words} {n}"),), "m", sampling, draw=n) for n in range(count)]


class Metered:
    """A model behind the server that counts all that it makes, whether or not it reaches anybody."""

    def __init__(self, tokens):
        self._tokens = tokens
        self.spent = 0

    def __call__(self, body):
        asked, said = self._tokens(text_of(body)), self._tokens(ANSWER)
        self.spent += asked + said
        return {"text": ANSWER, "usage": {"prompt_tokens": asked, "completion_tokens": said}}


def four_bytes(text):
    return len(text.encode()) // 4 + 1


def one_byte(text):
    return len(text.encode())


def ask(folder, url, asked, *, in_flight=16, **terms):
    """Asks in one session; returns what ended it."""

    async def session(journal):
        stop, backend = Stop(), OpenAIBackend(base_url=url)
        asker = Terms(**terms).asker(backend, journal, stop)
        try:
            await pump(Questions(asked), asker, in_flight=in_flight, stop=stop)
        finally:
            await asker.finish()
            await backend.aclose()
        return stop.reason

    with open_for_run(folder / "journal.sqlite") as journal:
        return asyncio.run(session(journal))


def ledger(folder):
    with sqlite3.connect(f"file:{folder / 'journal.sqlite'}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT settled, prompt_tokens + completion_tokens FROM ledger").fetchall()


# What was not counted


@pytest.mark.parametrize("kind", ["cut", "reset-after-headers", "closed", "invalid-json", "error-200"])
def test_replies_cut_midway_are_counted_at_the_most_that_they_may_have_cost(tmp_path, kind):
    model = Metered(four_bytes)
    with FakeServer(answer=model, faults=[Fault(kind, share=0.4)]) as server:
        reason = ask(tmp_path, server.url, prompts(500), max_tokens=30_000)

    assert reason == "budget"
    assert 5_000 < model.spent <= 30_000


def test_the_ledger_says_which_costs_are_estimated(tmp_path):
    with FakeServer(answer=Metered(four_bytes), faults=[Fault("cut", tries=(1,))]) as server:
        ask(tmp_path, server.url, prompts(3))

    rows = ledger(tmp_path)
    assert sorted(settled for settled, _ in rows) == [1, 1, 1, 2, 2, 2]
    assert min(tokens for settled, tokens in rows if settled == 2) > max(
        tokens for settled, tokens in rows if settled == 1
    )


def test_an_answer_that_comes_after_its_time_is_counted(tmp_path):
    model = Metered(four_bytes)
    with FakeServer(answer=model, faults=[Fault("slow", share=0.3, seconds=0.4)]) as server:
        reason = ask(tmp_path, server.url, prompts(300), max_tokens=10_000, timeout=0.1)

    assert reason == "budget"
    assert model.spent <= 10_000


@pytest.mark.parametrize("kind", ["400", "429", "500", "503"])
def test_what_the_server_turned_away_costs_nothing(tmp_path, kind):
    with FakeServer(answer=Metered(four_bytes), faults=[Fault(kind, tries=(1,))]) as server:
        ask(tmp_path, server.url, prompts(3))

    assert [tokens for _, tokens in ledger(tmp_path)].count(0) == 3


def test_a_gateway_that_lost_its_server_may_have_cost_all_the_same(tmp_path):
    with FakeServer(answer=Metered(four_bytes), faults=[Fault("504", tries=(1,))]) as server:
        ask(tmp_path, server.url, prompts(3))

    assert [settled for settled, _ in ledger(tmp_path)].count(2) == 3


def test_a_server_that_cannot_be_reached_costs_nothing():
    async def ask_nobody():
        backend = OpenAIBackend(base_url="http://127.0.0.1:9/v1")
        try:
            await backend.complete(prompts(1)[0])
        finally:
            await backend.aclose()

    with pytest.raises(RequestError) as caught:
        asyncio.run(ask_nobody())
    assert caught.value.tokens == NO_TOKENS


def test_a_key_that_is_refused_costs_nothing(tmp_path):
    with FakeServer(api_key="another") as server, pytest.raises(BackendUnusableError):
        ask(tmp_path, server.url, prompts(3), max_tokens=10_000, in_flight=1)

    assert ledger(tmp_path) == [(1, 0)]


# Bounds


@pytest.mark.parametrize("words", ["Say what a river is, number", "川とは何ですか。番号は", "🌊" * 20])
@pytest.mark.parametrize("in_flight", [1, 32])
def test_a_tokenizer_that_makes_a_token_of_each_byte_does_not_exceed_the_budget(tmp_path, words, in_flight):
    model = Metered(one_byte)
    with FakeServer(answer=model) as server:
        reason = ask(tmp_path, server.url, prompts(400, words * 5), max_tokens=30_000, in_flight=in_flight)

    assert reason == "budget"
    assert 28_000 < model.spent <= 30_000


def test_a_budget_in_dollars_holds_for_such_a_tokenizer_and_cut_replies(tmp_path):
    model = Metered(one_byte)
    with FakeServer(answer=model, faults=[Fault("cut", share=0.2)]) as server:
        reason = ask(tmp_path, server.url, prompts(400), max_cost=0.03, prices=Prices(1, 1))

    assert reason == "budget"
    assert model.spent <= 30_000


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["timeout", "requests_per_minute", "tokens_per_minute", "max_cost"])
def test_terms_that_are_no_finite_number_are_no_terms(name, value):
    with pytest.raises(InputError, match="finite"):
        Terms(**{name: value})


# Kills


@pytest.mark.parametrize("limit", [None, 1000])
def test_the_ledger_has_the_requests_that_a_kill_found_in_flight(tmp_path, limit):
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tests.asking.test_budgets_hold import ask, prompts
        ask(Path(sys.argv[1]), sys.argv[2], prompts(20), in_flight=5, max_requests=eval(sys.argv[3]))
    """)
    with FakeServer(answer=Metered(four_bytes), faults=[Fault("hang", containing="number")]) as server:
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), server.url, str(limit)])
        while len(_ledger_of_a_run(tmp_path)) < 5 and process.poll() is None:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        sent = server.stats()["requests"]

    rows = ledger(tmp_path)
    assert len(rows) == 5 >= sent
    assert all(settled == 0 and tokens > len(ANSWER) for settled, tokens in rows)


def _ledger_of_a_run(folder):
    try:
        return ledger(folder)
    except sqlite3.OperationalError:  # not yet there
        return []


# Tasks at a budget's end


def grow(folder, in_flight, **terms):
    """The manifest of a growth that its budget ends."""

    def costed(prompt):
        return Completion(prompt.key, sensible(prompt), "stop", Usage(400, 100), "scripted")

    class Model(ScriptedBackend):
        async def complete(self, prompt):
            await super().complete(prompt)
            return costed(prompt)

    plan = Plan(
        seeds=shipped_seeds("self-instruct"),
        model="m",
        target=100_000,
        terms=Terms(concurrency=in_flight, prices=Prices(1, 1), **terms),
    )
    backend = Model(sensible, pause=0.004)
    run = bootstrap(plan, folder, backend, stop=Stop(), on_progress=lambda _: None)
    return asyncio.run(run)


@pytest.mark.parametrize("terms", [{"max_requests": 250}, {"max_tokens": 80_000}, {"max_cost": 0.08}])
def test_near_the_end_of_a_budget_begun_tasks_are_finished_before_new_ones_are_proposed(tmp_path, terms):
    alone = grow(tmp_path / "1", 1, **terms)
    many = grow(tmp_path / "64", 64, **terms)

    assert alone.status is many.status is Status.BUDGET
    assert alone.levels["tasks"].kept >= 60
    assert many.levels["tasks"].kept > 0.95 * alone.levels["tasks"].kept


def test_a_run_whose_budget_was_raised_is_the_run_that_never_had_one(tmp_path):
    for limit in (30, 45, 46, 90):
        grow(tmp_path / "raised", 16, max_requests=limit)

    def finish(folder, in_flight):
        plan = Plan(seeds=shipped_seeds("self-instruct"), model="m", target=60, terms=Terms(concurrency=in_flight))
        asyncio.run(bootstrap(plan, folder, ScriptedBackend(sensible), stop=Stop(), on_progress=lambda _: None))
        return [(folder / name).read_bytes() for name in ("examples.jsonl", "dropped.jsonl")]

    assert finish(tmp_path / "raised", 16) == finish(tmp_path / "whole", 1)
