"""`ift-build convert`: datasets in, instruction data out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.numeric import Whole
from ift_builder.cli.report import write_report

if TYPE_CHECKING:
    from ift_builder.cli.console import Console


def _shots(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    """`3` or `0,3`."""
    parts = str(value).split(",")
    if not all(part.strip().isdecimal() for part in parts):
        raise click.BadParameter("give a number, or several with commas, such as 0,3", ctx, parameter)
    return tuple(dict.fromkeys(int(part) for part in parts))


MOST_REPORTED = 50_000
"""Examples up to which the page of pictures is made unasked: it takes some seconds for these."""


@click.command(name="convert", short_help="convert datasets through instruction templates")
@click.argument("datasets", nargs=-1, required=True, metavar="DATASET...")
@click.option("--out", type=options.LocalPath(file_okay=False, path_type=Path), required=True, help="The run folder.")
@click.option("--config-name", default="", help="The dataset's configuration; for a file, the one its rows are of.")
@click.option("--split", default="", help="The split; a file has none.  [default: train, or the only one]")
@click.option("--revision", default="", help="The hub's revision: a branch, tag or commit.")
@click.option(
    "--template",
    "templates",
    multiple=True,
    metavar="NAME|FILE",
    help="A shipped name, our YAML or a PromptSource templates.yaml; #name behind it for one template (repeatable).  "
    "[default: the shipped templates for the dataset]",
)
@click.option(
    "--per-row",
    type=click.Choice(["one", "all"]),
    default="one",
    show_default=True,
    help="Draw one template for each row, or render all of them.",
)
@click.option(
    "--cap",
    type=Whole(min=1),
    help="The most rows of a task; each template gets its equal share, drawn over the whole split.",
)
@click.option(
    "--shots",
    default="0",
    show_default=True,
    callback=_shots,
    metavar="K",
    help="Exemplars of the same template for each record; 0,3 gives each row once without and once with three.",
)
@click.option(
    "--exemplar-budget",
    type=Whole(min=1),
    default=8000,
    show_default=True,
    help="The most characters of a record's exemplars together.",
)
@click.option(
    "--cot",
    type=click.Choice(["never", "data", "both"]),
    default="data",
    show_default=True,
    help="Fill in the rationale where the data has one: never, always, or each row with and without.",
)
@click.option(
    "--options",
    "options_style",
    type=click.Choice(["none", "styled"]),
    default="none",
    show_default=True,
    help="List the choices in varied styles, lettered or bulleted, and rewrite the answer to match.",
)
@click.option(
    "--encoding",
    type=click.Choice(["definition", "positive", "positive_and_negative", "explained", "random"]),
    default="definition",
    show_default=True,
    help="How a Super-NaturalInstructions task is written out: with its examples, or not.",
)
@click.option("--invert", is_flag=True, help="Use the inverted templates too.")
@click.option(
    "--file-format",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="One examples.jsonl, or parquet files of 500,000 rows.",
)
@click.option("--streaming", is_flag=True, help="Read a hub dataset without downloading it first.")
@click.option(
    "--workers",
    type=Whole(1, 256),
    default=1,
    show_default=True,
    help="Processes; changes the speed, never the result.",
)
@click.option("--no-report", is_flag=True, help="Do not make report.html at the end; large runs make none.")
@options.shared
@click.pass_obj
def command(console: Console, /, out: Path, workers: int, no_report: bool, **given: Any) -> None:  # noqa: FBT001 - click's flag
    """Convert datasets into instruction data through templates.

    DATASET is a name on the hub, a folder saved by `datasets`, or a file: json, jsonl, csv, tsv, parquet (also .gz). A
    Super-NaturalInstructions task file and a FLAN chain-of-thought file bring their own templates.

    Every row becomes an example or stands in dropped.jsonl with its reason.

    \b
    Examples:
      ift-build convert fancyzhx/ag_news --out outputs/ag_news
      ift-build convert reviews.csv --template my.yaml --per-row all --out outputs/reviews
      ift-build convert openai/gsm8k --config-name main --shots 0,3 --cot both --out outputs/gsm8k
    """
    from ift_builder.convert import convert

    plan = _plan(given)
    try:
        with console.progress("rows") as progress:
            manifest = convert(
                plan,
                out,
                workers=workers,
                on_progress=lambda rows, kept: progress.update(rows, f"{kept:,} examples"),
            )
    except KeyboardInterrupt:
        console.notice("interrupted: nothing was written; run the same command to begin again")
        raise Interrupted from None
    if not no_report and 0 < manifest.examples <= MOST_REPORTED:
        write_report(out, console)
    summary.convert(console, out, manifest)
    console.result({"ok": True, "out": str(out), **manifest.as_json()})


def _plan(given: dict[str, Any]) -> Any:
    from ift_builder.convert import Plan
    from ift_builder.rendering.augmentation import Moves

    moves = Moves(
        per_row=given["per_row"],
        shots=given["shots"],
        exemplar_budget=given["exemplar_budget"],
        cot=given["cot"],
        options=given["options_style"],
        invert=given["invert"],
        cap=given["cap"],
    )
    return Plan(
        datasets=given["datasets"],
        config=given["config_name"],
        split=given["split"],
        revision=given["revision"],
        templates=given["templates"],
        moves=moves,
        encoding=given["encoding"],
        file_format=given["file_format"],
        seed=given["seed"],
        streaming=given["streaming"],
    )
