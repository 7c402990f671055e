"""Which language each proposal asks for, where a dataset is to be in one or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def language_of(shares: Mapping[str, float], seed: int) -> Callable[[int], str]:
    """The language of a proposal by its number, drawn by share; always `""` where no language is asked for.

    Args:
        shares: By BCP-47 code, what each gets of their sum; in which order they stand is of no matter.
        seed: The run's, for draws.
    """
    in_order = sorted(shares.items())
    total = sum(shares.values())

    def drawn(number: int) -> str:
        point = draws.stream(seed, "language", number).random() * total if shares else 0.0
        for code, share in in_order:
            point -= share
            if point < 0:
                return code
        return in_order[-1][0] if in_order else ""  # rounding may leave the point at the very end

    return drawn
