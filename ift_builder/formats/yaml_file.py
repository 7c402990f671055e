"""YAML that other people wrote, read without running anything from it.

Tags build no objects: PromptSource's `!Template` and `!TemplateMetadata` are read as plain mappings and every other
tag is an error. A key that stands twice is an error too, where YAML libraries keep the last one and say nothing.
"""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import yaml

from ift_builder import inputs
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 32 * 2**20
"""Bytes. PromptSource's largest file has 0.4 MB; anything near this limit is not a file of templates."""

MOST_NODES = 200_000
"""Texts, lists and mappings in a file, with what aliases repeat: each takes a kilobyte while it is built.
PromptSource's largest file has 4,000."""

DEEPEST = 50
"""How deep lists and mappings may stand in each other; a file of templates has four levels."""

MOST_BORROWED = 10_000
"""Entries that aliases may repeat in all."""

LINE = "\x00line"
"""Key under which a mapping keeps the number of its first line: no YAML text can hold it."""

_MAPPING_TAGS = ("!Template", "!TemplateMetadata")

_NO_VALUES = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml where PyYAML was built with it
    """Builds plain values only."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    own: set[Any] = set()
    for key_node in (key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"):
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, list | dict):
            raise yaml.constructor.ConstructorError(None, None, "a list cannot be a name", key_node.start_mark)
        if key in own:
            raise yaml.constructor.ConstructorError(
                None, None, f"{reprlib.repr(key)} stands here twice", key_node.start_mark
            )
        own.add(key)
    loader.flatten_mapping(node)  # puts what `<<` brings before the mapping's own entries, which then win
    value = {
        loader.construct_object(key, deep=True): loader.construct_object(entry, deep=True) for key, entry in node.value
    }
    value[LINE] = node.start_mark.line + 1
    return value


for _tag in ("tag:yaml.org,2002:map", *_MAPPING_TAGS):
    _Loader.add_constructor(_tag, _mapping)


class _AsWritten(_Loader):
    """Takes `no`, `012` and `2024-05-01` for what they are to a reader: text."""

    yaml_implicit_resolvers: ClassVar = {
        first: [resolver for resolver in resolvers if resolver[0] in _NO_VALUES]
        for first, resolvers in _Loader.yaml_implicit_resolvers.items()
    }


def read(path: Path, *, as_written: bool = False) -> Any:
    """The file's content; each mapping holds its line number under `LINE`.

    Args:
        path: The file.
        as_written: Whether values stay the texts that they are in the file, instead of becoming numbers, dates, …

    Raises:
        InputError: The file cannot be read or is not safe YAML; names the line.
    """
    try:
        text = inputs.read_text(path, LARGEST_FILE)
        _refuse_bombs(text)
        return yaml.load(text, Loader=_AsWritten if as_written else _Loader)  # noqa: S506 - both are safe loaders
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(f"not valid YAML: {error.problem}", where=f"{path}{line}", hint=_hint(error)) from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start].count(b"\n")
        raise InputError("the file is not UTF-8", where=f"{path}:{before + 1}", hint="save it as UTF-8") from error
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        raise InputError(f"not valid YAML: {error}", where=str(path), hint="the file must be YAML in UTF-8") from error


def _refuse_bombs(text: str) -> None:
    """Raises for what is short to write and endless to build, before anything is built: PyYAML itself recurses."""
    sizes: dict[str, int] = {}
    around: list[tuple[str, int]] = []  # anchor of each open list or mapping, and nodes before it
    nodes = borrowed = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            around.append((event.anchor or "", nodes))
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = around.pop()
            sizes[anchor] = nodes - before
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            sizes[event.anchor or ""] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in around):
                _refuse(f"the alias {event.anchor!r} stands inside itself", event)
            nodes += sizes.get(event.anchor or "", 1)
            borrowed += sizes.get(event.anchor or "", 1)
        if len(around) > DEEPEST:
            _refuse(f"lists and mappings are nested more than {DEEPEST} deep", event)
        if borrowed > MOST_BORROWED:
            _refuse(f"the aliases repeat more than {MOST_BORROWED:,} entries", event)
        if nodes > MOST_NODES:
            _refuse(f"the file holds more than {MOST_NODES:,} entries", event)


def _refuse(problem: str, event: Any) -> NoReturn:
    raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)


def _hint(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    if any(word in problem for word in ("alias", "nested", "entries")):
        return "it does not look like a file that people write"
    if "could not determine a constructor" in problem:
        return "tags that build objects are not read"
    if "twice" in problem:
        return "give each entry a name of its own"
    return "put texts with colons, braces or quotes into a block (`key: |`)"
