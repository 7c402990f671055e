"""The openai backend: every failure of a server becomes one of our errors, and every answer a completion."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import openai
import pytest

from ift_builder.backends.openai import OpenAIBackend
from ift_builder.errors import BackendError, BackendUnusableError, InputError, RequestError
from ift_builder.records import Prompt, Sampling, Turn, Usage
from tests.fake_server import EVERY_KIND, FakeServer, Fault

CHAT = Prompt("step", (Turn("system", "Be brief."), Turn("user", "Name a river.")), "m", Sampling(temperature=0.5))
TEXT = Prompt("step", (Turn("user", "A river:"),), "m", Sampling(max_tokens=5, stop=("<end>",)), api="completions")


def ask(server, prompt=CHAT, *, seconds=5.0):
    async def asking():
        backend = OpenAIBackend(base_url=server if isinstance(server, str) else server.url)
        try:
            return await asyncio.wait_for(backend.complete(prompt), seconds)
        finally:
            await backend.aclose()

    return asyncio.run(asking())


@pytest.mark.parametrize("prompt", [CHAT, TEXT], ids=["chat", "completions"])
def test_an_answer_comes_with_its_usage_and_its_end(prompt):
    answer = {"text": "The Main.", "finish_reason": "length", "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    with FakeServer(answer=lambda body: answer) as server:
        completion = ask(server, prompt)

    assert (completion.key, completion.text, completion.finish_reason) == (prompt.key, "The Main.", "length")
    assert completion.usage == Usage(7, 3)


def test_only_the_options_that_the_prompt_sets_are_sent():
    bodies = []
    with FakeServer(answer=lambda body: bodies.append(body) or "x") as server:
        ask(server, CHAT)
        ask(server, TEXT)

    assert bodies[0] == {
        "model": "m",
        "temperature": 0.5,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Name a river."}],
    }
    assert bodies[1] == {"model": "m", "prompt": "A river:", "max_tokens": 5, "stop": ["<end>"]}


@pytest.mark.parametrize(
    ("kind", "reason", "retryable"),
    [
        ("429", "rate-limited", True),
        ("500", "server-error", True),
        ("502", "server-error", True),
        ("503", "server-error", True),
        ("400", "refused", False),
        ("context-length", "context-overflow", False),
        ("closed", "unreachable", True),
        ("reset-before-headers", "unreachable", True),
        ("invalid-json", "bad-answer", True),
        ("html", "bad-answer", True),
        ("empty-choices", "bad-answer", True),
        ("null-content", "bad-answer", True),
        ("refusal", "refusal", False),
        ("content-filter", "content-filter", False),
    ],
)
def test_a_fault_of_one_request_is_told_apart(kind, reason, retryable):
    with FakeServer(faults=[Fault(kind)]) as server, pytest.raises(RequestError) as caught:
        ask(server)

    assert (caught.value.reason, caught.value.retryable) == (reason, retryable)


@pytest.mark.parametrize("prompt", [CHAT, TEXT], ids=["chat", "completions"])
@pytest.mark.parametrize("kind", sorted(set(EVERY_KIND) - {"hang"}))
def test_whatever_a_server_does_is_an_answer_or_an_error_of_ours(kind, prompt):
    with FakeServer(faults=[Fault(kind, seconds=0.01, size=10_000)]) as server, suppress(BackendError):
        assert isinstance(ask(server, prompt).text, str)


def test_a_wrong_key_is_said_with_the_variable_to_check(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    with FakeServer(api_key="right") as server, pytest.raises(BackendUnusableError) as caught:
        ask(server)

    assert "OPENAI_API_KEY" in caught.value.hint
    assert "sk-wrong" not in str(caught.value)


def test_an_unknown_model_cannot_be_used():
    with FakeServer(models=["other"]) as server, pytest.raises(BackendUnusableError, match="no such model"):
        ask(server)


def test_spent_credit_is_not_tried_again():
    with FakeServer(faults=[Fault("quota")]) as server, pytest.raises(BackendUnusableError, match="credit"):
        ask(server)


def test_an_address_where_nobody_listens_is_unreachable():
    with pytest.raises(RequestError) as caught:
        ask("http://127.0.0.1:9/v1")

    assert caught.value.reason == "unreachable"
    assert "--base-url" in caught.value.hint


def test_senseless_usage_counts_as_not_counted():
    answer = {"text": "x", "usage": {"prompt_tokens": -4, "completion_tokens": "many", "total_tokens": None}}
    with FakeServer(answer=lambda body: answer) as server:
        assert ask(server).usage == Usage(None, None)


def test_an_option_that_the_model_does_not_take_is_left_out_from_then_on():
    prompt = Prompt("step", (Turn("user", "q"),), "m", Sampling(temperature=0.0, max_tokens=5))

    async def asking():
        backend = OpenAIBackend(base_url="http://127.0.0.1:1/v1")
        sent = []

        async def post(path, *, body, cast_to):
            sent.append(sorted(set(body) - {"model", "messages"}))
            await asyncio.sleep(0)
            if "max_tokens" in body:
                raise _bad_request("max_tokens", "unsupported_parameter")
            if "temperature" in body:
                raise _bad_request("temperature", "unsupported_value")
            reply = {"choices": [{"index": 0, "finish_reason": "stop", "message": _said("x")}]}
            return SimpleNamespace(headers={}, json=lambda: reply)

        backend.client.post = post
        outcomes = []
        for _ in range(3):
            outcomes += await asyncio.gather(*(backend.complete(prompt) for _ in range(2)), return_exceptions=True)
        return sent, outcomes

    sent, outcomes = asyncio.run(asking())

    assert sent[::2] == [
        ["max_tokens", "temperature"],
        ["max_completion_tokens", "temperature"],
        ["max_completion_tokens"],
    ]
    assert [getattr(outcome, "retryable", None) for outcome in outcomes] == [True] * 4 + [None] * 2
    assert {outcome.text for outcome in outcomes[4:]} == {"x"}


def _said(content):
    return {"role": "assistant", "content": content}


@pytest.mark.parametrize("choices", [None, [], ["x"], [None], [{}], [{"message": None}], [{"message": {"content": 5}}]])
def test_a_reply_of_any_shape_is_a_bad_answer_and_no_bug(choices):
    with FakeServer(answer=lambda body: {"choices": choices}) as server, pytest.raises(RequestError) as caught:
        ask(server)

    assert caught.value.reason == "bad-answer"


@pytest.mark.parametrize(
    ("error", "reason", "retryable"),
    [
        ({"code": 429, "message": "busy upstream"}, "rate-limited", True),
        ({"code": 502, "message": "upstream went away"}, "server-error", True),
        ({"code": 498, "message": "no capacity"}, "server-error", True),
        ({"code": 403, "message": "flagged"}, "refused", False),
        ({"message": "something"}, "server-error", True),
    ],
)
def test_an_error_that_a_gateway_sends_as_an_answer_is_taken_for_what_it_is(error, reason, retryable):
    async def asking(url):
        backend = OpenAIBackend(base_url=url)
        try:
            await backend.complete(Prompt("step", (Turn("user", "fine"),), "m"))
            await backend.complete(Prompt("step", (Turn("user", "not fine"),), "m"))
        finally:
            await backend.aclose()

    def answer(body):
        return {"error": error, "choices": None} if body["messages"][0]["content"] == "not fine" else "x"

    with FakeServer(answer=answer) as server, pytest.raises(RequestError) as caught:
        asyncio.run(asking(server.url))

    assert (caught.value.reason, caught.value.retryable) == (reason, retryable)


def test_halves_of_characters_in_an_answer_are_replaced_so_that_it_can_be_written():
    with FakeServer(answer=lambda body: "half \ud83d smile \U0001f600") as server:
        assert ask(server).text == "half \N{REPLACEMENT CHARACTER} smile \U0001f600"


def test_a_senselessly_large_count_is_no_count():
    answer = {"text": "x", "usage": {"prompt_tokens": 2**70, "completion_tokens": 1, "total_tokens": 1}}
    with FakeServer(answer=lambda body: answer) as server:
        assert ask(server).usage == Usage(None, 1)


def test_what_a_withheld_answer_cost_is_told():
    answer = {"text": None, "refusal": "I will not.", "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    with FakeServer(answer=lambda body: answer) as server, pytest.raises(RequestError, match="I will not") as caught:
        ask(server)

    assert caught.value.tokens == (7, 3)


def test_forbidden_means_the_key_at_first_and_the_prompt_once_the_key_was_good():
    backend = OpenAIBackend(base_url="http://127.0.0.1:1/v1")
    error = openai.PermissionDeniedError("flagged", response=_response(403), body=None)
    assert isinstance(backend._translated(error, {}), BackendUnusableError)

    backend._answered_any = True
    refused = backend._translated(error, {})
    assert (refused.reason, refused.retryable) == ("refused", False)


@pytest.mark.parametrize("key", ["sk-schl\u00fcssel", "sk-\x07"])
def test_a_key_that_cannot_be_sent_is_said_before_anything_is_sent(key, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(InputError, match="characters") as caught:
        OpenAIBackend()
    assert key not in str(caught.value)


def test_white_space_around_the_key_is_not_part_of_it(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "right\r\n")
    with FakeServer(api_key="right", answer=lambda body: "x") as server:
        assert ask(server).text == "x"


def _bad_request(param, code):
    response = _response(400)
    return openai.BadRequestError("no", response=response, body={"param": param, "code": code, "message": "no"})


def _response(status):
    """As much of a response as errors hold, of whichever HTTP library the installed client is built on."""
    return SimpleNamespace(status_code=status, headers={}, request=None, history=[])


def _error_classes(cls=openai.OpenAIError):
    for sub in cls.__subclasses__():
        yield sub
        yield from _error_classes(sub)


@pytest.mark.parametrize(
    "cls", sorted(set(_error_classes()), key=lambda cls: cls.__name__), ids=lambda cls: cls.__name__
)
def test_every_error_of_the_client_has_a_translation(cls):
    backend = OpenAIBackend(base_url="http://127.0.0.1:1/v1")
    error = cls.__new__(cls)
    Exception.__init__(error, "words")
    response = _response(getattr(cls, "status_code", None) or 418)
    for name, value in {
        "message": "words",
        "status_code": response.status_code,
        "response": response,
        "code": None,
        "param": None,
        "type": None,
    }.items():
        if not isinstance(getattr(cls, name, None), property):
            setattr(error, name, value)

    assert isinstance(backend._translated(error, {}), BackendError)


def test_no_key_for_the_public_api_is_said_before_anything_is_sent():
    with pytest.raises(InputError, match="no API key"):
        OpenAIBackend()


@pytest.mark.parametrize("url", ["localhost:8000", "http://", "http://[::1", "http://h:port/v1", "ftp://h"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="not a web address"):
        OpenAIBackend(base_url=url)
