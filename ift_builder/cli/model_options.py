"""The options of every command that calls a model: which one, where, how fast, and for how much."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ift_builder.cli.numeric import Number, Whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.asking import Terms
    from ift_builder.backends import Backend

F = TypeVar("F", bound="Callable[..., Any]")

_BACKENDS = ("openai", "local", "demo")
_MODEL_FILE = ".gguf"
_FREE_OF_CHARGE = ("local", "demo")

_IN_FLIGHT = 16
_IN_FLIGHT_LOCAL = 1
"""One slot: then an answer of a model file depends on the prompt alone."""

_LONGEST_ANSWER = 120.0
_LONGEST_ANSWER_LOCAL = 3600.0
"""Seconds; a large model on a slow processor, loaded from a slow disk, with several slots that share it."""

BATCH_SHARE = 0.5
"""What the Batch API asks of the usual price (OpenAI's price list)."""

_LONGEST_CONTEXT = 2**27 - 1
"""Tokens; llama.cpp counts those of all 16 slots with 32 bits."""

_COUNT = Whole(1, 2**53)
_ABOVE_ZERO = Number(min=0, min_open=True)
_TERMS = (
    *("concurrency", "timeout", "requests_per_minute", "tokens_per_minute"),
    *("max_requests", "max_tokens", "max_cost", "retry_failed", "batch"),
)
"""Options that are terms by the same name."""


def asked(function: F) -> F:
    """Adds the options; `terms` takes them out of the function's arguments again."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def backend_name(given: dict[str, Any]) -> str:
    """The backend that was named, or the one that goes with the model."""
    if given["backend"]:
        return str(given["backend"])
    if given["model"] == "demo":
        return "demo"
    is_file = given["model"].lower().endswith(_MODEL_FILE) and not given["base_url"]
    return "local" if is_file else "openai"


def opener(given: dict[str, Any]) -> Callable[..., Backend]:
    """Settles in `given` which backend and which model it is; returns what opens the backend.

    To be called before `terms`. A model file is named by its content from here on.

    Raises:
        InputError: The model file cannot be used.
        click.UsageError: An option that goes with another backend.
    """
    from ift_builder import backends

    if not given["model"].strip():
        raise click.UsageError("--model is empty: give the model's name")
    name = given["backend"] = backend_name(given)
    is_local, context = name == "local", given.pop("context")
    if context and not is_local:
        raise click.UsageError("--context goes with a model file; a server has its own")
    given["concurrency"] = given["concurrency"] or (_IN_FLIGHT_LOCAL if is_local else _IN_FLIGHT)
    given["timeout"] = given["timeout"] or (_LONGEST_ANSWER_LOCAL if is_local else _LONGEST_ANSWER)
    if not is_local:
        return partial(backends.open_backend, name, base_url=given["base_url"])
    if given["base_url"]:
        raise click.UsageError("--base-url goes with a server, not with a model file")
    from ift_builder.backends import local

    file = local.read(Path(given["model"]), given["api"])
    given["model"] = file.name
    return partial(backends.open_backend, name, file=file, slots=given["concurrency"], context=context)


def terms(given: dict[str, Any]) -> Terms:
    """The terms that the options set, taken out of `given`.

    Raises:
        click.UsageError: A budget in dollars without a known price.
    """
    from ift_builder.asking import Terms
    from ift_builder.records import Prices

    if given["batch"] and backend_name(given) != "openai":
        raise click.UsageError("--batch needs a server with the OpenAI Batch API")
    price_in, price_out = given.pop("price_in"), given.pop("price_out")
    if (price_in is None) != (price_out is None):
        raise click.UsageError("--price-in and --price-out go together")
    if price_in is not None:
        prices: Prices | None = Prices(price_in, price_out)
    elif backend_name(given) in _FREE_OF_CHARGE:
        prices = Prices(0, 0)
    else:
        from ift_builder.backends import prices as price_list

        prices = price_list.look_up(given["model"], given["base_url"] or os.environ.get("OPENAI_BASE_URL"))
        if prices and given["batch"]:
            prices = Prices(prices.prompt * BATCH_SHARE, prices.completion * BATCH_SHARE)
    if given["max_cost"] is not None and prices is None:
        raise click.UsageError("the price of this model is not known: give --price-in and --price-out with --max-cost")
    return Terms(prices=prices, **{name: given.pop(name) for name in _TERMS})


_OPTIONS = (
    click.option(
        "--model",
        required=True,
        help="The model's name, or a .gguf file; `demo` is a scripted model that needs no key.",
    ),
    click.option(
        "--backend",
        type=click.Choice(_BACKENDS),
        default=None,
        help="How the model is reached.  [default: openai; local for a .gguf file; demo for --model demo]",
    ),
    click.option(
        "--base-url",
        help="An OpenAI-compatible server, such as http://localhost:8000/v1 (vLLM, llama.cpp, Ollama, a gateway).",
    ),
    click.option(
        "--api",
        type=click.Choice(["chat", "completions"]),
        default="chat",
        show_default=True,
        help="chat for chat models, completions for base models.",
    ),
    click.option(
        "--concurrency",
        type=Whole(1, 512),
        help="Requests in flight; changes the speed, never the result. With a model file: prompts worked on together, "
        f"which rounds differently.  [default: {_IN_FLIGHT}; {_IN_FLIGHT_LOCAL} for a model file]",
    ),
    click.option(
        "--timeout",
        type=_ABOVE_ZERO,
        help="Seconds to wait for one answer at the most; less is learned from the answers.  "
        f"[default: {_LONGEST_ANSWER:g}; {_LONGEST_ANSWER_LOCAL:g} for a model file]",
    ),
    click.option(
        "--context",
        type=Whole(256, _LONGEST_CONTEXT),
        help="Tokens of prompt and answer together, for a model file.  [default: 4096, or what the model knows]",
    ),
    click.option("--requests-per-minute", type=_ABOVE_ZERO, help="Send no faster than this."),
    click.option("--tokens-per-minute", type=_ABOVE_ZERO, help="Ask for no more tokens than this, as estimated."),
    click.option(
        "--max-requests",
        type=_COUNT,
        help="Stop before more requests than this are sent, retries included, over all sittings.",
    ),
    click.option(
        "--max-tokens",
        type=_COUNT,
        help="Stop before more tokens than this are paid, over all sittings.",
    ),
    click.option(
        "--max-cost", type=_ABOVE_ZERO, help="Stop before more US dollars than this are paid, over all sittings."
    ),
    click.option("--price-in", type=Number(min=0), help="US dollars per million prompt tokens, where unknown."),
    click.option("--price-out", type=Number(min=0), help="US dollars per million answer tokens, where unknown."),
    click.option("--batch", is_flag=True, help="Ask by the server's Batch API: half the price, within a day."),
    click.option("--retry-failed", is_flag=True, help="Ask again what was given up in an earlier sitting."),
)
