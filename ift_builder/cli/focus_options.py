"""The options that say what a grown dataset is in and about: its languages and its subject."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

F = TypeVar("F", bound="Callable[..., Any]")

_LARGEST_FILE: Final = 1 << 20
"""Bytes of a file with a subject: many times the longest subject."""

LONGEST_SUBJECT: Final = 4000
"""Characters; the subject stands in every prompt, so that a long one costs more than all else."""


def focused(function: F) -> F:
    """Adds the options; `languages` and `domain` read their values."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def languages(given: Sequence[str], *, are_judged: bool) -> dict[str, float]:
    """The shares by canonical code; they add up to 1.

    Args:
        given: `CODE` or `CODE=SHARE`, as often as the option stands.
        are_judged: Whether the language screen runs, which must know all of them then.

    Raises:
        click.BadParameter: One is not a language, stands twice, is unknown to the screen, or shares are not numbers
            above 0 for all or none.
    """
    shares: dict[str, float] = {}
    with_share = [text for text in given if "=" in text]
    if with_share and len(with_share) < len(given):
        raise click.BadParameter("--language: give a share to all languages or to none")
    for text in given:
        code, _, share = text.partition("=")
        canonical = _canonical(code, are_judged=are_judged)
        if canonical in shares:
            raise click.BadParameter(f"--language {text}: {canonical} stands twice")
        shares[canonical] = _share(share, text) if with_share else 1.0
    total = sum(shares.values())
    if total == math.inf:
        raise click.BadParameter("--language: the shares are too large to be added up; 0.5 and 0.5 will do")
    return {code: share / total for code, share in sorted(shares.items())}


def check_judged(codes: Collection[str]) -> None:
    """The languages of a run whose instructions the language screen is to judge now.

    Args:
        codes: Canonical ones; none where the run asked for no language.

    Raises:
        click.BadParameter: There is none, or one that the screen does not know.
    """
    from ift_builder import languages as known

    if not codes:
        raise click.BadParameter("--with-screen language: the run asked for no language")
    for code in codes:
        if not known.is_told_apart(code):
            raise click.BadParameter(
                f"--with-screen language: the screen does not know {known.english_name(code)}, which the run asked for"
            )


def domain(given: str | None) -> str:
    """The subject: the content of the file of that name, or else the text itself.

    Raises:
        click.BadParameter: It is empty or too long, or a file that cannot be read or is not there.
    """
    if given is None:
        return ""
    if os.path.isdir(given):  # noqa: PTH112 - as below
        raise click.BadParameter(f"--domain {given}: is a folder; give a file, or a text")
    if not os.path.exists(given) and (os.path.islink(given) or _names_a_file(given)):  # noqa: PTH110, PTH114 - a text may be no path at all, which Path would raise on
        raise click.BadParameter(f"--domain {given}: there is no such file")
    text = given
    if os.path.exists(given):  # noqa: PTH110 - as above
        from ift_builder import inputs

        try:
            text = inputs.read_text(Path(given), _LARGEST_FILE)
        except InputError as error:
            raise click.BadParameter(f"--domain {given}: {error.what}; {error.hint}") from error
        except UnicodeDecodeError as error:
            raise click.BadParameter(f"--domain {given}: is not text in UTF-8") from error
    text = text.strip()
    if not text:
        raise click.BadParameter("--domain: the subject is empty")
    if len(text) > LONGEST_SUBJECT:
        raise click.BadParameter(
            f"--domain: the subject has {len(text):,} characters and stands in every prompt; "
            f"describe it in at most {LONGEST_SUBJECT:,}"
        )
    return text


def _canonical(code: str, *, are_judged: bool) -> str:
    from ift_builder import languages as known

    try:
        canonical = known.canonical(code)
    except InputError as error:
        raise click.BadParameter(f"--language {code}: {error}; {error.hint}") from error
    if are_judged and not known.is_told_apart(canonical):
        name = known.english_name(canonical)
        raise click.BadParameter(
            f"--language {code}: the language screen does not know {name}; do without it by --no-screen language"
        )
    return canonical


def _share(share: str, text: str) -> float:
    try:
        value = float(share)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise click.BadParameter(f"--language {text}: a share is a number above 0, such as de=0.5")
    return value


def _names_a_file(text: str) -> bool:
    """Whether it can only be meant as a file's name: one word with an ending or a folder."""
    return len(text.split()) == 1 and (bool(Path(text).suffix) or text.startswith((".", "/", "~")))


_OPTIONS = (
    click.option(
        "--language",
        "languages",
        multiple=True,
        metavar="CODE[=SHARE]",
        help="Write tasks in this language, such as de or pt-BR (repeatable, with shares: de=0.5); "
        "instructions in another one are dropped.",
    ),
    click.option(
        "--domain",
        metavar="FILE or TEXT",
        help="Keep to a subject. All prompts say it, the model is asked of each kept instruction whether it belongs "
        "to it, and of each seed where prompts show seeds: those on the subject are shown (all, if fewer than 3 are).",
    ),
)
