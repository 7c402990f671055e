"""What every dataset looks like from inside: columns with facts, and batches of rows, whoever keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

BATCH_ROWS = 1000
"""Rows in a batch: enough to spread the cost of a batch thin, few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What is known of a column before its rows are read."""

    kind: str
    """`text`, `integer`, `number`, `boolean`, `list`, `record`, or `any` where it cannot be said."""

    classes: tuple[str, ...] = ()
    """The names of a class column's numbers."""

    is_guessed: bool = False
    """Whether the file has no types, as CSV, so that the kind is only what its first values look like."""


class Batch(Protocol):
    """Rows that stand together, cheap to send to another process."""

    first_row: int
    """The number of the first row in the split, from 0."""

    def __len__(self) -> int:
        """The number of rows."""

    def columns(self, names: Sequence[str]) -> list[list[Any]]:
        """The named columns' values as Python values, nulls as None."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One split of a dataset, ready to be read as often as wanted."""

    name: str
    """The hub's name, or the file's."""

    columns: Mapping[str, ColumnFacts]
    """Its columns."""

    batches: Callable[[Sequence[str]], Iterator[Batch]]
    """Reads the split from its start; only the named columns need be there."""

    config: str = ""
    """The configuration."""

    split: str = ""
    """The split."""

    revision: str = ""
    """The revision: a commit of the hub, a content hash of a file."""

    licence: str = ""
    """As the dataset itself says."""

    rows: int | None = None
    """The number of rows, where it is known without reading them."""

    other_names: tuple[str, ...] = field(default=())
    """Names under which templates may know it."""

    configs: tuple[str, ...] = ()
    """All its configurations, where it is on the hub."""

    splits: tuple[str, ...] = ()
    """All splits of the configuration, where it is on the hub."""

    notes: tuple[str, ...] = ()
    """What the user should know of which rows these are."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a name stands for on the hub, and what is read of it where the user says nothing."""

    names: tuple[str, ...] = ()
    """Names on the hub that have the data, to be tried in this order; empty for the name as it was given."""

    config: str = ""
    """The configuration; empty for the only one."""

    split: str = ""
    """The split where there is no `train`; empty for the only one."""
