"""`ift-build models`: what models this installation can reach, and what to do about those that it cannot.

Servers are asked for their list of models, all at a time and not for long; nothing is sent that costs anything.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ift_builder.backends.openai import OpenAIBackend
from ift_builder.errors import BackendError, BackendUnusableError, InputError
from ift_builder.secrets import addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LOCAL_SERVERS", "Reach", "reachable"]

LOCAL_SERVERS: Final = {
    "Ollama": 11434,
    "LM Studio": 1234,
    "vLLM": 8000,
    "llama.cpp": 8080,
    "SGLang": 30000,
}
"""Where common servers listen by default, by their documentation."""

PATIENCE: Final = 5.0
"""Seconds for the server that the user named; one on this machine either answers at once or is not there."""

_PATIENCE_HERE: Final = 1.0

_NO_KEY: Final = "none"
"""What a server that was not named is sent: no key goes to whoever happens to listen on a port."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to a model."""

    backend: str
    """As `--backend` names it."""

    ready: bool
    """Whether a run could begin."""

    what: str
    """What was found."""

    todo: str
    """How to use it, or how to get there."""

    base_url: str = ""
    """The server, where it is one."""

    models: Sequence[str] = ()
    """The names that the server gave."""


async def reachable(base_url: str | None) -> list[Reach]:
    """All ways to a model, those that need least first.

    Args:
        base_url: A server to ask; None for that in OPENAI_BASE_URL, or the public API.
    """
    named = asyncio.create_task(_named_server(base_url))
    others = await asyncio.gather(*(_server_here(name, port) for name, port in LOCAL_SERVERS.items()))
    server = await named
    found = [other for other in others if other and _place(other.base_url) != _place(server.base_url)]
    return [_demo(), _files(), server, *found]


def _demo() -> Reach:
    return Reach("demo", ready=True, what="scripted, offline, free", todo="--model demo")


def _files() -> Reach:
    """Whether model files can be used."""
    from ift_builder.backends.local import engine  # noqa: PLC0415 - light, but only this function wants it

    version = engine.installed_version()
    if version is None:
        return Reach("local", ready=False, what=f"{engine.LIBRARY} is not installed", todo=engine.INSTALL)
    return Reach("local", ready=True, what=f"{engine.LIBRARY} {version}", todo="--model FILE.gguf")


async def _named_server(base_url: str | None) -> Reach:
    """The server that a run would ask."""
    url = base_url or os.environ.get("OPENAI_BASE_URL") or ""
    use = f"--base-url {addresses.shown(url)} --model NAME" if base_url else "--model NAME"
    try:
        return await _ask(OpenAIBackend(base_url=base_url), PATIENCE, url, "", use)
    except asyncio.TimeoutError:
        problem, todo = f"no answer within {PATIENCE:g} seconds", ""
    except (BackendError, InputError) as error:
        problem, todo = error.what, error.hint
    todo = todo or "check the address and that the server is running"
    return Reach("openai", ready=False, what=_named(url, "", problem), todo=todo, base_url=addresses.shown(url))


async def _server_here(name: str, port: int) -> Reach | None:
    """A server at its usual place on this machine; None where there is none."""
    url = f"http://127.0.0.1:{port}/v1"
    use = f"--base-url {url} --model NAME"
    try:
        return await _ask(OpenAIBackend(base_url=url, key=_NO_KEY), _PATIENCE_HERE, url, name, use)
    except BackendUnusableError as error:
        what = _named(url, name, error.what)
        return Reach("openai", ready=False, what=what, todo=f"{error.hint}; then {use}", base_url=url)
    except (BackendError, asyncio.TimeoutError):
        return None


async def _ask(backend: OpenAIBackend, seconds: float, url: str, name: str, use: str) -> Reach:
    """Asks a server for its models.

    Raises:
        BackendError: It gives none.
        asyncio.TimeoutError: It takes too long.
    """
    try:
        models = await asyncio.wait_for(backend.models(), seconds)
    finally:
        await backend.aclose()
    what = _named(url, name, f"{len(models)} model{'' if len(models) == 1 else 's'}")
    todo = use if models else "load a model there"
    return Reach(
        "openai", ready=bool(models), what=what, todo=todo, base_url=addresses.shown(url), models=tuple(models)
    )


def _named(url: str, name: str, what: str) -> str:
    """What was found, after the server that it was found at."""
    place = addresses.shown(url) or "the OpenAI API"
    return f"{place} ({name}'s port): {what}" if name else f"{place}: {what}"


def _place(url: str) -> str:
    """An address in one spelling, so that two can be compared."""
    return addresses.shown(url).rstrip("/").replace("//localhost:", "//127.0.0.1:")
