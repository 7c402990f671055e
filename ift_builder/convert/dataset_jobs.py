"""What a run has to do: each dataset with the templates that fit it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ift_builder import sources
from ift_builder.convert import naming, selection
from ift_builder.convert.renderer import Renderer
from ift_builder.errors import InputError
from ift_builder.formats import cot_tsv, super_natural
from ift_builder.rendering import catalogue, exemplars, hub_names, lint
from ift_builder.rendering.augmentation import Moves
from ift_builder.rendering.compiled import hash_of
from ift_builder.rendering.spec import Origin, Recipe

if TYPE_CHECKING:
    from ift_builder.formats.template_set import TemplateSet, TemplateText
    from ift_builder.sources.table import Dataset


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    datasets: tuple[str, ...]
    """Hub names, folders saved by `datasets`, files."""

    config: str = ""
    """The configuration; empty for the only or default one."""

    split: str = ""
    """The split; empty for `train`, or the only one."""

    revision: str = ""
    """The hub's revision."""

    templates: tuple[str, ...] = ()
    """Files and names of templates; empty for the shipped ones."""

    moves: Moves = field(default_factory=Moves)
    """How rows and templates are combined."""

    seed: int = 0
    """Names all draws."""

    encoding: str = "definition"
    """How Super-NaturalInstructions tasks are written out."""

    file_format: Literal["jsonl", "parquet"] = "jsonl"
    """How the examples are written."""

    streaming: bool = False
    """Whether hub datasets are read without being downloaded first."""


@dataclass(frozen=True, slots=True)
class Job:
    """One dataset to be converted."""

    dataset: Dataset
    """The rows."""

    recipe: Recipe
    """What becomes of them."""

    columns: tuple[str, ...]
    """The columns that are needed."""

    def drawn(self) -> Job:
        """The job with what has to be drawn before the first row is rendered: the cap's rows, the exemplars' pool.

        Both need the number of rows; the pool needs the split to be read once more.
        """
        moves = self.recipe.moves
        if moves.cap is None and not any(moves.shots):
            return self
        rows = self.dataset.rows
        if rows is None:
            rows = sum(len(batch) for batch in self.dataset.batches(self.columns[:1]))
        recipe = replace(self.recipe, thresholds=selection.thresholds(self.recipe, rows))
        if any(moves.shots):
            pool = exemplars.draw_pool(self.dataset, self.columns, rows, recipe.seed)
            recipe = replace(recipe, pool=pool)
        return replace(self, recipe=recipe)


def jobs(plan: Plan) -> list[Job]:
    """The plan's jobs, with every template compiled once and met with its dataset's columns.

    Raises:
        InputError: A dataset cannot be opened, or has no templates, or lacks a column.
        TemplateError: A template is broken.
    """
    found = [_brings_its_own(name, plan) or _opened(name, plan) for name in plan.datasets]
    named = naming.distinct(plan.datasets, [dataset for dataset, _ in found])
    return [_job(dataset, files, plan) for dataset, (_, files) in zip(named, found, strict=True)]


def _job(dataset: Dataset, files: list[TemplateSet], plan: Plan) -> Job:
    for file in files:
        lint.refuse(file)
    texts = tuple((file, text) for file in files for text in file.templates if plan.moves.invert or not text.inverted)
    if not texts:
        raise InputError(
            f"all templates for {dataset.name} are inverted", where=files[0].path, hint="use them with --invert"
        )
    _refuse_twins(texts)
    origin = Origin.of(dataset)
    recipe = Recipe(origin, texts, plan.moves, plan.seed)
    return Job(dataset, recipe, Renderer(recipe).columns or tuple(origin.columns)[:1])


def _refuse_twins(texts: tuple[tuple[TemplateSet, TemplateText], ...]) -> None:
    """Counts and draws go by name: a template must not be given twice."""
    names = [f"{file.name}#{text.name}" for file, text in texts]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the template {name} is given twice", hint="rename one of the two files")


def _brings_its_own(name: str, plan: Plan) -> tuple[Dataset, list[TemplateSet]] | None:
    """The dataset and templates of a file that has both; None for all other files, and where templates are given."""
    path = Path(name)
    if plan.templates or not path.is_file():
        return None
    task = super_natural.read(path, plan.encoding) if sources.kind_of(path) == ".json" else None
    if task:
        dataset, templates = sources.from_rows(path, task.rows), task.templates
    elif path.suffix == ".tsv" and not catalogue.for_dataset([path.stem], plan.config):
        dataset, templates = sources.from_rows(path, list(cot_tsv.read(path))), cot_tsv.templates(path)
    else:
        return None
    sources.refuse_hub_options(path, split=plan.split, revision=plan.revision, config=plan.config)
    return dataset, [templates]


def _opened(name: str, plan: Plan) -> tuple[Dataset, list[TemplateSet]]:
    given = [catalogue.find(template) for template in plan.templates]
    dataset = hub_names.open_dataset(
        name,
        config=plan.config,
        split=plan.split,
        revision=plan.revision,
        streaming=plan.streaming,
        templates=given,
    )
    if given and Path(name).is_file():
        sources.refuse_hub_options(Path(name), config=plan.config)
    return dataset, given or _shipped(name, dataset, plan)


def _shipped(name: str, dataset: Dataset, plan: Plan) -> list[TemplateSet]:
    names = (dataset.name, *dataset.other_names)
    files = catalogue.for_dataset(names, dataset.config)
    if not files:
        raise InputError(
            f"no templates are shipped for {dataset.name}" + (f" ({dataset.config})" if dataset.config else ""),
            hint="give some with --template; `ift-build templates list` shows what is shipped",
        )
    if not dataset.config:
        _refuse_to_guess(dataset.name, files)
    elif Path(name).is_file() and not any(file.configs for file in files):
        sources.refuse_hub_options(Path(name), config=plan.config)
    return files


def _refuse_to_guess(dataset: str, files: list[TemplateSet]) -> None:
    """Templates for one configuration make nonsense of another's rows: the user has to say which it is."""
    if len({file.configs for file in files}) > 1:
        listed = ", ".join(f"{file.name} ({' or '.join(file.configs) or 'any'})" for file in files)
        raise InputError(
            f"templates are shipped for several configurations of {dataset}: {listed}",
            hint="say which it is with --config-name, or choose with --template NAME",
        )


def settings_of(plan: Plan, found: list[Job]) -> dict[str, Any]:
    """Everything the result depends on, for `settings.json`."""
    moves = plan.moves
    return {
        "datasets": [
            {
                "name": job.recipe.origin.dataset,
                "config": job.recipe.origin.config,
                "split": job.recipe.origin.split,
                "revision": job.recipe.origin.revision,
            }
            for job in found
        ],
        "templates": {
            f"{file.name or file.dataset}#{text.name}": hash_of(file, text)
            for job in found
            for file, text in job.recipe.templates
        },
        "seed": plan.seed,
        "per_row": moves.per_row,
        "cap": moves.cap,
        "shots": list(moves.shots),
        "exemplar_budget": moves.exemplar_budget,
        "cot": moves.cot,
        "options": moves.options,
        "invert": moves.invert,
        "encoding": plan.encoding,
        "file_format": plan.file_format,
    }
