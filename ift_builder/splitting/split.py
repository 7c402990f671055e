"""Which rows are for validation: whole groups, drawn by the seed, as near to the share as whole groups can come.

A row that is held out must not stand in a training prompt as a worked instance either. A record does not say which row
an exemplar is, so they are told by their words: an exemplar that asks what a held-out row asks is left out of training
prompts. One that asks it through another template is not found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ift_builder import draws
from ift_builder.errors import InputError
from ift_builder.records import content_hash
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.splitting.groups import Groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ift_builder.records import Example

TRAIN, VALIDATION = "train", "validation"


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How rows are put on sides."""

    validation: float = 0.0
    """The share of rows for validation, from 0 (none) to below 1."""

    similarity: float | None = None
    """Instructions with a higher ROUGE-L F to each other stay on one side; None does not compare them."""

    whole_tasks: bool = False
    """Whether all rows of a task stay on one side even where they come from different rows of a dataset."""

    seed: int = 0
    """Names the draws."""


@dataclass(frozen=True, slots=True)
class Split:
    """The side of each row."""

    held_out: bytearray
    """1 for each row that is for validation, by number; empty where nothing is held out."""

    groups: dict[str, int]
    """Groups on each side; empty where nothing is held out."""

    names: tuple[str, ...] = (TRAIN, VALIDATION)
    """The sides."""

    asked: frozenset[str] = frozenset()
    """Hashes of what the held-out rows ask; empty where no row has exemplars."""

    def of(self, row: int) -> str:
        """The side of a row."""
        return VALIDATION if self.held_out and self.held_out[row] else TRAIN

    def without_held_out(self, row: int, example: Example) -> Example:
        """The example; for training, without exemplars that are held-out rows."""
        if not self.asked or self.held_out[row]:
            return example
        kept = tuple(exemplar for exemplar in example.exemplars if content_hash(exemplar.input) not in self.asked)
        return example if len(kept) == len(example.exemplars) else replace(example, exemplars=kept)

    def facts(self) -> dict[str, Any]:
        """For the manifest."""
        return {"groups": self.groups} if self.groups else {}


def split(examples: Callable[[], Iterable[Example]], options: SplitOptions) -> Split:
    """Draws the validation rows.

    The groups are put in the order of their draws, which depend on the seed and the group's name alone; from the first
    on, each that still fits into the share is taken. So a run that has grown keeps nearly the same groups for
    validation.

    Args:
        examples: Gives the rows, in the same order each time.
        options: What is asked for.

    Raises:
        InputError: There is only one group, or none is small enough.
    """
    if not options.validation:
        return Split(bytearray(), {}, (TRAIN,))
    near_duplicates = NearDuplicates(options.similarity) if options.similarity else None
    groups = Groups(near_duplicates, whole_tasks=options.whole_tasks)
    has_exemplars = False
    for example in examples():
        groups.add(example)
        has_exemplars = has_exemplars or bool(example.exemplars)
    of_row = [groups.group(row) for row in range(len(groups))]
    sizes = Counter(of_row)
    wanted = max(1, round(options.validation * len(groups)))
    taken = _taken(groups, sizes, wanted, options.seed)
    if not taken or len(taken) == len(sizes):
        raise InputError(
            f"nothing can be held out: {len(groups):,} rows in {len(sizes):,} groups that belong together, "
            f"and {wanted:,} rows wanted",
            hint=_way_out(options),
        )
    held_out = bytearray(group in taken for group in of_row)
    return Split(
        held_out,
        {TRAIN: len(sizes) - len(taken), VALIDATION: len(taken)},
        asked=_asked(examples(), held_out) if has_exemplars else frozenset(),
    )


def _way_out(options: SplitOptions) -> str:
    """What the user can do: of the options given, those that join rows into groups."""
    ways = ["ask for another share with --validation"]
    ways += ["leave out --whole-tasks"] if options.whole_tasks else []
    ways += ["raise --similarity or leave it out"] if options.similarity else []
    return ", or ".join(ways)


def _asked(examples: Iterable[Example], held_out: bytearray) -> frozenset[str]:
    """What the held-out rows ask, as an exemplar would: the input alone, or all of it."""
    asked = set()
    for row, example in enumerate(examples):
        if held_out[row]:
            whole = f"{example.instruction}\n\n{example.input}" if example.input else example.instruction
            asked |= {content_hash(text) for text in (example.input, whole) if text}
    return frozenset(asked)


def _taken(groups: Groups, sizes: Counter[int], wanted: int, seed: int) -> set[int]:
    drawn = sorted((draws.stream(seed, VALIDATION, groups.name(group)).random(), group) for group in sizes)
    taken, left = set(), wanted
    for _, group in drawn:
        if sizes[group] <= left:
            taken.add(group)
            left -= sizes[group]
        if not left:
            break
    return taken
