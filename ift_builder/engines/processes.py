"""Worker processes of this machine, which end with the process that started them.

Each is a fresh interpreter, not a fork: a copy of a process with threads (Arrow has some) can stand still for ever. It
has this process's search path and nothing else of it, so that a program which calls us needs no `if __name__ ==
"__main__"`. Ctrl-C and SIGTERM are for the process that started them: workers are deaf to both from birth.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections import deque
from contextlib import contextmanager, suppress
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Generic, TypeVar

from ift_builder.engines.worker import receive, send
from ift_builder.errors import IftError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD: Final = 4
"""Tasks under way for each worker: enough that none waits, few enough that memory stays flat."""

_PROGRAM: Final = "import sys; sys.path[:] = {path!a}; from ift_builder.engines.worker import serve; serve()"

_OWN_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows, what keeps Ctrl-C from a new process."""


class Workers(Generic[Task, Result]):
    """Processes that do tasks; they start as they are needed, and have ended when the block ends.

    Each does its tasks one after the other, and its results come in the order of its tasks.
    """

    def __init__(self, count: int, make: Callable[..., Callable[[Task], Result]], *arguments: Any) -> None:
        """Workers that have not started yet.

        Args:
            count: How many there may be.
            make: Called once in each; what it returns does the tasks. A module's own function, since workers import it.
            arguments: Those of `make`.
        """
        self._job = pickle.dumps((make, arguments))
        self._workers: list[_Worker | None] = [None] * count

    def __len__(self) -> int:
        return len(self._workers)

    def __enter__(self) -> Workers[Task, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            if worker:
                worker.end()

    def map(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The tasks' results in their order; reads a few tasks ahead.

        Raises:
            IftError: A worker has died.
        """
        source, waiting = iter(tasks), deque[int]()

        def hand_out(count: int) -> None:
            for task in islice(source, count):
                waiting.append(self._idlest())
                self.submit(waiting[-1], task)

        hand_out(len(self) * AHEAD)
        while waiting:
            result = self.receive(waiting.popleft())
            hand_out(1)
            yield result

    def submit(self, number: int, task: Task) -> None:
        """Gives a task to one worker.

        Raises:
            IftError: It has died.
        """
        worker = self._workers[number]
        if worker is None:
            worker = self._workers[number] = _Worker(self._job)
        worker.submit(task)

    def receive(self, number: int) -> Result:
        """Waits for the next result of one worker; raises what its task raised.

        Raises:
            IftError: It has died.
        """
        worker = self._workers[number]
        assert worker is not None, "it has no task"
        result: Result = worker.receive()
        return result

    def _idlest(self) -> int:
        return min(range(len(self)), key=lambda number: worker.busy if (worker := self._workers[number]) else 0)


class _Worker:
    """One process, and a thread that takes its results as they come, so that it never waits for us."""

    def __init__(self, job: bytes) -> None:
        command = [sys.executable, "-c", _PROGRAM.format(path=sys.path)]
        with _signals_held_back():
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a program of our own
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_OWN_GROUP
            )
        self._results: SimpleQueue[bytes | None] = SimpleQueue()
        self._owed = 0
        assert self._process.stdin
        assert self._process.stdout
        self._tasks: BinaryIO = self._process.stdin  # type: ignore[assignment]  # typeshed's IO[bytes] is one
        self._reader = Thread(target=_take, args=(self._process.stdout, self._results), daemon=True)
        self._reader.start()
        self._send(job)

    @property
    def busy(self) -> int:
        """Tasks that it has not done yet."""
        return self._owed - self._results.qsize()

    def submit(self, task: Any) -> None:
        self._send(pickle.dumps(task))
        self._owed += 1

    def receive(self) -> Any:
        answer = self._results.get()
        if answer is None:
            raise self._died()
        self._owed -= 1
        result, failure = pickle.loads(answer)  # noqa: S301 - from a process of ours
        if failure:
            error, where = failure
            raise error from where
        return result

    def end(self) -> None:
        """Ends the process, whatever it is at: none of its work is on the disk."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with suppress(OSError):  # part of a task that it never read
            self._tasks.close()

    def _send(self, message: bytes) -> None:
        try:
            send(self._tasks, message)
        except OSError as error:
            raise self._died() from error

    def _died(self) -> IftError:
        code = self._process.wait()
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return IftError(
            f"a worker process was ended {how}",
            hint="is there memory enough? Each worker needs its own: try fewer --workers",
        )


def _take(pipe: BinaryIO, results: SimpleQueue[bytes | None]) -> None:
    with pipe:
        try:
            while True:
                results.put(receive(pipe))
        except (EOFError, OSError):
            results.put(None)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """New processes inherit that Ctrl-C and SIGTERM are held back; here they wait until the block ends."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
