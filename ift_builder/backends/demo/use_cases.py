"""Requests of one kind, and answers to requests that hand over no text, for the strategy `use-cases`.

Which families of tasks are of which kind, and how often the answers go wrong, is in `templates/demo/conduct.yaml`,
under `use_cases`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.backends.demo import proposing, reading
from ift_builder.backends.demo.draw import by_share, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ift_builder.backends.demo.library import Library

_CUT_SHARE: Final = (0.3, 0.9)
"""How much of an answer is left when it is cut."""


def proposals(library: Library, text: str, draw: int, rng: Random, *, to_continue: bool) -> tuple[str, bool]:
    """A list of requests of the kind that the prompt `text` asks for, from number 1 on; as `proposing.answer`."""
    families = library.conduct["use_cases"]["families"]
    kind = families.get(reading.asked_kind(text), ())
    return proposing.answer(library, reading.Shown([], 1), draw, rng, to_continue=to_continue, among=kind)


def reply(library: Library, readings: Sequence[str], rng: Random) -> tuple[str, bool]:
    """The answer to a request, and whether it was cut."""
    conduct = library.conduct["use_cases"]
    known = next(filter(None, map(library.recognise, readings)), None)
    if known is None:
        said = pick(rng, library.conduct["instances"]["unknown_task_outputs"])
    else:
        family, values = known
        said = family.instances(values, rng)[0].output
    blemish = by_share(rng.random(), conduct["answers"])
    if blemish == "empty":
        return "", False
    if blemish == "ends_in_colon":
        return pick(rng, library.conduct["instances"]["unfinished_outputs"]), False
    if blemish == "preface":
        return f"{pick(rng, conduct['prefaces'])}\n\n{said}", False
    if blemish == "remark":
        return f"{said}\n\n{pick(rng, conduct['remarks'])}", False
    if blemish == "cut":
        low, high = _CUT_SHARE
        return said[: int(len(said) * (low + (high - low) * rng.random()))], True
    return said, False
