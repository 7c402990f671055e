"""Growth: how many tasks each request brought, in the order in which requests were judged, and what that promises.

The pool's growth is fitted with Heaps' law, *tasks = scale · requests^exponent* (Heaps 1978, for the words of a growing
text): with an exponent near 1 every request brings as much as the first ones, and the lower it is, the more saturated
is the pool.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

    from ift_builder.report.reading import Row

_POINTS: Final = 300
"""Points of a curve: more cannot be told apart on a screen."""

_FEWEST: Final = 20
"""Requests below which a fit says nothing."""

_WINDOWS: Final = 25
"""The yield is averaged over this part of the run, so that one lucky answer is no peak."""


@dataclass(slots=True)
class _Request:
    tasks: set[str] = field(default_factory=set)
    """Names of the tasks that it brought."""

    dropped: int = 0
    """Tasks that it proposed in vain."""

    near_duplicates: int = 0
    """Those of them that were near-duplicates."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a line."""

    x: list[float]
    """Requests judged."""

    y: list[float]
    """What there was then."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the pool grew."""

    requests: int
    """Requests for new tasks that were judged."""

    tasks: int
    """Tasks kept."""

    pool: Curve
    """Tasks kept so far."""

    fit: Curve | None
    """Heaps' law over the run and as far again; None for a run too short to tell."""

    exponent: float
    """Of the fit; 0 without one."""

    per_request: Curve
    """Tasks that a request brought, averaged over `window` requests."""

    near_duplicates: Curve
    """Share of the proposed tasks that were near-duplicates, over the same window."""

    window: int
    """Requests that each point of the last two is averaged over."""


class GrowthFigure:
    """Collects what each request brought."""

    def __init__(self) -> None:
        self._requests: dict[str, _Request] = {}

    def add(self, row: Row) -> None:
        """Counts a row with the request that its task was proposed in."""
        if not row.proposal:
            return
        request = self._requests.setdefault(row.proposal, _Request())
        if row.kept:
            request.tasks.add(str(row.task.get("name") or row.instruction))
        elif row.fields.get("level") == "task":
            request.dropped += 1
            request.near_duplicates += row.fields.get("reason") == "near-duplicate"

    def keys(self) -> KeysView[str]:
        """The keys of the requests for new tasks; none where no model was asked."""
        return self._requests.keys()

    def value(self, draws: Mapping[str, int]) -> Growth | None:
        """The figure; None where no model was asked.

        Args:
            draws: Each request's place in the run, by its key.
        """
        ordered = [self._requests[key] for key in sorted(self._requests.keys() & draws.keys(), key=draws.__getitem__)]
        if not ordered:
            return None
        import numpy as np  # noqa: PLC0415 - heavy

        brought = np.array([len(request.tasks) for request in ordered])
        dropped = np.array([request.dropped for request in ordered])
        near = np.array([request.near_duplicates for request in ordered])
        count = len(ordered)
        pool = np.cumsum(brought)
        window = max(1, min(count, round(count / _WINDOWS)))
        shown = np.unique(np.linspace(1, count, min(count, _POINTS)).astype(int))
        ends = shown[shown >= window]

        def over_window(values: np.ndarray) -> np.ndarray:
            sums = np.concatenate([[0], np.cumsum(values)])
            within: np.ndarray = sums[ends] - sums[ends - window]
            return within

        proposed = np.maximum(over_window(brought + dropped), 1)
        fit, exponent = _heaps(count, pool)
        return Growth(
            requests=count,
            tasks=int(pool[-1]),
            pool=_curve(shown, pool[shown - 1]),
            fit=fit,
            exponent=exponent,
            per_request=_curve(ends, over_window(brought) / window),
            near_duplicates=_curve(ends, over_window(near) / proposed),
            window=window,
        )


def _curve(x: np.ndarray, y: np.ndarray) -> Curve:
    return Curve([round(value, 4) for value in x.tolist()], [round(value, 4) for value in y.tolist()])


def _heaps(count: int, pool: np.ndarray) -> tuple[Curve | None, float]:
    """Heaps' law by least squares on the logarithms, at places that are evenly spaced there."""
    import numpy as np  # noqa: PLC0415 - heavy

    if count < _FEWEST or pool[-1] == 0:
        return None, 0.0
    at = np.unique(np.geomspace(max(1, count // _FEWEST), count, _POINTS).astype(int))
    at = at[pool[at - 1] > 0]
    if len(at) < 2:  # noqa: PLR2004 - a line needs two points
        return None, 0.0
    exponent, scale = np.polyfit(np.log(at), np.log(pool[at - 1]), 1)
    x = np.linspace(1, 2 * count, _POINTS // 3)
    return _curve(x, np.exp(scale) * x**exponent), round(float(exponent), 3)


if TYPE_CHECKING:
    import numpy as np
