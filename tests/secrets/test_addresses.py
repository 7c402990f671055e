"""A server's address with a key in it works, and nothing of it is kept or shown; one that cannot work is refused."""

import orjson
import pytest

from ift_builder import secrets
from ift_builder.secrets import addresses
from tests.secrets.echo_server import echoing
from tests.secrets.echoes import KEY, leaks

QUERY_KEY = "Wm7Zq4Kd9Rx2Tb6V"
PASSWORDS = ("pw", "hunter2", "Gt5Yh8Jn3Km6", "p/w?x#y")


@pytest.fixture(autouse=True)
def forgetting():
    yield
    secrets.forget()


def grow(ift_build, url, out, *more):
    common = ("--model", "m", "--base-url", url, "--target", 3, "--out", out, "--json", "--max-requests", 6)
    return ift_build("bootstrap", *common, "--no-report", *more)


def all_of(ran, folder) -> bytes:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return b"\n".join([ran.out.encode(), ran.err.encode(), *files])


@pytest.mark.parametrize("more", [(), ("--batch",), ("--api", "completions")], ids=["chat", "batch", "completions"])
def test_the_parameters_of_an_address_go_with_each_request_and_are_kept_nowhere(more, ift_build, tmp_path, monkeypatch):
    monkeypatch.setattr("ift_builder.backends.openai_batch._QUIET", 0.001)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asked = []
    with echoing("ids and names", [lambda _: QUERY_KEY], asked) as url:
        ran = grow(ift_build, f"{url}?key={QUERY_KEY}&key=two&api-version=2024-06-01", tmp_path / "run", *more)
    settings = orjson.loads((tmp_path / "run" / "settings.json").read_bytes())

    assert {path.partition("?")[0] for path in asked} <= {
        *("/v1/chat/completions", "/v1/completions", "/v1/files", "/v1/files/out/content", "/v1/batches"),
        *(path.partition("?")[0] for path in asked if path.startswith("/v1/batches/batch-")),
    }
    assert all(f"key={QUERY_KEY}&key=two&api-version=2024-06-01" in path.partition("?")[2] for path in asked)
    assert settings["base_url"] == f"{url}?key=[redacted]&key=[redacted]&api-version=2024-06-01"
    assert leaks(all_of(ran, tmp_path / "run"), QUERY_KEY) == set()


def test_models_ask_with_the_parameters_and_show_none(ift_build, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asked = []
    with echoing("content", [lambda _: QUERY_KEY], asked) as url:
        ran = ift_build("models", "--base-url", f"{url}?key={QUERY_KEY}", "--json")

    assert asked == [f"/v1/models?key={QUERY_KEY}"]
    assert f"--base-url {url}?key=[redacted]" in ran.out
    assert leaks((ran.out + ran.err).encode(), QUERY_KEY) == set()


def test_a_run_goes_on_with_another_key_in_the_address(ift_build, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with echoing("content") as url:
        first = grow(ift_build, f"{url}?key={QUERY_KEY}", tmp_path / "run")
        second = grow(ift_build, f"{url}?key=Bq8Xw5Nz", tmp_path / "run", "--max-requests", 12)

    assert (first.code, second.code) == (0, 0)
    assert second.result["requests"]["this_sitting"]["recalled"] > 0


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "gopher", "file", ""])
@pytest.mark.parametrize("how", ["option", "environment"])
def test_an_address_with_a_password_is_refused_without_showing_it(
    scheme, password, how, ift_build, tmp_path, monkeypatch
):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    address = f"{scheme}://user:{password}@host.invalid/v1" if scheme else f"user:{password}@host.invalid/v1"
    options = ["bootstrap", "--model", "m", "--backend", "openai", "--out", tmp_path / "run", "--json"]
    if how == "option":
        ran = ift_build(*options, "--base-url", address)
    else:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        ran = ift_build(*options)
    said = ran.out + ran.err

    assert ran.code == 1
    assert f":{password}" not in said
    assert "user:" not in said
    assert ran.result["where"] == ("--base-url" if how == "option" else "environment variable OPENAI_BASE_URL")
    assert ran.result["hint"]
    assert not (tmp_path / "run" / "settings.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("models", "ftp://user:pw@host/"),
        ("models", f"http://host/?key={QUERY_KEY}"),
        ("models", "--base-urls=ftp://user:pw@host/"),
        ("show", "ftp://user:pw@host/"),
        ("convert", "ftp://user:pw@host/data.csv", "--out", "x"),
        ("export", "ftp://user:pw@host/"),
    ],
)
def test_an_address_that_a_wrong_command_line_quotes_is_shown_without_its_secrets(arguments, ift_build):
    ran = ift_build(*arguments, "--json")

    assert ran.code in (1, 2)
    assert "pw" not in ran.out + ran.err
    assert leaks((ran.out + ran.err).encode(), QUERY_KEY) == set()


SHOWN = {
    "http://h:8000/v1": "http://h:8000/v1",
    "http://user:pw@h/v1": "http://h/v1",
    "https://h/v1?key=abc&api-version=1#there": "https://h/v1?key=[redacted]&api-version=1",
    "https://h/v1?abc&": "https://h/v1?[redacted]&",
    "https://h/@cf/v1?k=a=b": "https://h/@cf/v1?k=[redacted]",
    "http://user:p/w@h/v1": "http://h/v1",
    "http://[::1?key=abc": "http://[::1",
    "not an address": "not an address",
}


@pytest.mark.parametrize(("address", "shown"), SHOWN.items())
def test_how_an_address_is_shown(address, shown):
    assert addresses.shown(address) == shown


def test_passwords_and_parameters_are_secrets_as_they_are_written_and_as_they_are_meant():
    found = addresses.secrets_in("http://me:p%40ss+w@h/v1?key=a%2Fb+c&api-version=2024-01-01&bare")

    assert {"me", "p%40ss+w", "p@ss+w", "a%2Fb+c", "a/b c", "a/b+c", "bare"} <= set(found)
    assert "2024-01-01" not in found


@pytest.mark.parametrize(
    "argument",
    [
        "Which is it? Kd9Rx2Tb6V or another?",
        "read https://h/?key=Kd9Rx2Tb6V first",
        "https://h/?model=Kd9Rx2Tb6V",
        "a:Kd9Rx2Tb6V@b",
    ],
)
def test_other_arguments_and_parameters_are_no_secrets(argument):
    secrets.register_address(argument)

    assert secrets.redact("Kd9Rx2Tb6V") == "Kd9Rx2Tb6V"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "http_proxy", "HF_ENDPOINT"])
def test_a_password_of_a_proxy_or_mirror_is_a_secret(variable):
    secrets.register_environment({variable: "http://me:Gt5Yh8Jn3Km6@proxy:3128"})

    assert secrets.redact("sent Gt5Yh8Jn3Km6") == "sent [redacted]"
