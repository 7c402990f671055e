"""`ift-build` in a process of its own, held to one processor.

The tiny model is slower with more threads than one, the more so if other tests use the processors too.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from ift_builder.formats.run_folder import JOURNAL
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def hold_to_one_processor() -> None:
    """Holds this process to one processor, where the system can do so."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        os.sched_setaffinity(0, {allowed[int(worker) % len(allowed)]})


def start(*arguments, **environment) -> subprocess.Popen[str]:
    """Starts `ift-build` with those arguments and that much more in its environment."""
    command = [sys.executable, "-m", "tests.backends.local.processes", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment})


def answers_in(out: Path) -> dict[str, str]:
    """The journal's answers that have text, by the prompts' keys."""
    try:
        with sqlite3.connect(f"file:{out / JOURNAL}?mode=ro", uri=True) as connection:
            return dict(connection.execute("SELECT key, text FROM answers WHERE text <> ''"))
    except sqlite3.OperationalError:
        return {}


def wait_for(process: subprocess.Popen[str], out: Path, answers: int) -> None:
    """Returns when the run's journal has so many answers; the run must not have come to its end."""
    while len(answers_in(out)) < answers:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


if __name__ == "__main__":
    from ift_builder.cli import main

    hold_to_one_processor()
    main()
