"""The street door: light to open, and it says where everything is."""

import subprocess
import sys

import pytest

from ift_builder.cli import COMMANDS
from tests.conftest import ROOT

HEAVY = (
    "datasets",
    "openai",
    "numpy",
    "rouge_score",
    "jsonschema",
    "pyarrow",
    "rapidfuzz",
    "jinja2",
    "yaml",
    "rich",
    "sqlite3",
    "plotly",
    "lemminflect",
    "babel",
    "py3langid",
    "xllamacpp",
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([verb, "--help"] for verb in COMMANDS)], ids=" ".join
)
def test_help_loads_nothing_heavy(arguments):
    script = (
        "import sys\nfrom ift_builder.cli import main\n"
        f"sys.argv = ['ift-build', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert ran.stdout.splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_has_help_with_two_examples(verb, ift_build):
    ran = ift_build(verb, "--help")

    assert ran.code == 0
    assert ran.out.count(f"ift-build {verb}") >= 2
    for option in ("--seed", "--quiet", "--config", "--json"):
        assert option in ran.out


def test_the_overview_lists_every_command(ift_build):
    ran = ift_build("--help")

    assert all(verb in ran.out for verb in COMMANDS)


def test_an_unknown_command_is_a_usage_error(ift_build):
    ran = ift_build("frobnicate")

    assert ran.code == 2
    assert "frobnicate" in ran.err
