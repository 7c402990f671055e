"""`ift-build` as a process group of its own, to be ended from outside, and what is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT

MODULE = (sys.executable, "-m", "ift_builder")
SCRIPT = (sys.executable, "-c", "import sys; from ift_builder.__main__ import main; sys.exit(main())")
"""What an installer writes for the console script that `pyproject.toml` names."""

_NOISE = ("Traceback", "Exception ignored", "Task was destroyed", "never retrieved", "never awaited", "Warning:")


def start(*arguments, program=MODULE, cwd=ROOT) -> subprocess.Popen[str]:
    """Starts a program, with both signals as a shell in front would leave them."""
    return subprocess.Popen(
        [*program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def patched(*lines) -> tuple[str, ...]:
    """The program with some lines before it begins."""
    return (sys.executable, "-c", "\n".join([*lines, "from ift_builder.__main__ import main", "main()"]))


def wait_until(fact, process, seconds=60):
    """Polls until `fact()` is true; the process must be alive until then."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
    return found


def wait_until_ready(process) -> None:
    """Returns when the program's first line has run; what comes before that is Python's own start."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        time.sleep(0.2)
        return

    def held_back_or_caught():
        masks = dict(line.split(":\t") for line in status.read_text().splitlines() if line.startswith("Sig"))
        return any(int(masks[name], 16) >> (signal.SIGTERM - 1) & 1 for name in ("SigBlk", "SigCgt"))

    wait_until(held_back_or_caught, process)


def group(process) -> set[int]:
    """The processes of a group that are alive."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return {int(pid) for pid, pgid, state in rows if int(pgid) == process.pid and not state.startswith("Z")}


def workers(process) -> set[int]:
    """Those that a program has started."""
    return group(process) - {process.pid}


def end_of(process, seconds=60) -> tuple[int, str]:
    """Waits for the end of the program and of whoever holds its output; returns exit code and what it said."""
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out + err


def is_gone(process, seconds=10) -> bool:
    """Whether soon nothing is left of a group."""
    end = time.monotonic() + seconds
    while group(process) and time.monotonic() < end:
        time.sleep(0.01)
    return not group(process)


def noise(said: str) -> list[str]:
    """What no user should see."""
    return [word for word in _NOISE if word in said]


def scratch(folder: Path) -> list[str]:
    """Files under names that are not final."""
    return sorted(str(path) for path in folder.rglob("*") if path.name.startswith(".") or "partial" in path.name)
