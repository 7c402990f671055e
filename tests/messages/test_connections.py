"""What is wrong with the connection to a server is said, with what to do about it."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import aiohttp
import pytest

from ift_builder.backends import connection
from ift_builder.backends.openai import OpenAIBackend
from ift_builder.errors import BackendUnusableError, InputError, RequestError
from ift_builder.records import Prompt, Sampling, Turn
from tests.small_runs import example, write_run

PROMPT = Prompt("test", (Turn("user", "hello"),), "m", Sampling())


class Redirecting(BaseHTTPRequestHandler):
    """Leads in a circle, to a page, to nowhere, or to something that is no web."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        to = {"circle": self.path, "moved": "/page", "nowhere": None, "ftp": "ftp://example.org/"}
        place = self.path.split("/")[1]
        self.send_response({"circle": 307, "moved": 301, "nowhere": 307, "ftp": 308}.get(place, 404))
        if to.get(place):
            self.send_header("Location", to[place])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for localhost with its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, public = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    try:
        subprocess.run([*command, *names, "-keyout", key, "-out", public], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + public.read_bytes())
    return both


@pytest.fixture(scope="module")
def plain():
    yield from _served(None)


@pytest.fixture(scope="module")
def secure(certificate):
    yield from _served(certificate)


def _served(certificate):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    server.handle_error = lambda *_: None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def refused(base_url, kind=BackendUnusableError, *, has_answered=False):
    async def ask():
        backend = OpenAIBackend(base_url=base_url)
        backend._answered_any = has_answered
        try:
            await backend.complete(PROMPT)
        finally:
            await backend.aclose()

    with pytest.raises(kind) as caught:
        asyncio.run(ask())
    return caught.value


def test_a_self_signed_certificate_is_named_with_the_way_to_trust_it(secure):
    error = refused(f"https://localhost:{secure}/v1")
    assert "certificate is signed by itself" in error.what
    assert "SSL_CERT_FILE" in error.hint


def test_the_way_to_trust_a_certificate_works(secure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert "HTTP 404" in refused(f"https://localhost:{secure}/v1").what


def test_a_certificate_of_another_host_is_named(secure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert "certificate is not for 127.0.0.1" in refused(f"https://127.0.0.1:{secure}/v1").what


@pytest.mark.parametrize(
    ("code", "words"), [(10, "has expired"), (9, "not valid yet"), (62, "not for here"), (23, "code 23")]
)
def test_each_way_in_which_a_certificate_is_wrong_has_its_words(code, words):
    error = ssl.SSLCertVerificationError()
    error.verify_code = code
    found = connection.problem(error, "https://here/v1", KeyError)
    assert words in found.what
    assert found.hint
    assert found.is_lasting


def test_plain_http_at_an_https_address_is_said(plain):
    error = refused(f"https://127.0.0.1:{plain}/v1")
    assert "does not speak TLS" in error.what
    assert "http://" in error.hint


def test_tls_at_an_http_address_is_hinted_at(secure):
    error = refused(f"http://127.0.0.1:{secure}/v1", RequestError)
    assert "https://" in error.hint


def test_another_failure_of_tls_gives_openssls_reason():
    error = ssl.SSLError()
    error.reason = "TLSV1_ALERT_PROTOCOL_VERSION"
    assert "TLSV1_ALERT_PROTOCOL_VERSION" in connection.problem(error, "https://here/v1", KeyError).what


def test_redirects_in_a_circle_are_said(plain):
    assert "redirects in a circle" in refused(f"http://127.0.0.1:{plain}/circle").what


@pytest.mark.parametrize(
    ("place", "words"), [("moved", "/page"), ("nowhere", "nowhere"), ("ftp", "not one of the web")]
)
def test_a_redirect_that_leads_nowhere_says_where_it_leads(plain, place, words):
    error = refused(f"http://127.0.0.1:{plain}/{place}")
    assert words in error.what
    assert "--base-url" in error.hint


def test_a_name_that_nobody_has_is_said_to_be_unknown():
    key = SimpleNamespace(host="no-such-host.invalid", port=443, ssl=True)
    error = aiohttp.ClientConnectorDNSError(key, OSError(-2, "unknown"))
    assert "name cannot be found" in connection.problem(error, "https://no-such-host.invalid/v1", KeyError).what


def test_what_cannot_help_when_repeated_ends_a_run_only_before_its_first_answer(secure):
    assert refused(f"https://localhost:{secure}/v1", RequestError, has_answered=True).retryable


def test_an_address_of_endless_length_is_refused_in_a_short_line():
    error = refused("http://localhost/" + "x" * 100_000, InputError)
    assert "not a web address" in error.what
    assert len(error.what) < 200


def test_a_hub_that_cannot_be_reached_does_not_take_an_export_for_a_bug(ift_build, tmp_path, monkeypatch):
    from huggingface_hub import HfApi
    from huggingface_hub.utils import get_session

    write_run(tmp_path / "run", [example()])
    monkeypatch.setenv("HF_TOKEN", "hf_for_a_test")
    monkeypatch.setattr(HfApi, "create_repo", lambda *_, **__: get_session().get("http://127.0.0.1:9/api"))
    ran = ift_build("export", tmp_path / "run", "--to", "text", "--push-to-hub", "me/x", "--out", tmp_path / "out")
    assert ran.code == 1
    assert "the hub cannot be reached" in ran.err
    assert "what was exported is whole" in ran.err
    assert (tmp_path / "out" / "export.json").exists()
