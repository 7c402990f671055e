"""`ift-build check`: paths in, a table of findings out, exit code 1 where there are errors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ift_builder.cli import options
from ift_builder.cli.boundary import USER_CAN_ACT, Interrupted
from ift_builder.cli.numeric import Number, Whole

if TYPE_CHECKING:
    from ift_builder.check import Finding, Tally
    from ift_builder.cli.console import Console

_TARGETS = {"openai": {"min_rows": 10, "max_tokens": 65_536}}
"""What a target takes. OpenAI: at least 10 examples; the longest training example of its models of 2024."""

_PLACES = 2
"""Places of each rule that the table names."""

_PROGRESS_EVERY = 1_000
"""Rows between two steps of the progress bar, which costs more than checking a row."""


@click.command(name="check", short_help="find what is wrong with a run or any dataset file")
@click.argument("paths", nargs=-1, metavar="PATH…", type=options.LocalPath(path_type=Path))
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Run only these rules: codes or their beginnings, names, `default`, `all`; separated by commas (repeatable).",
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Do without these rules (repeatable).")
@click.option("--all", is_flag=True, help="Tell every finding, not a summary alone.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option("--target", type=click.Choice(list(_TARGETS)), help="Check against the limits of this consumer.")
@click.option("--min-rows", type=Whole(min=1), help="The fewest rows of a file.  [default: 1]")
@click.option(
    "--max-tokens",
    type=Whole(min=1),
    help="The most tokens of a row, estimated as its bytes by four.  [default: 8192]",
)
@click.option(
    "--similarity",
    type=Number(0, 1, min_open=True),
    default=0.7,
    show_default=True,
    help="For the rule near-duplicate (off by default): the ROUGE-L F above which questions are alike.",
)
@click.option("--rules", is_flag=True, help="List the rules and end.")
@options.shared
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], rules: bool, **given: Any) -> None:  # noqa: FBT001
    """Find what is wrong with a dataset: what trainers choke on or pass over, and known defects of generated data.

    PATH is a run folder, a folder of data files, or a json, jsonl, csv or parquet file in a known shape: ours, Alpaca,
    ShareGPT, messages (OpenAI and TRL), prompt-completion, preference. Exits with 1 where there are errors.

    \b
    Examples:
      ift-build check outputs/demo
      ift-build check train.jsonl valid.jsonl --ignore G017 --all
      ift-build check train.jsonl --target openai --select default,near-duplicate
    """
    console: Console = ctx.obj
    if rules:
        _list_rules(console)
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH…': which run or file shall be checked?", ctx)
    try:
        tally = _check(console, paths, given)
    except KeyboardInterrupt:
        console.notice("interrupted: nothing was written")
        raise Interrupted from None
    _sum_up(console, tally, shown=given["all"])
    ok = not (tally.errors or (given["strict"] and tally.warnings))
    console.result({"ok": ok, **tally.as_dict()})
    if not ok:
        ctx.exit(USER_CAN_ACT)


def _check(console: Console, paths: tuple[Path, ...], given: dict[str, Any]) -> Tally:
    from ift_builder.check import Limits, Tally, check, chosen

    limits = {"similarity": given["similarity"], **_TARGETS.get(given["target"] or "", {})}
    limits.update({name: given[name] for name in ("min_rows", "max_tokens") if given[name] is not None})
    rules = chosen(_words(given["select"]), _words(given["ignore"]))
    tally = Tally()
    with console.progress("rows") as progress:

        def on_row() -> None:
            tally.row()
            if tally.rows % _PROGRESS_EVERY == 0:
                progress.update(tally.rows)

        for finding in check(paths, rules, Limits(**limits), on_row=on_row):
            tally.add(finding)
            if given["all"]:
                _tell(console, finding)
    return tally


def _words(values: tuple[str, ...]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _tell(console: Console, finding: Finding) -> None:
    id = f" (id {finding.id})" if finding.id else ""  # noqa: A001 - the field's own word
    console.say(f"{finding.place}{id}: {finding.code} {finding.severity} {finding.name}: {finding.what}")
    if console.json:
        console.json_line(finding.as_dict())


def _sum_up(console: Console, tally: Tally, *, shown: bool) -> None:
    from ift_builder.check import RULES

    counts = sorted(tally.counts.items())
    rows = _counted(tally.rows, "row")
    errors, warnings = _counted(tally.errors, "error"), _counted(tally.warnings, "warning")
    cut = _shared_folder(tally)
    console.table(
        f"Findings in {rows}",
        ("code", "", "rule", "findings", "first places"),
        [
            (code, RULES[code].severity, RULES[code].name, count, _places(tally.first[code], count, cut))
            for code, count in counts
        ],
    )
    for code, _ in counts:
        console.say(f"{code} {RULES[code].name}: {RULES[code].advice}.")
    console.say(f"{rows}, {errors}, {warnings}.")
    if counts and not shown:
        console.say("Each finding with its words: add --all; leave rules out with --ignore CODE.")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _shared_folder(tally: Tally) -> str:
    """The folder that all shown places are in, with its last slash: it need not be repeated."""
    folders = [str(Path(finding.place).parent) for found in tally.first.values() for finding in found[:_PLACES]]
    try:
        shared = os.path.commonpath(folders)
    except ValueError:  # none, or some from the root and some from here
        return ""
    return f"{shared.rstrip(os.sep)}{os.sep}" if shared else ""


def _places(first: list[Finding], count: int, shared: str) -> str:
    """The first places, without the folder that all share."""
    shown = [finding.place.removeprefix(shared) for finding in first[:_PLACES]]
    return ", ".join(shown) + (", …" if count > _PLACES else "")


def _list_rules(console: Console) -> None:
    from ift_builder.check import RULES

    console.table(
        "The rules",
        ("code", "", "rule", "on", "what to do"),
        [
            (code, rule.severity, rule.name, "yes" if rule.default else "no", rule.advice)
            for code, rule in RULES.items()
        ],
    )
    console.result({"ok": True, "rules": {code: rule.as_dict() for code, rule in RULES.items()}})
