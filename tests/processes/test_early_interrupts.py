"""Ctrl-C and SIGTERM from the program's first line on: exit code 130 and one word, never a traceback."""

import signal
import time

import pytest

from tests.processes import programs
from tests.processes.programs import MODULE, SCRIPT

DELAYS = (0.0, 0.03, 0.1, 0.2, 0.35, 0.5)
"""Seconds after the first line."""

COMMANDS = {
    "bootstrap": ("bootstrap", "--model", "demo", "--target", 3000, "--out", "OUT"),
    "convert": ("convert", "INPUTS/reviews.jsonl", "--template", "INPUTS/t.yaml", "--workers", 2, "--out", "OUT"),
    "dedupe": ("dedupe", "INPUTS/texts.jsonl", "--workers", 2, "--out", "OUT"),
    "check": ("check", "INPUTS/texts.jsonl", "--select", "default,near-duplicate"),
    "export": ("export", "INPUTS/run", "--to", "alpaca", "--out", "OUT"),
    "report": ("report", "INPUTS/run"),
}


def command(verb, inputs, out):
    return [str(part).replace("INPUTS", str(inputs)).replace("OUT", str(out)) for part in COMMANDS.get(verb, (verb,))]


def interrupted(verb, delay, sent, program, inputs, out):
    """Sends a signal that long after the first line; returns the exit code and what was said."""
    process = programs.start(*command(verb, inputs, out), program=program)
    programs.wait_until_ready(process)
    time.sleep(delay)
    process.send_signal(sent)
    return programs.end_of(process)


@pytest.mark.parametrize(("delay", "verb"), list(zip(DELAYS, COMMANDS, strict=True)))
@pytest.mark.parametrize(
    ("sent", "program"), [(signal.SIGINT, MODULE), (signal.SIGINT, SCRIPT), (signal.SIGTERM, MODULE)]
)
def test_an_interrupt_in_the_first_second_gives_no_traceback(verb, delay, sent, program, inputs, tmp_path):
    code, said = interrupted(verb, delay, sent, program, inputs, tmp_path / "out")

    assert programs.noise(said) == []
    assert code == 130
    assert "interrupted" in said or "Run the same command to go on" in said
    if verb != "bootstrap":  # which leaves its journal's lock
        assert programs.scratch(tmp_path) == []


def test_the_console_script_is_the_program_that_is_ready_from_its_first_line():
    assert 'ift-build = "ift_builder.__main__:main"' in (programs.ROOT / "pyproject.toml").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["module", "script"])
@pytest.mark.parametrize("verb", [*COMMANDS, "models"])
def test_an_interrupt_at_any_of_fifty_moments_gives_no_traceback(verb, program, inputs, tmp_path):
    for step in range(50):
        sent = (signal.SIGINT, signal.SIGTERM)[step % 2]
        code, said = interrupted(verb, step * 0.02, sent, program, inputs, tmp_path / f"out{step}")

        assert programs.noise(said) == []
        assert code in (0, 130)
