"""What is asked of a conversion beyond the plain rendering: FLAN 2022's moves and T0's cap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

Cot = Literal["never", "data", "both"]


@dataclass(frozen=True, slots=True)
class Moves:
    """How rows and templates are combined."""

    per_row: Literal["one", "all"] = "one"
    """Whether a row meets one template, drawn for it, or all of them."""

    shots: tuple[int, ...] = (0,)
    """How many exemplars a record has; several numbers give each row once with each."""

    exemplar_budget: int = 8000
    """The most characters that a record's exemplars may have together; about 2,000 tokens of English."""

    cot: Cot = "data"
    """Whether records carry the data's rationale; `both` gives each row that has one with and without it."""

    options: Literal["none", "styled"] = "none"
    """Whether choices are listed in varied styles."""

    invert: bool = False
    """Whether inverted templates are used too."""

    cap: int | None = None
    """The most rows of a task; each template gets its share of them."""

    @property
    def shapes(self) -> tuple[tuple[int, bool], ...]:
        """What each row becomes: (number of exemplars, whether with rationale)."""
        reasoning = {"never": (False,), "data": (True,), "both": (True, False)}[self.cot]
        return tuple(product(self.shots, reasoning))
