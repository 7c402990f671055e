"""Worker processes end with the command that started them, whatever ends it; one that dies ends the command."""

import os
import signal
import time

import pytest

from tests.processes import programs
from tests.processes.programs import MODULE

MOMENTS = [(1, 0.0), (2, 0.05), (2, 0.4)]
"""Workers that are born, and seconds after that."""


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGTERM], ids=lambda sent: sent.name)
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("verb", ["convert", "dedupe"])
def test_no_worker_outlives_a_command_that_is_killed_and_none_holds_its_output(at_work, verb, moment, ended_by):
    process = programs.start(*at_work[verb])
    born, wait = moment
    programs.wait_until(lambda: len(programs.workers(process)) >= born, process)
    time.sleep(wait)
    process.send_signal(ended_by)
    _, said = programs.end_of(process)

    assert programs.is_gone(process)
    assert programs.noise(said) == []


@pytest.mark.slow
@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda sent: sent.name)
@pytest.mark.parametrize("verb", ["convert", "dedupe"])
def test_no_worker_outlives_its_command_at_forty_moments(at_work, verb, ended_by):
    for step in range(40):
        process = programs.start(*at_work[verb])
        programs.wait_until_ready(process)
        time.sleep(step * 0.05)
        process.send_signal(ended_by)
        _, said = programs.end_of(process)

        assert programs.is_gone(process)
        assert programs.noise(said) == []


@pytest.mark.parametrize("verb", ["convert", "dedupe"])
def test_a_worker_that_is_killed_ends_the_command_with_one_message(at_work, tmp_path, verb):
    process = programs.start(*at_work[verb])
    found = programs.wait_until(lambda: programs.workers(process), process)
    os.kill(min(found), signal.SIGKILL)
    code, said = programs.end_of(process)

    assert code == 1
    assert said.count("a worker process was ended by SIGKILL") == 1
    assert "--workers" in said
    assert programs.noise(said) == []
    assert programs.is_gone(process)
    assert not (tmp_path / "out").exists()


def test_a_program_that_calls_us_needs_no_main_guard(tmp_path, inputs):
    script = tmp_path / "mine.py"
    script.write_text(
        "from pathlib import Path\n"
        "from ift_builder.convert import Plan, convert\n"
        f"plan = Plan(datasets=({str(inputs / 'texts.jsonl')!r},), templates=({str(inputs / 'm.yaml')!r},))\n"
        "made = convert(plan, Path('out'), workers=2, on_progress=lambda *_: None)\n"
        "print(made.extra['rows'])\n"
    )
    process = programs.start(program=(MODULE[0], script), cwd=tmp_path)

    assert programs.end_of(process) == (0, "60000\n")
