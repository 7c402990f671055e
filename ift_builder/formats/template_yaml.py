"""Our own template files, `templates/datasets/<name>.yaml`; `templates/README.md` teaches the format.

This module checks the file's shape: fields, types, names. What the texts themselves say is for lint to judge.
"""

from __future__ import annotations

import keyword
import reprlib
from datetime import date
from typing import TYPE_CHECKING, Any, Final, get_args

from ift_builder.errors import TemplateError
from ift_builder.formats import yaml_file
from ift_builder.formats.template_set import Access, Column, ColumnType, TemplateSet, TemplateText
from ift_builder.records import Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CATEGORIES: Final = (
    "classification",
    "sentiment",
    "topic",
    "nli",
    "paraphrase",
    "similarity",
    "coreference",
    "acceptability",
    "word-sense",
    "extractive-qa",
    "multiple-choice-qa",
    "closed-book-qa",
    "commonsense",
    "reading-comprehension",
    "summarisation",
    "translation",
    "data-to-text",
    "dialogue",
    "grammar-correction",
    "code",
    "arithmetic-reasoning",
    "reasoning",
    "generation",
)
"""Task families: the unit of held-out splits. After the clusters of FLAN (figure 3) and T0 (figure 2), with those that
they lack: code, grammar, arithmetic."""

METRICS: Final = (
    "accuracy",
    "exact-match",
    "f1",
    "bleu",
    "chrf",
    "rouge",
    "pearson",
    "spearman",
    "pass-at-1",
    "edit-distance",
    "other",
)
"""How answers may be judged."""

RESERVED: Final = frozenset(
    {
        "options",
        "listed_options",
        "range",
        "zip",
        "enumerate",
        "dict",
        "namespace",
        "cycler",
        "joiner",
        "loop",
        "none",
        "true",
        "false",
        "self",
        "super",
    }
)
"""Names that a column's variable may not take: ours, and those that mean something else to Jinja."""

_ACCESS_FIELDS = {"also", "split", "splits", "compared"}
_FILE_FIELDS = {
    "dataset",
    "aliases",
    "config",
    "licence",
    "languages",
    "task",
    "columns",
    "templates",
    *_ACCESS_FIELDS,
}
_COLUMN_FIELDS = {"type", "class", "from", "spellings", "one_of"}
_TEXT_FIELDS = ("instruction", "input", "output", "rationale", "references", "when", "language")
_TEMPLATE_FIELDS = {*_TEXT_FIELDS, "options", "inverted", "metrics", "names_options"}


def read(path: Path) -> TemplateSet:
    """The file's templates.

    Raises:
        InputError: It is not YAML.
        TemplateError: It is YAML of another shape; names the line and what is expected.
    """
    return parse(yaml_file.read(path), path)


def parse(content: Any, path: Path) -> TemplateSet:
    """As `read`, of a file that is loaded already."""
    entries = _mapping(content, f"{path}", "the file")
    _only(entries, _FILE_FIELDS, path, "the file")
    for name in ("dataset", "licence", "languages", "task", "columns", "templates"):
        if name not in entries:
            raise TemplateError(f"`{name}` is missing", where=str(path), hint="templates/README.md shows a whole file")
    task = _mapping(entries["task"], str(path), "`task`")
    _only(task, {"name", "category"}, path, "`task`")
    columns = tuple(_column(*entry, path) for entry in _entries(entries["columns"], str(path), "`columns`"))
    templates = tuple(_template(*entry, path) for entry in _entries(entries["templates"], str(path), "`templates`"))
    _check_choices(columns, path)
    return TemplateSet(
        path=str(path),
        name=path.stem,
        dataset=_text(entries["dataset"], f"{path}", "`dataset`"),
        aliases=_texts(entries.get("aliases", []), f"{path}", "`aliases`"),
        configs=_texts(entries.get("config", []), f"{path}", "`config`"),
        licence=_text(entries["licence"], f"{path}", "`licence`"),
        languages=_texts(entries["languages"], f"{path}", "`languages`"),
        task=Task(
            name=_text(task.get("name"), str(path), "`task.name`"),
            category=_one_of(task.get("category"), CATEGORIES, path, "`task.category`"),
        ),
        columns=columns,
        templates=templates,
        access=_access(entries, path),
    )


def _access(entries: Mapping[str, Any], path: Path) -> Access:
    where, compared = str(path), entries.get("compared", "")
    splits = entries.get("splits", [])
    by_config = _entries(splits, where, "`splits`") if isinstance(splits, dict) else [("", splits, 0)]
    return Access(
        also=_texts(entries.get("also", []), where, "`also`"),
        split=_text(entries.get("split", ""), where, "`split`"),
        splits=tuple((config, _texts(names, where, "`splits`")) for config, names, _ in by_config),
        compared=compared.isoformat() if isinstance(compared, date) else _text(compared, where, "`compared`"),
    )


def _column(variable: str, value: Any, line: int, path: Path) -> Column:
    where, what = f"{path}:{line}", f"column {variable!r}"
    if not variable.isidentifier() or keyword.iskeyword(variable) or variable in RESERVED:
        raise TemplateError(
            f"{variable!r} cannot be a variable's name",
            where=where,
            hint='write `name: {type: text, from: "the column"}`',
        )
    if not isinstance(value, dict):
        return Column(variable, variable, _one_of(value, get_args(ColumnType)[:-1], path, what, line))
    _only(value, _COLUMN_FIELDS, path, what)
    name = _text(value.get("from", variable), where, f"`from` of {what}")
    if "class" in value:
        classes = _texts(value["class"], where, f"the class names of {what}")
        if len(set(classes)) != len(classes) or not classes:
            raise TemplateError(f"the class names of {what} must be different", where=where)
        return Column(variable, name, "class", classes)
    spellings = _entries(value["spellings"], where, f"`spellings` of {what}") if "spellings" in value else []
    return Column(
        variable,
        name,
        _one_of(value.get("type"), get_args(ColumnType)[:-1], path, what, line),
        spellings=tuple((wrong, _text(right, where, f"a spelling of {what}")) for wrong, right, _ in spellings),
        one_of=_texts(value.get("one_of", []), where, f"`one_of` of {what}"),
    )


def _check_choices(columns: tuple[Column, ...], path: Path) -> None:
    known = {column.variable for column in columns}
    for column in columns:
        for name in column.one_of:
            if name not in known:
                raise TemplateError(
                    f"`one_of` of column {column.variable!r} names {name!r}, which is no declared column",
                    where=str(path),
                )


def _template(name: str, value: Any, line: int, path: Path) -> TemplateText:
    where, what = f"{path}:{line}", f"template {name!r}"
    fields = _mapping(value, where, what)
    _only(fields, _TEMPLATE_FIELDS, path, what)
    texts: dict[str, Any] = {
        key: _text(fields.get(key, ""), where, f"`{key}` of {what}").strip("\n") for key in _TEXT_FIELDS
    }
    options, read_options = fields.get("options", []), _text if isinstance(fields.get("options"), str) else _texts
    metrics = _texts(fields.get("metrics", []), where, f"`metrics` of {what}")
    names_options = _boolean(fields.get("names_options", False), where, f"`names_options` of {what}")
    return TemplateText(
        name=name,
        options=read_options(options, where, f"`options` of {what}"),
        inverted=_boolean(fields.get("inverted", False), where, f"`inverted` of {what}"),
        lists_options=names_options or None,
        metrics=tuple(_one_of(metric, METRICS, path, f"a metric of {what}", line) for metric in metrics),
        line=line,
        **texts,
    )


def _entries(value: Any, where: str, what: str) -> list[tuple[str, Any, int]]:
    entries = _mapping(value, where, what)
    fallback = entries.get(yaml_file.LINE, 0)
    named = [(str(name), entry) for name, entry in entries.items() if name != yaml_file.LINE]
    if not named:
        raise TemplateError(f"{what} must not be empty", where=where)
    return [
        (name, entry, entry.get(yaml_file.LINE, fallback) if isinstance(entry, dict) else fallback)
        for name, entry in named
    ]


def _mapping(value: Any, where: str, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TemplateError(
            f"{what} must be a mapping, found {_kind(value)}",
            where=where,
            hint="templates/README.md shows a whole file",
        )
    return value


def _only(entries: Mapping[str, Any], known: set[str], path: Path, what: str) -> None:
    unknown = sorted(str(name) for name in entries.keys() - known - {yaml_file.LINE})
    if unknown:
        raise TemplateError(
            f"{what} has unknown fields: {', '.join(unknown)}",
            where=f"{path}:{entries.get(yaml_file.LINE, 1)}",
            hint=f"known are {', '.join(sorted(known))}",
        )


def _text(value: Any, where: str, what: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TemplateError(
            f"{what} must be a text, found {_kind(value)}",
            where=where,
            hint="put numbers, yes and no in quotes",
        )
    return value


def _texts(value: Any, where: str, what: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise TemplateError(f"{what} must be a list of texts, found {_kind(value)}", where=where)
    return tuple(_text(item, where, f"an item of {what}") for item in value)


def _boolean(value: Any, where: str, what: str) -> bool:
    if not isinstance(value, bool):
        raise TemplateError(f"{what} must be true or false, found {_kind(value)}", where=where)
    return value


def _one_of(value: Any, known: tuple[Any, ...], path: Path, what: str, line: int = 1) -> Any:
    if value not in known:
        raise TemplateError(
            f"{what} is {reprlib.repr(value)}, which is not known",
            where=f"{path}:{line}",
            hint=f"known are {', '.join(known)}",
        )
    return value


def _kind(value: Any) -> str:
    if isinstance(value, list | dict):  # which would show the line numbers that the reader notes in mappings
        return "a list" if isinstance(value, list) else "a mapping"
    return "nothing" if value is None else f"{type(value).__name__} {reprlib.repr(value)}"[:80]
