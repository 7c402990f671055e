"""Judges recorded candidates anew, as a run would that begins with the same seeds and is given the same answers.

Each is judged in its turn against the seeds and those kept before it; who is kept now counts for those that come
later, even where nothing can come of it because the run never asked for its instances. What no threshold touches stays
as it was: what the reader found (`cut`, `empty`), what became of instances, and what came too late for the target
(`after-end`), since the run ended where it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder import jsonl
from ift_builder.errors import RunFolderError
from ift_builder.records import Dropped
from ift_builder.screen.candidates import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.screen.candidates import Recorded
    from ift_builder.screening.tasks import TaskScreens

NOT_DEVELOPED: Final = "not-developed"
"""Why a candidate is dropped that is kept by the screens only now: the run asked for no instances of it."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a screen dropped a candidate."""

    reason: str
    """The screen's word."""

    evidence: dict[str, Any]
    """What it rests on."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate under the new thresholds."""

    text: str
    """The instruction."""

    before: Why | None
    """Why a screen had dropped it."""

    now: Why | None
    """Why a screen drops it."""

    examples: Sequence[Line]
    """Its rows of `examples.jsonl`."""

    dropped: Sequence[Line]
    """Its rows of `dropped.jsonl`."""


def confirm(candidate: Recorded, screens: TaskScreens) -> None:
    """Judges a candidate by the run's own thresholds; `screens` learn of it if they keep it.

    Raises:
        RunFolderError: They decide otherwise than the run did, so that nothing they say would compare with it.
    """
    noted, was = candidate.noted, candidate.screened_out
    if not noted.whole:
        return
    why = _dropped_by(screens, candidate)
    then, now = was.row["reason"] if was else "kept", why.reason if why else "kept"
    if then != now:
        raise RunFolderError(
            f"the screens do not come to the run's own decision on {noted.id}: {then} then, {now} now",
            hint="was settings.json changed, or did another version of ift-builder make the run?",
        )


def judged(candidate: Recorded, screens: TaskScreens) -> Judged:
    """Judges a candidate; `screens` learn of it if they keep it."""
    noted, was = candidate.noted, candidate.screened_out
    if not noted.whole:
        return Judged(noted.text, None, None, candidate.examples, candidate.dropped)
    before = Why(was.row["reason"], was.row["evidence"]) if was else None
    now = _dropped_by(screens, candidate)
    if now:
        return Judged(noted.text, before, now, (), (_line(candidate, now),))
    if before:
        evidence = {"screen": "instances", "before": before.reason, "evidence_before": before.evidence}
        return Judged(noted.text, before, None, (), (_line(candidate, Why(NOT_DEVELOPED, evidence)),))
    return Judged(noted.text, None, None, candidate.examples, candidate.dropped)


def _dropped_by(screens: TaskScreens, candidate: Recorded) -> Why | None:
    """Why the screens drop a candidate; None if they keep it, which they then know."""
    noted, language = candidate.noted, candidate.source.language
    verdict = next(
        (verdict for verdict in screens.judge(noted.text, language, lineage=noted.lineage) if not verdict.kept), None
    )
    if verdict:
        return Why(verdict.reason, {"screen": verdict.screen, **verdict.evidence})
    screens.admit(noted.text, noted.id, lineage=noted.lineage)
    return None


def _line(candidate: Recorded, why: Why) -> Line:
    """The row of a candidate that came to nothing."""
    noted = candidate.noted
    row = Dropped(noted.id, "task", why.reason, noted.text, why.evidence, candidate.source)
    return Line(jsonl.dumps(row), {"level": row.level, "reason": row.reason})
