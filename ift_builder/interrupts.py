"""Ctrl-C and SIGTERM, from the program's first line to its last: one message, exit code 130, never a traceback.

Either becomes a `KeyboardInterrupt` in the main thread, or a call to whoever listens, such as an event loop. Python's
own handler raises wherever the program happens to be, which goes wrong in three places: in an import, where C code
makes other errors of it; in what the interpreter calls by itself, such as `__del__`, where it is printed and lost; and
while an earlier one is being cleaned up after. Here it waits for the import, comes again, and is left out.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

EXIT_CODE: Final = 130
"""What shells say of a program that Ctrl-C ended, 128 + 2; we say it of SIGTERM too."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

_LOOK_AGAIN: Final = 0.01
"""Seconds after which a signal that cannot be taken up now comes again."""

_LONGEST_IMPORT: Final = 10.0
"""Seconds that a signal waits for an import; one that takes longer runs the program itself."""

_SAME: Final = 1.0
"""Seconds in which a second signal is the same: who ends a group of processes often sends two. Later it means: now."""

_CAN_COME_AGAIN: Final = hasattr(signal, "setitimer")
"""Everywhere but on Windows, where a signal is taken up wherever it comes."""


@dataclass(slots=True)
class _State:
    is_installed: bool = False
    listener: Callable[[], None] | None = None
    since: float | None = None
    """When the first signal came that no listener heard."""
    is_raised: bool = False
    exit_code: int | None = None


_state = _State()


def install() -> None:
    """Takes over both signals, unless whoever started the program wants them ignored. Once is enough."""
    if _state.is_installed:
        return
    _state.is_installed = True
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _heard)
    if _CAN_COME_AGAIN:
        signal.signal(signal.SIGALRM, _heard)
    print_it = sys.unraisablehook

    def hook(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt) and _CAN_COME_AGAIN:
            _state.is_raised = False
            _come_again()
        elif not _state.is_raised:  # else it may be what an object says that was broken off at its birth
            print_it(lost)

    sys.unraisablehook = hook


def were_raised() -> bool:
    """Whether a `KeyboardInterrupt` was raised here, so that an error which arrives may be what became of it."""
    return _state.is_raised


@contextmanager
def heard_by(listener: Callable[[], None]) -> Iterator[None]:
    """Within the block nothing is raised; `listener` is called instead, in the main thread, at each signal."""
    _state.listener = listener
    try:
        yield
    finally:
        _state.listener = None


def say() -> None:
    """Says what happened, where nothing is loaded that could say it better."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write("interrupted\n")


def leave() -> NoReturn:
    """Ends the program in an instant: for somebody who has asked for it twice."""
    os._exit(EXIT_CODE)


def end(code: int) -> NoReturn:
    """Ends the program with that code; from now on, a signal ends it in an instant.

    A program that was interrupted waits for no thread: what is still at work may be a model that is being loaded.
    """
    _state.exit_code = code
    if code != EXIT_CODE:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # closed, full, or nobody reads on
            stream.flush()
    atexit._run_exitfuncs()  # noqa: SLF001 - they remove scratch files; os._exit alone would leave these out
    os._exit(code)


def _heard(number: int, frame: FrameType | None) -> None:
    if _state.exit_code is not None:
        os._exit(_state.exit_code)
    if _state.listener:
        _state.listener()
        return
    now = time.monotonic()
    if _state.since is None:
        _state.since = now
    elif number in _SIGNALS:
        if now - _state.since > _SAME:
            leave()
        return
    if _CAN_COME_AGAIN and _is_importing(frame) and now - _state.since < _LONGEST_IMPORT:
        _come_again()
    elif not _state.is_raised:
        _state.is_raised = True
        raise KeyboardInterrupt


def _come_again() -> None:
    signal.setitimer(signal.ITIMER_REAL, _LOOK_AGAIN)


def _is_importing(frame: FrameType | None) -> bool:
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
