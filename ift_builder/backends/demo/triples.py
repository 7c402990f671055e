"""Lists of complete triples, with the blemishes that lists of real models have.

The shares and the texts of the blemishes are in `templates/demo/conduct.yaml`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ift_builder.backends.demo import proposing, working_out
from ift_builder.backends.demo.draw import by_share, pick, spread, whole

if TYPE_CHECKING:
    from random import Random

    from ift_builder.backends.demo.library import Library
    from ift_builder.backends.demo.reading import Shown
    from ift_builder.records import Instance

_STYLES_OF_CHAT = ("headings", "talk", "renumbered")
"""A model that only continues goes on in the style it was given."""


def answer(library: Library, shown: Shown, draw: int, rng: Random, *, to_continue: bool) -> tuple[str, bool]:
    """A list that goes on from `shown`, and whether it was cut.

    Args:
        library: What there is to propose.
        shown: What the prompt showed.
        draw: The prompt's number; blemishes are spread evenly over numbers, so that a short run, too, meets all.
        rng: For everything else.
        to_continue: Whether the prompt ends in the first label.
    """
    conduct = library.conduct["triples"]
    blemish = by_share(spread(draw), conduct["answers"])
    if to_continue and blemish in _STYLES_OF_CHAT:
        blemish = ""
    if blemish == "no_list":
        return library.fill(pick(rng, library.conduct["propose"]["no_list_texts"]), rng), False
    if blemish == "empty":
        return "", False
    low, high = conduct["per_answer"]
    first = 1 if blemish == "renumbered" else shown.next_number
    places = [draw * high + n for n in range(whole(rng, low, high))]
    blocks = [_block(library, shown, place, first + n, blemish, rng) for n, place in enumerate(places)]
    if blemish == "cut":
        return "".join(blocks)[: -whole(rng, 2, len(blocks[-1]) - 1)], True
    text = "".join(blocks)
    if blemish == "talk":
        text = conduct["preface"] + text.rstrip() + conduct["remark"]
    return text, False


def _block(library: Library, shown: Shown, place: int, number: int, style: str, rng: Random) -> str:
    conduct = library.conduct["triples"]
    task = proposing.task(library, shown, by_share(spread(place), library.conduct["propose"]["tasks"]), rng)
    made = working_out.instances(library, [task], rng)[0]
    blemish = by_share(rng.random(), conduct["blocks"])
    made = _spoilt(library, made, blemish, rng)
    no_input = pick(rng, conduct["no_input_texts"]) if blemish == "no_input_words" else conduct["no_input"]
    form = conduct["styles"].get(style) or conduct["broken"].get(blemish) or conduct["block"]
    return filled(form, n=str(number), instruction=task, input=made.input or no_input, output=made.output)


def _spoilt(library: Library, made: Instance, blemish: str, rng: Random) -> Instance:
    if blemish == "empty_output":
        return replace(made, output="")
    if blemish == "equals_input" and made.input:
        return replace(made, output=made.input)
    if blemish == "ends_in_colon":
        return replace(made, output=pick(rng, library.conduct["instances"]["unfinished_outputs"]))
    return made


def filled(form: str, **values: Any) -> str:
    """A form with its gaps filled, each but once, so that braces in values stay."""
    parts = form.split("{")
    return parts[0] + "".join(values[name] + rest for name, _, rest in (part.partition("}") for part in parts[1:]))
