"""A worker process, from the inside: tasks come on standard input, what became of them goes out on standard output.

A worker ends with the process that started it, at whatever moment and in whatever way that one ends: the pipe of tasks
is closed then, by the operating system if by nobody else. A thread reads that pipe and waits for nothing else, so that
the worker leaves within a task too, prints nothing, and holds no terminal and no pipe of the command's any longer.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
import traceback
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE: Final = struct.Struct("!Q")
"""What stands before each message: its size in bytes."""

_SWITCH_INTERVAL: Final = 0.0005
"""Seconds after which the work lets the reading thread go on. With Python's own 5 ms, whoever sends a task that is
larger than a pipe's 64 kB would wait so long for each part of it."""


class RemoteTraceback(Exception):  # noqa: N818 - the cause of an error, shown with it
    """Where in the worker an error came from."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def send(pipe: BinaryIO, message: bytes) -> None:
    """Writes one message.

    Raises:
        OSError: Nobody reads on.
    """
    pipe.write(_SIZE.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Reads one message.

    Raises:
        EOFError: The other side has ended.
    """
    (size,) = _SIZE.unpack(_exactly(pipe, _SIZE.size))
    return _exactly(pipe, size)


def serve() -> None:
    """Does tasks until nobody can send any more. The first message says how: a function, and what it makes that of."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    tasks, results = _pipes()
    arrived: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(tasks, arrived), daemon=True).start()
    work: Callable[[Any], Any] | None = None
    while True:
        message = arrived.get()
        try:
            if work is None:
                make, arguments = pickle.loads(message)  # noqa: S301 - from the process that started this one
                work = make(*arguments)
                continue
            answer = pickle.dumps((work(pickle.loads(message)), None))  # noqa: S301 - as above
        except Exception as error:  # noqa: BLE001 - whoever waits for the result hears of it, whatever it is
            answer = _failed(error)
        with suppress(OSError):  # nobody reads on: the thread ends it all in a moment
            send(results, answer)


def _read(pipe: BinaryIO, arrived: SimpleQueue[bytes]) -> None:
    """Takes tasks in as they come, so that whoever sends them never waits for the work."""
    try:
        while True:
            arrived.put(receive(pipe))
    except (EOFError, OSError):
        os._exit(0)  # whatever is under way, nobody waits for it


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, for the messages alone: whatever else is read or printed goes nowhere."""
    tasks, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return tasks, results


def _failed(error: Exception) -> bytes:
    """The error as a result, with its traceback; of one that cannot travel, what it says."""
    where = RemoteTraceback(traceback.format_exc())
    try:
        answer = pickle.dumps((None, (error, where)))
        pickle.loads(answer)  # noqa: S301 - our own; some errors can be written and not read
    except Exception:  # noqa: BLE001 - pickling calls the error's own code
        return pickle.dumps((None, (RuntimeError(repr(error)), where)))
    return answer


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
