"""Asking: each prompt once, many at a time, retried where it helps, given up and counted where it does not."""

import asyncio

import pytest

from ift_builder.asking import Stop, Terms, pump
from ift_builder.asking.asker import MOST_FAILURES_IN_A_ROW
from ift_builder.asking.retries import MOST_TRIES
from ift_builder.errors import CONTEXT_OVERFLOW, BackendError, BackendUnusableError, RequestError
from ift_builder.journal import open_for_run
from ift_builder.records import Completion, Prompt, Sampling, Turn, Unanswered
from tests.scripted import ScriptedBackend


def prompts(count):
    return [
        Prompt("step", (Turn("user", f"question {n}"),), "m", Sampling(max_tokens=10), draw=n) for n in range(count)
    ]


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch):
    """Retries that wait a millisecond."""
    monkeypatch.setattr("ift_builder.asking.retries.FIRST_WAIT", 0.001)


class Questions:
    """Work that asks a list of prompts and keeps the outcomes."""

    def __init__(self, asked):
        self._left = list(asked)
        self.outcomes = {}

    def next_prompt(self):
        return self._left.pop(0) if self._left else None

    def receive(self, prompt, outcome):
        assert prompt.key not in self.outcomes
        self.outcomes[prompt.key] = outcome


def run(folder, backend, asked, *, in_flight=8, stop_at=None, **terms):
    """Asks in one sitting; returns outcomes in the order of the prompts, the asker and the stop."""

    async def sitting(journal):
        stop = Stop()
        asker = Terms(**terms).asker(backend, journal, stop)
        work = Questions(asked)
        if stop_at is not None:
            asyncio.get_running_loop().call_later(stop_at, stop.ask, "interrupted")
        await pump(work, asker, in_flight=in_flight, stop=stop)
        await asker.finish()
        return [work.outcomes.get(prompt.key) for prompt in asked], asker, stop

    with open_for_run(folder / "journal.sqlite") as journal:
        return asyncio.run(sitting(journal))


def failing(*reasons, retryable=True):
    """A model whose n-th try of each prompt fails for the n-th reason, and then answers."""
    tries = {}

    def answer(prompt):
        tries[prompt.key] = tries.get(prompt.key, 0) + 1
        if tries[prompt.key] <= len(reasons):
            reason = reasons[tries[prompt.key] - 1]
            return RequestError(reason, reason=reason, retryable=retryable)
        return f"answer {prompt.draw}"

    return answer


def test_each_prompt_is_asked_once_and_answered(tmp_path):
    backend = ScriptedBackend(lambda prompt: f"answer {prompt.draw}")
    outcomes, _, _ = run(tmp_path, backend, prompts(50))

    assert [outcome.text for outcome in outcomes] == [f"answer {n}" for n in range(50)]
    assert set(backend.asked.values()) == {1}


def test_as_many_as_allowed_are_in_flight_and_no_more(tmp_path):
    backend = ScriptedBackend(lambda prompt: "x", pause=0.02)
    run(tmp_path, backend, prompts(60), in_flight=7)

    assert backend.most_in_flight == 7


def test_what_was_answered_before_is_not_asked_again(tmp_path):
    run(tmp_path, ScriptedBackend(lambda prompt: "first"), prompts(10))
    backend = ScriptedBackend(lambda prompt: "second")
    outcomes, asker, _ = run(tmp_path, backend, prompts(12))

    assert [outcome.text for outcome in outcomes] == ["first"] * 10 + ["second"] * 2
    assert backend.asked.total() == 2
    assert (asker.asked, asker.recalled) == (2, 10)


def test_an_answer_is_on_the_disk_before_it_is_used(tmp_path):
    async def sitting(journal):
        asker = Terms().asker(ScriptedBackend(lambda prompt: "kept"), journal, Stop())
        (prompt,) = prompts(1)
        await asker.ask(prompt)
        return journal.recall(prompt.key)

    with open_for_run(tmp_path / "journal.sqlite") as journal:
        assert asyncio.run(sitting(journal)).text == "kept"


def test_a_passing_fault_is_tried_again(tmp_path):
    backend = ScriptedBackend(failing("rate-limited", "server-error"))
    outcomes, _, _ = run(tmp_path, backend, prompts(5))

    assert all(isinstance(outcome, Completion) for outcome in outcomes)
    assert set(backend.asked.values()) == {3}


def test_a_refused_prompt_is_given_up_at_once_and_the_others_go_on(tmp_path):
    def answer(prompt):
        return RequestError("no", reason="refused", retryable=False) if prompt.draw == 3 else "x"

    backend = ScriptedBackend(answer)
    outcomes, _, _ = run(tmp_path, backend, prompts(6), in_flight=2)

    assert isinstance(outcomes[3], Unanswered)
    assert outcomes[3].reason == "refused"
    assert backend.asked.total() == 6


def test_a_given_up_prompt_stays_given_up_in_the_next_sitting(tmp_path):
    run(
        tmp_path,
        ScriptedBackend(lambda p: RequestError("no", reason="refused", retryable=False) if p.draw == 0 else "x"),
        prompts(3),
        in_flight=1,
    )
    backend = ScriptedBackend(lambda prompt: "x")
    outcomes, _, _ = run(tmp_path, backend, prompts(3))

    assert isinstance(outcomes[0], Unanswered)
    assert backend.asked.total() == 0


def test_a_prompt_that_keeps_failing_is_tried_a_fixed_number_of_times(tmp_path):
    def answer(prompt):
        return RequestError("busy", reason="server-error", retryable=True) if prompt.draw == 1 else "x"

    backend = ScriptedBackend(answer)
    first, second, *rest = prompts(4)
    outcomes, _, _ = run(tmp_path, backend, [first, second, *rest], in_flight=1)

    assert backend.asked[second.key] == MOST_TRIES
    assert isinstance(outcomes[1], Unanswered)


def test_a_server_that_never_answers_anything_ends_the_run_soon(tmp_path):
    backend = ScriptedBackend(
        lambda prompt: RequestError("gone", reason="unreachable", retryable=True, hint="start it")
    )
    with pytest.raises(BackendUnusableError, match="no request was answered: gone") as caught:
        run(tmp_path, backend, prompts(100), in_flight=4)

    assert caught.value.hint == "start it"
    assert backend.asked.total() <= 3 * 4


def test_many_failures_in_a_row_stop_the_run_and_none_of_them_counts_as_settled(tmp_path):
    def answer(prompt):
        return "x" if prompt.draw < 5 else RequestError("gone", reason="server-error", retryable=True)

    with pytest.raises(BackendError, match="in a row"):
        run(tmp_path, ScriptedBackend(answer), prompts(100), in_flight=1)
    backend = ScriptedBackend(lambda prompt: "x")
    outcomes, _, _ = run(tmp_path, backend, prompts(5 + MOST_FAILURES_IN_A_ROW))

    assert all(isinstance(outcome, Completion) for outcome in outcomes)


def test_refusals_are_settled_however_many_come_in_a_row(tmp_path):
    refusing = ScriptedBackend(lambda prompt: RequestError("no", reason="refusal", retryable=False))
    outcomes, _, _ = run(tmp_path, refusing, prompts(50))
    assert all(isinstance(outcome, Unanswered) for outcome in outcomes)

    backend = ScriptedBackend(lambda prompt: "x")
    run(tmp_path, backend, prompts(50))
    assert backend.asked.total() == 0


def overflow(*fitting):
    """A model that only the prompts of these draws fit into."""
    error = RequestError("too long", reason=CONTEXT_OVERFLOW, retryable=False, hint="a larger context")
    return ScriptedBackend(lambda prompt: "x" if prompt.draw in fitting else error)


def test_when_no_prompt_fits_into_the_context_the_run_stops_and_says_so(tmp_path):
    with pytest.raises(BackendUnusableError, match="context: too long") as caught:
        run(tmp_path, overflow(), prompts(100), in_flight=2)

    assert caught.value.hint == "a larger context"


def test_a_prompt_that_does_not_fit_stops_nothing_where_others_were_answered(tmp_path):
    outcomes, _, _ = run(tmp_path, overflow(0), prompts(50), in_flight=1)
    assert [type(outcome) for outcome in outcomes] == [Completion] + [Unanswered] * 49

    outcomes, _, _ = run(tmp_path, overflow(), prompts(60), in_flight=1)
    assert [type(outcome) for outcome in outcomes] == [Completion] + [Unanswered] * 59


def test_a_failure_that_nothing_follows_is_settled_when_the_work_ends(tmp_path):
    def answer(prompt):
        return RequestError("busy", reason="server-error", retryable=True) if prompt.draw == 4 else "x"

    run(tmp_path, ScriptedBackend(answer), prompts(5), in_flight=1)
    backend = ScriptedBackend(lambda prompt: "x")
    outcomes, _, _ = run(tmp_path, backend, prompts(5))

    assert isinstance(outcomes[4], Unanswered)
    assert backend.asked.total() == 0


def test_what_was_given_up_is_asked_again_where_the_user_wants_it(tmp_path):
    run(tmp_path, ScriptedBackend(lambda prompt: RequestError("no", reason="refused", retryable=False)), prompts(3))
    outcomes, _, _ = run(tmp_path, ScriptedBackend(lambda prompt: "x"), prompts(3), retry_failed=True)

    assert all(isinstance(outcome, Completion) for outcome in outcomes)


def test_answers_in_flight_are_kept_when_another_request_ends_the_run(tmp_path):
    async def late(prompt):
        await asyncio.sleep(0.0 if prompt.draw == 0 else 0.05)
        if prompt.draw == 0:
            raise BackendUnusableError("the account has no credit left")
        return Completion(prompt.key, "paid", "stop")

    backend = ScriptedBackend(None)
    backend.complete = late
    with pytest.raises(BackendUnusableError):
        run(tmp_path, backend, prompts(8), in_flight=8)

    with open_for_run(tmp_path / "journal.sqlite") as journal:
        assert [journal.recall(prompt.key) is not None for prompt in prompts(8)] == [False] + [True] * 7


def test_a_busy_server_is_waited_for_even_before_its_first_answer(tmp_path):
    backend = ScriptedBackend(failing(*["rate-limited"] * 5))
    outcomes, _, _ = run(tmp_path, backend, prompts(2))

    assert all(isinstance(outcome, Completion) for outcome in outcomes)


def test_a_wrong_key_stops_the_run_at_the_first_answer(tmp_path):
    backend = ScriptedBackend(lambda prompt: BackendUnusableError("the server refuses the key"))
    with pytest.raises(BackendUnusableError):
        run(tmp_path, backend, prompts(100), in_flight=3)

    assert backend.asked.total() <= 3


def test_a_stop_sends_nothing_new_and_waits_for_what_is_in_flight(tmp_path):
    backend = ScriptedBackend(lambda prompt: "x", pause=0.05)
    outcomes, _, stop = run(tmp_path, backend, prompts(400), in_flight=4, stop_at=0.1)

    assert stop.reason == "interrupted"
    answered = [outcome for outcome in outcomes if outcome]
    assert 0 < len(answered) < 400
    assert len(answered) == backend.asked.total()


@pytest.mark.parametrize("in_flight", [1, 4, 32])
def test_a_budget_of_requests_is_never_exceeded_over_sittings(tmp_path, in_flight):
    backend = ScriptedBackend(failing("server-error"), pause=0.001)
    for limit in (7, 20):
        _, _, stop = run(tmp_path, backend, prompts(50), in_flight=in_flight, max_requests=limit)
        assert stop.reason == "budget"
        assert backend.asked.total() == limit


def test_a_budget_of_tokens_counts_what_is_in_flight(tmp_path):
    backend = ScriptedBackend(lambda prompt: "x", pause=0.01)
    _, _, stop = run(tmp_path, backend, prompts(100), in_flight=50, max_tokens=200)

    assert stop.reason == "budget"
    assert 150 <= backend.asked.total() * 15 <= 200


def test_the_server_decides_how_long_to_wait_where_it_says_so(tmp_path, monkeypatch):
    slept = []

    async def sleep(self, seconds):
        slept.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(Stop, "sleep", sleep)
    errors = iter([RequestError("slow down", reason="rate-limited", retryable=True, retry_after=7.5)])
    run(tmp_path, ScriptedBackend(lambda prompt: next(errors, "x")), prompts(1))

    assert slept == [7.5]


def test_a_stopped_work_with_much_left_to_ask_still_hears_what_comes_in(tmp_path):
    heard = []

    async def running(journal):
        stop = Stop()
        stop.ask("interrupted")
        asyncio.get_running_loop().call_soon(lambda: heard.append(len(work._left)))
        await pump(work, Terms().asker(ScriptedBackend(str), journal, stop), in_flight=8, stop=stop)

    work = Questions(prompts(1000))
    with open_for_run(tmp_path / "journal.sqlite") as journal:
        asyncio.run(running(journal))

    assert work.outcomes == {}
    assert heard[0] > 900
