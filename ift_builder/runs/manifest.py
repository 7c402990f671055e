"""`manifest.json`: what happened in a run, as a value.

Its JSON has the counts of each level under the level's own name (`tasks`, `renderings`, …) and what only one command
has to tell beside them; here those are `levels` and `extra`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from ift_builder.runs.fields import Fields, not_as_left

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(str, Enum):
    """How a run came to its end."""

    COMPLETE = "complete"
    """All that was asked for is there."""

    EXHAUSTED = "exhausted"
    """The strategy has nothing more to ask."""

    SATURATED = "saturated"
    """The last candidates were all dropped."""

    BARREN = "barren"
    """Task after task came to nothing."""

    BUDGET = "budget"
    """The budget is spent."""

    INTERRUPTED = "interrupted"
    """The user stopped it."""

    @property
    def stopped_early(self) -> bool:
        """Whether more was wanted, so that the same command goes on."""
        return self in (Status.BUDGET, Status.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is in a file."""

    rows: int | None = None
    """Its rows; None for a file without rows."""

    bytes: int | None = None
    """Its size."""

    sha256: str = ""
    """The hash of its content."""

    @classmethod
    def of(cls, fields: Fields) -> FileFacts:
        """From its JSON."""
        return cls(fields.count_or_none("rows"), fields.count_or_none("bytes"), fields.text("sha256"))

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        rows = {} if self.rows is None else {"rows": self.rows}
        return {**rows, "bytes": self.bytes, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of everything at one level: seen is kept plus all dropped plus open plus beyond the cap."""

    seen: int
    """All that was judged."""

    kept: int
    """What stayed."""

    dropped: Mapping[str, int] = field(default_factory=dict)
    """By reason, in the order in which they are shown."""

    open: int | None = None
    """Not settled because the run was stopped; None where that cannot be."""

    beyond_cap: int | None = None
    """Left out by the cap; None where there can be no cap."""

    mapped: Mapping[str, int] = field(default_factory=dict)
    """Of what was kept, by column: values that the data spells in another way than the template says."""

    @classmethod
    def of(cls, fields: Fields) -> Counts:
        """From its JSON."""
        dropped, mapped = fields.object("dropped"), fields.object("mapped")
        return cls(
            fields.count("seen"),
            fields.count("kept"),
            {reason: dropped.count(reason) for reason in dropped.values},
            fields.count_or_none("open"),
            fields.count_or_none("beyond_cap"),
            {column: mapped.count(column) for column in mapped.values},
        )

    @property
    def total_dropped(self) -> int:
        """For whatever reason."""
        return sum(self.dropped.values())

    @property
    def aside(self) -> int:
        """What was neither kept nor dropped."""
        return (self.open or 0) + (self.beyond_cap or 0)

    @property
    def add_up(self) -> bool:
        """Whether nothing was lost on the way."""
        return self.seen == self.kept + self.total_dropped + self.aside

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        found = {
            "seen": self.seen,
            "kept": self.kept,
            "open": self.open,
            "dropped": dict(self.dropped),
            "beyond_cap": self.beyond_cap,
            "mapped": dict(self.mapped) or None,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Requests:
    """What was asked of a model; the first two in the last session, the others over all."""

    asked: int
    """Requests that the journal could not answer."""

    recalled: int
    """Answers from the journal."""

    answered: int
    """Prompts answered."""

    given_up: int
    """Prompts given up."""

    sent: int
    """Requests sent, retries included."""

    prompt_tokens: int
    """Paid."""

    completion_tokens: int
    """Paid."""

    @classmethod
    def of(cls, fields: Fields) -> Requests:
        """From its JSON."""
        last, all_ = fields.object("this_sitting"), fields.object("all_sittings")
        return cls(
            *(last.count(name) for name in ("asked", "recalled")),
            *(all_.count(name) for name in ("answered", "given_up", "sent", "prompt_tokens", "completion_tokens")),
        )

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "this_sitting": {"asked": self.asked, "recalled": self.recalled},
            "all_sittings": {
                "answered": self.answered,
                "given_up": self.given_up,
                "sent": self.sent,
                "prompt_tokens": self.prompt_tokens,
                "completion_tokens": self.completion_tokens,
            },
        }


@dataclass(frozen=True, slots=True)
class Model:
    """Who wrote the rows."""

    name: str
    """As its backend knows it."""

    backend: str
    """How it was reached."""

    scripted: bool
    """Whether it is the demonstration model."""

    @classmethod
    def of(cls, fields: Fields) -> Model:
        """From its JSON."""
        return cls(fields.text("name"), fields.text("backend"), fields.flag("scripted"))

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return {"name": self.name, "backend": self.backend, "scripted": self.scripted}


@dataclass(frozen=True, slots=True)
class DatasetCounts:
    """What became of a converted dataset."""

    name: str
    """As the hub or the file has it."""

    config: str
    """Its configuration; `""` for the only one."""

    split: str
    """Its split; `""` for a file."""

    revision: str
    """Its revision, or a hash of the file."""

    rows: int
    """Rows read."""

    templates: Mapping[str, Counts]
    """By template: the rows that met it."""

    notes: tuple[str, ...] = ()
    """What the user should know of how it was read."""

    @classmethod
    def of(cls, fields: Fields) -> DatasetCounts:
        """From its JSON."""
        templates = fields.object("templates")
        return cls(
            name=fields.text("name"),
            config=fields.text("config"),
            split=fields.text("split"),
            revision=fields.text("revision"),
            rows=fields.count("rows"),
            templates={name: Counts.of(templates.object(name)) for name in templates.values},
            notes=fields.texts("notes"),
        )

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        counts = {name: level.as_json() for name, level in self.templates.items()}
        return {
            "name": self.name,
            "config": self.config,
            "split": self.split,
            "revision": self.revision,
            "rows": self.rows,
            "notes": list(self.notes),
            "templates": counts,
        }


_LEVELS: Final = ("answers", "tasks", "instances", "renderings")
"""Levels whatever they hold; another entry is a level if it has counts."""

_OWN: Final = frozenset(
    {
        *("command", "verb", "version", "status", "model", "requests", "cost_usd", "seconds", "seconds_this_sitting"),
        *("datasets", "files"),
    }
)
"""Entries with attributes of their own."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What happened in a run."""

    command: str = ""
    """Whose run it is; `""` where the file, of an earlier version, does not say."""

    version: str = ""
    """The version of ift-builder that wrote it."""

    status: Status | None = None
    """How it came to its end; None where the file does not say."""

    levels: Mapping[str, Counts] = field(default_factory=dict)
    """Counts by level, in the order of the work."""

    files: Mapping[str, FileFacts] = field(default_factory=dict)
    """What is in each file."""

    datasets: tuple[DatasetCounts, ...] = ()
    """What became of each dataset, for `convert`."""

    model: Model | None = None
    """Who wrote the rows; None where no model was asked."""

    requests: Requests | None = None
    """What was asked; None where no model was asked."""

    cost_usd: float | None = None
    """US dollars paid; None where nothing was asked, or the price is unknown."""

    seconds: float = 0.0
    """Duration of the last session."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only this command has to tell, as JSON."""

    @classmethod
    def of(cls, fields: Fields) -> Manifest:
        """From its JSON, of this or an earlier version.

        Raises:
            RunFolderError: A value is of another type.
        """
        seconds = "seconds" if "seconds" in fields else "seconds_this_sitting"
        levels = {name: Counts.of(fields.object(name)) for name in fields.values if _is_level(name, fields)}
        for name in {"rows", "target", "examples"} - levels.keys():
            fields.count(name)
        files = fields.object("files")
        return cls(
            command=fields.text("command") or fields.text("verb"),
            version=fields.text("version"),
            status=_status(fields),
            levels=levels,
            files={name: FileFacts.of(files.object(name)) for name in files.values},
            datasets=tuple(map(DatasetCounts.of, fields.objects("datasets"))),
            model=Model.of(fields.object("model")) if "model" in fields else None,
            requests=Requests.of(fields.object("requests")) if "requests" in fields else None,
            cost_usd=fields.number_or_none("cost_usd"),
            seconds=fields.number(seconds),
            extra={name: value for name, value in fields.values.items() if name not in _OWN and name not in levels},
        )

    @property
    def stopped_early(self) -> str:
        """The status of a run that was stopped before its end; `""` for others."""
        return self.status.value if self.status and self.status.stopped_early else ""

    @property
    def examples(self) -> int:
        """Rows of examples, in one file or several."""
        return sum(facts.rows or 0 for name, facts in self.files.items() if name.startswith("examples"))

    def as_json(self) -> dict[str, Any]:
        """For `manifest.json`, for `--json`, and for templates."""
        asked = {"requests": self.requests.as_json(), "cost_usd": self.cost_usd} if self.requests else {}
        return {
            "command": self.command,
            "version": self.version,
            "status": self.status and self.status.value,
            **self.extra,
            **({"model": self.model.as_json()} if self.model else {}),
            **{name: counts.as_json() for name, counts in self.levels.items()},
            **({"datasets": [dataset.as_json() for dataset in self.datasets]} if self.datasets else {}),
            **asked,
            "seconds": self.seconds,
            "files": {name: facts.as_json() for name, facts in self.files.items()},
        }


def _is_level(name: str, fields: Fields) -> bool:
    value = fields.values[name]
    return name in _LEVELS or (isinstance(value, dict) and value.keys() >= {"seen", "kept", "dropped"})


def _status(fields: Fields) -> Status | None:
    if "status" not in fields:
        return None
    try:
        return Status(fields.text("status"))
    except ValueError as error:
        raise not_as_left(fields.path, f"there is no status {fields.text('status')!r}") from error
