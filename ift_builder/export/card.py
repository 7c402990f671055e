"""The card of an export, and its Croissant metadata: what is in it, whose it is, how it was made."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ift_builder import __version__, templating
from ift_builder.formats import croissant
from ift_builder.runs import Manifest, card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ift_builder.export.plan import Plan
    from ift_builder.export.targets.target import Target
    from ift_builder.records import Example
    from ift_builder.runs import FileFacts, Run

UNKNOWN: Final = "unknown"

# fmt: off
HUB_LICENCES: Final = frozenset(
    {
        "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd", "bsd-2-clause", "bsd-3-clause",
        "bsd-3-clause-clear", "bsl-1.0", "c-uda", "cc", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0",
        "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
        "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0",
        "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "ecl-2.0", "epl-1.0", "epl-2.0",
        "etalab-2.0", "eupl-1.1", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0",
        "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "ofl-1.1", "openrail", "osl-3.0",
        "other", "pddl", "postgresql", "unknown", "unlicense", "wtfpl", "zlib",
    }
)
# fmt: on
"""What the hub takes under `license`, from its page on licences of repositories; all else is `other` there."""

MAX_CITED: Final = 10
"""Datasets and models that a citation names."""

_SECRET_FREE: Final = (str, int, float, bool)
"""Types of settings that a table shows; lists and nested ones stand in the manifest."""


@dataclass(slots=True)
class Origins:
    """Where the rows come from, counted."""

    licences: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by licence and by what the licence is of: a dataset or a model."""

    languages: Counter[str] = field(default_factory=Counter)
    """Rows by language, where it is known."""

    def add(self, example: Example) -> None:
        """Counts a row."""
        source = example.source
        self.licences[source.licence or UNKNOWN, source.dataset or source.model or source.method] += 1
        if source.language:
            self.languages[source.language] += 1


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    name: str
    """The dataset's name."""

    rows: Mapping[str, int]
    """Rows by split."""

    files: Mapping[str, str]
    """The file of each split."""

    origins: Origins
    """Where the rows come from."""

    exemplars_left_out: int
    """Exemplars that were left out of training prompts because they are held-out rows."""


def render(plan: Plan, target: Target, run: Run, exported: Exported, facts: Mapping[str, FileFacts]) -> bytes:
    """The content of README.md; `facts` are those of the files of rows, by name."""
    total = sum(exported.rows.values())
    settings, manifest = run.settings.values if run.settings else {}, run.manifest or Manifest()
    text = templating.shipped("cards", "export.md.jinja").render(
        name=exported.name,
        size=card.size_of(total),
        content=card.content(facts[file] for file in exported.files.values()),
        plan=plan.settings(),
        rows=exported.rows,
        total=total,
        files=exported.files,
        exemplars_left_out=exported.exemplars_left_out,
        columns={name: _type(shape) for name, shape in target.columns.items()},
        has_ids=target.has_ids,
        as_tables=target.as_tables,
        hub_licences=sorted(hub_licences(exported.origins)),
        licences=[(*map(_cell, of), rows) for of, rows in exported.origins.licences.most_common()],
        languages=sorted(exported.origins.languages),
        run={name: _cell(value) for name, value in settings.items() if isinstance(value, _SECRET_FREE)},
        verb=run.command,
        scripted=bool(manifest.model and manifest.model.scripted),
        unfinished=manifest.stopped_early,
        levels={name: counts.as_json() for name, counts in manifest.levels.items()},
        command=command(plan),
    )
    return text.encode()


def croissant_of(plan: Plan, target: Target, run: Run, exported: Exported, facts: Mapping[str, FileFacts]) -> bytes:
    """The content of croissant.json."""
    published = date.fromisoformat(plan.published) if plan.published else run.day
    return croissant.metadata(
        name=exported.name,
        description=templating.shipped("cards", "croissant.txt.jinja")
        .render(total=sum(exported.rows.values()))
        .strip(),
        licences=sorted({licence for licence, _ in exported.origins.licences}),
        languages=sorted(exported.origins.languages),
        cite_as=_citation(plan, exported, published),
        published=published,
        version=plan.dataset_version,
        columns=target.columns,
        files={split: (file, facts[file].as_json()) for split, file in exported.files.items()},
    )


def _citation(plan: Plan, exported: Exported, published: date) -> str:
    """A BibTeX entry; braces and backslashes would end its fields."""
    names = sorted({of for _, of in exported.origins.licences})
    return (
        templating.shipped("cards", "citation.txt.jinja")
        .render(
            key=re.sub(r"\W+", "_", exported.name).strip("_") or "dataset",
            title=_bibtex(exported.name),
            published=published,
            version=plan.dataset_version,
            total=sum(exported.rows.values()),
            sources=[_bibtex(name) for name in names[:MAX_CITED]] + ["others"] * (len(names) > MAX_CITED),
            tool=__version__,
        )
        .strip()
    )


def _bibtex(text: str) -> str:
    return re.sub(r"[{}\\\s]+", " ", text).strip()


def hub_licences(origins: Origins) -> set[str]:
    """The licences in the hub's words."""
    parts = {part.strip().lower() for licence, _ in origins.licences for part in licence.split(",")}
    return {part if part in HUB_LICENCES else "other" for part in parts}


def command(plan: Plan) -> str:
    """The command line that makes the export again."""
    words = ["ift-build", "export", "RUN", "--to", plan.to, "--out", "DIR", "--seed", str(plan.seed)]
    if plan.validation:
        words += ["--validation", str(plan.validation)]
    if plan.similarity:
        words += ["--similarity", str(plan.similarity)]
    words += ["--whole-tasks"] if plan.whole_tasks else []
    words += ["--rationale", plan.rationale, "--options", plan.options, "--exemplars", plan.exemplars]
    if plan.system is not None:
        words += ["--system", plan.system or "none"]
    words += ["--ids", plan.ids] if plan.ids != "row" else []
    if plan.croissant:
        words += ["--croissant", "--dataset-version", plan.dataset_version]
        words += ["--published", plan.published] if plan.published else []
    return shlex.join(words)


def _type(shape: Any) -> str:
    if isinstance(shape, list):
        return f"list of {_type(shape[0])}"
    if isinstance(shape, dict):
        return "{" + ", ".join(shape) + "}"
    return str(shape)


def _cell(value: Any) -> str:
    """Text that stays in its cell of a table."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("`", "'")
