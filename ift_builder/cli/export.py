"""`ift-build export`: a run in, files for trainers out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.numeric import Number

if TYPE_CHECKING:
    from ift_builder.cli.console import Console

_TARGETS = (
    "alpaca",
    "sharegpt",
    "messages",
    "prompt-completion",
    "text",
    "openai",
    "llama-factory",
    "axolotl",
    "hf",
)


def _version(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+", value):
        raise click.BadParameter("give three numbers, such as 1.0.0", ctx, parameter)
    return value


def _day(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter("give a day, such as 2026-11-28", ctx, parameter) from error


@click.command(name="export", short_help="write a run as files that trainers take as they are")
@click.argument("run", type=options.LocalPath(exists=True, file_okay=False, path_type=Path))
@click.option("--to", type=click.Choice(_TARGETS), required=True, help="The format.")
@click.option(
    "--out",
    type=options.LocalPath(path_type=Path),
    required=True,
    help="A new folder, or one with the same export, which is replaced.",
)
@click.option(
    "--validation",
    type=Number(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="The share of rows to hold out. Rows of one task, dataset row or parent stay on one "
    "side, and no training prompt shows a held-out row as exemplar.",
)
@click.option(
    "--similarity",
    type=Number(0, 1, min_open=True),
    help="Hold near-duplicates together too: instructions with a higher ROUGE-L F to each other, such as 0.7.",
)
@click.option(
    "--whole-tasks",
    is_flag=True,
    help="Hold all rows of a task together even if they come from different rows of a dataset.",
)
@click.option(
    "--rationale",
    type=click.Choice(["before", "after", "think", "omit"]),
    default="before",
    show_default=True,
    help="Where the reasoning stands: before or after the answer, in <think> tags before it, or nowhere.",
)
@click.option(
    "--options",
    type=click.Choice(["inline", "omit"]),
    default="omit",
    show_default=True,
    help="inline lists the choices of a task in prompts that do not show them already.",
)
@click.option(
    "--exemplars",
    type=click.Choice(["inline", "turns", "omit"]),
    default="inline",
    show_default=True,
    help="Worked instances in the prompt, as earlier turns of the conversation, or left out.",
)
@click.option(
    "--system",
    metavar="TEXT|none",
    help="The system message of rows that bring none; none leaves out all system messages.",
)
@click.option(
    "--ids",
    type=click.Choice(["row", "sidecar"]),
    default="row",
    show_default=True,
    help="Ids in a column of their own, where the format has one, or in ids.jsonl beside the rows.",
)
@click.option("--croissant", is_flag=True, help='Write croissant.json too; needs pip install "ift-builder[croissant]".')
@click.option(
    "--dataset-version",
    default="1.0.0",
    show_default=True,
    metavar="X.Y.Z",
    callback=_version,
    help="The dataset's version in croissant.json.",
)
@click.option(
    "--published",
    default="",
    metavar="DATE",
    callback=_day,
    help="The day of publication in croissant.json, as in 2026-11-28.  [default: the day the run's rows were written]",
)
@click.option("--push-to-hub", metavar="NAME", help="Upload it as a dataset of the hub; needs HF_TOKEN.")
@click.option("--public", is_flag=True, help="Make a new dataset of the hub public; without it, it is private.")
@options.shared
@click.pass_obj
def command(console: Console, /, run: Path, out: Path, push_to_hub: str | None, *, public: bool, **given: Any) -> None:
    """Write the examples of a run in the format of a trainer, with a dataset card.

    RUN is a run folder. Every row of the run becomes a row of the export; texts are not changed.

    alpaca, sharegpt, messages (TRL), prompt-completion, text, openai (fine-tuning file), llama-factory (with
    dataset_info.json) and axolotl (with lines for its configuration) are JSON lines; hf is parquet and a folder for
    datasets.load_from_disk. What the rows look like is up to the templates in templates/export.

    \b
    Examples:
      ift-build export outputs/demo --to messages --out exports/demo
      ift-build export outputs/demo --to llama-factory --validation 0.05 --similarity 0.7 --out exports/demo
      HF_TOKEN=… ift-build export outputs/demo --to hf --push-to-hub me/demo --out exports/demo
    """
    from ift_builder.export import TARGETS, Plan, export
    from ift_builder.runs import open_run
    from ift_builder.sources import saving

    if given["system"] == "none":
        given["system"] = ""
    if push_to_hub:
        saving.token()
    try:
        with console.progress("rows") as progress:
            manifest = export(Plan(**given), run, out, on_progress=progress.update)
    except KeyboardInterrupt:
        console.notice("interrupted: nothing was written")
        raise Interrupted from None
    summary.export(console, out, manifest)
    if stopped := open_run(run).stopped:
        console.notice(f"warning: {stopped}; the export holds what it had kept by then")
    if min(manifest["rows"].values()) < (fewest := TARGETS[given["to"]].fewest_rows):
        console.notice(f"note: {given['to']} takes no file with fewer than {fewest} rows")
    if given["ids"] == "row" and (refused_by := TARGETS[given["to"]].ids_refused_by):
        console.notice(f"note: {refused_by} refuses rows with a column `id`; --ids sidecar puts the ids into ids.jsonl")
    address = saving.push(out, push_to_hub, public=public) if push_to_hub else ""
    if address:
        console.say(f"Uploaded to {address}")
    console.result({"ok": True, "out": str(out), "hub": address, **manifest})
