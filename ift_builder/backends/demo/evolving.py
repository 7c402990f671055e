"""Versions of tasks, judgements on them and answers to them, as `evolve` asks, with the blemishes of real models.

The shares and the texts are in `templates/demo/conduct.yaml`, under `evolve`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.demo import reading
from ift_builder.backends.demo.draw import by_share, pick, spread
from ift_builder.backends.demo.family import Slots
from ift_builder.backends.demo.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ift_builder.backends.demo.library import Library
    from ift_builder.records import Prompt

_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+")
_LEFT: Final = (0.3, 0.9)
"""How much of an answer is left when it is cut."""

_TOO_LONG: Final = 12
"""Sentences that make any task longer than the length screen allows."""


def in_depth(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    """A harder version, and whether it was cut."""
    conduct, text = library.conduct["evolve"], reading.asked_text(prompt)
    task, given = _starting(text)
    how = reading.labelled(text, "How")
    operation = next((name for words, name in conduct["operations"].items() if words in how), "add-constraints")
    version = f"{task} {_fill(library, pick(rng, conduct[operation]), rng)}"
    if operation == "complicate-input":
        given = "\n".join([*([given] if given else []), *(_fill(library, row, rng) for row in conduct["records"])])
    return _answer(library, prompt, (task, version, given), rng)


def in_breadth(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    """A task of another family, and whether it was cut."""
    task, _ = _starting(reading.asked_text(prompt))
    return _answer(library, prompt, (task, library.propose(rng), ""), rng)


def judge_gain(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    """Whether two tasks are equal: mostly the truth, in a word or two."""
    conduct, text = library.conduct["evolve"], reading.asked_text(prompt)
    old, new = reading.labelled(text, "First task"), reading.labelled(text, "Second task")
    manner = by_share(rng.random(), conduct["judgements"])
    if manner == "unusable":
        return pick(rng, conduct["unusable_judgements"]), False
    said = (new in (old, *(f"{words}: {old}" for words in conduct["rewordings"]))) != (manner == "wrong")
    return pick(rng, conduct["loose_judgements" if manner == "loose" else "judgement_texts"][said]), False


def respond(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    """The answer to a task, and whether it was cut."""
    conduct, text = library.conduct["evolve"], reading.asked_text(prompt)
    task = reading.labelled(text, "Task") if prompt.api == "completions" else text.split("\n\n")[0]
    manner = by_share(rng.random(), conduct["responses"])
    if manner == "empty":
        return "", False
    if manner in ("sorry", "stop_words"):
        return _fill(library, pick(rng, conduct[manner]), rng), False
    if manner == "ends_in_colon":
        return pick(rng, library.conduct["instances"]["unfinished_outputs"]), False
    answer = f"{_worked_out(library, task, rng)} {_fill(library, pick(rng, conduct['closings']), rng)}"
    return (_cut(answer, rng), True) if manner == "cut" else (answer, False)


def _starting(text: str) -> tuple[str, str]:
    """The task to rewrite, and what it works on."""
    _, _, block = text.rpartition("\nStarting task:")
    return reading.labelled(text, "Starting task"), reading.labelled(block, "Input")


def _answer(library: Library, prompt: Prompt, version: tuple[str, str, str], rng: Random) -> tuple[str, bool]:
    """The old task, the new one and its input as a model writes them; blemishes are spread evenly over the draws."""
    conduct = library.conduct["evolve"]
    old, new, given = version
    blemish = by_share(spread(prompt.draw), conduct["versions"])
    if blemish == "empty":
        return "", False
    if blemish == "unchanged":
        new = old
    elif blemish == "reworded":
        new = f"{pick(rng, conduct['rewordings'])}: {old}"
    elif blemish == "too_long":
        new = " ".join([new, *(_fill(library, pick(rng, conduct["deepen"]), rng) for _ in range(_TOO_LONG))])
    elif blemish in ("copied", "label"):
        new = conduct[blemish].replace("{task}", new)
    text = f"{new}\n\nInput: {given}" if given else new
    if blemish == "preface":
        text = f"{pick(rng, conduct['prefaces'])}\n\n{text}"
    return (_cut(text, rng), True) if blemish == "cut" else (text, False)


def _worked_out(library: Library, task: str, rng: Random) -> str:
    """The answer to the task without what was added to it, where it is one of ours that needs no input."""
    known = next(filter(None, map(library.recognise, _shorter(task))), None)
    if known is not None:
        family, values = known
        (first, *_) = family.instances(values, rng)
        if not first.input:
            return first.output
    return str(pick(rng, library.conduct["instances"]["unknown_task_outputs"]))


def _shorter(task: str) -> Iterator[str]:
    """The task, then what is left of it without its last sentence, its last two, and so on."""
    ends = [found.start() for found in _SENTENCE_END.finditer(task)]
    yield task
    for end in reversed(ends):
        yield task[:end]


def _fill(library: Library, template: str, rng: Random) -> str:
    """A text whose gaps are the slots of `evolve` or names of word lists."""
    text, values = Text(template), dict[str, Any]()
    Slots(library.conduct["evolve"]["slots"], library.lists).complete(values, [gap.slot for gap in text.gaps()], rng)
    return text.fill(values)


def _cut(text: str, rng: Random) -> str:
    low, high = _LEFT
    return text[: int(len(text) * (low + (high - low) * rng.random()))]
