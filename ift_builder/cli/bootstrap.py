"""`ift-build bootstrap`: options in, a grown dataset and a table out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import (
    event_loop,
    focus_options,
    growing_options,
    growing_summary,
    model_options,
    options,
    screen_options,
)
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.console import Console, Progress
from ift_builder.cli.report import write_report
from ift_builder.errors import BackendError

if TYPE_CHECKING:
    from ift_builder.asking import Stop
    from ift_builder.bootstrap import Sofar
    from ift_builder.runs import Manifest


@click.command(name="bootstrap", short_help="grow a dataset from seed tasks with a language model")
@click.option(
    "--out",
    type=options.LocalPath(file_okay=False, path_type=Path),
    required=True,
    help="The run folder; an unfinished run in it is continued.",
)
@growing_options.grown
@focus_options.focused
@screen_options.thresholds
@model_options.asked
@click.option("--no-report", is_flag=True, help="Do not make report.html when the run ends.")
@options.shared
@click.pass_obj
def command(console: Console, /, out: Path, no_report: bool, **given: Any) -> None:  # noqa: FBT001 - click's flag
    """Grow a dataset: a language model expands human seed tasks into instructions with inputs and outputs.

    Every answer is on the disk before it is used. Interrupt the run, or lose power, and the same command goes on
    where it stopped and ends with the same files, byte for byte. Ctrl-C or SIGTERM gives the requests in flight ten
    seconds, writes what is settled and leaves; a second one leaves at once.

    \b
    Examples:
      ift-build bootstrap --model demo --target 100 --out outputs/demo
      ift-build bootstrap --model qwen3-8b-q4_k_m.gguf --out outputs/file
      ift-build bootstrap --model gpt-4o-mini --target 1000 --out outputs/mine
      ift-build bootstrap --strategy evolve --from outputs/mine --model gpt-4o-mini --out outputs/harder
      ift-build bootstrap --model qwen3 --base-url http://localhost:8000/v1 --out outputs/local
      ift-build bootstrap --model demo --language de=0.7 --language ja=0.3 --target 20 --out outputs/two
    """
    from ift_builder.asking import Stop
    from ift_builder.bootstrap import bootstrap
    from ift_builder.bootstrap.estimate import estimate
    from ift_builder.runs import Status, find_run

    growing_options.refuse_its_own_dataset(out, given["dataset"])
    open_model = model_options.opener(given)
    plan = growing_options.plan(given)
    earlier, stop = find_run(out), Stop()
    if plan.backend != "demo" and not (earlier and earlier.manifest):
        growing_summary.expected(console, estimate(plan))

    async def grow(progress: Progress) -> Manifest:
        backend = open_model(tell=console.notice)
        try:
            return await bootstrap(plan, out, backend, stop=stop, on_progress=lambda sofar: _show(progress, sofar))
        finally:
            await backend.aclose()

    try:
        with console.progress("tasks", plan.target) as progress:
            manifest = event_loop.run(lambda: grow(progress), on_first=lambda: _stop(stop, console))
    except KeyboardInterrupt:  # the second one
        console.notice("left at once; what was answered is kept: run the same command to go on")
        raise Interrupted from None
    ended_well = manifest.status not in (Status.BARREN, Status.INTERRUPTED)
    if ended_well and not no_report:
        write_report(out, console, seeds=plan.seeds)
    growing_summary.ended(console, out, manifest)
    if plan.dataset:
        console.say(f"These are the new rows only: `cat` joins them with those of {plan.dataset}.")
    console.result({"ok": ended_well, "out": str(out), **manifest.as_json()})
    if manifest.status is Status.INTERRUPTED:
        raise Interrupted
    if manifest.status is Status.BARREN:
        raise BackendError(
            "the run was stopped: task after task came to nothing that can be used",
            where=str(out / "dropped.jsonl"),
            hint=growing_summary.why_barren(out, manifest, plan.api),
        )


def _stop(stop: Stop, console: Console) -> None:
    """Lets what is in flight come to its end, within the grace."""
    from ift_builder.asking import GRACE

    stop.ask("interrupted", grace=GRACE)
    console.notice(
        f"stopping: waiting for the requests in flight, {GRACE:g} seconds at the most "
        "(Ctrl-C again to leave at once; what was answered is kept)"
    )


def _show(progress: Progress, sofar: Sofar) -> None:
    recalled = f", {sofar.recalled} answers from the journal" if sofar.recalled else ""
    each = f" (${sofar.cost / sofar.kept:.5f} a task)" if sofar.cost and sofar.kept else ""
    cost = f", ${sofar.cost:.4f}{each}" if sofar.cost else ""
    progress.update(sofar.kept, f"{sofar.asked:,} requests, {sofar.tokens:,} tokens{recalled}{cost}")
