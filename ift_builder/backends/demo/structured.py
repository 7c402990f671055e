"""Whole tasks as JSON, with what models do to JSON where no server holds them to a schema.

The shares of the blemishes are in `templates/demo/conduct.yaml`, under `structured`; the instructions have those of
`propose` as well.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.demo import proposing, reading
from ift_builder.backends.demo.draw import by_share, pick, spread, whole

if TYPE_CHECKING:
    from random import Random

    from ift_builder.backends.demo.library import Library

_INSTRUCTION = re.compile(r'^\{"instruction": ("(?:[^"\\]|\\.)*")', re.MULTILINE)
_CUT_SHARE: Final = (0.3, 0.95)
"""How much of an answer is left when it is cut."""


def answer(library: Library, text: str, draw: int, rng: Random) -> tuple[str, bool]:
    """The answer to a prompt for whole tasks.

    Args:
        library: What there is to propose.
        text: The prompt's text.
        draw: Its number; blemishes are spread evenly over numbers.
        rng: For everything else.

    Returns:
        The answer, and whether it was cut.
    """
    conduct = library.conduct["structured"]
    blemish = by_share(spread(draw), conduct["answers"])
    if blemish == "no_json":
        return library.fill(pick(rng, conduct["no_json_texts"]), rng), False
    shown = reading.Shown([json.loads(found) for found in _INSTRUCTION.findall(text)], 1)
    low, high = conduct["tasks_per_answer"]
    tasks = [_task(library, shown, draw * high + place, rng) for place in range(whole(rng, low, high))]
    if blemish == "bare_list":
        return f"[{', '.join(tasks)}]", False
    if blemish == "lines":
        return "\n".join(tasks), False
    said = '{"tasks": [\n' + ",\n".join(tasks) + "\n]}"
    if blemish == "fenced":
        said = f"{pick(rng, conduct['prefaces'])}\n\n```json\n{said}\n```"
    if blemish == "cut":
        least, most = _CUT_SHARE
        return said[: int(len(said) * (least + (most - least) * rng.random()))], True
    return said, False


def _task(library: Library, shown: reading.Shown, place: int, rng: Random) -> str:
    """One task as JSON text."""
    conduct = library.conduct["structured"]
    blemish = by_share(spread(place), conduct["tasks"])
    wording = by_share(rng.random(), library.conduct["propose"]["tasks"])
    fields = _fields(library, proposing.task(library, shown, wording, rng), rng)
    if blemish == "missing_key":
        del fields["is_classification"]
    elif blemish == "wrong_type":
        fields["is_classification"] = "yes" if fields["is_classification"] else "no"
    elif blemish == "extra_key":
        fields["difficulty"] = "easy"
    elif blemish == "no_input_word":
        fields["input"] = fields["input"] or "N/A"
    elif blemish == "empty_output":
        fields["output"] = ""
    elif blemish == "ends_in_colon":
        fields["output"] = pick(rng, library.conduct["instances"]["unfinished_outputs"])
    said = json.dumps(fields, ensure_ascii=False)
    return said.replace('", "', '" "', 1) if blemish == "no_comma" else said


def _fields(library: Library, instruction: str, rng: Random) -> dict[str, Any]:
    known = library.recognise(instruction)
    if known is None:
        output = pick(rng, library.conduct["instances"]["unknown_task_outputs"])
        return {"instruction": instruction, "input": "", "output": output, "is_classification": False}
    family, values = known
    made = family.instances(values, rng)[0]
    return {
        "instruction": instruction,
        "input": made.input,
        "output": made.output,
        "is_classification": family.is_classification,
    }
