"""What a command says to the person or program that called it: lines, tables, progress, and the last JSON line.

Results go to standard output; progress and problems to standard error. rich is imported when a table or bar is drawn.
All text passes `model_text` here, so that nothing in it steers the terminal and no secret is shown.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ift_builder.cli.model_text import visible, visible_json
from ift_builder.cli.streams import NobodyReadsError, OutputLostError
from ift_builder.secrets.addresses import without_users

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLAIN_LINE_EVERY = 5.0
"""Seconds between two progress lines where there is no terminal."""


class Mark(NamedTuple):
    """A word in a colour."""

    text: str
    color: str


class Console:
    """Speaks to people, and to programs with `--json`."""

    def __init__(self) -> None:
        self.quiet = False
        self.json = False
        self._said_result = False

    def say(self, *parts: str | Mark) -> None:
        """A line for a person."""
        if not self.quiet:
            click.echo("".join(map(_shown, parts)), err=self.json)

    def notice(self, line: str) -> None:
        """A line that a person should see at once, even with `--quiet`."""
        click.echo(visible(line), err=True)

    def table(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table for a person; columns of numbers are aligned to the right."""
        if self.quiet or not rows:
            return
        from rich import box
        from rich.console import Console as RichConsole
        from rich.table import Table
        from rich.text import Text

        table = Table(title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.title = Text(visible(title), style="bold")
        for index, header in enumerate(headers):
            numeric = all(isinstance(row[index], int | float) for row in rows)
            table.add_column(Text(visible(header)), justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else visible(str(cell))) for cell in row))
        RichConsole(stderr=self.json, highlight=False).print(table)

    def result(self, value: dict[str, Any]) -> None:
        """The machine-readable last line, with `--json`; the first one said stays the only one."""
        if self.json and not self._said_result:
            self._said_result = True
            self.json_line(value)

    def json_line(self, value: Any) -> None:
        """A line for a program: always UTF-8, as JSON is, whatever the stream's encoding for people."""
        import orjson

        try:
            line = orjson.dumps(value)
        except TypeError:  # the name of a file that is no text
            line = _escaped(value)
        click.echo(visible_json(line.decode()).encode())

    def problem(self, what: str, *, where: str = "", hint: str = "") -> None:
        """What went wrong, where, and what to do."""
        what, where, hint = without_users(what), without_users(where), without_users(hint)
        click.echo(click.style("error: ", fg="red", bold=True) + visible(what), err=True)
        if where:
            click.echo(f"  where: {visible(where)}", err=True)
        if hint:
            click.echo(f"  hint:  {visible(hint)}", err=True)
        self.finish_with_error(what, where=where, hint=hint)

    def usage_error(self, error: click.ClickException) -> None:
        """What click has to say of the arguments, which it quotes."""
        said = StringIO()
        error.show(said)
        self.notice(without_users(said.getvalue().removesuffix("\n")))
        self.finish_with_error(without_users(error.format_message()))

    def finish_with_error(self, what: str, *, where: str = "", hint: str = "") -> None:
        """The machine-readable last line of a command that did not succeed."""
        with suppress(NobodyReadsError, OutputLostError):  # then the exit code has to do
            self.result({"ok": False, "error": what, "where": where, "hint": hint})

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Progress]:
        """A bar on a terminal, plain lines elsewhere, nothing with `--quiet`."""
        if self.quiet:
            yield Progress()
        elif sys.stderr.isatty():
            with _bar(label, total) as bar:
                yield bar
        else:
            yield PlainProgress(label, total)


def _escaped(value: Any) -> bytes:
    """JSON with escapes in the place of all that is not ASCII, halves of characters included."""
    import json
    from dataclasses import asdict

    return json.dumps(value, default=asdict).encode()


class Progress:
    """How far a command is. This one keeps silent; the others below show it."""

    def update(self, done: int, note: str = "") -> None:
        """`done` of the total, and a few words."""


class PlainProgress(Progress):
    """A line every few seconds, for logs."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label = label
        self._of = f"/{total}" if total else ""
        self._next = time.monotonic() + PLAIN_LINE_EVERY

    def update(self, done: int, note: str = "") -> None:
        """Prints a line if the last is old enough."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_LINE_EVERY
            click.echo(visible(f"{self._label}: {done}{self._of}  {note}").rstrip(), err=True)


class BarProgress(Progress):
    """rich's bar."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def update(self, done: int, note: str = "") -> None:
        """Moves the bar."""
        self._bar.update(self._task, completed=done, note=visible(note))


def _shown(part: str | Mark) -> str:
    return click.style(visible(part.text), fg=part.color) if isinstance(part, Mark) else visible(part)


@contextmanager
def _bar(label: str, total: int | None) -> Iterator[BarProgress]:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = [
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", style="dim", markup=False),
    ]
    with RichProgress(*columns, console=RichConsole(stderr=True)) as bar:
        yield BarProgress(bar, bar.add_task(visible(label), total=total, note=""))
