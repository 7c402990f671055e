"""`ift-build models`: a line for each way to a model, with what to do."""

import asyncio
import socket
import threading
from contextlib import contextmanager

import pytest

from ift_builder import models
from ift_builder.backends.local import engine
from tests.fake_server import FakeServer


@pytest.fixture(autouse=True)
def nobody_here(monkeypatch):
    """No server at the usual ports, whatever runs on this machine."""
    monkeypatch.setattr(models, "LOCAL_SERVERS", {})


def port_of(url):
    return int(url.split(":")[2].split("/")[0])


def lines(ran):
    assert ran.code == 0
    return {line.split()[0]: line for line in ran.out.splitlines()}


def test_the_demo_is_always_ready_and_the_public_api_wants_a_key(ift_build):
    said = lines(ift_build("models"))

    assert list(said) == ["demo", "local", "openai"]
    assert "ready" in said["demo"]
    assert "missing" in said["openai"]
    assert "export OPENAI_API_KEY=" in said["openai"]


@pytest.mark.parametrize(("version", "words"), [("9.9", "xllamacpp 9.9"), (None, "pip install 'ift-builder[local]'")])
def test_the_library_for_model_files_is_there_with_its_version_or_missing_with_its_command(
    ift_build, monkeypatch, version, words
):
    monkeypatch.setattr(engine, "installed_version", lambda: version)

    assert words in lines(ift_build("models"))["local"]


def test_a_server_is_named_with_its_models(ift_build, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with FakeServer(models=[f"model-{number}" for number in range(7)], api_key="sk-secret") as server:
        ran = ift_build("models", "--base-url", server.url)
        told = ift_build("models", "--base-url", server.url, "--json").result["backends"][-1]

    line = lines(ran)["openai"]
    assert f"{server.url}: 7 models (model-0, model-1, model-2, model-3, model-4, …)" in line
    assert f"--base-url {server.url} --model NAME" in line
    assert len(told["models"]) == 7
    assert "sk-secret" not in ran.out + ran.err + str(told)


def test_the_address_may_come_from_the_environment(ift_build, monkeypatch):
    with FakeServer(models=["m"]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        told = ift_build("models", "--json").result["backends"][-1]

    assert (told["ready"], told["base_url"], told["todo"]) == (True, server.url, "--model NAME")


def test_a_password_in_the_address_is_refused_and_not_shown(ift_build, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:secret@127.0.0.1:9/v1")
    ran = ift_build("models", "--json")

    told = ran.result["backends"][-1]
    assert (told["ready"], told["base_url"]) == (False, "http://127.0.0.1:9/v1")
    assert "OPENAI_API_KEY" in told["todo"]
    assert "secret" not in ran.out + ran.err


@contextmanager
def saying(body, status=200, heard=None):
    """The address of a server that says this, once."""

    def answer():
        connection, _ = listener.accept()
        with connection:
            request = connection.recv(65_536)
            if heard is not None:
                heard.append(request)
            head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
            connection.sendall(f"{head}Content-Type: application/json\r\n\r\n{body}".encode())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer)
        answering.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        answering.join()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, '{"error": {"message": "no"}}', ("refuses the key", "OPENAI_API_KEY")),
        (404, "{}", ("HTTP 404", "--base-url")),
        (503, '{"error": {"message": "loading"}}', ("HTTP 503", "check the address")),
        (200, "<html>", ("JSON", "--base-url")),
        (200, '{"data": []}', ("0 models", "load a model there")),
        (200, "[]", ("no list of models", "--base-url")),
        (200, '{"data": {"id": "m"}}', ("no list of models", "--base-url")),
    ],
)
def test_a_server_that_is_of_no_use_is_said_with_what_to_do(ift_build, status, body, words):
    with saying(body, status) as url:
        line = lines(ift_build("models", "--base-url", url))["openai"]

    assert "missing" in line
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/v1", "cannot be reached"),
        ("localhost", "not a web address"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_an_address_where_no_server_is_is_said(ift_build, url, words):
    assert words in lines(ift_build("models", "--base-url", url))["openai"]


def test_a_server_that_never_answers_is_not_waited_for_long(ift_build, monkeypatch):
    monkeypatch.setattr(models, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        line = lines(ift_build("models", "--base-url", url))["openai"]

    assert "no answer within 0.2 seconds" in line


def test_a_server_at_a_usual_port_is_found_without_being_sent_the_key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    heard = []
    with saying('{"data": [{"id": "served"}, {"id": 5}, "odd"]}', heard=heard) as url:
        found = asyncio.run(models._server_here("Ollama", port_of(url)))

    assert found.models == ("served",)
    assert "(Ollama's port): 1 model" in found.what
    assert b"GET /v1/models" in heard[0]
    assert b"sk-secret" not in heard[0]


def test_a_server_that_was_named_is_not_listed_twice(ift_build, monkeypatch):
    with FakeServer(models=["m"]) as server:
        monkeypatch.setattr(models, "LOCAL_SERVERS", {"vLLM": port_of(server.url)})
        named = server.url.replace("127.0.0.1", "localhost") + "/"
        found = ift_build("models", "--base-url", named, "--json").result["backends"]
        others = ift_build("models", "--json").result["backends"]

    assert [reach["backend"] for reach in found] == ["demo", "local", "openai"]
    assert [reach["backend"] for reach in others] == ["demo", "local", "openai", "openai"]


def test_what_a_server_calls_its_models_cannot_steer_the_terminal(ift_build):
    with FakeServer(models=["\x1b[2Jgone"]) as server:
        ran = ift_build("models", "--base-url", server.url)

    assert "\x1b[2J" not in ran.out
    assert "gone" in ran.out
