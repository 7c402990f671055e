"""What a name stands for on the hub: the shipped files' names and aliases, other copies, and what is read unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder import sources
from ift_builder.rendering import catalogue
from ift_builder.sources.table import Defaults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ift_builder.formats.template_set import TemplateSet
    from ift_builder.sources.table import Dataset


def open_dataset(
    name: str,
    *,
    config: str = "",
    split: str = "",
    revision: str = "",
    streaming: bool = False,
    templates: Sequence[TemplateSet] = (),
) -> Dataset:
    """As `sources.open_dataset`, for the names of the shipped files too.

    Args:
        name: What the user named: a file, a folder, a name on the hub, or one that a shipped file goes by.
        config: The configuration.
        split: The split.
        revision: The hub's revision.
        streaming: Whether to read a hub dataset without downloading it first.
        templates: What the rows are for; empty for the shipped files of that name.
    """
    defaults = defaults_for(name, config, templates)
    return sources.open_dataset(
        name, config=config, split=split, revision=revision, streaming=streaming, defaults=defaults
    )


def defaults_for(name: str, config: str = "", templates: Sequence[TemplateSet] = ()) -> Defaults:
    """Where the hub has what `name` stands for, and which configuration and split are read unasked.

    A configuration or split is a default only where all files that may be meant agree on it.
    """
    meant = catalogue.named(name)
    places = [place for file in meant for place in (file.dataset, *file.access.also)]
    own = [name] if "/" in name else []
    files = [file for file in templates or meant if not config or not file.configs or config in file.configs]
    configs = {file.configs[0] for file in files if file.configs}
    splits = {file.access.split for file in files}
    return Defaults(
        names=tuple(dict.fromkeys(own + places)) if places else (),
        config=configs.pop() if len(configs) == 1 else "",
        split=splits.pop() if len(splits) == 1 else "",
    )
