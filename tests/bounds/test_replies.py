"""What a server sends is read up to a limit, whatever it sends and whichever call it answers."""

import asyncio
import gzip
import json
import time
from pathlib import Path

import pytest

from ift_builder.asking import Stop, Terms
from ift_builder.backends import openai_batch, replies
from ift_builder.backends.batch_lines import BatchLines
from ift_builder.backends.openai import OpenAIBackend
from ift_builder.errors import BackendError, BackendUnusableError, RequestError
from ift_builder.journal import open_for_run
from ift_builder.records import Prompt, Sampling, Turn, Unanswered
from tests.bounds.hostile_server import answer, reply, serving, zipped

pytestmark = pytest.mark.usefixtures("must_end", "quick_retries")

BOMB = zipped(answer("a" * (30 << 20)))
DEEP = b"[" * 200_000


def prompt(api="chat", number=0):
    return Prompt("step", (Turn("user", f"Name a river ({number})."),), "m", Sampling(max_tokens=9), api=api)


def ask(url, call=lambda backend: backend.complete(prompt())):
    async def asking():
        backend = OpenAIBackend(base_url=url)
        try:
            return await call(backend)
        finally:
            await backend.aclose()

    return asyncio.run(asking())


CALLS = {
    "chat": lambda backend: backend.complete(prompt()),
    "completions": lambda backend: backend.complete(prompt("completions")),
    "models": lambda backend: backend.models(),
    "batch": lambda backend: openai_batch.BatchBackend(backend, Book(), lambda: False).complete(prompt()),
}


class Book:
    """A journal that notes no batches."""

    def open_batches(self):
        return {}

    async def note_batch(self, batch, keys):
        pass


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "sent",
    [
        BOMB,
        reply(b"[" + b"[]," * 100_000 + b"[]]"),
        zipped(b"x" * (1 << 20), status="500 Internal Server Error"),
        zipped(b"x" * (1 << 20), "Location: /elsewhere", status="302 Found"),
    ],
    ids=["gzip bomb", "a list of lists", "error", "redirect"],
)
def test_a_reply_that_is_too_large_is_a_failure_with_its_own_reason(call, sent, small_limits):
    with serving(lambda _: [sent]) as (url, _), pytest.raises(RequestError) as caught:
        ask(url, call)

    assert caught.value.reason == replies.REPLY_TOO_LARGE
    assert caught.value.where == url
    assert "limits" in caught.value.hint


def test_a_gzip_bomb_takes_no_more_memory_than_the_largest_reply(small_limits, peak):
    with serving(lambda path: [BOMB] if "chat" in path else [reply(answer("a" * (200 << 10)))]) as (url, _):
        with peak() as used:
            ask(url, lambda backend: backend.client.get("/plain", cast_to=object))
            plain = used()
        with peak() as used, pytest.raises(RequestError):
            ask(url)
        assert used() < 2 * plain + (2 << 20)


def test_a_body_without_end_is_left_at_the_limit(small_limits):
    def endless(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
        while True:
            yield b" " * 65_536

    with serving(endless) as (url, _), pytest.raises(RequestError) as caught:
        ask(url)

    assert caught.value.reason == replies.REPLY_TOO_LARGE


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_a_coding_that_was_not_asked_for_is_a_bad_answer(coding):
    with serving(lambda _: [reply(b"x", f"Content-Encoding: {coding}")]) as (url, _), pytest.raises(RequestError) as it:
        ask(url)

    assert it.value.reason == "bad-answer"


def test_a_zipped_answer_is_read_whole():
    text = "the river Main " * 100_000
    with serving(lambda _: [zipped(answer(text))]) as (url, _):
        assert ask(url).text == text


def test_a_zipped_answer_that_is_damaged_is_a_bad_answer():
    sent = reply(gzip.compress(answer("x" * 999))[:40] + b"??????", "Content-Encoding: gzip")
    with serving(lambda _: [sent]) as (url, _), pytest.raises(RequestError) as caught:
        ask(url)

    assert caught.value.reason == "bad-answer"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "500 Internal Server Error"])
def test_200_000_brackets_in_a_reply_are_a_failure_of_the_server(call, status):
    with serving(lambda _: [reply(DEEP, status=status)]) as (url, _), pytest.raises(BackendError):
        ask(url, call)


def test_200_000_brackets_in_an_answer_are_an_answer():
    with serving(lambda _: [reply(answer(DEEP.decode()))]) as (url, _):
        assert ask(url).text == DEEP.decode()


@pytest.mark.parametrize(
    "error",
    [{"code": ["x"], "type": {}, "param": [], "message": []}, {"code": {}, "param": {"a": 1}}, [], "x", DEEP.decode()],
    ids=["lists", "objects", "a list", "a text", "brackets"],
)
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "422 Unprocessable", "429 Too Many Requests"])
def test_an_error_of_any_shape_is_an_error_of_ours(error, status):
    sent = reply(json.dumps({"error": error}).encode(), status=status)
    with serving(lambda _: [sent]) as (url, _), pytest.raises(BackendError):
        ask(url)


def test_the_timeout_is_a_deadline_for_the_whole_reply(tmp_path):
    """A body that comes a byte at a time never lets a read time out."""

    def trickle(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        while True:
            time.sleep(0.02)
            yield b" "

    with serving(trickle) as (url, _), pytest.raises(RequestError) as caught:
        ask_once(url, tmp_path, timeout=0.3)

    assert caught.value.reason == "timeout"


def test_a_server_that_trickles_from_the_start_ends_the_run_after_three_timeouts(ift_build, tmp_path):
    """Six would make of `--timeout 8` what was measured: a run of fifty seconds."""

    def trickle(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        while True:
            time.sleep(0.02)
            yield b" "

    with serving(trickle) as (url, asked):
        ran = ift_build("bootstrap", "--model", "m", "--base-url", url, "--target", 2, "--out", tmp_path / "run",
                        "--concurrency", 1, "--timeout", 0.2)  # fmt: skip

    assert ran.code == 1
    assert len(asked) == 3


def ask_once(url, folder, **terms):
    """One try at a prompt, on these terms."""

    async def asking():
        backend = OpenAIBackend(base_url=url)
        with open_for_run(folder / "journal.sqlite") as journal:
            try:
                return await Terms(**terms).asker(backend, journal, Stop())._send(prompt(), 1)
            finally:
                await backend.aclose()

    return asyncio.run(asking())


def test_replies_that_are_too_large_are_given_up_and_counted(tmp_path, small_limits):
    prompts = [prompt(number=number) for number in range(2)]

    async def asking(url):
        backend = OpenAIBackend(base_url=url)
        with open_for_run(tmp_path / "journal.sqlite") as journal:
            asker = Terms().asker(backend, journal, Stop())
            try:
                return [await asker.ask(one) for one in prompts]
            finally:
                await backend.aclose()

    with serving(lambda _: [reply(answer("ok"))] if len(asked) == 1 else [BOMB]) as (url, asked):
        first, second = asyncio.run(asking(url))

    assert first.text == "ok"
    assert isinstance(second, Unanswered)
    assert second.reason == replies.REPLY_TOO_LARGE
    assert 1 < len(asked) < 10


def test_a_server_whose_first_replies_are_all_too_large_ends_the_run_with_a_hint(ift_build, tmp_path, small_limits):
    with serving(lambda _: [BOMB]) as (url, asked):
        ran = ift_build("bootstrap", "--model", "m", "--base-url", url, "--target", 2, "--out", tmp_path / "run",
                        "--concurrency", 1)  # fmt: skip

    assert ran.code == 1
    assert "limits.md" in ran.err
    assert len(asked) < 5


def test_200_000_brackets_in_replies_end_no_run_as_a_bug_of_ours(ift_build, tmp_path):
    with serving(lambda _: [reply(DEEP)]) as (url, _):
        ran = ift_build("bootstrap", "--model", "m", "--base-url", url, "--target", 2, "--out", tmp_path / "run",
                        "--concurrency", 1)  # fmt: skip

    assert ran.code == 1
    assert "JSON" in ran.err


# Files of batches


def fetch(lines):
    """The lines of a batch's file, as they are found again."""

    async def fetching(url):
        backend, kept = OpenAIBackend(base_url=url), BatchLines()
        try:
            places = await kept.fetch(backend, "f")
            return {key: kept.line(place) for key, place in places.items()}
        finally:
            await backend.aclose()

    with serving(lambda _: [zipped(b"\n".join(lines))]) as (url, _):
        return asyncio.run(fetching(url))


def line(key, text="x"):
    return json.dumps({"custom_id": key, "response": {"status_code": 200, "body": json.loads(answer(text))}}).encode()


def test_a_file_of_a_batch_may_be_larger_than_a_reply(small_limits, peak):
    lines = [line(f"k{number}", "word " * 4_000) for number in range(500)]
    sent = zipped(b"\n".join(lines))

    async def fetching(url):
        backend, kept = OpenAIBackend(base_url=url), BatchLines()
        with peak() as used:
            places = await kept.fetch(backend, "f")
            assert used() < 3 << 20 < sum(map(len, lines))
        await backend.aclose()
        return [kept.line(places[f"k{number}"]) for number in range(500)]

    with serving(lambda _: [sent]) as (url, _):
        assert asyncio.run(fetching(url)) == list(map(json.loads, lines))


def test_lines_of_a_batch_that_cannot_be_read_are_passed_over(small_limits):
    bad = [DEEP, b"{", b"[1]", b'{"custom_id": [1]}', b'{"no": "id"}', b"\xff\xfe", line("k2", "a" * (1 << 20)), b""]

    assert set(fetch([line("k0"), *bad, line("k1")])) == {"k0", "k1"}


def test_a_line_of_a_batch_without_a_proper_response_is_a_failed_line(small_limits):
    odd = [b'{"custom_id": "a", "response": [1]}', b'{"custom_id": "b", "response": {"status_code": 200, "body": 7}}']

    assert set(fetch(odd)) == {"a", "b"}


def test_a_call_of_the_batch_api_has_a_deadline(monkeypatch):
    monkeypatch.setattr(openai_batch, "_CALL_SECONDS", 0.2)

    def hang(_):
        time.sleep(5)
        yield b""

    with serving(hang) as (url, _), pytest.raises(RequestError) as caught:
        ask(url, CALLS["batch"])

    assert caught.value.reason == "timeout"


def test_a_list_of_batches_without_end_has_a_deadline(monkeypatch):
    monkeypatch.setattr(openai_batch, "_CALL_SECONDS", 0.5)
    page = {"object": "list", "data": [{"id": "b", "status": "failed"}], "has_more": True}
    with serving(lambda _: [reply(json.dumps(page).encode())]) as (url, asked), pytest.raises(RequestError) as caught:
        ask(url, CALLS["batch"])

    assert caught.value.reason == "timeout"
    assert len(asked) > 1


def test_no_other_module_reads_replies():
    """Whoever opens another client must bound it as well."""
    package = Path(replies.__file__).parents[1]
    clients = {path.name for path in package.rglob("*.py") if "AioHttpClient(" in path.read_text(encoding="utf-8")}

    assert clients == {"openai.py"}


def test_an_unusable_server_is_still_told_apart():
    with serving(lambda _: [reply(b"{}", status="401 Unauthorized")]) as (url, _), pytest.raises(BackendUnusableError):
        ask(url)
