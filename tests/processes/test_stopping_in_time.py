"""A stop gives what is in flight some seconds, then leaves: with all that was answered, and without a word too many."""

import json
import signal
import time

import pytest

from ift_builder.backends.demo import DemoBackend
from ift_builder.runs import EXAMPLES, MANIFEST
from tests.bootstrap.test_command import bytes_of
from tests.fake_server import FakeServer, Fault, answers_of
from tests.processes import programs
from tests.purposes import purpose_of

GRACE = ("import ift_builder.asking", "ift_builder.asking.GRACE = 0.5")
FOREVER = "lambda *_, **__: time.sleep(3600)"
SENT = pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)


@pytest.fixture
def server():
    """A model server that may be told never to answer."""
    with FakeServer(answer=answers_of(DemoBackend().complete, purpose_of)) as server:
        yield server


def growing(server, out):
    """The arguments of a run against the server."""
    chosen = ("--model", "m", "--base-url", server.url, "--target", 6, "--concurrency", 4, "--no-report", "--quiet")
    return ("bootstrap", *chosen, "--out", out)


def stopped(process, sent):
    """Sends the signal; returns the exit code and what was said."""
    process.send_signal(sent)
    return programs.end_of(process)


@SENT
def test_a_server_that_never_answers_does_not_hold_a_stop_up_and_nothing_is_lost(server, ift_build, tmp_path, sent):
    server.settings.faults = [Fault("hang", share=0.4)]
    process = programs.start(*growing(server, tmp_path / "run"), program=programs.patched(*GRACE))
    programs.wait_until(lambda: server.stats()["in_flight"] == 4, process)
    code, said = stopped(process, sent)

    assert code == 130
    assert programs.noise(said) == []
    assert json.loads((tmp_path / "run" / MANIFEST).read_text())["status"] == "interrupted"
    assert (tmp_path / "run" / EXAMPLES).exists()
    server.settings.faults = []
    for folder in ("run", "whole"):
        assert ift_build(*growing(server, tmp_path / folder)).code == 0
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


def test_a_name_that_is_looked_up_for_ever_does_not_hold_a_stop_up(server, tmp_path):
    lines = (
        "import asyncio, time",
        "async def slow(self, *_, **__):",
        f"    await self.run_in_executor(None, {FOREVER})",
        "asyncio.BaseEventLoop.create_connection = asyncio.BaseEventLoop.getaddrinfo = slow",
        "asyncio.BaseEventLoop.sock_connect = slow",
    )
    process = programs.start(*growing(server, tmp_path / "run"), program=programs.patched(*GRACE, *lines))
    programs.wait_until((tmp_path / "run" / "settings.json").exists, process)
    time.sleep(0.3)
    code, said = stopped(process, signal.SIGTERM)

    assert (code, programs.noise(said)) == (130, [])


def test_a_model_that_is_loaded_for_ever_does_not_hold_a_stop_up(tmp_path):
    lines = (
        "import time",
        "from ift_builder.backends.local.backend import LocalBackend",
        f"LocalBackend._load = {FOREVER}",
    )
    model = programs.ROOT / "tests" / "data" / "tiny.gguf"
    chosen = ("--model", model, "--out", tmp_path / "run", "--no-report", "--quiet")
    process = programs.start("bootstrap", *chosen, program=programs.patched(*GRACE, *lines))
    programs.wait_until((tmp_path / "run" / "settings.json").exists, process)
    time.sleep(0.3)
    code, said = stopped(process, signal.SIGTERM)

    assert (code, programs.noise(said)) == (130, [])


def test_a_third_signal_ends_the_program_whatever_it_is_at(server, tmp_path):
    server.settings.faults = [Fault("hang")]
    lines = (
        "import time",
        "from ift_builder.backends.openai import OpenAIBackend",
        f"OpenAIBackend.aclose = {FOREVER}",
    )
    process = programs.start(*growing(server, tmp_path / "run"), program=programs.patched(*GRACE, *lines))
    programs.wait_until(lambda: server.stats()["requests"] >= 1, process)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    assert process.poll() is None

    assert stopped(process, signal.SIGINT)[0] == 130
