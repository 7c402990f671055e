r"""FLAN's chain-of-thought files: question, answer and rationale in three tab-separated fields, no header, no quoting.

Line breaks stand as `\n`. Where a question ends in a list of options and the answer is one of them, the list is
read as options::

    >>> split_options("Is it so?\nOptions:\n- yes\n- no", "no")
    ('Is it so?', ['yes', 'no'])
    >>> split_options("Is it so?", "no")
    ('Is it so?', [])
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ift_builder import assets, inputs
from ift_builder.errors import InputError
from ift_builder.formats import template_yaml
from ift_builder.records import Task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ift_builder.formats.template_set import TemplateSet

FIELDS = 3
"""Question, answer, rationale."""

HEADING = "\nOptions:\n- "
"""What stands between a question and its options."""

_HINT = "say with --template how its rows become examples"


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The file's rows: `question`, `choices`, `answer`, `rationale`.

    Raises:
        InputError: The file cannot be read, or a line has more or fewer than three fields; names the line.
    """
    with inputs.opened(path) as file:
        for number, raw in inputs.lines(file, path):
            try:
                line = raw.decode()
            except UnicodeDecodeError as error:
                raise InputError(f"the line is not UTF-8 ({error})", where=f"{path}:{number}") from error
            if number == 1 and _is_header(line):
                raise InputError("the file has a header: it is a table of its own kind", where=str(path), hint=_HINT)
            if not line.isspace():
                yield _row(line.rstrip("\r\n"), f"{path}:{number}")


def templates(path: Path) -> TemplateSet:
    """The shipped templates for such files; the task is named after the file."""
    shipped = template_yaml.read(assets.path("templates", "formats", "flan_cot.yaml"))
    return replace(shipped, name=path.stem, task=Task(name=path.stem, category=shipped.task.category))


def split_options(question: str, answer: str) -> tuple[str, list[str]]:
    """The question without its list of options, and the options; all of it and none where it has no such list."""
    body, heading, listed = question.rpartition(HEADING)
    options = listed.split("\n- ")
    if not heading or answer not in options or any("\n" in option for option in options):
        return question, []
    return body, options


def _is_header(line: str) -> bool:
    """Whether the fields look like names of columns rather than a question, an answer and a rationale."""
    return all(field.strip().replace("-", "_").isidentifier() for field in line.split("\t"))


def _row(line: str, where: str) -> dict[str, Any]:
    fields = [field.replace("\\n", "\n") for field in line.split("\t")]
    if len(fields) != FIELDS:
        raise InputError(
            f"the line has {len(fields)} fields where a chain-of-thought file has three: question, answer, rationale",
            where=where,
            hint=_HINT,
        )
    question, options = split_options(fields[0], fields[1])
    return {"question": question, "choices": options, "answer": fields[1], "rationale": fields[2]}
