"""`ift-build screen`: a run and other thresholds in, the run as it is under them and what changes out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ift_builder.cli import focus_options, options, screen_options, summary
from ift_builder.cli.boundary import Interrupted
from ift_builder.cli.model_text import brief
from ift_builder.cli.report import write_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.cli.console import Console
    from ift_builder.runs import Counts
    from ift_builder.screen import Plan, Run, Screened, Thresholds
    from ift_builder.screen.judging import Judged, Why

_WIDTH: Final = 70
"""Characters of an instruction that a line shows."""


@click.command(name="screen", short_help="judge a run's recorded candidates again under other thresholds")
@click.argument("run", type=options.LocalPath(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out", type=options.LocalPath(file_okay=False, path_type=Path), required=True, help="The folder for the result."
)
@screen_options.thresholds_of_run
@click.option(
    "--seeds",
    type=options.LocalPath(path_type=Path),
    help="The seed tasks that the run grew from.  [default: the shipped ones that it grew from]",
)
@click.option(
    "--from", "dataset", type=options.LocalPath(path_type=Path), help="The dataset that the run grew further."
)
@click.option("--no-report", is_flag=True, help="Do not make report.html.")
@options.shared
@click.pass_obj
def command(
    console: Console,
    /,
    run: Path,
    out: Path,
    seeds: Path | None,
    dataset: Path | None,
    no_report: bool,  # noqa: FBT001 - click's flag
    seed: int,  # noqa: ARG001 - every command has --seed
    **given: Any,
) -> None:
    """Judge the candidates of a bootstrap run again under other thresholds, without asking the model anything.

    RUN stays as it is. What is not said stays as in RUN, so that without any threshold the result is RUN's own. A
    candidate that only the new thresholds keep has no instances, since none were asked for: it counts for those that
    come after it, and is dropped as not-developed.

    \b
    Examples:
      ift-build screen outputs/demo --similarity 0.6 --out outputs/demo-60
      ift-build screen outputs/demo --min-words 6 --allow map --out outputs/demo-longer
    """
    from ift_builder.formats import seed_tasks
    from ift_builder.screen import Plan, opened, screen

    recorded = opened(run)
    grown_from = seeds or seed_tasks.shipped_as(recorded.settings.text("seeds")) or seed_tasks.shipped()
    plan = Plan(recorded, _thresholds(recorded, given), grown_from, dataset)
    try:
        with console.progress("candidates", recorded.manifest.levels["tasks"].seen) as progress:
            screened = screen(plan, out, on_progress=progress.update)
    except KeyboardInterrupt:
        console.notice("interrupted: nothing was written")
        raise Interrupted from None
    if not no_report:
        write_report(out, console, seeds=plan.seeds)
    _tell(console, out, plan, screened)
    changes = screened.changes
    first = {"newly_kept": changes.newly_kept, "newly_dropped": changes.newly_dropped}
    shown = {kind: [_as_json(candidate) for candidate in candidates] for kind, candidates in first.items()}
    console.result({"ok": True, "out": str(out), **screened.manifest.as_json(), "shown": shown})


def _thresholds(run: Run, given: dict[str, Any]) -> Thresholds:
    """The run's thresholds, but for those given.

    Raises:
        click.BadParameter: A screen cannot judge the run's candidates.
    """
    from ift_builder.screen import Thresholds

    then = run.thresholds
    if "language" in given["with_screen"]:
        focus_options.check_judged(run.settings.fields.object("languages").values)
    wording = screen_options.wording(given, then.wording)
    return Thresholds(given["similarity"] or then.similarity, given["tokenizer"] or then.tokenizer, wording)


def _tell(console: Console, path: Path, plan: Plan, screened: Screened) -> None:
    before, now = plan.run.manifest.levels, screened.manifest.levels
    counts, files = screened.changes.counts, screened.manifest.files
    console.table(
        f"What becomes of the {now['tasks'].seen:,} candidates of {plan.run.folder}",
        ("", "before", "now", "change"),
        _differences(before["tasks"], now["tasks"]),
    )
    console.say(f"{before['instances'].kept:,} examples before, {now['instances'].kept:,} now; no request was made.")
    _tell_some(console, "newly dropped", counts["newly_dropped"], screened.changes.newly_dropped)
    _tell_some(console, "newly kept by the screens", counts["newly_kept"], screened.changes.newly_kept)
    if counts["newly_kept"]:
        console.say("What is newly kept has no instances: the run did not ask for them.")
    summary.places(
        console,
        path,
        [
            ("examples.jsonl", f"{files['examples.jsonl'].rows:,} examples of {now['tasks'].kept:,} tasks"),
            ("dropped.jsonl", f"{files['dropped.jsonl'].rows:,} dropped candidates, each with its reason"),
            *summary.report_line(path),
        ],
    )


def _differences(before: Counts, now: Counts) -> list[tuple[str, int, int, str]]:
    """Lines of the table: kept, each reason, still open."""
    reasons = dict.fromkeys([*before.dropped, *now.dropped])
    lines = [("kept", before.kept, now.kept)]
    lines += [(reason, before.dropped.get(reason, 0), now.dropped.get(reason, 0)) for reason in reasons]
    if before.open or now.open:
        lines.append(("still open", before.open or 0, now.open or 0))
    return [(name, then, since, f"{since - then:+,}" if since != then else "") for name, then, since in lines]


def _tell_some(console: Console, kind: str, count: int, first: Sequence[Judged]) -> None:
    console.say(f"{kind}: {count:,}")
    for candidate in first:
        if why := candidate.now or candidate.before:
            console.say(f"  {brief(candidate.text, _WIDTH)}  ({'' if candidate.now else 'was '}{_because(why)})")


def _because(why: Why) -> str:
    """A screen's reason with what it rests on, in a few words."""
    evidence = why.evidence
    if "rouge_l" in evidence:
        return f"near {evidence['rouge_l']:.2f} of “{brief(evidence['text'], _WIDTH)}”"
    rest = ", ".join(f"{name} {value}" for name, value in evidence.items() if name != "screen")
    return f"{why.reason}: {rest}" if rest else why.reason


def _as_json(candidate: Judged) -> dict[str, Any]:
    before, now = candidate.before, candidate.now
    return {"text": candidate.text, "before": before and asdict(before), "now": now and asdict(now)}
