"""`report`: one look at a run, as a page of pictures and sample rows.

The flow, top to bottom: one pass over the run's rows feeds all figures; the journal, where there is one, adds the order
of the requests and what they cost; the page takes the figures as plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder.report import page
from ift_builder.report.findings import grouped
from ift_builder.report.funnel import funnel
from ift_builder.report.growth import GrowthFigure
from ift_builder.report.lengths import LengthsFigure
from ift_builder.report.nearness import NearnessFigure
from ift_builder.report.reading import rows
from ift_builder.report.samples import SamplesFigure
from ift_builder.report.tallies import TalliesFigure
from ift_builder.report.tokens import Tokens, tokens
from ift_builder.report.verbs import VerbsFigure
from ift_builder.runs import Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ift_builder.runs import Run

ROWS: Final = 500
"""Sample rows of a page, unless another number is asked for."""

_TOLD_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a report is made with besides the run."""

    seeds: Sequence[str] = ()
    """The instructions of the run's seed tasks; without them there is no figure of the distance from the seeds."""

    findings: Iterable[Mapping[str, Any]] | None = None
    """What `check` found, each with `code`, `severity`, `where` and `what`; None where nobody checked."""

    rows: int = ROWS
    """The most sample rows."""

    seed: int = 0
    """Names the draws of sample rows and of compared instructions."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the journal adds; all of it is empty for a run without one."""

    steps: dict[str, str]
    """The step of each request, by key."""

    draws: dict[str, int]
    """The draw of each request, by key; the proposals' are their numbers."""

    tokens: list[Tokens]
    """What each step took."""


def report(run: Run, plan: Plan, on_progress: Callable[[int], None] = lambda _: None) -> str:
    """The page of a run as HTML.

    Args:
        run: The run.
        plan: What to make it with.
        on_progress: Told now and then how many rows were read.

    Raises:
        RunFolderError: The run has not come to an end.
        JournalError: The journal cannot be read.
    """
    if not run.files:
        run.check_whole()
    settings = run.settings.values if run.settings else {}
    manifest = run.manifest or Manifest()
    growth, verbs, lengths, tallies = GrowthFigure(), VerbsFigure(), LengthsFigure(), TalliesFigure()
    nearness, samples = NearnessFigure(plan.seed), SamplesFigure(plan.rows, plan.seed)
    figures = (growth, verbs, lengths, tallies, nearness, samples)
    for number, row in enumerate(rows(run), start=1):
        for figure in figures:
            figure.add(row)
        if number % _TOLD_EVERY == 0:
            on_progress(number)
    asked = _asked(run)
    return page.render(
        name=run.name,
        command=run.command,
        settings=settings,
        manifest=manifest.as_json(),
        missing=run.missing,
        examples=tallies.examples,
        tasks=tallies.tasks,
        dropped=tallies.rows.total() - tallies.examples,
        has_journal=bool(asked.steps),
        figures={
            "funnel": funnel(manifest.levels, tallies.rows),
            "growth": growth.value(asked.draws),
            "verbs": verbs.value(),
            "lengths": lengths.value(),
            "nearness": nearness.value(plan.seeds, str(settings.get("tokenizer", "unicode"))),
            "threshold": settings.get("similarity"),
            "tallies": tallies.value(),
            "tokens": asked.tokens,
            "findings": None if plan.findings is None else grouped(plan.findings),
        },
        rows=samples.value(lambda key: asked.steps.get(key, "")),
    )


def _asked(run: Run) -> _Asked:
    """What the journal knows."""
    with run.journal() as journal:
        if journal is None:
            return _Asked({}, {}, [])
        requests, ledger = journal.requests(), journal.ledger()
    steps = {key: step for key, (step, _) in requests.items()}
    draws = {key: draw for key, (_, draw) in requests.items()}
    return _Asked(steps, draws, tokens(ledger, steps))
