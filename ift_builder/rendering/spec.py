"""Everything that turning one dataset's rows into records needs, in values that can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ift_builder.formats.template_set import TemplateSet, TemplateText
    from ift_builder.rendering.augmentation import Moves
    from ift_builder.sources.table import ColumnFacts, Dataset


@dataclass(frozen=True, slots=True)
class Origin:
    """The split that the rows come from."""

    dataset: str
    """Its name."""

    config: str
    """The configuration."""

    split: str
    """The split."""

    revision: str
    """The revision."""

    licence: str
    """As the dataset says; the templates' word is taken where it is silent."""

    columns: Mapping[str, ColumnFacts]
    """Its columns."""

    @classmethod
    def of(cls, dataset: Dataset) -> Origin:
        """The dataset without its rows."""
        facts = (dataset.name, dataset.config, dataset.split, dataset.revision, dataset.licence)
        return cls(*facts, columns=dataset.columns)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One dataset with its templates and moves."""

    origin: Origin
    """Where the rows come from."""

    templates: tuple[tuple[TemplateSet, TemplateText], ...]
    """The templates with their files."""

    moves: Moves
    """How rows and templates are combined."""

    seed: int
    """Names all draws."""

    thresholds: tuple[int, ...] = ()
    """For each template the largest key of a row below the cap; empty without a cap."""

    pool: tuple[tuple[int, dict[str, Any]], ...] = ()
    """Rows that exemplars are drawn from: number and values by column."""
