"""Starts the server by hand: `python -m tests.fake_server --help`."""

from __future__ import annotations

import argparse
import importlib
import json
import signal
import threading
from typing import Any

from tests.fake_server import BROKEN, ODD, REFUSED, FakeServer, Fault, mixture
from tests.fake_server.json_schema import MANNERS

_EPILOG = f"""\
A fault is KIND[:SHARE][:FIELD=VALUE]..., --fault can be given many times, and the first that fits counts:
  --fault 429:0.1:retry_after=2              one try in ten is told to wait two seconds
  --fault 429:tries=1:retry_after=1:retry_form=date   the first try of each prompt, with an HTTP date
  --fault hang:0.01 --fault 503:0.05         some never answered, some overloaded
  --fault 400:containing=poem                all prompts about poems are refused
  --fault refusal:0.03:sticky=1              three prompts in a hundred are refused at every try
  --fault 503:0.5:path=/v1/batches           the batch endpoints stumble

Kinds with an error status: {" ".join(REFUSED)}
Kinds that break what travels: {" ".join(BROKEN)}
Kinds of strange answers: {" ".join(ODD)}
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fake_server",
        description="A model server for tests: the OpenAI API on 127.0.0.1, scripted answers, faults on demand.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=int, default=8008, help="0: any free one (default: %(default)s)")
    add(
        "--answer",
        type=_named,
        metavar="MODULE:NAME",
        help="a function from request body to text (default: a numbered list)",
    )
    add("--latency", type=float, default=0.2, help="seconds to an answer (default: %(default)s)")
    add(
        "--latency-spread",
        type=float,
        default=0.0,
        metavar="SIGMA",
        help="log-normal latencies around that median",
    )
    add(
        "--fault",
        dest="faults",
        type=_fault,
        action="append",
        default=[],
        metavar="RULE",
        help="what goes wrong; see below",
    )
    add(
        "--every-fault",
        type=float,
        metavar="SHARE",
        help="this share of tries meets a fault, all kinds that pass equally often",
    )
    add("--requests-per-second", type=float, metavar="N", help="rate limit; above it 429")
    add(
        "--burst",
        type=float,
        metavar="N",
        help="requests that may come at once (default: those of one second)",
    )
    add("--api-key", help="the only key that is let in (default: any)")
    add(
        "--model",
        dest="models",
        action="append",
        default=[],
        help="a model that exists; can be repeated (default: any)",
    )
    add("--json-schema", choices=MANNERS, default="taken", help="what becomes of response_format (%(default)s)")
    add("--context-tokens", type=int, metavar="N", help="the longest prompt")
    add(
        "--batch-seconds",
        type=float,
        default=5.0,
        metavar="S",
        help="time that a batch takes (default: %(default)s)",
    )
    add("--seed", type=int, default=0, help="names the draws of faults and latencies")
    return parser


def _fault(text: str) -> Fault:
    try:
        return Fault.parse(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _named(text: str) -> Any:
    module, colon, name = text.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as problem:
        raise argparse.ArgumentTypeError(
            f"cannot find {text!r}: {problem}" if colon else "write MODULE:NAME"
        ) from problem


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Serves until Ctrl-C or SIGTERM, then prints the counts."""
    options = vars(_parser().parse_args())
    every = options.pop("every_fault")
    options["faults"] += mixture(every) if every else []
    if options["answer"] is None:
        del options["answer"]
    signal.signal(signal.SIGTERM, _interrupt)
    server = FakeServer(**options)
    try:
        server.start()
    except OSError as problem:
        raise SystemExit(f"port {options['port']} cannot be used ({problem.strerror}); try --port 0") from problem
    home = server.url.removesuffix("/v1")
    print(f"listening at {server.url} (Ctrl-C ends it and prints the counts)")
    print(f"  export OPENAI_API_KEY={options['api_key'] or 'anything'}")
    model = (options["models"] or ["fake"])[0]
    print(f"  ift-build bootstrap --base-url {server.url} --model {model} --target 50 --out outputs/fake")
    print(f"  curl {home}/stats    curl -X POST {home}/reset", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.kill()
        print(json.dumps(server.stats(), indent=2))


if __name__ == "__main__":
    main()
