"""`ift-build export`: a run's examples as files that trainers take as they are.

The flow, top to bottom: open the run; put the rows that belong together on one side of the split; render each example
as a conversation, by templates; write it as the target's row; describe the files in a card. All of it appears in the
folder at once, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder.errors import InputError
from ift_builder.export import card
from ift_builder.export.card import Exported, Origins
from ift_builder.export.plan import Plan
from ift_builder.export.reading import open_run, unfinished
from ift_builder.export.rendering import Renderer
from ift_builder.export.targets import TARGETS
from ift_builder.export.writing import Writer
from ift_builder.formats import croissant, out_folder
from ift_builder.formats.run_folder import CARD
from ift_builder.secrets import redact_bytes
from ift_builder.splitting.split import split as split_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ift_builder.export.reading import Run
    from ift_builder.export.targets.target import Target
    from ift_builder.splitting.split import Split

__all__ = ["TARGETS", "Plan", "export", "unfinished"]

MANIFEST: Final = "export.json"
"""What was asked for, what the run was, and what is in each file."""


def export(plan: Plan, path: Path, out: Path, *, on_progress: Callable[[int], None]) -> dict[str, Any]:
    """Exports the run in `path` to the folder `out` and returns the manifest.

    Args:
        plan: What is asked for.
        path: The run folder.
        out: Where it goes: a new or empty folder, or one with the same export, which is replaced.
        on_progress: Told the number of rows written, after each.

    Raises:
        InputError: A row is not an example, has no place in the target, or nothing can be held out.
        RunFolderError: The run is not whole; `out` holds other files or cannot be written.
    """
    if plan.croissant:
        croissant.refuse_without_library()
    run = open_run(path)
    settings = {**plan.settings(), "run": path.resolve().name}
    out_folder.refuse_foreign(out, MANIFEST, settings)
    split = split_rows(run.examples, plan.split_options())
    with out_folder.appearing(out, MANIFEST) as scratch:
        exported = _write_rows(plan, run, split, scratch, on_progress)
        _write_descriptions(plan, run, exported, scratch)
        facts = out_folder.facts(scratch)
        for name, file in exported.files.items():
            facts[file] = {"rows": exported.rows[name], **facts[file]}
        manifest = {
            "settings": settings,
            "rows": exported.rows,
            **split.facts(),
            "exemplars_left_out": exported.exemplars_left_out,
            "files": facts,
            "run": {"settings": run.settings, "manifest": run.manifest},
        }
        _write(scratch / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return manifest


def _target(plan: Plan) -> Target:
    target = TARGETS[plan.to]
    return target.without_ids() if plan.ids == "sidecar" else target


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
    return Exported(run.path.resolve().name, writer.rows, writer.files, origins, left_out)


def _write_descriptions(plan: Plan, run: Run, exported: Exported, folder: Path) -> None:
    target = _target(plan)
    for name, content in target.extras(exported.name, exported.files).items():
        _write(folder / name, content)
    facts = out_folder.facts(folder)
    if plan.croissant:
        _write(folder / croissant.FILE, card.croissant_of(plan, target, run, exported, facts))
    _write(folder / CARD, card.render(plan, target, run, exported, facts))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(redact_bytes(content))
