"""The ten kinds of requests of InstructGPT and their shares, as `categories.yaml` beside the prompts has them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import yaml

from ift_builder import assets
from ift_builder.errors import TemplateError
from ift_builder.records import content_hash

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of request."""

    name: str
    """As use cases and examples name it."""

    title: str
    """As a reader sees it."""

    says: str
    """What it is, in a sentence."""

    share: float
    """How often it is drawn, compared with the others."""

    needs_input: bool
    """Whether a request hands over a text to work on."""


class Categories:
    """The kinds of requests, by name.

    Attributes:
        hash: Hash of the file's content, for the run's settings.
    """

    def __init__(self, path: Path) -> None:
        """Reads the file.

        Raises:
            TemplateError: It is missing or not what it should be.
        """
        try:
            text = path.read_text(encoding="utf-8")
            self._all = {name: Category(name, **fields) for name, fields in yaml.safe_load(text).items()}
        except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
            raise TemplateError(f"not a file of categories: {error}", where=str(path)) from error
        self.hash = content_hash(text)

    def __getitem__(self, name: str) -> Category:
        return self._all[name]

    def drawn(self, point: float, among: Collection[str]) -> Category:
        """The category in whose part `point` lies, their shares laid end to end and stretched over [0, 1).

        Args:
            point: From 0, included, to 1.
            among: The names to choose from, at least one.
        """
        options = [category for name, category in self._all.items() if name in among]
        ends = list(accumulate(category.share for category in options))
        return next(
            (category for category, end in zip(options, ends, strict=True) if point * ends[-1] < end), options[-1]
        )


def load() -> Categories:
    """The shipped ones."""
    return Categories(assets.path("templates", "prompts", "bootstrap", "use_cases", "categories.yaml"))
