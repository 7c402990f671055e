"""`ift-build bootstrap`: options in, a grown dataset and a table out."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import model_options, options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.console import Console, Progress
from ift_builder.cli.report import write_report
from ift_builder.errors import BackendError

if TYPE_CHECKING:
    from ift_builder.asking import Stop
    from ift_builder.bootstrap import Plan, Sofar

_STRATEGIES = ("self-instruct",)
_SCREENS = ("length", "beyond-text", "opening", "leading-mark", "near-duplicate")


@click.command(name="bootstrap", short_help="grow a dataset from seed tasks with a language model")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The run folder; an unfinished run in it is continued.",
)
@click.option(
    "--seeds",
    type=click.Path(path_type=Path),
    help="Seed tasks in Self-Instruct's format, one JSON object a line.  [default: the 175 shipped ones]",
)
@click.option(
    "--strategy",
    type=click.Choice(_STRATEGIES),
    default="self-instruct",
    show_default=True,
    help="How to grow.",
)
@click.option(
    "--target",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Tasks to keep, each with at least one valid instance.",
)
@click.option(
    "--similarity",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.7,
    show_default=True,
    help="An instruction with a higher ROUGE-L F to a kept one is a near-duplicate.",
)
@click.option(
    "--tokenizer",
    type=click.Choice(["unicode", "rouge"]),
    default="unicode",
    show_default=True,
    help="How the near-duplicate screen splits text; rouge sees ASCII only.",
)
@click.option(
    "--min-words",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="The fewest words of an instruction.",
)
@click.option(
    "--max-words",
    type=click.IntRange(min=1),
    default=150,
    show_default=True,
    help="The most words of an instruction.",
)
@click.option(
    "--forbid",
    "forbid",
    multiple=True,
    metavar="WORD",
    help="Drop instructions with this word too (repeatable).",
)
@click.option(
    "--allow",
    "allow",
    multiple=True,
    metavar="WORD",
    help="Allow a word that is forbidden by default, such as map (repeatable).",
)
@click.option("--no-screen", type=click.Choice(_SCREENS), multiple=True, help="Do without a screen (repeatable).")
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=400,
    show_default=True,
    help="Candidates dropped in a row after which the pool counts as saturated.",
)
@click.option("--no-report", is_flag=True, help="Do not make report.html when the run ends.")
@model_options.asked
@options.shared
@click.pass_obj
def command(console: Console, /, out: Path, no_report: bool, **given: Any) -> None:  # noqa: FBT001 - click's flag
    """Grow a dataset: a language model expands human seed tasks into instructions with inputs and outputs.

    Every answer is on the disk before it is used. Interrupt the run, or lose power, and the same command goes on
    where it stopped and ends with the same files, byte for byte.

    \b
    Examples:
      ift-build bootstrap --model demo --target 100 --out outputs/demo
      ift-build bootstrap --model qwen3-8b-q4_k_m.gguf --out outputs/file
      ift-build bootstrap --model gpt-4o-mini --target 1000 --out outputs/mine
      ift-build bootstrap --model qwen3 --base-url http://localhost:8000/v1 --out outputs/local
    """
    from ift_builder.bootstrap import bootstrap
    from ift_builder.bootstrap.estimate import estimate
    from ift_builder.formats.run_folder import RunFolder

    open_model = model_options.opener(given)
    plan = _plan(given)
    folder = RunFolder(out)
    if plan.backend != "demo" and folder.manifest() is None:
        summary.estimate(console, estimate(plan))

    async def grow(progress: Progress) -> dict[str, Any]:
        from ift_builder.asking import Stop

        stop = Stop()
        _hear_interrupts(stop, console)
        backend = open_model()
        try:
            return await bootstrap(plan, folder, backend, stop=stop, on_progress=lambda sofar: _show(progress, sofar))
        finally:
            await backend.aclose()

    try:
        with console.progress("tasks", plan.target) as progress:
            manifest = asyncio.run(grow(progress))
    except asyncio.CancelledError:  # the second Ctrl-C
        console.notice("left at once; what was answered is kept: run the same command to go on")
        raise Interrupted from None
    ended_well = manifest["status"] not in ("barren", "interrupted")
    if ended_well and not no_report:
        write_report(folder, console, seeds=plan.seeds)
    summary.bootstrap(console, folder.path, manifest)
    console.result({"ok": ended_well, "out": str(folder.path), **manifest})
    if manifest["status"] == "interrupted":
        raise Interrupted
    if manifest["status"] == "barren":
        raise BackendError(
            "the run was stopped: the answers about task after task could not be used",
            where=str(folder.path / "dropped.jsonl"),
            hint=f"read some of them with `ift-build show {folder.path}`; "
            + (
                "does a base model need --api completions?"
                if plan.api == "chat"
                else "does a chat model need --api chat?"
            ),
        )


def _plan(given: dict[str, Any]) -> Plan:
    from ift_builder.bootstrap import Plan
    from ift_builder.formats import seed_tasks
    from ift_builder.screening.wording import BEYOND_TEXT, WordingScreens

    allow, forbid, off = given.pop("allow"), given.pop("forbid"), given.pop("no_screen")
    least, most = given.pop("min_words"), given.pop("max_words")
    if least > most:
        raise click.BadParameter(f"--min-words {least} is more than --max-words {most}")
    allowed = {word.casefold() for word in allow}
    if unknown := allowed.difference(BEYOND_TEXT):
        raise click.BadParameter(f"--allow {min(unknown)}: not a forbidden word; these are: {', '.join(BEYOND_TEXT)}")
    words = tuple(word for word in (*BEYOND_TEXT, *forbid) if word not in allowed)
    given["seeds"] = given["seeds"] or seed_tasks.shipped()
    return Plan(
        terms=model_options.terms(given),
        wording=WordingScreens(least, most, forbidden=words, off=frozenset(off)),
        **given,
    )


def _hear_interrupts(stop: Stop, console: Console) -> None:
    """Ctrl-C once: finish what is in flight. Twice: now."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    heard = False

    def interrupted() -> None:
        nonlocal heard
        if heard and task:
            task.cancel()
            return
        heard = True
        stop.ask("interrupted")
        console.notice(
            "stopping: waiting for the requests in flight (Ctrl-C again to leave at once; what was answered is kept)"
        )

    try:
        loop.add_signal_handler(signal.SIGINT, interrupted)
        loop.add_signal_handler(signal.SIGTERM, interrupted)
    except NotImplementedError:  # Windows: Ctrl-C then ends the run at once, and the journal has all
        return


def _show(progress: Progress, sofar: Sofar) -> None:
    recalled = f", {sofar.recalled} answers from the journal" if sofar.recalled else ""
    cost = f", ${sofar.cost:.4f}" if sofar.cost else ""
    progress.update(sofar.kept, f"{sofar.asked} requests{recalled}{cost}")
