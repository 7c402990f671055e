"""A dataset repository of the hub at one commit: its configurations, its splits, and where their rows are.

A repository holds data files, which `datasets` finds, or a loading script, which is never run: `datasets` 4 and later
refuses such a repository, 3.6 asks whether to run the script. The hub keeps a conversion of many of them to parquet,
in a branch of the same repository with a folder for each configuration and in it one for each split.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ift_builder import secrets
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CONVERSION: Final = "refs/convert/parquet"
"""The branch with the hub's own conversion, from its documentation of the dataset viewer."""

_CONVERTED_FILE: Final = re.compile(r"([^/]+)/([^/]+)/[^/]+\.parquet")
"""Configuration, split. A split that the hub converted only in part is called `partial-train` there, and so here."""


class HubUnreachableError(InputError):
    """The hub does not answer, or answers with an error of its own."""


class UnavailableError(InputError):
    """The hub has no data of that name that can be read: no such dataset, or a script without a conversion."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one commit."""

    name: str
    """Its name on the hub."""

    commit: str
    """The commit that rows are read from; that of the conversion where they come from there."""

    licence: str = ""
    """As the card of its main branch says."""

    converted: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    """The conversion's files by configuration and split; empty where the data files are the repository's own."""

    note: str = ""
    """What the user should know of where the rows come from."""

    @property
    def configs(self) -> list[str]:
        """The configurations."""
        import datasets  # noqa: PLC0415 - heavy

        return list(self.converted) or list(datasets.get_dataset_config_names(self.name, revision=self.commit))

    def configuration(self, config: str) -> Configuration:
        """One of the configurations, ready to be read."""
        import datasets  # noqa: PLC0415

        open_builder = partial(datasets.load_dataset_builder, self.name, revision=self.commit)
        if self.converted:
            files = self.converted[config]
            return Configuration(tuple(files), lambda split: open_builder(data_files={split: files[split]}))
        builder = open_builder(config)
        splits = tuple(map(str, builder.config.data_files))  # where no file names one, it is an object of `datasets`
        return Configuration(splits, lambda _: builder)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration of a repository."""

    splits: tuple[str, ...]
    """Its splits."""

    builder_of: Callable[[str], Any]
    """What `datasets` makes a split with."""

    def load(self, split: str, *, streaming: bool) -> Any:
        """The rows of a split, as `datasets` gives them."""
        builder = self.builder_of(split)
        if streaming:
            return builder.as_streaming_dataset(split=split)
        builder.download_and_prepare()
        return builder.as_dataset(split=split)


def find(name: str, revision: str) -> Repository:
    """The repository, or the hub's conversion of it where it holds only a script.

    Raises:
        UnavailableError: It holds a script, and the hub has no conversion.
        InputError: It holds a script at the revision that the user asked for.
    """
    from huggingface_hub import HfApi, get_token  # noqa: PLC0415 - heavy
    from huggingface_hub.errors import RevisionNotFoundError  # noqa: PLC0415

    secrets.register(get_token() or "")  # which may stand in a file, and is sent by itself
    facts: Any = HfApi().dataset_info(name, revision=revision or None)
    name = facts.id or name  # the hub still answers to old names, its file system does not
    files, commit, licence = _files(facts), facts.sha or revision, _licence(facts)
    if revision == CONVERSION:
        return Repository(name, commit, licence, _layout(files))
    if f"{name.rpartition('/')[2]}.py" not in files:
        return Repository(name, commit, licence)
    if revision:
        raise InputError(
            "the dataset is a loading script at this revision, which is never run",
            where=f"{name} at {revision}",
            hint=f"the hub's conversion may have it: revision {CONVERSION}",
        )
    try:
        facts = HfApi().dataset_info(name, revision=CONVERSION)
        converted = _layout(_files(facts))
    except RevisionNotFoundError:
        converted = {}
    if not converted:
        raise UnavailableError(
            "the dataset is a loading script, which is never run, and the hub has no conversion of it",
            where=name,
            hint="look on the hub for a copy with data files, or convert a local copy",
        )
    note = f"{name} is a loading script, which is never run: read from the hub's own conversion of it ({CONVERSION})"
    return Repository(name, facts.sha, licence, converted, note)


def _files(facts: Any) -> list[str]:
    return [file.rfilename for file in facts.siblings or ()]


def _layout(files: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """The conversion's files by configuration and split."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted(files):
        if match := _CONVERTED_FILE.fullmatch(file):
            found.setdefault(match[1], {}).setdefault(match[2], []).append(file)
    return found


def _licence(facts: Any) -> str:
    licence = facts.card_data.get("license") if facts.card_data else ""
    return ", ".join(licence) if isinstance(licence, list) else licence or ""
