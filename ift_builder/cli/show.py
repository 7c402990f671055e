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
    from ift_builder.formats.run_folder import RunFolder
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
    from ift_builder.formats.run_folder import RunFolder

    folder = RunFolder(run)
    if not id:
        _glance(console, folder)
    else:
        _tell(console, folder, id)


def _glance(console: Console, folder: RunFolder) -> None:
    from ift_builder.show import rows

    manifest = folder.manifest() or {}
    settings = folder.settings() or {}
    made = f"{settings.get('command', 'a run')} {settings.get('strategy', '')}".strip()
    examples: list[dict[str, Any]] = []
    dropped: dict[str, dict[str, Any]] = {}
    for kept, row in rows(folder):
        if kept and len(examples) < _LISTED:
            examples.append(row)
        elif not kept:
            dropped.setdefault(row["reason"], row)
    console.say(f"{folder.path}: {made}, {manifest.get('status', 'unfinished')}")
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
    console.result({"ok": True, "manifest": manifest, "examples": examples, "dropped": list(dropped.values())})


def _tell(console: Console, folder: RunFolder, start: str) -> None:
    from ift_builder.show import stories

    found = stories(folder, start)
    for story in found:
        _tell_one(console, story)
    console.result({"ok": True, "stories": found})


def _tell_one(console: Console, story: Story) -> None:
    record = story.record
    console.say(
        f"━━ {record['id']}  "
        + ("kept as an example" if story.kept else f"dropped ({record['level']}): {record['reason']}")
    )
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
