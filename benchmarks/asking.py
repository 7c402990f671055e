"""How fast `bootstrap` asks, beside a bare loop over the same client and the ideal, in one run.

`python -m benchmarks.asking` starts the tests' model server as a process of its own on loopback and measures, for each
number in flight and each kind of latency,

* **ideal**: requests in flight / mean latency;
* **bare**: an asyncio loop over the official client with that many workers, which keeps nothing;
* **ours**: `bootstrap` with prompts rendered, answers read and screened against a pool of 20,000 seeds, every answer
  on the disk.

Rates are requests per second between the first request sent and the last answer; CPU is this process's, per request.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import subprocess
import sys
import tempfile
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

import openai
import orjson

from ift_builder.asking import Stop, Terms
from ift_builder.backends.openai import OpenAIBackend
from ift_builder.bootstrap import Plan, bootstrap

POOL = 20_000
LATENCY = 0.2
SPREAD = 0.5
_WORDS = [
    f"{first}{second}"
    for first in ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo"]
    for second in ["lan", "mer", "tos", "vik", "dar", "nel"]
]


def sentence(name: str) -> str:
    """Ten words that depend on the name alone."""
    draw = random.Random(name)
    return " ".join(draw.sample(_WORDS, 10)) + "."


def answer(body: dict[str, Any]) -> str:
    """What the server's model says: a list of eight new tasks, No, or one instance."""
    text = body["messages"][-1]["content"]
    key = blake2b(text.encode(), digest_size=8).hexdigest()
    if text.rstrip().endswith("Is it classification?"):
        return "No"
    if "Example 1" in text:
        return f"Example 1\nInput: {sentence(key)}\nOutput: {sentence(key + 'x')}"
    return "\n".join(f"{number}. {sentence(f'{key}{number}')}" for number in range(9, 17))


class Timed:
    """A backend that notes when the first request left and the last answer came."""

    name = "openai"

    def __init__(self, url: str) -> None:
        self._backend = OpenAIBackend(base_url=url)
        self.first = self.last = None
        self.requests = 0

    async def complete(self, prompt):
        """Passes the prompt on."""
        self.first = self.first or (time.perf_counter(), time.process_time())
        completion = await self._backend.complete(prompt)
        self.requests += 1
        self.last = (time.perf_counter(), time.process_time())
        return completion

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._backend.aclose()

    def measured(self) -> tuple[float, float]:
        """(requests per second, CPU milliseconds per request)."""
        wall, cpu = (end - start for start, end in zip(self.first, self.last, strict=True))
        return self.requests / wall, 1000 * cpu / self.requests


def ours(url: str, seeds: Path, in_flight: int, requests: int) -> tuple[float, float]:
    """Grows a dataset with about that many requests."""

    async def run(folder: str) -> tuple[float, float]:
        backend = Timed(url)
        plan = Plan(seeds=seeds, model="m", target=requests * 8 // 17, terms=Terms(concurrency=in_flight))
        await bootstrap(plan, Path(folder) / "run", backend, stop=Stop(), on_progress=lambda _: None)
        await backend.aclose()
        return backend.measured()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(folder))


def bare(url: str, in_flight: int, requests: int) -> tuple[float, float]:
    """Sends that many requests of the usual size and drops the answers."""
    padding = " ".join(sentence(str(number)) for number in range(45))

    async def run() -> tuple[float, float]:
        client = openai.AsyncOpenAI(
            api_key="none", base_url=url, max_retries=0, http_client=openai.DefaultAioHttpClient()
        )
        left = iter(range(requests))

        async def worker() -> None:
            for number in left:
                content = f"{padding}\n\nExample 1\nTask: {number}"
                await client.chat.completions.create(model="m", messages=[{"role": "user", "content": content}])

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(in_flight)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        await client.close()
        return requests / wall, 1000 * cpu / requests

    return asyncio.run(run())


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--seconds", type=float, default=30, help="about how long each of the two loops runs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds.jsonl"
        seeds.write_bytes(b"".join(_seed(number) for number in range(POOL)))
        print("| latency | in flight | ideal/s | bare/s | ours/s | ours : bare | CPU ms bare | CPU ms ours | ratio |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for spread in (0.0, SPREAD):
            for in_flight in given.in_flight:
                _compare(seeds, in_flight, spread, given.seconds)


def _compare(seeds: Path, in_flight: int, spread: float, seconds: float) -> None:
    ideal = in_flight / (LATENCY * math.exp(spread**2 / 2))
    requests = int(min(ideal, 300) * seconds)
    command = [sys.executable, "-m", "tests.fake_server", "--port", "8197", "--latency", str(LATENCY)]
    command += ["--latency-spread", str(spread), "--answer", "benchmarks.asking:answer"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()  # it says so when it listens
        try:
            url = "http://127.0.0.1:8197/v1"
            bare_rate, bare_cpu = bare(url, in_flight, requests)
            our_rate, our_cpu = ours(url, seeds, in_flight, requests)
        finally:
            server.terminate()
            server.communicate()  # it tells what it saw, which nobody needs
    kind = f"log-normal, sigma {spread}" if spread else "fixed"
    rates = f"{ideal:.0f} | {bare_rate:.0f} | {our_rate:.0f} | {our_rate / bare_rate:.2f}"
    print(
        f"| {LATENCY} s {kind} | {in_flight} | {rates} | {bare_cpu:.2f} | {our_cpu:.2f} | {our_cpu / bare_cpu:.2f} |",
        flush=True,
    )


def _seed(number: int) -> bytes:
    task = {
        "id": f"s{number}",
        "name": f"s{number}",
        "instruction": sentence(f"seed {number}"),
        "instances": [{"input": "", "output": "x"}],
        "is_classification": False,
    }
    return orjson.dumps(task) + b"\n"


if __name__ == "__main__":
    main()
