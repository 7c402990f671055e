"""What is wrong with a file of templates, before any row is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING

from ift_builder.errors import TemplateError
from ift_builder.rendering.compiled import LISTING, NAME_OF_CLASS, OURS, CompiledTemplate
from ift_builder.templating import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.formats.template_set import TemplateSet, TemplateText

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

INSTRUCTION, INPUT, OUTPUT, RATIONALE = range(4)
"""Places of the texts in a template's program."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend."""

    where: str
    """File, line and template."""

    what: str
    """What is wrong."""

    fatal: bool = True
    """Whether the file cannot be used as it is."""


def findings(file: TemplateSet) -> list[Finding]:
    """Everything that is wrong with the file, in its order."""
    compiled: list[CompiledTemplate] = []
    found: list[Finding] = []
    for text in file.templates:
        try:
            template = CompiledTemplate(file, text)
        except TemplateError as error:
            found.append(Finding(error.where or file.where(text), error.what))
            continue
        compiled.append(template)
        found += [Finding(template.where, what) for what in _errors(file, template)]
        found += [Finding(template.where, what, fatal=False) for what in _doubts(file, template)]
    found += [Finding(file.path, what, fatal=False) for what in _file_doubts(file, compiled)]
    return found


def refuse(file: TemplateSet) -> None:
    """Raises TemplateError for the first thing that makes the file unusable, if there is one."""
    fatal = [finding for finding in findings(file) if finding.fatal]
    if fatal:
        more = f" (and {len(fatal) - 1} more: `ift-build templates lint` shows all)" if len(fatal) > 1 else ""
        raise TemplateError(fatal[0].what + more, where=fatal[0].where, hint="templates/README.md describes the format")


def _errors(file: TemplateSet, template: CompiledTemplate) -> Iterator[str]:
    if file.declares_columns:
        yield from _undeclared(file, template)
    trees = template.main.trees
    if template.text.piped:
        if not reading.can_print(trees[0]):
            yield "the text cannot be anything but empty"
        return
    yield from _option_errors(template)
    if not reading.can_print(trees[OUTPUT]):
        yield "the output cannot be anything but empty"
    if not reading.can_print(trees[INSTRUCTION]):
        yield "the instruction cannot be anything but empty"


def _undeclared(file: TemplateSet, template: CompiledTemplate) -> Iterator[str]:
    known = {column.variable for column in file.columns} | file.constants.keys()
    known |= {column.variable + NAME_OF_CLASS for column in file.columns if column.type == "class"}
    for name in sorted((template.names | template.optional) - known):
        near = get_close_matches(name, known, 1)
        yield f"`{name}` is no declared column" + (f"; did you mean `{near[0]}`?" if near else "")


def _option_errors(template: CompiledTemplate) -> Iterator[str]:
    text, trees = template.text, template.main.trees
    used = template.main.names & OURS
    if text.options and not used:
        yield "nothing uses the options: the output should be one of them, such as `{{ options[label] }}`"
    if used and not text.options:
        yield f"`{min(used)}` is used, and the template has no `options`"
    if text.lists_options and LISTING in used:
        yield "`names_options` says that the prompt names the options in its own words, and `listed_options` lists them"
    if any(reading.uses(trees[place], LISTING) for place in (OUTPUT, RATIONALE)):
        yield "`listed_options` belongs in the instruction or the input"


def _doubts(file: TemplateSet, template: CompiledTemplate) -> Iterator[str]:
    if template.text.piped:
        return
    trees = template.main.trees
    classes = {column.variable for column in file.columns if column.type == "class"}
    for name in sorted(classes & set().union(*map(reading.printed_names, trees))):
        yield f"prints the bare number of `{name}`; `{name}{NAME_OF_CLASS}` is its name"
    chooses = bool(template.text.when) or reading.uses(trees[OUTPUT], "options") or reading.decides(trees[OUTPUT])
    for place, what in ((INSTRUCTION, "instruction"), (INPUT, "input")):
        if not chooses and reading.prints_all_of(trees[place], trees[OUTPUT]):
            yield f"the output stands in the {what} word for word"


def _file_doubts(file: TemplateSet, compiled: list[CompiledTemplate]) -> Iterator[str]:
    used = (
        frozenset().union(*(template.names | template.optional for template in compiled)) if compiled else frozenset()
    )
    for column in file.columns:
        if not {column.variable, column.variable + NAME_OF_CLASS} & used:
            yield f"column `{column.variable}` is declared and no template uses it"
    yield from _access_doubts(file)
    for one, other in combinations(file.templates, 2):
        if _words(one) == _words(other):
            yield f"templates {one.name!r} and {other.name!r} have the same words"


def _access_doubts(file: TemplateSet) -> Iterator[str]:
    access = file.access
    for name in access.also:
        if not _HUB_NAME.fullmatch(name):
            yield f"`also` has {name!r}, which is no name of the hub: namespace/name"
        elif name == file.dataset:
            yield f"`also` has {name!r}, which is the dataset itself"
    if access.compared and not _DAY.fullmatch(access.compared):
        yield f"`compared` is {access.compared!r}, which is no day such as 2026-11-28"
    for config in dict.fromkeys([*(config for config, _ in access.splits), *file.configs]):
        splits = access.splits_of(config)
        if config and file.configs and config not in file.configs:
            yield f"`splits` has the configuration {config!r}, which `config` does not list"
        elif "train" not in splits and len(splits) > 1 and access.split not in splits:
            yield f"none of the splits {', '.join(splits)} is `train`: say in `split` which of them is read unasked"


def _words(text: TemplateText) -> tuple[str, ...]:
    """What makes a template another: a different answer, or other rows, too."""
    parts = (text.instruction, text.input, text.output, text.rationale, text.when, str(text.options))
    return tuple(" ".join(part.split()).lower() for part in parts)
