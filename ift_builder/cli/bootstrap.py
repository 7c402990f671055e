"""`ift-build bootstrap`: options in, a grown dataset and a table out."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder import assets
from ift_builder.cli import focus_options, model_options, options, screen_options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.console import Console, Progress
from ift_builder.cli.report import write_report
from ift_builder.errors import BackendError, InputError

if TYPE_CHECKING:
    from ift_builder.asking import Stop
    from ift_builder.bootstrap import Plan, Sofar

_STRATEGIES = tuple(name.replace("_", "-") for name in assets.names("templates", "prompts", "bootstrap"))
"""Each has its prompts in the folder of its name; the registry itself would load all of `bootstrap` for `--help`."""

_TARGET = 100
"""Tasks to keep where nothing else is said."""

_ONLY_WITH = {"use_cases": "use-cases", "rounds": "evolve", "paraphrase": "unnatural"}
"""Options of one strategy."""


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
    help="Seed tasks in Self-Instruct's format, one JSON object a line.  [default: the shipped ones]",
)
@click.option(
    "--strategy",
    type=click.Choice(_STRATEGIES),
    default="self-instruct",
    show_default=True,
    help="How to grow.",
)
@click.option(
    "--paraphrase",
    type=options.COUNT,
    metavar="N",
    help="Ask for N other wordings of each instruction, for --strategy unnatural.",
)
@click.option(
    "--from",
    "dataset",
    type=click.Path(path_type=Path),
    help="A run folder, or a jsonl, json, csv or parquet file with instruction, input and output, to grow further: its "
    "tasks stand beside the seeds as if the model had written them. --out gets the new rows only: `cat` joins them.",
)
@click.option(
    "--rounds",
    type=options.COUNT,
    help="How often each task is evolved, for --strategy evolve.  [default: 4]",
)
@click.option(
    "--use-cases",
    type=click.Path(path_type=Path),
    help="Who needs what, one JSON object a line, for --strategy use-cases.  [default: the 76 shipped ones]",
)
@click.option(
    "--target",
    type=options.COUNT,
    help="Tasks to keep, each with at least one valid instance.  "
    "[default: 100; for evolve as many as the rounds bring]",
)
@screen_options.thresholds
@click.option(
    "--patience",
    type=options.COUNT,
    default=400,
    show_default=True,
    help="Candidates dropped in a row after which the pool counts as saturated.",
)
@click.option("--no-report", is_flag=True, help="Do not make report.html when the run ends.")
@focus_options.focused
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
      ift-build bootstrap --strategy evolve --from outputs/mine --model gpt-4o-mini --out outputs/harder
      ift-build bootstrap --model qwen3 --base-url http://localhost:8000/v1 --out outputs/local
      ift-build bootstrap --model demo --language de=0.7 --language ja=0.3 --target 20 --out outputs/two
    """
    from ift_builder.bootstrap import bootstrap
    from ift_builder.bootstrap.estimate import estimate
    from ift_builder.formats.run_folder import RunFolder

    _refuse_its_own_dataset(out, given["dataset"])
    open_model = model_options.opener(given)
    plan = _plan(given)
    folder = RunFolder(out)
    if plan.backend != "demo" and folder.manifest() is None:
        summary.estimate(console, estimate(plan))

    async def grow(progress: Progress) -> dict[str, Any]:
        from ift_builder.asking import Stop

        stop = Stop()
        _hear_interrupts(stop, console)
        backend = open_model(tell=console.notice)
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
    if plan.dataset:
        console.say(f"These are the new rows only: `cat` joins them with those of {plan.dataset}.")
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
    from ift_builder.bootstrap import Plan, most_tasks
    from ift_builder.bootstrap.strategies import SEEDS
    from ift_builder.formats import seed_tasks

    _refuse_what_does_not_go_together(given)
    wording = screen_options.wording(given)
    given["seeds"] = given["seeds"] or seed_tasks.shipped(SEEDS.get(given["strategy"], "seed_tasks.jsonl"))
    for name in ("rounds", "paraphrase"):
        if given[name] is None:  # the plan knows what is usual
            del given[name]
    target = given.pop("target")
    given["languages"] = focus_options.languages(given["languages"], are_judged="language" not in wording.off)
    given["domain"] = focus_options.domain(given["domain"])
    plan = Plan(terms=model_options.terms(given), wording=wording, **given)
    return replace(plan, target=target or most_tasks(plan) or _TARGET)


def _refuse_what_does_not_go_together(given: dict[str, Any]) -> None:
    """Options that a strategy does not know.

    Raises:
        click.UsageError: One was given.
    """
    for option, strategy in _ONLY_WITH.items():
        if given[option] and given["strategy"] != strategy:
            raise click.UsageError(f"--{option.replace('_', '-')} goes with --strategy {strategy}")
    if given["strategy"] == "structured" and given["api"] != "chat":
        raise click.UsageError("--strategy structured goes with --api chat: base models have no JSON-schema output")


def _refuse_its_own_dataset(out: Path, dataset: Path | None) -> None:
    if dataset is None:
        return
    try:
        goes, given = out.resolve(), dataset.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: until Python 3.13, for links in a circle
        raise InputError(f"cannot follow the path: {error}", where=str(dataset), hint="check its links") from error
    if goes in (given, *given.parents):
        raise click.BadParameter(
            f"--from {dataset} is where --out goes: the new rows need a folder of their own", param_hint="--from"
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
