"""What workers are made to do."""

from __future__ import annotations

import os
import signal
import sys
import time


class OddError(Exception):
    """One that can be written and not read."""

    def __init__(self, one, two):
        super().__init__(f"{one}{two}")


def plain(offset=0):
    return lambda number: number + offset


def pid():
    return lambda _: os.getpid()


def slow(seconds):
    """The first worker's tasks take longer."""

    def work(task):
        time.sleep(seconds if task % 3 == 0 else 0)
        return task

    return work


def large():
    return lambda data: data[::-1]


def failing():
    def work(number):
        if number == 5:
            raise ValueError("five")
        if number == 7:
            raise OddError("seven", "!")
        return number

    return work


def broken():
    raise ValueError("cannot begin")


def dying():
    return lambda _: os.kill(os.getpid(), signal.SIGKILL)


def talking():
    def work(number):
        sys.stdout.write("printed by a worker\n")
        sys.stdout.flush()
        return os.read(0, 10)

    return work


def pending():
    """Signals that are held back."""
    return lambda _: sorted(signal.pthread_sigmask(signal.SIG_BLOCK, []))
