"""Runs command lines with broken standard streams: `python -m tests.messages.streams CASES.json`.

Each case is run in a fork of this process, so that what they all import is imported once. Writes a JSON line a case.
"""

from __future__ import annotations

import io
import json
import os
import sys
from importlib import import_module
from pathlib import Path

from ift_builder.cli import COMMANDS

HEAVY = ("datasets", "openai", "plotly.offline", "rich.table", "rich.progress", "tenacity", "py3langid.langid")
"""What commands import when they need it."""

CONDITIONS = {
    "stdout full": {1: "full"},
    "stderr full": {2: "full"},
    "both full": {1: "full", 2: "full"},
    "stdout closed": {1: None},
    "all closed": {0: None, 1: None, 2: None},
    "nobody reads stdout": {1: "unread"},
    "latin-1": {1: "latin-1", 2: "latin-1"},
    "ascii": {1: "ascii", 2: "ascii"},
}
"""What becomes of the streams by their numbers; None closes, others are taken up into files."""


def main() -> None:
    """Runs the cases: lists of the condition, the scratch folder, and the arguments."""
    for module in (*(f"ift_builder.{verb}" for verb in COMMANDS), *HEAVY):
        import_module(module)
    for condition, folder, arguments in json.loads(Path(sys.argv[1]).read_bytes()):
        Path(folder).mkdir()
        child = os.fork()
        if not child:
            _run(CONDITIONS[condition], Path(folder), arguments)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = "".join(
            path.read_text(encoding="utf-8", errors="replace") for path in sorted(Path(folder).glob("stream-*"))
        )
        sys.stdout.write(json.dumps([condition, arguments, code, said]) + "\n")
        sys.stdout.flush()


def _run(changes: dict[int, str | None], folder: Path, arguments: list[str]) -> None:
    encodings = ["utf-8"] * 3
    for number in (1, 2):
        change = changes.get(number, "utf-8")
        os.dup2(_target(change, folder / f"stream-{number}"), number)
        encodings[number] = change if change in ("latin-1", "ascii") else "utf-8"
    for number, change in changes.items():
        if change is None:
            os.close(number)
    sys.stdout, sys.stderr = (_as_python_opens(number, encodings[number]) for number in (1, 2))
    sys.argv = ["ift-build", *arguments]
    code = 1
    try:
        from ift_builder.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _target(change: str | None, path: Path) -> int:
    if change == "full":
        return os.open("/dev/full", os.O_WRONLY)
    if change == "unread":
        reader, writer = os.pipe()
        os.close(reader)
        return writer
    return os.open(path, os.O_WRONLY | os.O_CREAT)


def _as_python_opens(number: int, encoding: str) -> io.TextIOWrapper | None:
    try:
        raw = io.FileIO(number, "w", closefd=False)
    except OSError:
        return None
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, "strict" if number == 1 else "backslashreplace")


if __name__ == "__main__":
    main()
