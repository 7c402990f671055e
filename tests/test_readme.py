"""The README says what is true."""

from ift_builder.cli import COMMANDS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_shown():
    assert [verb for verb in COMMANDS if f"ift-build {verb}" not in README] == []
