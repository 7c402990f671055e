"""`screen`: judges the recorded candidates of a bootstrap run again under other thresholds, and asks no model.

The flow, top to bottom: the run is opened and refused if it is not whole; its candidates come in the order in which
they were judged; each is judged by the run's own thresholds, which must come to what the run came to, and by the new
ones; rows and counts are written as a run folder of their own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder import __version__, templating
from ift_builder.errors import InputError, RunFolderError
from ift_builder.formats import seed_tasks
from ift_builder.runs import DROPPED, EXAMPLES, Manifest, dataset_tasks, writing
from ift_builder.screen.candidates import recorded
from ift_builder.screen.judging import confirm, judged
from ift_builder.screen.run import Run, opened
from ift_builder.screen.tallies import LEVELS, Changes, Tallies
from ift_builder.screen.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ift_builder.runs import RowsFile
    from ift_builder.screen.candidates import Line

__all__ = ["Plan", "Run", "Screened", "Thresholds", "opened", "screen"]

COMMAND: Final = "screen"

FREE_SETTINGS: Final = frozenset({"version"})
"""What may differ when a folder is written again."""

_TOLD_EVERY: Final = 64
"""Proposals between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of `screen`."""

    run: Run
    """Whose candidates."""

    thresholds: Thresholds
    """What to judge them by."""

    seeds: Path
    """The seed file that the run grew from."""

    dataset: Path | None = None
    """The dataset that it grew further, if it did."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of it."""

    manifest: Manifest
    """As in the folder."""

    changes: Changes
    """Candidates that fare otherwise than in the run."""


def screen(plan: Plan, folder: Path, *, on_progress: Callable[[int], None]) -> Screened:
    """Writes the run as it is under the plan's thresholds.

    Args:
        plan: What is asked for.
        folder: Where the result goes.
        on_progress: Told now and then how many candidates were judged.

    Raises:
        InputError: The seeds or the dataset are not those of the run.
        RunFolderError: The folder is the run's own, another run's, busy, or cannot be written; or the run's files, its
            journal and its settings do not fit together. Nothing is written then.
    """
    started = time.monotonic()
    run = plan.run
    _refuse_own_folder(run, folder)
    _refuse_other_seeds(plan)
    _refuse_another_dataset(plan)
    with writing(folder, COMMAND) as out:
        out.claim(_settings(plan), free=FREE_SETTINGS)
        tallies, changes = Tallies(), Changes()
        with out.rows() as examples, out.rows(DROPPED) as dropped:
            _judge(plan, examples, dropped, tallies, changes, on_progress)
        manifest = Manifest(
            command=COMMAND,
            version=__version__,
            status=run.manifest.status,
            model=run.manifest.model,
            levels=tallies.counts(),
            seconds=round(time.monotonic() - started, 3),
            files={EXAMPLES: examples.facts(), DROPPED: dropped.facts()},
            extra={
                "before": {level: run.manifest.levels[level].as_json() for level in LEVELS},
                "changes": dict(changes.counts),
            },
        )
        out.finish(manifest, templating.shipped("cards", "screen.md.jinja").render)
    return Screened(manifest, changes)


def _judge(
    plan: Plan,
    examples: RowsFile,
    dropped: RowsFile,
    tallies: Tallies,
    changes: Changes,
    on_progress: Callable[[int], None],
) -> None:
    """Judges each candidate by the run's thresholds and by the new ones, and writes and counts what comes of it."""
    begun_with = [*seed_tasks.read(plan.seeds), *(dataset_tasks.read(plan.dataset) if plan.dataset else ())]
    then, now = plan.run.thresholds.screens(begun_with), plan.thresholds.screens(begun_with)
    seen = 0
    for number, answer in enumerate(recorded(plan.run)):
        for candidate in answer.candidates:
            confirm(candidate, then)
        again = [judged(candidate, now) for candidate in answer.candidates]
        _write(dropped, answer.dropped)
        for result in again:
            _write(examples, result.examples)
            _write(dropped, result.dropped)
        tallies.add(answer, again)
        changes.add(again)
        seen += len(again)
        if number % _TOLD_EVERY == 0:
            on_progress(seen)
    on_progress(seen)


def _write(file: RowsFile, lines: Iterable[Line]) -> None:
    for line in lines:
        file.write(line.raw)


def _settings(plan: Plan) -> dict[str, Any]:
    """The thresholds now, and what the run was started with."""
    then = plan.run.settings.values
    return {
        "command": COMMAND,
        "version": __version__,
        "run": plan.run.name,
        "strategy": plan.run.settings.text("strategy"),
        **{name: then[name] for name in ("seeds", "from") if name in then},
        **plan.thresholds.as_settings(),
        "run_settings": then,
    }


def _refuse_own_folder(run: Run, folder: Path) -> None:
    if folder.resolve() == run.folder.resolve():
        raise RunFolderError(
            "the result would take the place of the run",
            where=str(folder),
            hint="choose another folder with --out",
        )


def _refuse_other_seeds(plan: Plan) -> None:
    then, now = plan.run.settings.text("seeds"), seed_tasks.fingerprint(plan.seeds)
    if then != now:
        raise InputError(
            f"these are not the seeds of the run ({then} then, {now} now)",
            where=str(plan.seeds),
            hint="give the run's own seed file with --seeds",
        )


def _refuse_another_dataset(plan: Plan) -> None:
    then = plan.run.settings.text("from") or None
    now = dataset_tasks.fingerprint(plan.dataset) if plan.dataset else None
    if then != now:
        raise InputError(
            f"the run grew {'another dataset' if now else 'a dataset'} further" if then else "the run grew no dataset",
            where=str(plan.dataset or plan.run.folder),
            hint="give the run's own with --from" if then else "leave --from out",
        )
