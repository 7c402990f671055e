"""The types of all options that take a number: click's ranges let `nan` pass, which no comparison ever stops."""

from __future__ import annotations

import math
from typing import Any

import click


class Number(click.FloatRange):
    """A finite number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, from the command line's text or a config file's value."""
        number = value if isinstance(value, bool) else super().convert(value, param, ctx)
        if isinstance(number, bool) or not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return float(number)


class Whole(click.IntRange):
    """A whole number within bounds; a config file's 2.5 is none, and is not rounded."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, from the command line's text or a config file's value."""
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            self.fail(f"{value!r} is not a whole number", param, ctx)
        return int(super().convert(value, param, ctx))
