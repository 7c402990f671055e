"""`ift-build convert`: datasets become instruction data through templates.

The flow, top to bottom: open the datasets and compile the templates, so that everything that can be wrong before
the first row is found then; draw what must be drawn over the whole split; render batch after batch; write the
files; count.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from ift_builder import __version__, templating
from ift_builder.convert.dataset_jobs import Job, Plan, jobs, settings_of
from ift_builder.convert.tally import Tally
from ift_builder.convert.workers import rendered
from ift_builder.errors import InputError, TemplateError
from ift_builder.formats import card
from ift_builder.formats.run_folder import DROPPED, EXAMPLES, MANIFEST, SETTINGS, RunFolder
from ift_builder.sources import ParquetExamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ift_builder.formats.run_folder import WholeFile

__all__ = ["Plan", "convert"]


def convert(plan: Plan, folder: RunFolder, *, workers: int, on_progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Converts the datasets into `folder` and returns the manifest.

    Args:
        plan: What is asked for.
        folder: Where it goes.
        workers: Processes to render with; changes the speed, never the result.
        on_progress: Told the number of rows read and of examples written, after each batch.

    Raises:
        InputError: A dataset is not what it should be, or gives not one example.
        TemplateError: A template is broken, or fails on every row.
        RunFolderError: The folder holds another run, or cannot be written.
    """
    begun = time.monotonic()
    found = jobs(plan)
    settings = {"verb": "convert", "version": __version__, **settings_of(plan, found)}
    folder.check(settings)
    with _no_empty_folder(folder), _examples(folder, plan) as kept, folder.whole_file(DROPPED) as dropped:
        results = [_run(job.drawn(), workers, kept, dropped, on_progress) for job in found]
        _refuse_nothing(results)
        folder.write_json(SETTINGS, settings)
    manifest = _manifest(found, results)
    examples = kept.facts() if isinstance(kept, ParquetExamples) else {EXAMPLES: kept.facts()}
    manifest["files"] = {**examples, DROPPED: dropped.facts()}
    manifest["seconds"] = round(time.monotonic() - begun, 3)
    folder.write_json(MANIFEST, manifest)
    card.write(folder, templating.shipped("cards", "convert.md.jinja").render, settings, manifest)
    return manifest


Result = tuple[int, list[Tally]]
"""Rows read, and counts for each template."""


def _examples(folder: RunFolder, plan: Plan) -> AbstractContextManager[WholeFile | ParquetExamples]:
    return ParquetExamples(folder.path) if plan.file_format == "parquet" else folder.whole_file(EXAMPLES)


def _run(
    job: Job,
    workers: int,
    kept: WholeFile | ParquetExamples,
    dropped: WholeFile,
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


@contextmanager
def _no_empty_folder(folder: RunFolder) -> Iterator[None]:
    """Leaves no empty folder behind where the run fails."""
    was_there = folder.path.exists()
    try:
        yield
    except BaseException:
        if not was_there and folder.path.is_dir() and not any(folder.path.iterdir()):
            folder.path.rmdir()
        raise


def _total(results: list[Result]) -> Tally:
    total = Tally()
    for _, tallies in results:
        for tally in tallies:
            total.add(tally)
    return total


def _manifest(found: list[Job], results: list[Result]) -> dict[str, Any]:
    total = _total(results)
    datasets = []
    for job, (rows, tallies) in zip(found, results, strict=True):
        origin = job.recipe.origin
        names = [f"{file.name or file.dataset}#{text.name}" for file, text in job.recipe.templates]
        datasets.append(
            {
                "name": origin.dataset,
                "config": origin.config,
                "split": origin.split,
                "revision": origin.revision,
                "rows": rows,
                "notes": list(job.dataset.notes),
                "templates": {name: tally.as_json() for name, tally in zip(names, tallies, strict=True)},
            }
        )
    return {
        "verb": "convert",
        "version": __version__,
        "status": "complete",
        "rows": sum(rows for rows, _ in results),
        "renderings": total.as_json(),
        "examples": total.examples,
        "short_of_exemplars": total.short_of_exemplars,
        "datasets": datasets,
    }
