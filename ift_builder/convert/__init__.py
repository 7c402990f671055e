"""`ift-build convert`: datasets become instruction data through templates.

The flow, top to bottom: open the datasets and compile the templates, so that everything that can be wrong before
the first row is found then; draw what must be drawn over the whole split; render batch after batch; write the
files; count.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

from ift_builder import __version__, templating
from ift_builder.convert.dataset_jobs import Job, Plan, jobs, settings_of
from ift_builder.convert.tally import Tally
from ift_builder.convert.workers import rendered
from ift_builder.errors import InputError, TemplateError
from ift_builder.runs import DROPPED, EXAMPLES, DatasetCounts, FileFacts, Manifest, Status, writing
from ift_builder.sources import ParquetExamples

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ift_builder.runs import RowsFile, RunWriter

__all__ = ["Plan", "convert"]

COMMAND: Final = "convert"


def convert(plan: Plan, folder: Path, *, workers: int, on_progress: Callable[[int, int], None]) -> Manifest:
    """Converts the datasets into `folder` and returns the manifest.

    Args:
        plan: What is asked for.
        folder: Where it goes.
        workers: Processes to render with; changes the speed, never the result.
        on_progress: Told the number of rows read and of examples written, after each batch.

    Raises:
        InputError: A dataset is not what it should be, or gives not one example.
        TemplateError: A template is broken, or fails on every row.
        RunFolderError: The folder is busy, holds another run, or cannot be written.
    """
    begun = time.monotonic()
    found = jobs(plan)
    with writing(folder, COMMAND) as run:
        run.claim({"command": COMMAND, "version": __version__, **settings_of(plan, found)})
        with _examples(run, plan) as kept, run.rows(DROPPED) as dropped:
            results = [_convert(job.drawn(), workers, kept, dropped, on_progress) for job in found]
            _refuse_nothing(results)
        files = {**_facts(kept), DROPPED: dropped.facts()}
        manifest = _manifest(found, results, files, round(time.monotonic() - begun, 3))
        run.finish(manifest, templating.shipped("cards", "convert.md.jinja").render)
    return manifest


Result = tuple[int, list[Tally]]
"""Rows read, and counts for each template."""


def _examples(run: RunWriter, plan: Plan) -> AbstractContextManager[RowsFile | ParquetExamples]:
    return run.parquet() if plan.file_format == "parquet" else run.rows()


def _facts(kept: RowsFile | ParquetExamples) -> dict[str, FileFacts]:
    if isinstance(kept, ParquetExamples):
        return {name: FileFacts(**facts) for name, facts in kept.facts().items()}
    return {EXAMPLES: kept.facts()}


def _convert(
    job: Job,
    workers: int,
    kept: RowsFile | ParquetExamples,
    dropped: RowsFile,
    on_progress: Callable[[int, int], None],
) -> Result:
    rows, tallies = 0, [Tally() for _ in job.recipe.templates]
    with closing(rendered(job.recipe, job.dataset.batches(job.columns), workers)) as batches:
        for batch in batches:
            rows += batch.rows
            for tally, more in zip(tallies, batch.tallies, strict=True):
                tally.add(more)
            _refuse_failing(job, [tally.is_broken for tally in tallies], tallies)
            kept.write(batch.examples, sum(tally.examples for tally in batch.tallies))
            dropped.write(batch.dropped, sum(tally.dropped.total() for tally in batch.tallies))
            on_progress(rows, kept.rows)
    if not rows:
        raise InputError("the dataset has no rows", where=job.recipe.origin.dataset)
    _refuse_failing(job, [tally.fails_on_all(rows) for tally in tallies], tallies)
    return rows, tallies


def _refuse_failing(job: Job, failing: list[bool], tallies: list[Tally]) -> None:
    """Raises for the first template that fails on all the rows, whatever they are like."""
    for (file, text), fails, tally in zip(job.recipe.templates, failing, tallies, strict=True):
        if fails and tally.first_failure:
            row, detail = tally.first_failure
            raise TemplateError(
                f"the template fails on every row: {detail}",
                where=f"{file.where(text)}, row {row} of {job.recipe.origin.dataset}",
                hint="`ift-build templates preview` shows what it makes of the first rows",
            )


def _refuse_nothing(results: list[Result]) -> None:
    if any(tally.kept for _, tallies in results for tally in tallies):
        return
    total = _total(results)
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in total.dropped.items())
    raise InputError(
        f"not one row gave an example ({reasons})",
        hint="a test split may have no labels; try another --split"
        if total.dropped["unlabelled"]
        else "`ift-build templates preview` shows what the templates make of the first rows",
    )


def _total(results: list[Result]) -> Tally:
    total = Tally()
    for _, tallies in results:
        for tally in tallies:
            total.add(tally)
    return total


def _manifest(found: list[Job], results: list[Result], files: dict[str, FileFacts], seconds: float) -> Manifest:
    total = _total(results)
    return Manifest(
        command=COMMAND,
        version=__version__,
        status=Status.COMPLETE,
        levels={"renderings": total.counts()},
        files=files,
        seconds=seconds,
        extra={
            "rows": sum(rows for rows, _ in results),
            "examples": total.examples,
            "short_of_exemplars": total.short_of_exemplars,
        },
        datasets=tuple(_dataset(job, *result) for job, result in zip(found, results, strict=True)),
    )


def _dataset(job: Job, rows: int, tallies: list[Tally]) -> DatasetCounts:
    origin = job.recipe.origin
    names = [f"{file.name or file.dataset}#{text.name}" for file, text in job.recipe.templates]
    counts = {name: tally.counts() for name, tally in zip(names, tallies, strict=True)}
    return DatasetCounts(origin.dataset, origin.config, origin.split, origin.revision, rows, counts, job.dataset.notes)
