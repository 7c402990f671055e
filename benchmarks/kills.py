"""What `kill -9` costs: a run is killed again and again, and compared with one that was left alone.

`python -m benchmarks.kills` grows the same dataset for each number in flight, once undisturbed and once killed at
random moments, against the tests' model server, and prints whether the files are the same to the byte, and how many
requests were sent twice because their answers were still on the way: at most those in flight at each kill.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ift_builder.backends.demo import DemoBackend
from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL
from tests.fake_server import FakeServer, answers_of
from tests.purposes import purpose_of

LATENCY = 0.05
"""Seconds; the longer, the more answers a kill finds on their way."""


def killed_run(server: FakeServer, folder: Path, in_flight: int, target: int, kills: int, seed: int) -> int:
    """Runs until done, killed `kills` times on the way; returns how often it was."""
    draw, done = random.Random(seed), 0
    while True:
        process = _start(server, folder, in_flight, target)
        if done == kills:
            assert process.wait() == 0
            return done
        before = answers_in(folder)
        patience = draw.uniform(0.0, 0.4)
        while process.poll() is None and answers_in(folder) == before:
            time.sleep(0.005)
        time.sleep(patience)
        if process.poll() is not None:
            return done
        process.kill()
        process.wait()
        done += 1


def answers_in(folder: Path) -> int:
    """Answers that the journal has."""
    try:
        with sqlite3.connect(f"file:{folder / JOURNAL}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM answers").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def same(one: Path, other: Path) -> bool:
    """Whether two runs have the same dataset and the same dropped candidates, byte for byte."""
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in (EXAMPLES, DROPPED))


def compare(in_flight: int, target: int, kills: int, seed: int) -> dict[str, object]:
    """One undisturbed and one killed run, and the figures."""
    answers = answers_of(DemoBackend().complete, purpose_of)
    with tempfile.TemporaryDirectory() as scratch, FakeServer(answer=answers, latency=LATENCY) as server:
        whole, broken = Path(scratch) / "whole", Path(scratch) / "broken"
        assert _start(server, whole, in_flight, target).wait() == 0
        server.reset()
        done = killed_run(server, broken, in_flight, target, kills, seed)
        return {
            "in flight": in_flight,
            "kills": done,
            "same bytes": same(whole, broken),
            "answers": answers_in(broken),
            "sent twice": server.stats()["asked_again"],
            "allowed": done * in_flight,
        }


def _start(server: FakeServer, folder: Path, in_flight: int, target: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ift_builder", "bootstrap", "--model", "m", "--base-url", server.url, "--quiet"]
    command += ["--target", str(target), "--concurrency", str(in_flight), "--out", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=34, help="for each number in flight")
    parser.add_argument("--in-flight", type=int, nargs="+", default=[1, 16, 64])
    given = parser.parse_args()
    for number, in_flight in enumerate(given.in_flight):
        figures = compare(in_flight, target=60 * min(in_flight, 20), kills=given.kills, seed=number)
        if number == 0:
            print("| " + " | ".join(figures) + " |\n" + "| ---: " * len(figures) + "|")
        print("| " + " | ".join(str(value) for value in figures.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
