"""A compiled template that has met its dataset: columns checked, labels known, the record's fixed fields made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.records import Source
from ift_builder.rendering import columns
from ift_builder.rendering.compiled import CompiledTemplate
from ift_builder.templating import reading

if TYPE_CHECKING:
    from ift_builder.formats.template_set import TemplateSet, TemplateText
    from ift_builder.rendering.spec import Recipe

METHOD = "convert"


class BoundTemplate:
    """One template on one dataset.

    Attributes:
        compiled: The template.
        variables: What it takes from a row, in order.
        names: The variables' names, in the same order.
        column_names: The dataset's columns by the file's variables.
        needed: The dataset's columns that its variables are made from.
        labels: Label columns: -1 in one of them drops the row before it is rendered.
        asked_labels: Label columns that the template itself compares with -1: there -1 explains why nothing came out.
        fields: The record's fields in their order, with those filled in that are the same for every row.
        source: The record's source, likewise.
    """

    def __init__(self, file: TemplateSet, text: TemplateText, recipe: Recipe) -> None:
        """Compiles and binds.

        Raises:
            TemplateError: The template is broken.
            InputError: The dataset lacks a column, or has another kind of values in it.
        """
        self.compiled = CompiledTemplate(file, text, recipe.seed)
        origin = recipe.origin
        self.variables = columns.variables(
            file, origin.columns, self.compiled.names, self.compiled.optional, self.compiled.where
        )
        self.names = tuple(variable.name for variable in self.variables)
        self.column_names = {column.variable: column.name for column in file.columns}
        others = [self.column_names[name] for variable in self.variables for name in variable.column.one_of]
        columns.require(others, origin.columns, self.compiled.where)
        self.needed = tuple(dict.fromkeys([*(variable.column.name for variable in self.variables), *others]))
        self.labels, self.asked_labels = self._label_columns(file, recipe)
        source = Source(
            method=METHOD,
            dataset=origin.dataset,
            config=origin.config,
            split=origin.split,
            revision=origin.revision,
            row=0,
            template=text.name,
            template_hash=self.compiled.hash,
            licence=origin.licence if not file.licence or file.licence == "unknown" else file.licence,
            language=text.language or (file.languages[0] if file.languages else ""),
        )
        self.source: dict[str, Any] = {name: getattr(source, name) for name in Source.__slots__}
        kind = "classification" if self.compiled.has_fixed_options else "generation"
        self.task = {"name": file.task.name or origin.dataset, "category": file.task.category, "kind": kind}

    def _label_columns(self, file: TemplateSet, recipe: Recipe) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Columns that hold a label: classes, what serves as an index into the options, and what is called so.

        The name alone speaks only in files that do not say what their columns are.
        """
        declared = {column.name for column in file.columns if column.type == "class"}
        classes = declared | {name for name, facts in recipe.origin.columns.items() if facts.classes}
        named = self.compiled.labels if file.declares_columns else {*self.compiled.labels, "label"}
        labels = [variable for variable in self.variables if variable.column.name in classes or variable.name in named]
        trees = self.compiled.main.trees
        asked = {
            label.column.name
            for label in labels
            if any(reading.compares_with_minus_one(tree, label.name) for tree in trees)
        }
        left = {label.column.name for label in labels} - asked
        return tuple(sorted(left)), tuple(sorted(asked))
