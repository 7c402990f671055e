"""Runs to judge again, from a scripted model that repeats itself; and how to judge them, in the plainest words."""

from __future__ import annotations

import asyncio
import re
import string
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import orjson
from rouge_score.rouge_scorer import RougeScorer

from ift_builder.asking import Stop
from ift_builder.bootstrap import Plan, bootstrap
from ift_builder.draws import stream
from ift_builder.records import Completion, Usage, content_hash
from ift_builder.screening.wording import BEYOND_TEXT
from tests.scripted import instruction, sensible

if TYPE_CHECKING:
    from pathlib import Path

BANK = [instruction("bank", number).rstrip(".") for number in range(30)]
"""Sentences that the model varies over and over."""

_PARTS = ("map", "picture", "soup", "rivet", "walnut", "gondola", "trellis", "ember", "locket", "sundial")


def seeds(path: Path) -> Path:
    """A file of twelve seeds."""
    rows = [
        {
            "id": f"s{number}",
            "name": f"seed_{number}",
            "instruction": BANK[number] if number % 2 else instruction("seed", number),
            "instances": [{"input": "", "output": "x"}],
            "is_classification": False,
        }
        for number in range(12)
    ]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def proposed(draw) -> str:
    """One instruction: a sentence of the bank with some words changed, and some that no screen likes."""
    words = draw.choice(BANK).split()
    for _ in range(draw.randrange(6)):
        words[draw.randrange(1, len(words))] = draw.choice(_PARTS)
    kind = draw.randrange(12)
    if kind == 0:
        return " ".join(words[: draw.randrange(1, 5)])
    if kind == 1:
        return "Write a program to " + " ".join(words)
    if kind == 2:
        return '"' + " ".join(words) + '"'
    if kind == 3:
        return " ".join(words + draw.choice(BANK).split())
    return " ".join(words)


@dataclass
class Model:
    """Proposes, and remembers each proposal's key and items by its draw; every fifth answer is cut."""

    name: str = "scripted"
    asked: dict[int, tuple[str, list[str], bool]] = field(default_factory=dict)

    async def complete(self, prompt):
        if prompt.purpose == "propose":
            was_cut = prompt.draw % 5 == 4
            items = [proposed(stream(1, prompt.key, number)) for number in range(8)]
            self.asked[prompt.draw] = (prompt.key, items, was_cut)
            shown = sum(line[:1].isdigit() for line in prompt.messages[-1].content.splitlines())
            text = "\n".join(f"{shown + number}. {item}" for number, item in enumerate(items, start=1))
            if prompt.draw == 3:
                text, self.asked[3] = "", (prompt.key, [], False)
            return Completion(prompt.key, text, "length" if was_cut else "stop", Usage(10, 5))
        draw = stream(2, prompt.key)
        text = "Perhaps" if prompt.purpose == "classify" and draw.random() < 0.1 else sensible(prompt)
        return Completion(prompt.key, text, "stop", Usage(10, 5))

    async def aclose(self) -> None:
        """Nothing to free."""


def grow(folder: Path, seed_file: Path, *, target=40, stop_after=None, model=None, **plan) -> Model:
    """A sitting of a run; `stop_after` so many outcomes it is interrupted, as Ctrl-C does it."""
    model, stop, outcomes = model or Model(), Stop(), 0

    def watch(_) -> None:
        nonlocal outcomes
        outcomes += 1
        if outcomes == stop_after:
            stop.ask("interrupted")

    asyncio.run(
        bootstrap(
            Plan(seed_file, model="m", backend="demo", target=target, **plan),
            folder,
            model,
            stop=stop,
            on_progress=watch,
        )
    )
    return model


# The oracle: what the reference would do, in the plainest words.

_SCORER = RougeScorer(["rougeL"], use_stemmer=False)


@cache
def score(one: str, other: str) -> float:
    return _SCORER.score(one, other)["rougeL"].fmeasure


@dataclass(frozen=True)
class Limits:
    """Thresholds."""

    similarity: float = 0.7
    min_words: int = 4
    max_words: int = 150
    forbidden: tuple[str, ...] = BEYOND_TEXT
    off: frozenset[str] = frozenset()


def complaint(text: str, pool: list[tuple[str, str]], limits: Limits) -> tuple[str, dict] | None:
    """The first screen's reason and evidence, or None; `pool` holds (id, text) of seeds and those kept."""
    off, words = limits.off, len(text.split())
    if "length" not in off and words < limits.min_words:
        return "too-short", {"screen": "length", "words": words, "least": limits.min_words}
    if "length" not in off and words > limits.max_words:
        return "too-long", {"screen": "length", "words": words, "most": limits.max_words}
    found = re.search("|".join(rf"\b{word}\b" for word in limits.forbidden) or "$^", text, re.IGNORECASE)
    if "beyond-text" not in off and found:
        return "beyond-text", {"screen": "beyond-text", "word": found.group()}
    if "opening" not in off and text.lower().startswith("write a program"):
        return "unwanted-opening", {"screen": "opening", "opening": "write a program"}
    if "leading-mark" not in off and text[0] in string.punctuation:
        return "leading-mark", {"screen": "leading-mark", "mark": text[0]}
    if "near-duplicate" not in off:
        best, of, like = max(((score(kept, text), id_, kept) for id_, kept in pool), key=lambda near: near[0])
        if best > limits.similarity:
            evidence = {"of": of, "text": like, "rouge_l": best, "threshold": limits.similarity}
            return "near-duplicate", {"screen": "near-duplicate", **evidence}
    return None


def from_scratch(candidates, seed_rows, limits):
    """(id, complaint) of each candidate of (id, text, whole) that the reader passed on, in order."""
    pool = [(row["id"], row["instruction"]) for row in seed_rows]
    decisions = {}
    for id_, text, whole in candidates:
        if whole:
            decisions[id_] = complaint(text, pool, limits)
            if decisions[id_] is None:
                pool.append((id_, text))
    return decisions


def candidates_of(model: Model, count: int) -> list[tuple[str, str, bool]]:
    """(id, text, whole) of all that the first `count` proposals brought, as the script knows it."""
    found = []
    for number in range(count):
        key, items, was_cut = model.asked[number]
        for place, item in enumerate(items):
            whole = not (was_cut and place == len(items) - 1)
            found.append((content_hash([key, place, item]), item, whole))
    return found
