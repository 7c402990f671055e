"""JSON Schemas on the wire: sent where a prompt has one, left out for good where the server has no such output."""

import asyncio
from dataclasses import replace

import pytest

from ift_builder.backends.openai import OpenAIBackend
from ift_builder.backends.openai_schema import WITHOUT
from ift_builder.errors import RequestError
from ift_builder.records import AnswerSchema, Prompt, Sampling, Turn
from tests.fake_server import FakeServer, Fault

SCHEMA = AnswerSchema("rivers", '{"type":"object","properties":{},"required":[],"additionalProperties":false}')
PLAIN = Prompt("step", (Turn("user", "Name a river."),), "m")
JSON = replace(PLAIN, answer_schema=SCHEMA)
WITHOUT_SCHEMA = ("named", "unnamed", "typed")


def ask(server, *prompts):
    """Asks one after the other, each again while that may help; returns outcomes, and what the user is told."""
    told = []

    async def asking():
        backend = OpenAIBackend(base_url=server.url, tell=told.append)
        try:
            return [await outcome(backend, prompt) for prompt in prompts]
        finally:
            await backend.aclose()

    return asyncio.run(asking()), told


async def outcome(backend, prompt):
    try:
        return (await backend.complete(prompt)).text
    except RequestError as error:
        return await outcome(backend, prompt) if error.retryable else error.reason


def with_field(server):
    return ["response_format" in body for body in server.bodies]


def test_keys_of_prompts_without_a_schema_are_those_of_older_journals():
    older = Prompt(
        *("propose", (Turn("system", "Be brief."), Turn("user", "Name a river.")), "m"),
        *(Sampling(temperature=0.5, stop=("a",)), "completions", 3),
    )

    assert Prompt("propose", (Turn("user", "x"),), "m").key == "488f6336ee008772c807896dde7c83ac"
    assert older.key == "483cc6eec6b23a2146c7c075b5c07edf"


def test_a_schema_is_part_of_the_key():
    assert len({PLAIN.key, JSON.key, replace(JSON, answer_schema=replace(SCHEMA, name="lakes")).key}) == 3


def test_a_schema_is_sent_in_strict_mode_with_its_name():
    with FakeServer(keep_bodies=True) as server:
        _, told = ask(server, JSON, PLAIN)

        assert server.bodies[0]["response_format"] == {
            "type": "json_schema",
            "json_schema": {
                "name": "rivers",
                "strict": True,
                "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
            },
        }
        assert with_field(server) == [True, False]
    assert told == []


@pytest.mark.parametrize("manner", WITHOUT_SCHEMA)
def test_a_server_that_refuses_schemas_is_asked_without_and_the_user_is_told_once(manner):
    with FakeServer(answer=lambda _: "{}", json_schema=manner, keep_bodies=True) as server:
        texts, told = ask(server, JSON, replace(JSON, draw=1), replace(JSON, purpose="other"))

        assert with_field(server) == [False, False, False], "refused requests are not kept"
        assert server.stats()["statuses"][{"typed": "422"}.get(manner, "400")] == 1, "the field was sent once"
    assert texts == ["{}", "{}", "{}"]
    assert told == [WITHOUT]


def test_a_refusal_that_a_gateway_sends_as_an_answer_counts_too():
    def answer(body):
        refused = {"error": {"code": 400, "message": "The provider said no."}, "choices": []}
        return refused if "response_format" in body else "{}"

    with FakeServer(answer=answer, keep_bodies=True) as server:
        texts, told = ask(server, JSON, replace(JSON, draw=1))

        assert with_field(server) == [True, False, False]
    assert (texts, told) == (["{}", "{}"], [WITHOUT])


def test_a_server_that_passes_the_field_over_is_asked_with_it_and_nothing_is_said():
    with FakeServer(answer=lambda _: "Here you are: {}", json_schema="ignored", keep_bodies=True) as server:
        texts, told = ask(server, JSON, replace(JSON, draw=1))

        assert with_field(server) == [True, True]
    assert (texts, told) == (["Here you are: {}"] * 2, [])


def test_a_refusal_that_means_the_words_does_not_cost_the_other_prompts_their_schema():
    bad = replace(JSON, messages=(Turn("user", "Write a poem."),))
    with FakeServer(answer=lambda _: "{}", faults=[Fault("400", containing="poem")], keep_bodies=True) as server:
        texts, told = ask(server, bad, JSON, bad)

        assert with_field(server) == [True, False, True, False]
    assert (texts, told) == (["refused", "{}", "refused"], [])


def test_once_the_field_has_worked_a_refusal_is_taken_at_its_word():
    bad = replace(JSON, messages=(Turn("user", "Write a poem."),))
    with FakeServer(answer=lambda _: "{}", faults=[Fault("400", containing="poem")], keep_bodies=True) as server:
        texts, told = ask(server, JSON, bad)

        assert with_field(server) == [True, True]
    assert (texts, told) == (["{}", "refused"], [])


def test_a_prompt_that_is_too_long_says_nothing_about_schemas():
    with FakeServer(answer=lambda _: "{}", faults=[Fault("context-length")], keep_bodies=True) as server:
        texts, _ = ask(server, JSON)

        assert with_field(server) == [True]
    assert texts == ["context-overflow"]


def test_a_schema_that_strict_mode_does_not_know_is_refused_by_the_fake_server():
    loose = AnswerSchema("x", '{"type":"object","properties":{"a":{"type":"string"}},"required":[]}')
    with FakeServer(keep_bodies=True) as server:
        _, told = ask(server, replace(JSON, answer_schema=loose))

    assert told == [WITHOUT]


def test_the_line_of_a_batch_carries_the_schema():
    async def line():
        backend = OpenAIBackend(base_url="http://127.0.0.1:9/v1")
        try:
            return backend.line(JSON)
        finally:
            await backend.aclose()

    assert asyncio.run(line())["body"]["response_format"]["json_schema"]["name"] == "rivers"
