"""What a kill at any step of writing leaves: each command that writes is killed before each of its file operations.

`python -m benchmarks.crash_points` kills each command before its n-th rename, replace, unlink, mkdir, rmdir or fsync,
for every n, in a new folder and in one with an earlier result, and prints a table. After each kill the folder must hold
the old result or the new one, whole; the same command must be accepted; and its files must be those of a command that
was left alone. `--sample N` takes N steps of each command, spread evenly.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from ift_builder.cli import ift_build
from ift_builder.cli.boundary import run as call
from ift_builder.runs.folder import settled
from ift_builder.runs.names import JOURNAL, PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROWS = b"".join(
    b'{"text": "Film %d.", "label": %d, "instruction": "Name river %d."}\n' % (n, n % 4, n % 3) for n in range(6)
)
_WARM = ("asking", "bootstrap", "check", "convert", "dedupe", "export", "report", "runs", "screen", "sources.saving")
"""Packages that are loaded once, and not in each of hundreds of processes."""

_OWN = ("seconds", "requests", "cost_usd", "answers_ahead")
"""Entries of a manifest that differ between two runs with the same rows."""


@dataclass
class Scenario:
    """A command with the state of the folder that it is given."""

    name: str
    arguments: list[str]
    prepare: Callable[[Path], None] = lambda _: None
    """Makes what is in the folder before, given the folder."""

    old: dict[str, bytes] = field(default_factory=dict)
    new: dict[str, bytes] = field(default_factory=dict)


def scenarios(root: Path) -> list[Scenario]:
    """Each writing command, in a new folder and in one that holds its earlier result; `OUT` stands for the folder."""
    rows = root / "rows.jsonl"
    rows.write_bytes(_ROWS)
    small, large = root / "small" / "run", root / "large" / "run"
    bootstrap = ["bootstrap", "--model", "demo", "--no-report", "--out"]
    for folder, target in ((small, 3), (large, 6)):
        _must([*bootstrap, str(folder), "--target", str(target)])
    convert = ["convert", str(rows), "--template", "ag_news", "--no-report", "--out", "OUT"]
    commands = {
        "bootstrap": [*bootstrap, "OUT", "--target", "6"],
        "convert": convert,
        "convert to parquet": [*convert, "--file-format", "parquet"],
        "dedupe": ["dedupe", str(rows), "--out", "OUT"],
        "screen": ["screen", str(large), "--no-report", "--out", "OUT"],
        "export": ["export", str(large), "--to", "messages", "--validation", "0.3", "--out", "OUT"],
        "export as tables": ["export", str(large), "--to", "hf", "--out", "OUT"],
    }
    earlier = {
        **{name: [arguments] for name, arguments in commands.items()},
        "bootstrap": [[*bootstrap, "OUT", "--target", "3"]],
        "export": [[str(small) if word == str(large) else word for word in commands["export"]]],
        "export as tables": [[str(small) if word == str(large) else word for word in commands["export as tables"]]],
    }
    found = []
    for name, arguments in commands.items():
        found.append(Scenario(name, arguments))
        found.append(Scenario(f"{name}, again", arguments, _runner(earlier[name])))
    report = ["report", "OUT", "--no-check"]
    found.append(Scenario("report", report, _runner([[*bootstrap, "OUT", "--target", "3"]])))
    return found


def _runner(commands: list[list[str]]) -> Callable[[Path], None]:
    def prepare(out: Path) -> None:
        for arguments in commands:
            _must(_with(arguments, out))

    return prepare


def _with(arguments: list[str], out: Path) -> list[str]:
    return [str(out) if word == "OUT" else word for word in arguments]


def _must(arguments: list[str]) -> None:
    code, _ = run(arguments, Path(os.devnull))
    assert code == 0, arguments


def run(arguments: list[str], out: Path, kill_at: int | None = None) -> tuple[int, list[str]]:
    """Runs a command in a process of its own; returns its exit code, -9 for one that was killed, and its operations."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _in_child(arguments, out, kill_at, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        done = pipe.read().decode().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), done


def _in_child(arguments: list[str], out: Path, kill_at: int | None, writing: int) -> None:
    done = 0

    def step(name: str) -> None:
        nonlocal done
        done += 1
        if done == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(writing, f"{name}\n".encode())

    def heard(event: str, values: tuple[object, ...]) -> None:
        if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") and _is_inside(values, out):
            step(event)

    fsync = os.fsync
    os.fsync = lambda descriptor: (step("os.fsync"), fsync(descriptor))[1]
    sys.addaudithook(heard)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        code = call(ift_build, [*arguments, "--quiet"])
    os._exit(code)


def _is_inside(values: tuple[object, ...], out: Path) -> bool:
    """Whether an operation is one in the folder, or on it; `rmtree` names files by their last part."""
    path, descriptor = str(values[0]), values[-1]
    return path.startswith(str(out)) or (not path.startswith("/") and descriptor != -1)


def view(out: Path) -> dict[str, bytes]:
    """What a reader finds in a folder: a run without rows is nothing yet."""
    if not out.is_dir():
        return {}
    settled(out)
    files = {str(path.relative_to(out)): path for path in sorted(out.rglob("*")) if path.is_file()}
    found = {name: path.read_bytes() for name, path in files.items() if name[0] != "." and JOURNAL not in name}
    if set(found) <= {"settings.json"}:
        return {}
    for name in {"manifest.json", "export.json"} & found.keys():
        found[name] = _without_times(orjson.loads(found[name]))
    return found


def _without_times(manifest: dict) -> bytes:
    kept = {name: value for name, value in manifest.items() if name not in _OWN}
    if "run" in kept:
        kept["run"] = {"manifest": orjson.loads(_without_times(kept["run"]["manifest"]))}
    facts = kept.get("files", {})
    kept["files"] = {name: one for name, one in facts.items() if name != "README.md"}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


def litter(out: Path) -> list[str]:
    """Files of ours that should be gone when a command has ended."""
    return [path.name for path in out.iterdir() if path.name.startswith(PREFIX)]


def judge(scenario: Scenario, root: Path, sample: int | None) -> Iterator[tuple[int, str, str]]:
    """Kills a scenario's command at each step; yields (step, operation, what was wrong or `""`)."""
    out = root / "out"
    _fresh(scenario, out)
    scenario.old = _comparable(view(out))
    code, operations = run(_with(scenario.arguments, out), out)
    assert code == 0, scenario.name
    scenario.new = _comparable(view(out))
    steps = range(1, len(operations) + 1)
    chosen = steps if sample is None else sorted({steps[len(steps) * place // sample] for place in range(sample)})
    for at in chosen:
        _fresh(scenario, out)
        code, _ = run(_with(scenario.arguments, out), out, kill_at=at)
        yield at, operations[at - 1], _verdict(scenario, out, code)


def _verdict(scenario: Scenario, out: Path, code: int) -> str:
    if code != -signal.SIGKILL:
        return f"was not killed, but ended with {code}"
    stands = _comparable(view(out))
    if stands not in (scenario.old, scenario.new):
        return f"neither old nor new stands: {sorted(stands)}"
    code, _ = run(_with(scenario.arguments, out), out)
    if code:
        return f"the same command ended with {code}"
    if _comparable(view(out)) != scenario.new:
        return "other files came out"
    left = litter(out)
    return f"left behind: {left}" if left else ""


def _comparable(found: dict[str, bytes]) -> dict[str, bytes]:
    """What two runs with the same rows have in common: settings may be the new ones early, a page tells of times."""
    return {
        name: b"" if name == "report.html" else content for name, content in found.items() if name != "settings.json"
    }


def _fresh(scenario: Scenario, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    kept = out.with_name(f"{scenario.name}.before")
    if not kept.exists():
        scenario.prepare(out)
        if out.exists():
            shutil.copytree(out, kept)
        else:
            kept.mkdir()
    elif any(kept.iterdir()):
        shutil.copytree(kept, out)


def measure(sample: int | None, only: list[str] | None = None) -> list[dict[str, object]]:
    """A row for each scenario."""
    found = []
    for name in (*(f"ift_builder.{package}" for package in _WARM), "datasets", "pyarrow.parquet", "pyarrow.json"):
        import_module(name)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        for scenario in scenarios(root):
            if only and scenario.name not in only:
                continue
            begun = time.monotonic()
            results = list(judge(scenario, root, sample))
            wrong = [f"{operation} ({at}): {what}" for at, operation, what in results if what]
            operations = Counter(operation.partition(".")[2] for _, operation, _ in results)
            found.append(
                {
                    "command": scenario.name,
                    "killed": len(results),
                    "at": ", ".join(f"{name} {count}" for name, count in sorted(operations.items())),
                    "right": len(results) - len(wrong),
                    "wrong": wrong,
                    "seconds": round(time.monotonic() - begun),
                }
            )
    return found


def main() -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="steps of each command  [default: all]")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--only", action="append", help="this command alone (repeatable), as the table names it")
    given = parser.parse_args()
    rows = measure(given.sample, given.only)
    if given.json:
        print(orjson.dumps(rows).decode())
        return
    print("| command | killed | before | right |\n| --- | ---: | --- | ---: |")
    for row in rows:
        print(f"| {row['command']} | {row['killed']} | {row['at']} | {row['right']} |")
    print(f"\n{sum(row['killed'] for row in rows)} kills, {sum(len(row['wrong']) for row in rows)} of them wrong.")
    for row in rows:
        for what in row["wrong"]:
            print(f"{row['command']}: {what}")


if __name__ == "__main__":
    main()
