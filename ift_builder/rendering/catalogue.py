"""The templates that ship with ift-builder, and those that a user names: found by name, by dataset or by file."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ift_builder import assets, templating
from ift_builder.errors import InputError, TemplateError
from ift_builder.formats import promptsource, template_yaml, yaml_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ift_builder.formats.template_set import TemplateSet

ANCHOR = "#"
"""`file.yaml#name` is one template of a file."""


@cache
def shipped() -> dict[str, TemplateSet]:
    """All shipped files by short name, in alphabetical order."""
    return {path.stem: template_yaml.read(path) for path in sorted(assets.path("templates", "datasets").glob("*.yaml"))}


def for_dataset(names: Iterable[str], config: str) -> list[TemplateSet]:
    """The shipped files for a dataset that goes by any of `names`."""
    wanted = {name.lower() for name in names if name}
    fitting = [file for file in shipped().values() if wanted & _names_of(file)]
    return [file for file in fitting if not file.configs or not config or config in file.configs]


def named(name: str) -> list[TemplateSet]:
    """The shipped files that may be meant by a short name, an alias or a dataset's name; the short name goes first."""
    if name in shipped():
        return [shipped()[name]]
    return for_dataset([name], "")


def _names_of(file: TemplateSet) -> set[str]:
    return {name.lower() for name in (file.dataset, *file.aliases, *file.access.also)}


def page() -> str:
    """The page of the documentation that lists the shipped files, in Markdown."""
    return templating.shipped("cards", "datasets.md.jinja").render(files=list(shipped().values()))


def find(name: str) -> TemplateSet:
    """The templates that `name` stands for: a file, a shipped file's name, either with `#template` behind it.

    Raises:
        InputError: There is no such file or name.
        TemplateError: The file is not a file of templates.
    """
    whole, _, one = name.partition(ANCHOR)
    path = Path(whole)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        file = read(path)
    elif whole in shipped():
        file = shipped()[whole]
    else:
        near = get_close_matches(whole, shipped(), 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise InputError(
            f"there is no template file {whole!r}",
            hint=f"{hint}`ift-build templates list` shows what is shipped; a file ends in .yaml",
        )
    return _only(file, one) if one else file


def read(path: Path) -> TemplateSet:
    """A file of templates in any format that we know."""
    content = yaml_file.read(path)
    if promptsource.is_promptsource(content):
        return promptsource.parse(content, path)
    return template_yaml.parse(content, path)


def _only(file: TemplateSet, name: str) -> TemplateSet:
    chosen = tuple(text for text in file.templates if text.name == name)
    if not chosen:
        names = [text.name for text in file.templates]
        near = get_close_matches(name, names, 1)
        raise TemplateError(
            f"the file has no template {name!r}",
            where=file.path,
            hint=f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names)}",
        )
    return replace(file, templates=chosen)
