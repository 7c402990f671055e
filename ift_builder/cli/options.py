"""The options that every command has, written once."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ift_builder.cli.numeric import Whole

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

COUNT = Whole(1, 2**31 - 1)
"""More can neither be counted up to nor, multiplied, be written as JSON."""

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")

_HALVES = re.compile("[\ud800-\udfff]")
"""What is left of bytes that are no UTF-8, and half characters that YAML can escape; no file of ours can hold them."""


class LocalPath(click.Path):
    """A path of this machine; click would take an address for one, and an empty text for the folder we are in."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """As click does, but for texts that can be no path."""
        text = os.fspath(value)
        if not text:
            self.fail("the path is empty", param, ctx)
        if _ADDRESS.match(text):
            self.fail("it is an address; download what is there, and give the path of that", param, ctx)
        return super().convert(value, param, ctx)


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
    from ift_builder.formats import yaml_file

    options = yaml_file.read(path, as_written=True)
    if options is None:
        return
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
        if value is None or name == yaml_file.LINE:
            continue
        param = known.get(str(name).replace("_", "-"))
        if param is None:
            message = f"{path}: there is no option {name!r}; there are: {', '.join(known)}"
            raise click.BadParameter(message, ctx, parameter)
        if param.name in defaults:
            raise click.BadParameter(f"{path}: the option {name!r} is there in two spellings", ctx, parameter)
        defaults[str(param.name)] = _entry(f"{path}: {name}", param, value)
    ctx.default_map = {**(ctx.default_map or {}), **defaults}


def _entry(place: str, param: click.Parameter, value: Any) -> str | list[str]:
    """The value of an option, as the command line could have said it.

    Raises:
        click.UsageError: It is a list or a mapping where one value belongs, or no text.
    """
    is_list = getattr(param, "multiple", False)
    values = value if is_list and isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, str):
            kind = {list: "list", dict: "mapping", type(None): "gap"}.get(type(one), f"tagged {type(one).__name__}")
            raise click.UsageError(f"{place} takes {'values' if is_list else 'one value'}, not a {kind}")
        refuse_halves(one, place)
    return list(values) if is_list else str(value)


_SHARED = [
    click.option(
        "--seed",
        type=Whole(-(2**63), 2**63 - 1),
        default=0,
        show_default=True,
        help="Names all randomness: the same seed, the same bytes.",
    ),
    click.option(
        "--config",
        type=LocalPath(exists=True, dir_okay=False, path_type=Path),
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
