"""`ift-build export`: a run's examples as files that trainers take as they are.

The flow, top to bottom: open the run; put the rows that belong together on one side of the split; render each example
as a conversation, by templates; write it as the target's row; describe the files in a card. All of it appears in the
folder at once, or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ift_builder.errors import InputError
from ift_builder.export import card
from ift_builder.export.card import Exported, Origins
from ift_builder.export.plan import Plan
from ift_builder.export.rendering import Renderer
from ift_builder.export.targets import TARGETS
from ift_builder.export.writing import Writer
from ift_builder.formats import croissant
from ift_builder.runs import CARD, open_run, staging
from ift_builder.runs.exporting import exporting, facts, write_manifest
from ift_builder.runs.problems import translated
from ift_builder.splitting.split import split as split_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ift_builder.export.targets.target import Target
    from ift_builder.runs import Run
    from ift_builder.splitting.split import Split

__all__ = ["TARGETS", "Plan", "export"]


def export(plan: Plan, path: Path, out: Path, *, on_progress: Callable[[int], None]) -> dict[str, Any]:
    """Exports the run in `path` to the folder `out` and returns the manifest.

    Args:
        plan: What is asked for.
        path: The run folder.
        out: Where it goes: a new or empty folder, or one with the same export, which is replaced.
        on_progress: Told the number of rows written, after each.

    Raises:
        InputError: A row is not an example, has no place in the target, or nothing can be held out.
        RunFolderError: The run is not whole; `out` holds other files, is busy, or cannot be written.
    """
    if plan.croissant:
        croissant.refuse_without_library()
    run = open_run(path)
    run.check_whole()
    settings = {**plan.settings(), "run": run.name}
    with exporting(out, settings) as scratch:
        split = split_rows(run.examples, plan.split_options())
        with translated(out):
            exported = _write_rows(plan, run, split, scratch, on_progress)
            _write_descriptions(plan, run, exported, scratch)
            manifest = _manifest(settings, run, split, exported, scratch)
            write_manifest(scratch, manifest)
    return manifest


def _target(plan: Plan) -> Target:
    target = TARGETS[plan.to]
    return target.without_ids() if plan.ids == "sidecar" else target


def _manifest(settings: dict[str, Any], run: Run, split: Split, exported: Exported, folder: Path) -> dict[str, Any]:
    files = facts(folder)
    for name, file in exported.files.items():
        files[file] = replace(files[file], rows=exported.rows[name])
    return {
        "settings": settings,
        "rows": exported.rows,
        **split.facts(),
        "exemplars_left_out": exported.exemplars_left_out,
        "files": {name: one.as_json() for name, one in files.items()},
        "run": {
            "settings": run.settings.values if run.settings else {},
            "manifest": run.manifest.as_json() if run.manifest else {},
        },
    }


def _write_rows(plan: Plan, run: Run, split: Split, folder: Path, on_progress: Callable[[int], None]) -> Exported:
    renderer, origins = Renderer(plan), Origins()
    target = _target(plan)
    number, left_out = -1, 0
    with Writer(target, folder, split.names) as writer:
        for number, example in enumerate(run.examples()):
            shown = split.without_held_out(number, example)
            left_out += len(example.exemplars) - len(shown.exemplars)
            writer.write(split.of(number), renderer.render(shown))
            origins.add(example)
            on_progress(number + 1)
        if number < 0:
            raise InputError("the run has no examples", where=str(run.path), hint="grow or convert some first")
    return Exported(run.name, writer.rows, writer.files, origins, left_out)


def _write_descriptions(plan: Plan, run: Run, exported: Exported, folder: Path) -> None:
    target = _target(plan)
    for name, content in target.extras(exported.name, exported.files).items():
        staging.write(folder / name, content)
    files = facts(folder)
    if plan.croissant:
        staging.write(folder / croissant.FILE, card.croissant_of(plan, target, run, exported, files))
    staging.write(folder / CARD, card.render(plan, target, run, exported, files))
