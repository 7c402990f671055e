"""Numbered lists of new tasks, with the blemishes that lists of real models have.

The shares and the texts of the blemishes are in `templates/demo/conduct.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.backends.demo.draw import by_share, pick, spread, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from ift_builder.backends.demo.library import Library
    from ift_builder.backends.demo.reading import Shown


def answer(
    library: Library,
    shown: Shown,
    draw: int,
    rng: Random,
    *,
    to_continue: bool,
    among: Sequence[str] = (),
    language: str = "",
) -> tuple[str, bool]:
    """A list that goes on from `shown`.

    Args:
        library: What there is to propose.
        shown: What the prompt showed.
        draw: The prompt's number; blemishes are spread evenly over numbers, so that a short run, too, meets all.
        rng: For everything else.
        to_continue: Whether the prompt ends in the first number; a model that only continues does not apologise.
        among: The families of tasks to choose from; empty for all.
        language: English name of the language to write in, which it forgets now and then; `""` for any.

    Returns:
        The answer, beginning with a number, and whether it was cut.
    """
    conduct = library.conduct["propose"]
    blemish = by_share(spread(draw), conduct["answers"])
    if blemish == "no_list":
        texts = conduct["no_list_continuations" if to_continue else "no_list_texts"]
        return library.fill(pick(rng, texts), rng), False
    if blemish == "empty":
        return "", False
    high = conduct["tasks_per_answer"][-1]
    blemishes = [by_share(spread(draw * high + n), conduct["tasks"]) for n in range(_length(conduct, rng))]
    tasks = [task(library, shown, each, rng, among, language) for each in blemishes]
    first = shown.next_number
    numbers = list(range(first, first + len(tasks)))
    if blemish == "skipped_number":
        numbers = [number + (place > 0) for place, number in enumerate(numbers)]
    if blemish == "cut":
        tasks[-1] = _cut(tasks[-1], rng)
    style = conduct["number_styles"].get(blemish, "{number}. {task}")
    lines = [style.replace("{number}", str(n)).replace("{task}", task) for n, task in zip(numbers, tasks, strict=True)]
    return "\n".join(lines), blemish == "cut"


def _length(conduct: dict[str, Any], rng: Random) -> int:
    """The usual number of tasks more often than not."""
    low, usual, high = conduct["tasks_per_answer"]
    return usual if rng.random() < conduct["usual_length_share"] else whole(rng, low, high)


def task(
    library: Library, shown: Shown, blemish: str, rng: Random, among: Sequence[str] = (), language: str = ""
) -> str:
    """The instruction of a task, with one of the blemishes of `conduct`'s `tasks` or none."""
    conduct = library.conduct["propose"]
    if language and rng.random() < conduct["forgotten_language"]:
        language = ""
    if not blemish or (blemish == "near_duplicate" and not shown.tasks):
        return library.propose(rng, among, language)
    if blemish == "near_duplicate":
        return _near_duplicate(pick(rng, shown.tasks), conduct, rng)
    if blemish == "too_long":
        return _too_long(library, conduct, rng)
    return library.fill(pick(rng, conduct[f"{blemish}_texts"]), rng)


def _near_duplicate(task: str, conduct: dict[str, Any], rng: Random) -> str:
    """`task` with a word changed, or, where no word is found to change, with one put in front."""
    swaps = [(old, new) for old, new in conduct["word_swaps"].items() if f" {old} " in task]
    if swaps:
        old, new = pick(rng, swaps)
        return task.replace(f" {old} ", f" {new} ", 1)
    return f"{pick(rng, conduct['openings'])} {task}" if task.isascii() else task


def _too_long(library: Library, conduct: dict[str, Any], rng: Random) -> str:
    """A task with background that nobody asked for."""
    start = whole(rng, 0, len(conduct["background"]) - 1)
    background = [*conduct["background"][start:], *conduct["background"][:start]]
    return " ".join([library.propose(rng), *(library.fill(sentence, rng) for sentence in background)])


def _cut(task: str, rng: Random) -> str:
    words = task.split(" ")
    return " ".join(words[: max(1, int(len(words) * rng.random()))])
