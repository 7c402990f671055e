"""`ift-build report`: a run in, its page of pictures out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options
from ift_builder.cli.numeric import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.cli.console import Console
    from ift_builder.runs import Run


@click.command(name="report", short_help="make a page of pictures and sample rows of a run")
@click.argument("run", type=options.LocalPath(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--seeds",
    type=options.LocalPath(path_type=Path),
    help="The run's seed tasks, to show how far it went from them.  [default: the shipped ones, if it grew from them]",
)
@click.option("--rows", type=Whole(min=0), default=500, show_default=True, help="Sample rows on the page.")
@click.option("--no-check", is_flag=True, help="Leave out what `ift-build check` finds.")
@options.shared
@click.pass_obj
def command(console: Console, /, run: Path, **given: Any) -> None:
    """Make report.html in a run folder: one file with pictures and sample rows, which opens offline.

    RUN is a run folder. The page shows what was kept and what was dropped and why, how the pool grew, what the
    instructions ask for, how long texts are, how far they are from the seeds, what was paid, and what is wrong.

    \b
    Examples:
      ift-build report outputs/demo
      ift-build report outputs/mine --seeds my_seeds.jsonl --rows 2000
    """
    path = write_report(run, console, **given)
    console.say(f"{path}  open it in a browser")
    console.result({"ok": True, "report": str(path), "bytes": path.stat().st_size})


def write_report(
    folder: Path,
    console: Console,
    *,
    seeds: Path | None = None,
    rows: int = 500,
    seed: int = 0,
    no_check: bool = False,
) -> Path:
    """Writes a run's report.html and returns its path: for the end of commands that make runs, too.

    Raises:
        RunFolderError: The folder holds no run, or one that has not come to an end, is busy, or cannot be written.
        InputError: The seed file cannot be read.
    """
    from ift_builder.report import Plan, report
    from ift_builder.runs import open_run, put_report

    run = open_run(folder)
    if run.missing and run.files:
        console.notice(f"warning: {run.missing}")
    findings = None if no_check else _findings(folder)
    plan = Plan(seeds=_seeds(run, seeds), findings=findings, rows=rows, seed=seed)
    with console.progress("rows") as progress:
        text = report(run, plan, on_progress=progress.update)
    return put_report(run, text.encode())


def _seeds(run: Run, path: Path | None) -> list[str]:
    """The seed tasks' instructions, from the file given or, if the run grew from them, the shipped ones."""
    from ift_builder.formats import seed_tasks

    if path is None:
        path = seed_tasks.shipped_as(run.settings.text("seeds") if run.settings else "")
        if path is None:
            return []
    return [task.instruction for task in seed_tasks.read(path)]


def _findings(folder: Path) -> Iterator[dict[str, Any]]:
    """What `check` finds with its default rules."""
    from ift_builder.check import check, chosen

    for finding in check([folder], chosen()):
        yield {**finding.as_dict(), "where": Path(finding.place).name}
