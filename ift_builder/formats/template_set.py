"""What a file of templates says, whatever its format: the dataset's facts and the texts, not yet compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ift_builder.records import Task

ColumnType = Literal["text", "integer", "number", "boolean", "list", "record", "any", "class"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the templates use."""

    variable: str
    """Its name in the templates."""

    name: str
    """Its name in the dataset."""

    type: ColumnType
    """What it holds."""

    classes: tuple[str, ...] = ()
    """The names of a class column's numbers, in order."""

    spellings: tuple[tuple[str, str], ...] = ()
    """Values that the data misspells, each with what stands for it."""

    one_of: tuple[str, ...] = ()
    """Variables of which one has this column's value, but for case and blanks; that one's value stands for it."""


@dataclass(frozen=True, slots=True)
class TemplateText:
    """One template, as it was written. Texts are Jinja; absent ones are empty."""

    name: str
    """Unique in its file."""

    instruction: str
    """What is asked. In a piped template: everything before and after the pipe."""

    output: str = ""
    """The answer."""

    input: str = ""
    """What it is asked about."""

    options: tuple[str, ...] | str = ()
    """Texts of the options, or one expression that gives a list; in a piped template one text with pipes in it."""

    rationale: str = ""
    """The reasoning."""

    references: str = ""
    """An expression that gives the list of other right answers."""

    when: str = ""
    """An expression; rows for which it is false are skipped."""

    piped: bool = False
    """Whether it is PromptSource's kind: one text, `|||` between prompt and target, everything trimmed."""

    inverted: bool = False
    """Whether it turns the task round."""

    lists_options: bool | None = None
    """Whether the prompt lists the options in its own words, where the file says it."""

    metrics: tuple[str, ...] = ()
    """How answers may be judged."""

    language: str = ""
    """BCP-47 code of its records."""

    line: int = 0
    """Where it stands in its file, from 1."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the hub has the dataset, and what was found there: nothing that a record depends on."""

    also: tuple[str, ...] = ()
    """Other names on the hub that have the same data, tried in this order where the first cannot be read."""

    split: str = ""
    """The split to read unasked where there is no `train`."""

    splits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Configuration and its splits; `""` stands for every configuration that is not named."""

    compared: str = ""
    """The day on which the file was last compared with the hub's metadata, as in 2026-11-28."""

    def splits_of(self, config: str) -> tuple[str, ...]:
        """The splits of a configuration, as far as the file says."""
        return dict(self.splits).get(config) or dict(self.splits).get("", ())


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """The templates of one dataset."""

    path: str
    """The file, for messages."""

    dataset: str
    """The dataset's name on the hub."""

    templates: tuple[TemplateText, ...]
    """In the file's order."""

    name: str = ""
    """The short name by which people ask for it: the file's stem."""

    aliases: tuple[str, ...] = ()
    """Other names of the dataset."""

    configs: tuple[str, ...] = ()
    """The configurations that they fit, first the one to read unasked; empty: any."""

    licence: str = ""
    """The dataset's licence."""

    languages: tuple[str, ...] = ()
    """BCP-47 codes."""

    task: Task = field(default_factory=Task)
    """Name and category of the task."""

    columns: tuple[Column, ...] = ()
    """The declared columns; empty in formats that declare none."""

    constants: dict[str, Any] = field(default_factory=dict)
    """Variables that are the same for every row."""

    declares_columns: bool = True
    """Whether the format declares columns at all."""

    access: Access = field(default_factory=Access)
    """How the dataset is got from the hub."""

    def where(self, template: TemplateText) -> str:
        """The template's place, for messages."""
        return f"{self.path}:{template.line} (template {template.name!r})"
