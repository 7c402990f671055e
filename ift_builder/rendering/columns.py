"""From a dataset's columns to the variables of a template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ift_builder.errors import InputError
from ift_builder.formats.template_set import Column
from ift_builder.rendering import declared_values
from ift_builder.rendering.compiled import NAME_OF_CLASS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ift_builder.formats.template_set import TemplateSet
    from ift_builder.sources.table import ColumnFacts

FITS = {
    "text": {"text"},
    "integer": {"integer"},
    "number": {"integer", "number"},
    "boolean": {"boolean"},
    "list": {"list"},
    "record": {"record"},
    "class": {"integer", "text", "boolean"},
}
"""For each declared type the kinds of column that it fits; `any` fits all."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A template's variable and where its values come from."""

    name: str
    """As the template calls it."""

    column: Column
    """The column behind it."""

    is_class_name: bool = False
    """Whether it is the name of the class rather than its number."""

    is_guessed: bool = False
    """Whether the file has no types, so that the declared type says what its texts are."""

    def values(self, raw: list[Any]) -> list[Any]:
        """The variable's values from the column's."""
        classes = self.column.classes
        if not classes:
            return declared_values.of(raw, self.column, is_guessed=self.is_guessed)
        numbers = [_number(value, classes) for value in raw] if any(isinstance(value, str) for value in raw) else raw
        if not self.is_class_name:
            return numbers
        return [classes[value] if isinstance(value, int) and 0 <= value < len(classes) else None for value in numbers]

    def unknown(self, raw: list[Any]) -> dict[int, tuple[Column, Any]]:
        """Offsets of labels that are none of the classes, with column and label; nulls and -1 are no labels at all."""
        classes = self.column.classes
        try:
            strange = {value for value in set(raw) if not _is_label(value, classes)}
        except TypeError:  # a list or record among them
            return {place: (self.column, value) for place, value in enumerate(raw) if not _is_label(value, classes)}
        if not strange:
            return {}
        return {place: (self.column, value) for place, value in enumerate(raw) if value in strange}


def _is_label(value: Any, classes: Sequence[str]) -> bool:
    if value is None:
        return True
    number = _number(value, classes)
    return isinstance(number, int) and -1 <= number < len(classes)


def variables(
    file: TemplateSet, columns: Mapping[str, ColumnFacts], names: Iterable[str], optional: Iterable[str], where: str
) -> tuple[Variable, ...]:
    """The variables for `names`, checked against the columns that the dataset has.

    Raises:
        InputError: A column is missing, or holds something else than the template says.
    """
    declared = {column.variable: column for column in file.columns}
    found = [_variable(name, declared, columns, where) for name in sorted(names)]
    there = {variable.name for variable in found}
    found += [
        _variable(name, declared, columns, where)
        for name in sorted(set(optional) - there)
        if name in declared or name in columns
    ]
    for variable in found:
        check(variable.column, columns, where)
    return tuple(replace(variable, is_guessed=columns[variable.column.name].is_guessed) for variable in found)


def require(names: Iterable[str], columns: Mapping[str, ColumnFacts], where: str) -> None:
    """Raises InputError for the first name that is no column of the dataset."""
    for name in names:
        if name not in columns:
            raise _missing(name, columns, where)


def _variable(name: str, declared: dict[str, Column], columns: Mapping[str, ColumnFacts], where: str) -> Variable:
    base = name.removesuffix(NAME_OF_CLASS)
    if name in declared:
        return Variable(name, declared[name])
    if base != name and base in declared and declared[base].classes:
        return Variable(name, declared[base], is_class_name=True)
    if name in columns:
        return Variable(name, Column(name, name, "any", columns[name].classes))
    if base != name and base in columns and columns[base].classes:
        return Variable(name, Column(base, base, "any", columns[base].classes), is_class_name=True)
    raise _missing(name, columns, where)


def _missing(name: str, columns: Mapping[str, ColumnFacts], where: str) -> InputError:
    near = get_close_matches(name, columns, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return InputError(
        f"the dataset has no column {name!r}", where=where, hint=f"{hint}the columns are {', '.join(columns)}"
    )


def check(column: Column, columns: Mapping[str, ColumnFacts], where: str) -> None:
    """Raises InputError where the dataset lacks the column, or holds something else in it than the templates say."""
    facts = columns.get(column.name)
    if facts is None:
        raise _missing(column.name, columns, where)
    guessed = facts.is_guessed and column.type in declared_values.WRITTEN
    if not guessed and facts.kind not in {"any", *FITS.get(column.type, {facts.kind})}:
        raise InputError(
            f"column {column.name!r} holds {facts.kind} values, and the templates take it for {column.type}",
            where=where,
            hint="is it the right dataset, and the right file of templates?",
        )
    if column.type == "class" and facts.classes:
        _check_classes(column, facts.classes, where)


def _check_classes(column: Column, actual: Sequence[str], where: str) -> None:
    """Refuses names in another order than the dataset's: every label would be wrong."""
    here, there = [name.strip().lower() for name in column.classes], [name.strip().lower() for name in actual]
    if len(here) != len(there) or (here != there and sorted(here) == sorted(there)):
        raise InputError(
            f"the classes of {column.name!r} are {', '.join(actual)}, "
            f"and the templates take them for {', '.join(column.classes)}",
            where=where,
        )


def _number(value: Any, classes: Sequence[str]) -> Any:
    """The number of a class that the data writes as its name; values that are no class stay and make their row fail."""
    if isinstance(value, str):
        if value in classes:
            return classes.index(value)
        return int(value) if value.removeprefix("-").isdecimal() else value
    return value
