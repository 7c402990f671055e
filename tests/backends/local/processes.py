"""`ift-build` in a process of its own, and what its journal has so far."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from ift_builder.runs import JOURNAL
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def start(*arguments, **environment) -> subprocess.Popen[str]:
    """Starts `ift-build` with those arguments and that much more in its environment."""
    command = [sys.executable, "-m", "ift_builder", *map(str, arguments)]
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
