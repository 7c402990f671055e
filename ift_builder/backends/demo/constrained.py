"""Tasks with constraints, their outputs, and other wordings of instructions, as Unnatural Instructions asks for them.

An output is asked for apart from its task, so the inputs of an instruction are made up from the instruction alone, and
again when the output is wanted. The shares and texts of the blemishes are in `templates/demo/conduct.yaml`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder import draws
from ift_builder.backends.demo import proposing, working_out
from ift_builder.backends.demo.draw import by_share, pick, spread
from ift_builder.backends.demo.triples import filled

if TYPE_CHECKING:
    from random import Random

    from ift_builder.backends.demo.library import Library
    from ift_builder.backends.demo.reading import Shown
    from ift_builder.records import Instance

_TRIES: Final = 30
"""Tasks to propose until one takes an input; about one in two does."""

_LEFT: Final = 0.6
"""The share of a cut answer that is left."""

_COUNT = re.compile(r"(\d+) other wordings?\b")


def task(library: Library, shown: Shown, draw: int, rng: Random, *, to_continue: bool) -> tuple[str, bool]:
    """One more labelled task, without its output, and whether it was cut.

    Args:
        library: What there is to propose.
        shown: What the prompt showed.
        draw: The prompt's number; blemishes are spread evenly over numbers.
        rng: For everything else.
        to_continue: Whether the prompt ends in the first label, so that its style is given.
    """
    conduct = library.conduct["constrained_task"]
    blemish = by_share(spread(draw), conduct["answers"])
    if to_continue and blemish == "bold":
        blemish = ""
    if blemish == "no_format":
        return library.fill(pick(rng, conduct["no_format_texts"]), rng), False
    if blemish == "empty":
        return "", False
    of_task = by_share(rng.random(), library.conduct["propose"]["tasks"])
    text = _labelled(library, shown, of_task, blemish, rng)
    if blemish == "goes_on":
        text += conduct["goes_on"] + _labelled(library, shown, "", "", rng)
    return (text[: int(len(text) * _LEFT)], True) if blemish == "cut" else (text, False)


def _labelled(library: Library, shown: Shown, of_task: str, blemish: str, rng: Random) -> str:
    conduct = library.conduct["constrained_task"]
    instruction = proposing.task(library, shown, of_task, rng)
    for _ in range(0 if of_task or blemish == "no_input" else _TRIES):
        if _instances(library, instruction)[0].input:
            break
        instruction = proposing.task(library, shown, "", rng)
    given = pick(rng, _instances(library, instruction)).input or library.fill(pick(rng, conduct["inputs"]), rng)
    return filled(
        conduct["forms"].get(blemish, conduct["form"]),
        instruction=instruction,
        input="None." if blemish == "no_input" else given,
        constraints=pick(rng, conduct["constraints"]),
    )


def output(library: Library, fields: dict[str, str], rng: Random) -> tuple[str, bool]:
    """The output for an instruction and an input, and whether it was cut."""
    conduct = library.conduct["constrained_output"]
    made = _instances(library, fields.get("instruction", ""))
    text = next((one.output for one in made if one.input == fields.get("input")), made[0].output)
    blemish = by_share(rng.random(), conduct["answers"])
    if blemish in ("label", "preface"):
        return conduct[blemish] + text, False
    if blemish == "empty":
        return "", False
    if blemish == "ends_in_colon":
        return pick(rng, library.conduct["instances"]["unfinished_outputs"]), False
    return (text[: int(len(text) * _LEFT)], True) if blemish == "cut" else (text, False)


def _instances(library: Library, instruction: str) -> list[Instance]:
    """The instances of an instruction, the same whenever it is asked about."""
    return working_out.instances(library, [instruction], draws.stream(0, "demo", "instances", instruction))


def wordings(library: Library, text: str, fields: dict[str, str], rng: Random) -> tuple[str, bool]:
    """A numbered list of other wordings of the instruction, and whether it was cut."""
    conduct = library.conduct["paraphrase"]
    blemish = by_share(rng.random(), conduct["answers"])
    if blemish == "no_list":
        return pick(rng, conduct["no_list_texts"]), False
    asked = _COUNT.search(text)
    start = int(rng.random() * len(conduct["frames"]))
    said: list[str] = []
    for place in range(int(asked[1]) if asked else 1):
        said.append(_wording(library, fields.get("instruction", "").split("\n")[0], start + place, said, rng))
    whole = "\n".join(f"{number}. {one}" for number, one in enumerate(said, start=1))
    return (whole[: int(len(whole) * _LEFT)], True) if blemish == "cut" else (whole, False)


def _wording(library: Library, task: str, place: int, said: list[str], rng: Random) -> str:
    conduct = library.conduct["paraphrase"]
    blemish = by_share(rng.random(), conduct["wordings"])
    if blemish == "same":
        return task
    if blemish == "gap":
        return str(conduct["gap"]).replace("{{INPUT}}", "{INPUT}").replace("{task}", task)
    if blemish == "repeated" and said:
        return said[-1]
    return filled(conduct["frames"][place % len(conduct["frames"])], task=task)
