"""The one error boundary: turns whatever escapes a command into a message and an exit code.

Codes: 0 done · 1 the user can act · 2 usage · 3 a bug of ours, with a log file · 130 interrupted by
Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from ift_builder import disk, interrupts, secrets
from ift_builder.cli.console import Console
from ift_builder.cli.model_text import visible
from ift_builder.cli.options import refuse_halves
from ift_builder.cli.streams import NobodyReadsError
from ift_builder.errors import IftError

OK, USER_CAN_ACT, USAGE, OUR_BUG, INTERRUPTED = 0, 1, 2, 3, interrupts.EXIT_CODE


class Interrupted(Exception):  # noqa: N818 - not an error: the user asked for it
    """Ctrl-C or SIGTERM came, and the command has already said how to go on."""


def run_and_exit(command: click.Command) -> NoReturn:
    """Runs the command line and leaves with its exit code."""
    interrupts.install()
    interrupts.end(run(command, sys.argv[1:]))


def run(command: click.Command, arguments: list[str]) -> int:
    """Runs `command` on `arguments` and returns the exit code."""
    console = Console()
    _register_secrets(arguments)
    try:
        for argument in arguments:
            if not os.path.exists(argument):  # noqa: PTH110 - a file's name may be any bytes; a text may be no path
                refuse_halves(argument, "an argument")
        code = command.main(arguments, prog_name="ift-build", standalone_mode=False, obj=console)
    except click.ClickException as error:
        console.json = console.json or "--json" in arguments  # a wrong option ends the reading of the others
        console.usage_error(error)
        return error.exit_code
    except (Interrupted, click.Abort, KeyboardInterrupt) as error:
        return _interrupted(console, is_said=isinstance(error, Interrupted))
    except IftError as error:
        if interrupts.were_raised():
            return _interrupted(console)
        console.json = console.json or "--json" in arguments  # likewise for what is wrong in a --config file
        console.problem(error.what, where=error.where, hint=error.hint)
        return USER_CAN_ACT
    except (NobodyReadsError, SystemExit):  # as in `ift-build show … | head`; click leaves so
        return OK
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may pass it unsaid
        return _interrupted(console) if interrupts.were_raised() else _unexpected(console, error)
    return code if isinstance(code, int) else OK  # what `ctx.exit` was given


def _interrupted(console: Console, *, is_said: bool = False) -> int:
    if not is_said:
        console.notice("interrupted")
    console.finish_with_error("interrupted")
    return INTERRUPTED


def _unexpected(console: Console, error: Exception) -> int:
    if isinstance(error, OSError) and disk.is_full(error):  # a scratch file's or a cache's, which no layer names
        place = str(error.filename or "")
        console.problem(f"cannot write ({disk.reason(error)})", where=place, hint=disk.hint(error, ""))
        return USER_CAN_ACT
    _say_bug(console)
    return OUR_BUG


def _say_bug(console: Console) -> None:
    trace = traceback.format_exc()
    try:
        where, hint = str(_write_log(trace)), "please report it with that file"
    except OSError as error:  # no room, or no folder for scratch files
        console.notice(trace)
        where, hint = f"no log could be written ({disk.reason(error)})", "please report it with the lines above"
    console.problem("this is a bug in ift-builder, not in what you did", where=where, hint=hint)


def _write_log(text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix="ift-build-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(secrets.redact(text))
    return Path(name)


def _register_secrets(arguments: list[str]) -> None:
    """Makes known what may not be shown, before anything can be: also in what libraries log."""
    secrets.forget()
    secrets.register_environment(os.environ)
    for argument in arguments:
        secrets.register_address(argument.partition("=")[2] if argument.startswith("--") else argument)
    logging.setLogRecordFactory(_log_record)


def _log_record(*given: Any, **named: Any) -> logging.LogRecord:
    """A record whose text, and that of the exceptions which led to it, can be shown."""
    record = logging.LogRecord(*given, **named)
    try:
        said = record.getMessage()
    except (TypeError, ValueError):  # a library's mistake, which is no reason to end
        said = str(record.msg)
    record.msg, record.args = visible(said), None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = visible("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
    return record
