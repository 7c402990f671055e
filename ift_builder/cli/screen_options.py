"""The options of the screens that instructions pass, for commands that screen them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ift_builder.cli.numeric import Number
from ift_builder.cli.options import COUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.screening.wording import WordingScreens

F = TypeVar("F", bound="Callable[..., Any]")

SCREENS: Final = ("length", "beyond-text", "opening", "leading-mark", "language", "near-duplicate")
"""The screens that can be left out: those of `screening.tasks`, which is too heavy for `--help`."""

_AS_RUN: Final = "  [default: as in the run]"


def thresholds(function: F) -> F:
    """Adds the options with the defaults of a new run."""
    return _add(function, {"similarity": 0.7, "tokenizer": "unicode", "min_words": 4, "max_words": 150})


def thresholds_of_run(function: F) -> F:
    """Adds the options, None where not given: then what the run had holds; and one to switch a screen on again."""
    function = click.option(
        "--with-screen",
        type=click.Choice(SCREENS),
        multiple=True,
        help="Use a screen that the run did without (repeatable).",
    )(function)
    return _add(function, {})


def _add(function: F, defaults: dict[str, Any]) -> F:
    def said(name: str) -> dict[str, Any]:
        return {"default": defaults.get(name), "show_default": name in defaults}

    hint = "" if defaults else _AS_RUN
    every = [
        click.option(
            "--similarity",
            type=Number(0, 1, min_open=True),
            **said("similarity"),
            help=f"An instruction with a higher ROUGE-L F to a kept one is a near-duplicate.{hint}",
        ),
        click.option(
            "--tokenizer",
            type=click.Choice(["unicode", "rouge"]),
            **said("tokenizer"),
            help=f"How the near-duplicate screen splits text; rouge sees ASCII only.{hint}",
        ),
        click.option(
            "--min-words",
            type=COUNT,
            **said("min_words"),
            help=f"The fewest words of an instruction.{hint}",
        ),
        click.option(
            "--max-words",
            type=COUNT,
            **said("max_words"),
            help=f"The most words of an instruction.{hint}",
        ),
        click.option(
            "--forbid",
            "forbid",
            multiple=True,
            metavar="WORD",
            help="Drop instructions with this word too (repeatable).",
        ),
        click.option(
            "--allow",
            "allow",
            multiple=True,
            metavar="WORD",
            help="Allow a word that is forbidden "
            + ("by default, such as map (repeatable)." if defaults else "in the run, such as map (repeatable)."),
        ),
        click.option(
            "--no-screen", type=click.Choice(SCREENS), multiple=True, help="Do without a screen (repeatable)."
        ),
    ]
    for option in reversed(every):
        function = option(function)
    return function


def wording(given: dict[str, Any], base: WordingScreens | None = None) -> WordingScreens:
    """The wording screens that the options ask for, which are taken out of `given`.

    Args:
        given: The options by name.
        base: What holds where an option says nothing, and what `--forbid`, `--allow`, `--no-screen` and
            `--with-screen` change; the defaults if None.
    """
    from ift_builder.screening.wording import WordingScreens

    base = base or WordingScreens()
    least, most = (given.pop(name) or getattr(base, name) for name in ("min_words", "max_words"))
    if least > most:
        raise click.BadParameter(f"--min-words {least} is more than --max-words {most}")
    off, on = frozenset(given.pop("no_screen")), frozenset(given.pop("with_screen", ()))
    if both := off & on:
        raise click.BadParameter(f"--no-screen and --with-screen are both given for {min(both)}")
    forbidden = _forbidden(base.forbidden, given.pop("forbid"), given.pop("allow"))
    return WordingScreens(least, most, forbidden, base.openings, (base.off | off) - on)


def _forbidden(base: tuple[str, ...], forbid: tuple[str, ...], allow: tuple[str, ...]) -> tuple[str, ...]:
    allowed = {word.casefold() for word in allow}
    if unknown := allowed.difference(word.casefold() for word in base):
        raise click.BadParameter(f"--allow {min(unknown)}: not a forbidden word; these are: {', '.join(base)}")
    return tuple(word for word in (*base, *forbid) if word.casefold() not in allowed)
