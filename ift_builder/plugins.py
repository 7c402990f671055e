"""Plug-ins: what this package and others register under a name, found by entry points without importing anything.

A package that brings a strategy, say, declares it in its `pyproject.toml`::

    [project.entry-points."ift_builder.strategies"]
    mine = "my_package.mine:Mine"

The built-in ones are declared in ours in the same way, so that there is one list of names and nobody keeps it by hand.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from ift_builder.errors import InputError

BACKENDS: Final = "ift_builder.backends"
READERS: Final = "ift_builder.readers"
SCREENS: Final = "ift_builder.screens"
STRATEGIES: Final = "ift_builder.strategies"
TARGETS: Final = "ift_builder.targets"
VERBS: Final = "ift_builder.verbs"

_OURS: Final = "ift-builder"
"""The distribution whose plug-ins win where another one registers the same name."""


def names(group: str) -> tuple[str, ...]:
    """The names that are registered in a group, in alphabetical order; nothing is imported."""
    return tuple(sorted(_registered(group)))


def load(group: str, name: str) -> Any:
    """The plug-in of that name; its module is imported now.

    Raises:
        InputError: There is none of that name, or it cannot be imported.
    """
    kind = group.rpartition(".")[2].removesuffix("s")
    found = _registered(group).get(name)
    if found is None:
        close = get_close_matches(name, names(group), n=1)
        raise InputError(
            f"there is no {kind} called {name!r}",
            hint=f"did you mean {close[0]}?" if close else f"there are: {', '.join(names(group))}",
        )
    try:
        return found.load()
    except (ImportError, AttributeError) as error:
        if is_built_in(group, name):
            raise
        raise InputError(
            f"the {kind} {name!r} cannot be loaded: {error}",
            where=f"{found.value}, of {_distribution(found)}",
            hint="update that package, or uninstall it",
        ) from error


def is_built_in(group: str, name: str) -> bool:
    """Whether the plug-in is one of this package's own."""
    return _distribution(_registered(group)[name]) == _OURS


@cache
def _registered(group: str) -> dict[str, EntryPoint]:
    found = sorted(entry_points(group=group), key=_distribution)
    return {point.name: point for point in (*found, *(point for point in found if _distribution(point) == _OURS))}


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""
