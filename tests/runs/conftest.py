"""A finished folder of each command that writes, and the command lines that make them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from ift_builder.cli import ift_build as command
from ift_builder.cli.boundary import run as call

ROWS = b"".join(
    b'{"text": "Film %d.", "label": %d, "instruction": "Name river %d."}\n' % (number, number % 4, number % 3)
    for number in range(6)
)
WRITING = ("bootstrap", "convert", "dedupe", "screen", "export")


@dataclass(frozen=True)
class Inputs:
    """What the commands are given."""

    root: Path

    def arguments(self, name: str, out: Path) -> list[str]:
        """A command line that makes `out`."""
        rows, run = self.root / "rows.jsonl", self.root / "bootstrap"
        options = {
            "bootstrap": ["--model", "demo", "--target", 3, "--no-report"],
            "convert": [rows, "--template", "ag_news", "--no-report"],
            "dedupe": [rows],
            "screen": [run, "--no-report"],
            "export": [run, "--to", "messages"],
        }
        if name == "report":
            return ["report", str(out), "--no-check"]
        return [name, *map(str, options[name]), "--out", str(out)]

    def made(self, name: str) -> Path:
        """The finished folder of a command, for all tests; not to be changed."""
        return self.root / name


@pytest.fixture(scope="session")
def inputs(tmp_path_factory) -> Inputs:
    found = Inputs(tmp_path_factory.mktemp("inputs"))
    (found.root / "rows.jsonl").write_bytes(ROWS)
    for name in WRITING:
        assert call(command, [*found.arguments(name, found.made(name)), "--quiet"]) == 0
    return found


@pytest.fixture
def copy_of(inputs, tmp_path):
    """A copy of a command's finished folder, that a test may spoil."""
    return lambda name: shutil.copytree(inputs.made(name), tmp_path / name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
