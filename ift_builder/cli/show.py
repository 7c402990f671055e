"""`ift-build show`: prints a run at a glance, or the story of one of its records."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options
from ift_builder.cli.model_text import brief

if TYPE_CHECKING:
    from ift_builder.cli.console import Console
    from ift_builder.runs import Run
    from ift_builder.show import Exchange, Story

_LISTED = 5
"""Rows of each kind that the glance shows."""


@click.command(name="show", short_help="tell where an example comes from, or why a candidate was dropped")
@click.argument("run", type=options.LocalPath(exists=True, file_okay=False, path_type=Path))
@click.argument("id", required=False)
@options.shared
@click.pass_obj
def command(console: Console, /, run: Path, id: str | None, seed: int) -> None:  # noqa: ARG001 - every command has --seed
    """Tell the whole story of an example or a dropped candidate: its requests, the raw answers, the verdicts.

    RUN is a run folder. ID is the id of a record or of its task, or the beginning of one. Without ID: the run at a
    glance.

    \b
    Examples:
      ift-build show outputs/demo
      ift-build show outputs/demo 4f0c
    """
    from ift_builder.runs import open_run

    opened = open_run(run)
    if id:
        _tell(console, opened, id)
    elif opened.files:
        _glance(console, opened)
    else:
        _glance_unfinished(console, opened)


def _glance(console: Console, run: Run) -> None:
    from ift_builder.show import rows

    examples: list[dict[str, Any]] = []
    dropped: dict[str, dict[str, Any]] = {}
    for kept, row in rows(run):
        if kept and len(examples) < _LISTED:
            examples.append(row)
        elif not kept:
            dropped.setdefault(row["reason"], row)
    status = run.manifest.status if run.manifest else None
    console.say(f"{run.path}: {_made(run)}, {status.value if status else 'unfinished'}")
    _warn(console, run)
    console.say()
    console.table(
        "The first examples",
        ("id", "instruction", "output"),
        [(row["id"], _brief(row["instruction"]), _brief(row["output"])) for row in examples],
    )
    console.table(
        "One dropped candidate for each reason",
        ("id", "reason", "text"),
        [(row["id"], reason, _brief(row["text"])) for reason, row in sorted(dropped.items())],
    )
    manifest = run.manifest.as_json() if run.manifest else {}
    found = {"manifest": manifest, "examples": examples, "dropped": list(dropped.values())}
    console.result({"ok": True, "unfinished": run.unfinished, **found})


def _glance_unfinished(console: Console, run: Run) -> None:
    from ift_builder.show import progress

    sofar = progress(run)
    console.say(f"{run.path}: {_made(run)}, unfinished")
    _warn(console, run)
    console.say(f"{sofar.answered:,} answers in the journal, {sofar.given_up:,} requests given up.")
    candidates = sofar.candidates[-_LISTED:]
    if candidates:
        console.say()
        console.table(
            f"The last of {len(sofar.candidates):,} candidates",
            ("id", "text"),
            [(row["id"], _brief(row["text"])) for row in candidates],
        )
    found = {"answered": sofar.answered, "given_up": sofar.given_up, "candidates": candidates}
    console.result({"ok": True, "unfinished": run.unfinished, **found})


def _made(run: Run) -> str:
    strategy = run.settings.text("strategy") if run.settings else ""
    return f"{run.command or 'a run'} {strategy}".strip()


def _warn(console: Console, run: Run) -> None:
    if run.unfinished:
        console.notice(f"warning: {run.unfinished}")


def _tell(console: Console, run: Run, start: str) -> None:
    from ift_builder.show import stories

    _warn(console, run)
    found = stories(run, start)
    for story in found:
        _tell_one(console, story)
    console.result({"ok": True, "stories": found})


def _tell_one(console: Console, story: Story) -> None:
    record = story.record
    console.say(f"━━ {record['id']}  {_fate(story)}")
    for name in ("instruction", "input", "output", "rationale", "text"):
        if record.get(name):
            console.say(f"\n{name}:\n{_indented(record[name])}")
    if record.get("evidence"):
        console.say("\nevidence:")
        for name, value in record["evidence"].items():
            console.say(_indented(f"{name}: {_plain(value)}"))
    console.say("\nsource:")
    for name, value in record["source"].items():
        if value not in ("", [], None):
            console.say(_indented(f"{name}: {_plain(value)}"))
    if story.verdicts:
        said = (f"{verdict.screen}: {verdict.reason or 'kept'}" for verdict in story.verdicts)
        console.say("\nscreens of the instruction:\n" + _indented("\n".join(said)))
    for exchange in story.exchanges:
        _tell_exchange(console, exchange)
    console.say()


def _plain(value: Any) -> str:
    """A value of JSON for people: lists and counts with commas."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return str(value)


def _fate(story: Story) -> str:
    if story.kept is None:
        return "a candidate of a run that has not come to an end"
    if story.kept:
        return "kept as an example"
    return f"dropped ({story.record['level']}): {story.record['reason']}"


def _tell_exchange(console: Console, exchange: Exchange) -> None:
    from ift_builder.records import Completion

    prompt, outcome = exchange.prompt, exchange.outcome
    console.say(f"\n── request {prompt['purpose']}  {exchange.key}  ({prompt['model']}, {prompt['api']})")
    for message in prompt["messages"]:
        console.say(_indented(f"[{message['role']}]\n{message['content']}"))
    if isinstance(outcome, Completion):
        console.say(f"── answer  (ended by: {outcome.finish_reason or 'unsaid'})")
        console.say(_indented(outcome.text))
    else:
        console.say(f"── no answer: {outcome.reason}, {outcome.detail}")


def _indented(text: str) -> str:
    return textwrap.indent(text, "   ")


def _brief(text: str) -> str:
    return brief(text, max(20, (shutil.get_terminal_size((110, 0)).columns - 24) // 2))
