"""What a file of templates says of its dataset that the hub does not, or no longer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from ift_builder.errors import InputError
from ift_builder.rendering import columns, hub_names
from ift_builder.sources import HubUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.formats.template_set import TemplateSet
    from ift_builder.sources.table import Dataset

UNKNOWN = frozenset({"", "unknown"})
"""Licences that say nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file against the hub."""

    read: tuple[str, ...]
    """What it was compared with: name, configuration and commit."""

    differences: tuple[str, ...]
    """What is not the same; empty where file and hub agree."""

    notes: tuple[str, ...]
    """What `convert` would say of where the rows come from."""


def compare(file: TemplateSet) -> Comparison:
    """Compares columns, class names, configurations, splits and licence; reads no rows but for their types.

    Raises:
        HubUnreachableError: The hub does not answer.
    """
    read: list[str] = []
    differences: list[str] = []
    notes: list[str] = []
    for config in file.configs or ("",):
        try:
            found = hub_names.open_dataset(file.dataset, config=config, streaming=True, templates=[file])
        except HubUnreachableError:
            raise
        except InputError as error:
            differences.append(". ".join(part for part in (error.what, error.hint) if part))
            continue
        read.append(" ".join(part for part in (found.name, found.config, f"at {found.revision}") if part))
        notes += found.notes
        differences += _differences(file, found)
    return Comparison(tuple(read), tuple(dict.fromkeys(differences)), tuple(dict.fromkeys(notes)))


def stamp(file: TemplateSet, day: str) -> None:
    """Writes the day of the comparison into the file."""
    path = Path(file.path)
    text = re.sub(r"^compared:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(re.sub(r"^licence:", f"compared: {day}\nlicence:", text, count=1, flags=re.MULTILINE), "utf-8")


def _differences(file: TemplateSet, found: Dataset) -> Iterator[str]:
    yield from _of_splits(file, found)
    for column in file.columns:
        try:
            columns.check(column, found.columns, "")
        except InputError as error:
            yield error.what
            continue
        pairs = zip_longest(column.classes, found.columns[column.name].classes) if column.classes else ()
        for number, (here, there) in enumerate(pairs):
            if found.columns[column.name].classes and here != there:
                yield f"class {number} of {column.name!r} is {there!r} on the hub, and {here!r} in the file"
    if found.licence.lower() not in {*UNKNOWN, file.licence.lower()}:
        yield f"the licence is {found.licence} on the hub, and {file.licence} in the file"


def _of_splits(file: TemplateSet, found: Dataset) -> Iterator[str]:
    here, there = file.access.splits_of(found.config), found.splits
    if here and set(here) != set(there):
        where = f" of configuration {found.config}" if file.configs[1:] else ""
        yield f"the splits{where} are {', '.join(there)} on the hub, and {', '.join(here)} in the file"
