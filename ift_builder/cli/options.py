"""The options that every command has, written once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

COUNT = click.IntRange(1, 2**31 - 1)
"""More can neither be counted up to nor, multiplied, be written as JSON."""

_HALVES = re.compile("[\ud800-\udfff]")
"""What is left of bytes that are no UTF-8, and half characters that YAML can escape; no file of ours can hold them."""


def refuse_halves(text: str, whose: str) -> None:
    """Refuses a value that no file can hold, with its place instead of a crash later.

    Raises:
        click.UsageError: It holds bytes that are no text.
    """
    if _HALVES.search(text):
        raise click.UsageError(f"{whose} is not text in UTF-8: {_HALVES.sub('?', text)}")


def shared(function: F) -> F:
    """Adds `--seed`, `--config`, `--quiet` and `--json`.

    The last three act on the console and the defaults; only `seed` reaches the function.
    """
    for option in reversed(_SHARED):
        function = option(function)
    return function


def _quiet(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    ctx.obj.quiet = value


def _json(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    ctx.obj.json = value


def _config(ctx: click.Context, parameter: click.Parameter, path: Path | None) -> None:
    """Makes the file's entries the defaults of this command; the command line still wins."""
    if path is None:
        return
    import yaml

    try:
        options = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} is not valid YAML: {error}", ctx, parameter) from error
    if not isinstance(options, dict):
        raise click.BadParameter(f"{path} must hold `option: value` lines", ctx, parameter)
    known = {
        option.removeprefix("--"): param
        for param in ctx.command.params
        for option in param.opts
        if option.startswith("--") and param is not parameter
    }
    defaults: dict[str, Any] = {}
    for name, value in options.items():
        param = known.get(str(name).replace("_", "-"))
        if param is None:
            message = f"{path}: there is no option {name!r}; there are: {', '.join(known)}"
            raise click.BadParameter(message, ctx, parameter)
        is_one_of_many = getattr(param, "multiple", False) and not isinstance(value, list)
        values = [value] if is_one_of_many else value
        _check_entry(f"{path}: {name}", param, values)
        defaults[str(param.name)] = values
    ctx.default_map = {**(ctx.default_map or {}), **defaults}


def _check_entry(place: str, param: click.Parameter, value: Any) -> None:
    """Refuses what the command line could not have said.

    Raises:
        click.UsageError: It is a list or a mapping where one value belongs, or no text.
    """
    values = value if getattr(param, "multiple", False) else [value]
    for one in values:
        if isinstance(one, (list, dict)):
            raise click.UsageError(f"{place} takes one value, not a {type(one).__name__}")
        if isinstance(one, int) and isinstance(param.type, click.Path):
            raise click.UsageError(f"{place} takes a path: put {one!r} in quotes")
        refuse_halves(str(one), place)


_SHARED = [
    click.option(
        "--seed",
        type=click.IntRange(-(2**63), 2**63 - 1),
        default=0,
        show_default=True,
        help="Names all randomness: the same seed, the same bytes.",
    ),
    click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_config,
        help="A YAML file with any of these options; the command line wins.",
    ),
    click.option("--quiet", "-q", is_flag=True, expose_value=False, callback=_quiet, help="Say nothing but problems."),
    click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_json,
        help="End with one line of JSON on standard output.",
    ),
]
