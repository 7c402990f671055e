"""What a bad server costs.

`python -m benchmarks.faults` runs `bootstrap` against one on loopback, in one run,

* clean, and with one request in a hundred never answered: seconds of each;
* with a limit of 50 requests a second (429 with Retry-After): how much of the limit is used, and how many are rejected.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.asking import POOL, _seed, answer
from ift_builder.asking import Stop, Terms
from ift_builder.backends.openai import OpenAIBackend
from ift_builder.bootstrap import Plan, bootstrap
from tests.fake_server import FakeServer, Fault

LIMIT = 50
LATENCY = 0.2


def grow(server: FakeServer, seeds: Path, in_flight: int, target: int) -> float:
    """Grows a dataset; returns its seconds."""

    async def run(folder: str) -> float:
        backend = OpenAIBackend(base_url=server.url)
        plan = Plan(seeds=seeds, model="m", target=target, terms=Terms(concurrency=in_flight))
        started = time.perf_counter()
        await bootstrap(plan, Path(folder) / "run", backend, stop=Stop(), on_progress=lambda _: None)
        await backend.aclose()
        return time.perf_counter() - started

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(folder))


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", type=int, default=800, help="tasks of each run; each takes about two requests")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds.jsonl"
        seeds.write_bytes(b"".join(_seed(number) for number in range(POOL // 10)))
        with FakeServer(answer=answer, latency=LATENCY) as server:
            clean = grow(server, seeds, 32, given.target)
        with FakeServer(answer=answer, latency=LATENCY, faults=[Fault("hang", share=0.01)]) as server:
            hanging = grow(server, seeds, 32, given.target)
            dead = server.stats()["faults"]["hang"]
        print(f"clean {clean:.1f} s; {dead} requests never answered {hanging:.1f} s: {hanging / clean:.2f} times")
        limited = [Fault("429", share=0.0)]
        with FakeServer(answer=answer, latency=LATENCY, faults=limited, requests_per_second=LIMIT, burst=5) as server:
            seconds = grow(server, seeds, 64, given.target * 2)
            stats = server.stats()
        answered, rejected = stats["statuses"]["200"], stats["statuses"].get("429", 0)
        rate, share = answered / seconds, rejected / (answered + rejected)
        print(f"limit {LIMIT}/s: {rate:.1f} answered a second ({rate / LIMIT:.0%}), {share:.1%} rejected")


if __name__ == "__main__":
    main()
