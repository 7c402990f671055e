"""Where Python's own handler would print or lose an interrupt, ours waits and comes again."""

import signal

import pytest

from tests.processes import programs

BEGUN = """
import sys, threading, time
from ift_builder import interrupts

def ready():
    sys.stderr.write("r")
    sys.stderr.flush()

class Odd:
    def __del__(self):
        ready()
        time.sleep(60)

interrupts.install()
"""
CAUGHT = """
except KeyboardInterrupt:
    print("heard")
    interrupts.end(130)
"""
SENT = pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)


def ended(lines, sent, times=1, before=""):
    """Exit code and output of a program that is sent a signal as soon as it says that it is ready."""
    script = before + BEGUN + "try:\n" + "".join(f"    {line}\n" for line in lines) + CAUGHT
    process = programs.start(program=(programs.MODULE[0], "-c", script))
    assert process.stderr.read(1) == "r"
    for _ in range(times):
        process.send_signal(sent)
    return programs.end_of(process)


@SENT
def test_an_interrupt_waits_for_the_import_that_is_under_way(tmp_path, sent):
    (tmp_path / "lasting.py").write_text(
        "import __main__, time\n"
        "__main__.ready()\n"
        "try:\n    time.sleep(1)\nexcept BaseException as error:\n    raise ImportError from error\n"
    )
    lines = [f"sys.path.append({str(tmp_path)!r})", "import lasting", "time.sleep(60)"]

    assert ended(lines, sent) == (130, "heard\n")


@SENT
def test_an_interrupt_in_a_finalizer_comes_again_and_is_not_printed(sent):
    assert ended(["Odd()", "time.sleep(60)"], sent) == (130, "heard\n")


@SENT
def test_the_same_signal_sent_twice_does_not_disturb_what_the_first_one_began(sent):
    lines = ["try:", "    ready()", "    time.sleep(60)", "finally:", "    time.sleep(0.5)", "    print('cleaned')"]

    assert ended(lines, sent, times=2) == (130, "cleaned\nheard\n")


def test_what_should_be_ignored_stays_ignored():
    before = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"

    assert ended(["ready()", "time.sleep(0.3)", "print('undisturbed')"], signal.SIGINT, before=before) == (
        0,
        "undisturbed\n",
    )


def test_a_program_that_was_interrupted_waits_for_no_thread():
    lines = ["threading.Thread(target=time.sleep, args=(60,)).start()", "ready()", "time.sleep(60)"]

    assert ended(lines, signal.SIGTERM) == (130, "heard\n")
