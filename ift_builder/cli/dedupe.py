"""`ift-build dedupe`: a file of rows in, the rows without near-duplicates out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.numeric import Number, Whole

if TYPE_CHECKING:
    from ift_builder.cli.console import Console

_TOKENIZERS = ("unicode", "rouge")


@click.command(name="dedupe", short_help="drop near-duplicates from any JSONL file")
@click.argument("file", type=options.LocalPath(path_type=Path))
@click.option(
    "--out", type=options.LocalPath(file_okay=False, path_type=Path), required=True, help="The folder for the result."
)
@click.option(
    "--similarity",
    type=Number(min=0, min_open=True, max=1),
    default=0.7,
    show_default=True,
    help="Drop a row whose ROUGE-L F with a kept row is above this.",
)
@click.option("--field", default="instruction", show_default=True, help="The field of a row to compare.")
@click.option(
    "--tokenizer",
    type=click.Choice(_TOKENIZERS),
    default="unicode",
    show_default=True,
    help="unicode knows every script; rouge is the reference's own, which sees a-z and 0-9 only.",
)
@click.option(
    "--workers",
    type=Whole(min=1),
    default=1,
    show_default=True,
    help="Processes; several help from some 100,000 rows on, given three cores. The result is the same.",
)
@options.shared
@click.pass_obj
def command(console: Console, /, out: Path, seed: int, **given: Any) -> None:  # noqa: ARG001 - every command has --seed
    """Drop near-duplicates from FILE, one JSON object a line: of rows that are too alike the first is kept.

    Rows that are kept stay as they are, byte for byte. Each dropped row is in dropped.jsonl, whole, with the kept row
    that it is most like; rows without text in the field cannot be compared and are dropped as no-text.

    \b
    Examples:
      ift-build dedupe alpaca.jsonl --out outputs/alpaca-distinct
      ift-build dedupe questions.jsonl --field question --similarity 0.6 --out outputs/questions
    """
    from ift_builder.dedupe import Plan, Sofar, dedupe, measure

    plan = Plan(**given)
    measured = measure(plan.file)
    try:
        with console.progress("rows", measured.lines) as progress:

            def show(sofar: Sofar) -> None:
                progress.update(sofar.seen, f"{sofar.dropped:,} dropped")

            manifest = dedupe(plan, measured, out, on_progress=show)
    except KeyboardInterrupt:
        console.notice("interrupted: nothing was written")
        raise Interrupted from None
    summary.levels(console, "What became of the rows", manifest.levels)
    files = manifest.files
    summary.places(
        console,
        out,
        [
            ("examples.jsonl", f"{files['examples.jsonl'].rows:,} rows as they were"),
            ("dropped.jsonl", f"{files['dropped.jsonl'].rows:,} dropped rows, each with the row it is like"),
        ],
    )
    console.result({"ok": True, "out": str(out), **manifest.as_json()})
