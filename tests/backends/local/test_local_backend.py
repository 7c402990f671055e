"""The local backend with a real language model: what it answers, and every way in which it cannot."""

import asyncio
import os
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from ift_builder.backends import local, open_backend
from ift_builder.backends.local import LocalBackend, engine
from ift_builder.backends.local.backend import CONTEXT, MOST_SLOTS
from ift_builder.errors import BackendUnusableError, InputError, RequestError
from ift_builder.records import Prompt, Sampling, Turn

FREE = Sampling(temperature=1.0, max_tokens=24)


def chat(number=0, sampling=FREE, text="Name a river."):
    return Prompt("step", (Turn("system", "Be brief."), Turn("user", text)), "m", sampling, draw=number)


def text(number=0, sampling=FREE, start="1. Name a river.\n2."):
    return Prompt("step", (Turn("user", start),), "m", sampling, "completions", number)


def ask(file, *prompts, at_once=False, **options):
    """The answers, or errors, of one backend."""

    async def asking():
        backend = LocalBackend(local.read(file, "chat"), **options)
        try:
            if at_once:
                return await asyncio.gather(*map(backend.complete, prompts), return_exceptions=True)
            return [(await asyncio.gather(backend.complete(prompt), return_exceptions=True))[0] for prompt in prompts]
        finally:
            await backend.aclose()

    return asyncio.run(asking())


@pytest.mark.parametrize("prompt", [chat(), text()], ids=["chat", "completions"])
def test_an_answer_comes_with_its_usage_its_end_and_the_name_of_the_model(tiny, prompt):
    (answer,) = ask(tiny, prompt)

    assert answer.key == prompt.key
    assert answer.text
    assert answer.finish_reason in ("stop", "length")
    assert answer.usage.prompt_tokens > 3
    assert 0 < answer.usage.completion_tokens <= 24
    assert answer.model == local.read(tiny, "chat").name


def test_an_answer_that_the_limit_cuts_says_so(tiny):
    (answer,) = ask(tiny, text(sampling=Sampling(max_tokens=2)))

    assert answer.finish_reason == "length"
    assert answer.usage.completion_tokens == 2


def test_a_stop_string_ends_the_answer_and_is_not_in_it(tiny):
    (whole,) = ask(tiny, text(sampling=Sampling(temperature=0.0, max_tokens=24)))
    marker = whole.text[4:7]
    (cut,) = ask(tiny, text(sampling=Sampling(temperature=0.0, max_tokens=24, stop=(marker,))))

    assert cut.text == whole.text.split(marker)[0]
    assert cut.finish_reason == "stop"


def test_with_one_slot_an_answer_depends_on_its_prompt_alone(tiny):
    prompts = [maker(number) for number in range(6) for maker in (chat, text)]
    forwards = ask(tiny, *prompts)
    backwards = ask(tiny, *reversed(prompts), at_once=True)

    assert [answer.text for answer in forwards] == [answer.text for answer in reversed(backwards)]
    assert len({answer.text for answer in forwards}) > 6


def test_several_slots_answer_several_prompts(tiny):
    answers = ask(tiny, *map(text, range(8)), slots=4, at_once=True)

    assert all(answer.text for answer in answers)


def test_all_that_the_prompt_asks_for_is_passed_on_and_nothing_else(tiny):
    sampling = Sampling(temperature=0.7, top_p=0.5, max_tokens=9, presence_penalty=2.0, stop=("<end>",))
    backend = LocalBackend(local.read(tiny, "chat"))
    one, other = backend._body(text(1, sampling)), backend._body(text(2, sampling))
    asyncio.run(backend.aclose())

    seeds = one.pop("seed"), other.pop("seed")
    assert one == other
    assert seeds[0] != seeds[1]
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert one == {
        "prompt": "1. Name a river.\n2.",
        "temperature": 0.7,
        "top_p": 0.5,
        "max_tokens": 9,
        "presence_penalty": 2.0,
        "stop": ("<end>",),
        "cache_prompt": False,
    }


def test_more_slots_than_make_sense_are_not_opened(tiny):
    backend = LocalBackend(local.read(tiny, "chat"), slots=500)
    asyncio.run(backend.aclose())

    assert backend._slots == MOST_SLOTS


def test_the_context_is_no_longer_than_the_model_knows(tiny):
    file = local.read(tiny, "chat")
    backend = LocalBackend(file)
    asyncio.run(backend.aclose())

    assert backend._context == min(CONTEXT, file.trained_context)


def test_a_prompt_that_does_not_fit_is_refused_and_the_others_go_on(tiny):
    long = text(start="word " * 3000)
    answer, refused = ask(tiny, text(), long, context=256)

    assert answer.text
    assert isinstance(refused, RequestError)
    assert (refused.reason, refused.retryable) == ("context-overflow", False)


@pytest.mark.parametrize(("context", "hint"), [(256, "--context"), (None, "trained on longer")])
def test_what_to_do_about_it_depends_on_what_the_model_knows(tiny, context, hint):
    (refused,) = ask(tiny, text(start="word " * 30_000), context=context)

    assert hint in refused.hint
    assert refused.where == str(tiny)


def test_a_file_that_ends_within_its_last_tensor_cannot_be_loaded(tiny, tmp_path):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny.read_bytes()[:-100])
    outcomes = ask(cut, chat(1), chat(2))

    assert [type(outcome) for outcome in outcomes] == [BackendUnusableError] * 2
    assert "cannot load" in str(outcomes[0])
    assert "cut off" in outcomes[0].hint


def test_a_missing_library_is_said_with_the_command_that_installs_it(tiny, monkeypatch):
    monkeypatch.setattr(engine, "LIBRARY", "no-such-library")
    with pytest.raises(InputError, match="not installed") as caught:
        open_backend("local", file=local.read(tiny, "chat"))

    assert caught.value.hint == "pip install 'ift-builder[local]'"


def test_a_loaded_model_is_silent_and_leaves_no_file_and_no_port_to_find(tiny, capfd, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def asking():
        backend = LocalBackend(local.read(tiny, "chat"))
        await backend.complete(chat())
        try:
            return list(tmp_path.iterdir()), listening()
        finally:
            await backend.aclose()

    before = listening()
    assert asyncio.run(asking()) == ([], before)
    assert tuple(capfd.readouterr()) == ("", "")


def listening():
    """Ports on which this process listens, where the system tells."""
    found = set()
    for entry in Path("/proc/self/fd").glob("*"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as candidate:
            if candidate.family == socket.AF_INET and candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.add(candidate.getsockname())
    return found


def test_a_long_name_of_the_temporary_folder_is_no_obstacle(tiny, monkeypatch, tmp_path):
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    assert ask(tiny, chat())[0].text


def test_the_loop_goes_on_while_the_model_works(tiny):
    async def asking():
        backend = LocalBackend(local.read(tiny, "chat"))
        request = asyncio.ensure_future(backend.complete(text(sampling=Sampling(max_tokens=200))))
        turns = 0
        while not request.done():
            await asyncio.sleep(0)
            turns += 1
        await backend.aclose()
        return turns

    assert asyncio.run(asking()) > 10


def test_the_model_stops_when_nobody_waits_any_longer(tiny):
    loaded = engine.Engine(tiny, "m", slots=1, context=512)
    body = {"prompt": "1.", "max_tokens": 100, "ignore_eos": True}
    whole = loaded.answer("completions", body, lambda: False)
    asked = iter([False] * 10)
    left = loaded.answer("completions", body, lambda: next(asked, True))

    assert whole["usage"]["completion_tokens"] == 100
    assert len(left["choices"][0]["text"]) < len(whole["choices"][0]["text"]) / 2


@pytest.mark.parametrize(("size", "allowed", "threads"), [(10**6, 8, 1), (10**8, 8, None), (10**8, 3, 3)])
def test_threads_are_no_more_than_make_sense(tmp_path, monkeypatch, size, allowed, threads):
    path = tmp_path / "m.gguf"
    with path.open("wb") as file:
        file.truncate(size)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(allowed)), raising=False)

    assert engine._threads(path) == threads
