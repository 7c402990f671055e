"""What hostile replies and files cost in memory, next to the same command on the largest input that is allowed.

`python -m benchmarks.bounds` runs each command as a process of its own and prints its peak (`ru_maxrss`) and what
became of it. `--only WORD` takes the lines with that word. It needs 5 GB of disk for the files, and takes some minutes.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ift_builder.backends import replies
from ift_builder.inputs import limits
from tests.bounds.hostile_server import reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALLOWED = 2.0
"""Times the memory of the plain input that a hostile one may take."""

MIB = 1 << 20
ROW = b'{"instruction": "Name a fish.", "input": "", "output": "Eel."}\n'
TEMPLATES = b"""dataset: d
licence: MIT
languages: [en]
task: {name: d, category: generation}
columns: {a: text}
templates: {one: {instruction: "Say it.", output: "{{ a }}"}}
"""


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    peak: int
    seconds: float
    code: int


def run(*command: str) -> Cost:
    """Runs `ift-build`; the peak is the child's own."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "ift_builder", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_maxrss << 10, time.perf_counter() - started, child.returncode)


# Replies


def bomb(size: int) -> bytes:
    """A JSON text of `size` letters, in gzip, made without ever being whole."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    parts = [packer.compress(b'{"data": [{"id": "')]
    parts += [packer.compress(b"a" * MIB) for _ in range(size // MIB)]
    return b"".join([*parts, packer.compress(b'"}]}'), packer.flush()])


def endless(_: str) -> Iterator[bytes]:
    """A body that does not end."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    while True:
        yield b" " * 65_536


def replying(body: bytes, *headers: str, status: str = "200 OK") -> Callable[[str], list[bytes]]:
    """Sends the same to each request."""
    return lambda _: [reply(body, *headers, status=status)]


ZIPPED = "Content-Encoding: gzip"
PLAIN_REPLY = (
    b'{"data": [{"id": "' + b"a" * (replies.MAX_REPLY - 100) + b'"}], "choices": [{"message": {"content": "x"}}]}'
)
REPLIES: dict[str, Callable[[], Callable[[str], object]]] = {
    "500 MB in gzip": lambda: replying(bomb(500 * MIB), ZIPPED),
    "500 MB in gzip, as an error": lambda: replying(bomb(500 * MIB), ZIPPED, status="400 Bad Request"),
    "500 MB in gzip, as a redirect": lambda: replying(bomb(500 * MIB), ZIPPED, "Location: /x", status="302 Found"),
    "a body without end": lambda: endless,
    "200,000 brackets": lambda: replying(b"[" * 200_000),
    "a list of 11 million lists": lambda: replying(b'{"data": [' + b"[]," * (replies.MAX_REPLY // 3 - 9) + b"[]]}"),
    "objects, as many as are allowed": lambda: replying(b'{"data": [' + b"{}," * 499_000 + b"{}]}"),
}


def over_http(respond: Callable[[str], object], folder: Path) -> dict[str, Cost]:
    """The list of models, and a run, of a server that answers so."""
    with serving(respond) as (url, _):
        grow = ["bootstrap", "--model", "m", "--base-url", url, "--target", "1", "--concurrency", "1"]
        return {
            "models": run("models", "--base-url", url),
            "bootstrap": run(*grow, "--max-requests", "3", "--out", str(folder / "run")),
        }


# Files


def zipped(path: Path, start: bytes, unit: bytes, size: int, end: bytes = b"\n") -> None:
    """A gzip file of `size` bytes: members that are all the same, so that gigabytes are written in seconds."""
    block = unit * (64 * MIB // len(unit))
    with path.open("wb") as out:
        out.write(gzip.compress(start, 1))
        member = gzip.compress(block, 1)
        for _ in range(max(1, size // len(block))):
            out.write(member)
        out.write(gzip.compress(end, 1))


def plain(path: Path, start: bytes, unit: bytes, size: int, end: bytes = b"\n") -> None:
    """The same, as it is."""
    block = unit * (4 * MIB // len(unit))
    with path.open("wb") as out:
        out.write(start)
        for _ in range(max(1, size // len(block))):
            out.write(block)
        out.write(end)


def sparse(path: Path, size: int) -> None:
    """A file of NULs that takes no room."""
    with path.open("wb") as out:
        out.truncate(size)


LARGEST_ROW = limits.MAX_ROW - 6 * MIB
GIB, GIB4 = 1 << 30, 4 << 30
CONVERT = ("convert", "FILE", "--template", "TEMPLATES", "--out", "OUT", "--workers", "1")
FILES: dict[str, tuple[tuple[str, ...], Callable[[Path], None], str, dict[str, tuple[str, Callable[[Path], None]]]]] = {
    "convert, lines": (
        CONVERT,
        lambda path: plain(path, b'{"a": "', b"a", LARGEST_ROW, b'"}\n'),
        "p.jsonl",
        {
            "one line of 4 GB in gzip": ("h.jsonl.gz", lambda path: zipped(path, b'{"a": "', b"a", GIB4, b'"}\n')),
            "60 MB of lists in a row": ("h.jsonl", lambda path: plain(path, b'{"a": [', b"[],", LARGEST_ROW, b"1]}\n")),
        },
    ),
    "convert, an array": (
        CONVERT,
        lambda path: plain(path, b'[{"a": "', b"a", LARGEST_ROW, b'"}]\n'),
        "p.json",
        {
            "4 GB of lists in gzip": ("h.json.gz", lambda path: zipped(path, b'[{"a": [', b"[],", GIB4, b"1]}]")),
            "1 GB of blanks": ("h2.json.gz", lambda path: zipped(path, b"[", b" ", GIB, b"]")),
        },
    ),
    "convert, a table": (
        CONVERT,
        lambda path: plain(path, b'a\n"', b"a", LARGEST_ROW, b'"\n'),
        "p.csv",
        {
            "one line of 4 GB in gzip": ("h.csv.gz", lambda path: zipped(path, b'a\n"', b"a", GIB4, b'"\n')),
            "a field of many lines": ("h2.csv.gz", lambda path: zipped(path, b'a\n"', b"a\n", GIB4, b'"\n')),
            "60 MB of commas": ("h3.csv", lambda path: plain(path, b"a\n", b",", LARGEST_ROW)),
        },
    ),
    "check": (
        ("check", "FILE"),
        lambda path: plain(path, b'{"text": "', b"a", LARGEST_ROW, b'"}\n'),
        "p.jsonl",
        {
            "4 GB of NULs": ("h.jsonl", lambda path: sparse(path, GIB4)),
            "4 GB of NULs, csv": ("h.csv", lambda path: sparse(path, GIB4)),
            "4 GB of NULs, json": ("h.json", lambda path: sparse(path, GIB4)),
            "60 MB of lists in a row": (
                "h2.jsonl",
                lambda path: plain(path, b'{"a": [', b"[],", LARGEST_ROW, b"1]}\n"),
            ),
        },
    ),
    "dedupe": (
        ("dedupe", "FILE", "--field", "text", "--out", "OUT"),
        lambda path: plain(path, b'{"text": "', b"a", LARGEST_ROW, b'"}\n'),
        "p.jsonl",
        {"4 GB of NULs": ("h.jsonl", lambda path: sparse(path, GIB4))},
    ),
}


def of_files(name: str, folder: Path) -> Iterator[tuple[str, Cost, Cost]]:
    """(hostile input, its cost, that of the plain one) for one command."""
    command, write_plain, plain_name, hostile = FILES[name]
    (folder / "t.yaml").write_bytes(TEMPLATES)

    def cost(file: str) -> Cost:
        names = {"FILE": str(folder / file), "TEMPLATES": str(folder / "t.yaml"), "OUT": str(folder / f"{file}-out")}
        return run(*(names.get(part, part) for part in command))

    write_plain(folder / plain_name)
    largest = cost(plain_name)
    for what, (file, write) in hostile.items():
        write(folder / file)
        yield what, cost(file), largest
        (folder / file).unlink()


# The table


def lines(word: str = "") -> Iterator[tuple[str, str, Cost, Cost]]:
    """(command, hostile input, its cost, that of the plain one)."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        if word in "models bootstrap":
            largest = over_http(replying(PLAIN_REPLY), here / "plain")
            for number, (what, respond) in enumerate(REPLIES.items()):
                for command, cost in over_http(respond(), here / str(number)).items():
                    yield command, what, cost, largest[command]
        for name in FILES:
            if word in name:
                here_too = here / name.replace(", ", "-").replace(" ", "-")
                here_too.mkdir()
                yield from ((name, *line) for line in of_files(name, here_too))


def main() -> None:
    """Prints the table; exit code 1 if a hostile input takes more than is allowed, or ends as a bug of ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a word that the command's name holds")
    worst = 0.0
    print("| command | input | peak | largest allowed | times | seconds | exit |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for command, what, cost, largest in lines(parser.parse_args().only):
        times = cost.peak / largest.peak
        worst = max(worst, times if cost.code in (0, 1) else ALLOWED + 1)
        peaks = f"{cost.peak // MIB} MB | {largest.peak // MIB} MB"
        print(f"| {command} | {what} | {peaks} | {times:.2f} | {cost.seconds:.1f} | {cost.code} |", flush=True)
    sys.exit(worst > ALLOWED)


if __name__ == "__main__":
    main()
