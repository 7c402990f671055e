"""Fixtures that every test may use: where the public fixtures are, the command line in-process, no network."""

from __future__ import annotations

import os
import socket
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
_CONNECT = socket.socket.connect

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_terminal_summary(terminalreporter):
    """One line for each reason why tests were skipped, however many they are."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of real public data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("IFT_FIXTURES", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no fixtures at {folder}: set IFT_FIXTURES to the folder that holds them")
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing outside this machine is reached; nothing inside it has a real key."""

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            pytest.fail(f"a test tried to reach {address}")
        return _CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@dataclass(frozen=True)
class Ran:
    """What a command line said and did."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict:
        """The last line, for a command with `--json`."""
        return orjson.loads(self.out.splitlines()[-1])


@pytest.fixture
def ift_build(capsys):
    """Runs `ift-build` in this process: `ift_build("bootstrap", "--out", path, …).code`."""
    from ift_builder.cli import ift_build as command
    from ift_builder.cli.boundary import run

    def call(*arguments) -> Ran:
        capsys.readouterr()
        code = run(command, [str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
