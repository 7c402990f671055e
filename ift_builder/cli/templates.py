"""`ift-build templates`: what is shipped, what a template says, what is wrong with it, what it makes of real rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ift_builder.cli import options
from ift_builder.cli.numeric import Whole
from ift_builder.cli.options import shared

if TYPE_CHECKING:
    from ift_builder.cli.console import Console
    from ift_builder.templates.preview import Look


@click.group("templates")
@shared
def command(*, seed: int) -> None:
    """Look at templates: the shipped ones and your own.

    \b
    Examples:
      ift-build templates list
      ift-build templates preview my.yaml --data rows.jsonl
    """


@command.command("list")
@click.option("--markdown", is_flag=True, help="Print the page of the documentation, docs/datasets.md.")
@shared
@click.pass_obj
def list_(console: Console, *, markdown: bool, seed: int) -> None:  # noqa: ARG001 - every command has the shared options
    """Show the datasets that templates are shipped for.

    \b
    Examples:
      ift-build templates list
      ift-build templates list --markdown > docs/datasets.md
    """
    from ift_builder.rendering import catalogue

    files = catalogue.shipped()
    if markdown:
        console.say(catalogue.page().rstrip("\n"))
        return
    rows = [
        (name, file.dataset, file.task.category, " ".join(file.languages), len(file.templates))
        for name, file in files.items()
    ]
    console.table("Shipped templates", ["name", "dataset", "category", "language", "templates"], rows)
    console.say(f"{len(files)} datasets, {sum(len(file.templates) for file in files.values())} templates")
    console.result(
        {"ok": True, "files": {name: [text.name for text in file.templates] for name, file in files.items()}}
    )


@command.command("show")
@click.argument("name")
@shared
@click.pass_obj
def show(console: Console, name: str, *, seed: int) -> None:  # noqa: ARG001
    """Show the templates of NAME: a shipped name or a file, with #template behind it for one of them.

    \b
    Examples:
      ift-build templates show ag_news
      ift-build templates show my.yaml#first
    """
    from ift_builder.rendering import catalogue

    file = catalogue.find(name)
    console.say(f"{file.dataset}  ({file.path})")
    for text in file.templates:
        console.say(f"\n{text.name}{'  (inverted)' if text.inverted else ''}")
        options = text.options if isinstance(text.options, str) else " | ".join(text.options)
        for field in ("when", "instruction", "input", "rationale", "output"):
            if getattr(text, field):
                console.say(_field(field, getattr(text, field)))
        if options:
            console.say(_field("options", options))
    console.result({"ok": True, "dataset": file.dataset, "templates": [text.name for text in file.templates]})


@command.command("lint")
@click.argument("files", nargs=-1, required=True, type=options.LocalPath(exists=True, dir_okay=False, path_type=Path))
@shared
@click.pass_context
def lint(ctx: click.Context, files: tuple[Path, ...], *, seed: int) -> None:  # noqa: ARG001
    """Read FILES for mistakes; exit code 1 if there are any.

    \b
    Examples:
      ift-build templates lint my.yaml
      ift-build templates lint templates/datasets/*.yaml
    """
    from ift_builder.errors import IftError
    from ift_builder.rendering import catalogue
    from ift_builder.rendering import lint as linting

    console: Console = ctx.obj

    def findings(path: Path) -> list[linting.Finding]:
        try:
            return linting.findings(catalogue.read(path))
        except IftError as error:
            return [linting.Finding(error.where or str(path), error.what)]

    found = [finding for path in files for finding in findings(path)]
    for finding in found:
        console.say(f"{finding.where}: {finding.what}")
    console.say(f"{len(files)} file{'s' * (len(files) != 1)}, {len(found)} finding{'s' * (len(found) != 1)}")
    console.result(
        {
            "ok": not found,
            "findings": [{"where": finding.where, "what": finding.what, "fatal": finding.fatal} for finding in found],
        }
    )
    ctx.exit(1 if found else 0)


@command.command("check")
@click.argument("names", nargs=-1)
@click.option("--stamp", is_flag=True, help="Write today's date as `compared` into the files that agree.")
@shared
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], *, stamp: bool, seed: int) -> None:  # noqa: ARG001
    """Compare the templates NAMES, or all shipped ones, with the hub; exit code 1 if something differs.

    Compared are columns and their types, class names and their order, configurations, splits and licence. This needs a
    network; no rows are downloaded but those that tell the types.

    \b
    Examples:
      ift-build templates check
      ift-build templates check ag_news my.yaml
    """
    from datetime import datetime, timezone

    from ift_builder.rendering import catalogue
    from ift_builder.templates import comparing

    console: Console = ctx.obj
    found = {name: comparing.compare(catalogue.find(name)) for name in names or catalogue.shipped()}
    for name, one in found.items():
        for note in one.notes:
            console.notice(f"note: {note}")
        for line in one.differences or [f"agrees with {read}" for read in one.read]:
            console.say(f"{name}: {line}")
        if stamp and not one.differences:
            comparing.stamp(catalogue.find(name), datetime.now(timezone.utc).date().isoformat())
    differing = {name: list(one.differences) for name, one in found.items() if one.differences}
    console.say(f"{len(found)} file{'s' * (len(found) != 1)} compared, {len(differing)} with differences")
    console.result({"ok": not differing, "compared": list(found), "differences": differing})
    ctx.exit(1 if differing else 0)


@command.command("preview")
@click.argument("name")
@click.option("--data", required=True, help="Rows to try it on: a file, a folder or a hub name, as `convert` takes it.")
@click.option("--config-name", default="", help="The dataset's configuration.")
@click.option("--split", default="", help="The split; `train` if there is one.")
@click.option("--rows", type=Whole(min=1), default=2, show_default=True, help="How many rows.")
@shared
@click.pass_obj
def preview(console: Console, name: str, *, data: str, config_name: str, split: str, rows: int, seed: int) -> None:
    """Show what the templates NAME make of the first rows of a dataset.

    \b
    Examples:
      ift-build templates preview my.yaml --data rows.jsonl
      ift-build templates preview ag_news#which_reader --data fancyzhx/ag_news --rows 5
    """
    from ift_builder.rendering import catalogue, hub_names
    from ift_builder.templates import preview as previewing

    file = catalogue.find(name)
    dataset = hub_names.open_dataset(data, config=config_name, split=split, streaming=True, templates=[file])
    for note in dataset.notes:
        console.notice(f"note: {note}")
    looks = list(previewing.preview(file, dataset, rows, seed))
    for look in looks:
        _say_look(console, look)
    dropped = sum(1 for look in looks if look.draft is None)
    console.say(f"\n{len(looks) - dropped} examples, {dropped} dropped")
    console.result({"ok": True, "examples": len(looks) - dropped, "dropped": dropped})


def _say_look(console: Console, look: Look) -> None:
    console.say(f"\n{look.template}, row {look.row}")
    if look.draft is None:
        console.say(f"  dropped: {look.reason}")
        return
    for field in ("instruction", "input", "rationale", "output"):
        if getattr(look.draft, field):
            console.say(_field(field, getattr(look.draft, field)))
    if look.draft.options:
        console.say(_field("options", " | ".join(look.draft.options)))


def _field(name: str, text: str) -> str:
    lines = text.splitlines() or [""]
    return "\n".join(f"  {name if index == 0 else '':<12} {line}" for index, line in enumerate(lines))
