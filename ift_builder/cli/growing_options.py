"""The options that say how a dataset is grown, and the plan that all options of `bootstrap` make together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ift_builder.cli import focus_options, model_options, options, screen_options
from ift_builder.errors import InputError
from ift_builder.strategy_names import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.bootstrap import Plan

F = TypeVar("F", bound="Callable[..., Any]")

_TARGET: Final = 100
"""Tasks to keep where nothing else is said."""

_ONLY_WITH: Final = {
    "rounds": "evolve",
    "paraphrase": "unnatural",
    "use_cases": "use-cases",
    "unlabelled_answers": "self-instruct",
}
"""Options of one strategy."""


def grown(function: F) -> F:
    """Adds the options; `plan` reads their values."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def plan(given: dict[str, Any]) -> Plan:
    """The plan of a run; `given` holds all options by name, the model's already settled by `model_options.opener`.

    Raises:
        InputError: The seed file or the dataset is not one.
        click.UsageError: Options that do not go together, or a value that an option does not take.
    """
    from ift_builder.bootstrap import Plan, most_tasks
    from ift_builder.bootstrap.strategies import shipped_seeds

    _refuse_what_does_not_go_together(given)
    wording = screen_options.wording(given)
    given["seeds"] = given["seeds"] or shipped_seeds(given["strategy"])
    for name in ("rounds", "paraphrase", "unlabelled_answers"):
        if given[name] is None:  # the plan knows what is usual
            del given[name]
    target = given.pop("target")
    given["languages"] = focus_options.languages(given["languages"], are_judged="language" not in wording.off)
    given["domain"] = focus_options.domain(given["domain"])
    asked = Plan(terms=model_options.terms(given), wording=wording, **given)
    return replace(asked, target=target or most_tasks(asked) or _TARGET)


def refuse_its_own_dataset(out: Path, dataset: Path | None) -> None:
    """A dataset that lies where the new rows go.

    Raises:
        click.BadParameter: It does.
        InputError: Its links go in a circle.
    """
    if dataset is None:
        return
    try:
        goes, given = out.resolve(), dataset.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: until Python 3.13, for links in a circle
        raise InputError(f"cannot follow the path: {error}", where=str(dataset), hint="check its links") from error
    if goes in (given, *given.parents):
        raise click.BadParameter(f"--from {dataset} is where --out goes: the new rows need a folder of their own")


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


_OPTIONS: Final = (
    click.option(
        "--strategy",
        type=click.Choice(list(REGISTRY)),
        default="self-instruct",
        show_default=True,
        help="How to grow.",
    ),
    click.option(
        "--seeds",
        type=options.LocalPath(path_type=Path),
        help="Seed tasks in Self-Instruct's format, one JSON object a line.  [default: the shipped ones]",
    ),
    click.option(
        "--from",
        "dataset",
        type=options.LocalPath(path_type=Path),
        help="A run folder, or a jsonl, json, csv or parquet file with instruction, input and output, to grow further: "
        "its tasks stand beside the seeds as if the model had written them, for strategies that show the model its own "
        "tasks; new ones must differ from them. --out gets the new rows only: `cat` joins them.",
    ),
    click.option(
        "--target",
        type=options.COUNT,
        help="Tasks to keep, each with at least one valid instance.  "
        f"[default: {_TARGET}; for evolve as many as the rounds bring]",
    ),
    click.option(
        "--rounds",
        type=options.COUNT,
        help="How often each task is evolved, for --strategy evolve.  [default: 4]",
    ),
    click.option(
        "--paraphrase",
        type=options.COUNT,
        metavar="N",
        help="Ask for N other wordings of each instruction, for --strategy unnatural.  [default: none]",
    ),
    click.option(
        "--unlabelled-answers",
        type=click.Choice(["drop", "keep"]),
        help="Where the model answers a task instead of giving instances with labels: keep the whole answer as its "
        "output, for --strategy self-instruct. For weak models and base models; it costs precision: of one weak "
        "model's such answers about 57 % were right. The source.template of their rows is "
        "self-instruct/unlabelled-answer.  [default: drop]",
    ),
    click.option(
        "--use-cases",
        type=options.LocalPath(path_type=Path),
        help="Who needs what, one JSON object a line, for --strategy use-cases.  [default: the 76 shipped ones]",
    ),
    click.option(
        "--patience",
        type=options.COUNT,
        default=400,
        show_default=True,
        help="Candidates dropped in a row after which the run stops: nothing new comes.",
    ),
)
