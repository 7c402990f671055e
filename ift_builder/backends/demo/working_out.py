"""Instances of a task, written the way the two prompts ask for them, with the blemishes that real answers have.

Output first (`Class label:`, then `Input:`) for classification, input first (`Example 1`, `Input:`, `Output:`) for the
rest, as in Self-Instruct (Wang et al. 2022, section 2.2). The shares of the blemishes are in
`templates/demo/conduct.yaml`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.demo.draw import by_share, pick
from ift_builder.records import Instance

if TYPE_CHECKING:
    from random import Random

    from ift_builder.backends.demo.library import Library

_CUT_SHARE: Final = (0.5, 0.95)
"""How much of an answer is left when it is cut."""


def instances(library: Library, readings: list[str], rng: Random) -> list[Instance]:
    """Instances for the task; a word of advice where the task is none of ours."""
    for task in readings:
        known = library.recognise(task)
        if known is not None:
            family, values = known
            return family.instances(values, rng)
    return [Instance("", pick(rng, library.conduct["instances"]["unknown_task_outputs"]))]


def is_classification(library: Library, readings: list[str]) -> bool:
    """Whether the task is classification, by its family; an unknown one is not."""
    known = next(filter(None, map(library.recognise, readings)), None)
    return known is not None and known[0].is_classification


def classification(library: Library, readings: list[str], rng: Random) -> str:
    """What is said to whether the task is classification: mostly the truth, in one word."""
    conduct = library.conduct["classify"]
    right = is_classification(library, readings)
    manner = by_share(rng.random(), conduct["answers"])
    if manner == "unusable":
        return str(pick(rng, conduct["unusable_texts"]))
    said = right != (manner == "wrong")
    words = conduct["loose_texts"] if manner == "loose" else conduct["texts"]
    return str(pick(rng, words[said]))


def answer(library: Library, made: list[Instance], *, output_first: bool, rng: Random) -> tuple[str, bool]:
    """The text that holds the instances.

    Returns:
        The answer and whether it was cut.
    """
    conduct = library.conduct["instances"]
    blemish = by_share(rng.random(), conduct["with_input" if made[0].input else "without_input"])
    if blemish == "no_format":
        return pick(rng, conduct["no_format_texts"]), False
    spoilt = _spoilt(made, blemish, conduct, rng)
    text = _output_first(spoilt) if output_first else _input_first(spoilt)
    if blemish == "bold_labels":
        for label in conduct["labels"]:
            text = text.replace(f"{label}:", f"**{label}:**")
    if blemish == "preface":
        text = f"{pick(rng, conduct['prefaces'])}\n\n{text}"
    if blemish == "cut":
        low, high = _CUT_SHARE
        return text[: int(len(text) * (low + (high - low) * rng.random()))], True
    return text, False


def _spoilt(made: list[Instance], blemish: str, conduct: dict[str, Any], rng: Random) -> list[Instance]:
    """The instances with the blemish, if it is one of the instances."""
    head, last = made[:-1], made[-1]
    if blemish == "empty_output":
        return [*head, replace(last, output="")]
    if blemish == "equals_input":
        return [*head, replace(last, output=last.input)]
    if blemish == "ends_in_colon":
        return [*head, replace(last, output=pick(rng, conduct["unfinished_outputs"]))]
    if blemish == "two_outputs":
        return [*made, replace(last, output=pick(rng, conduct["second_outputs"]))]
    if blemish == "repeated":
        return [*made, last]
    return made


def _output_first(made: list[Instance]) -> str:
    """A label is one line: what follows it would be read as the input."""
    labels = [" ".join(one.output.split()) for one in made]
    blocks = [
        f"Class label: {label}" + (f"\nInput: {one.input}" if one.input else "")
        for label, one in zip(labels, made, strict=True)
    ]
    return "\n".join(blocks)


def _input_first(made: list[Instance]) -> str:
    if not made[0].input:
        return f"Output: {made[0].output}"
    blocks = [f"Example {n}\nInput: {one.input}\nOutput: {one.output}" for n, one in enumerate(made, start=1)]
    return "\n".join(blocks)
