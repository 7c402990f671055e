"""What a prompt asks about: the numbered tasks that it shows, and the task that it wants judged or worked out.

The only place that knows what the prompts of `templates/prompts/bootstrap` look like.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ift_builder.records import Prompt

_NUMBERED = re.compile(r"^(\d+)\.[ \t]*(.*)$", re.MULTILINE)
_TASK: Final = "Task:"
_KIND = re.compile(r"^Kind of request: ([^.]+)\.", re.MULTILINE)
_INDENTED = re.compile(r"(.*)((?:\n*\n[ \t]+\S.*)+)")
_LANGUAGE = re.compile(r"^(?:- )?Language\b[^:\n]*: ([^.\n]+)\.", re.MULTILINE)
_INSTRUCTION = re.compile(r"^(?:\d+\. )?Instruction:[ \t]*(\S.*)$", re.MULTILINE)
_USUALLY_SHOWN: Final = 8
"""Self-Instruct shows eight tasks (Wang et al. 2022, section 2.2)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a proposal prompt shows."""

    tasks: list[str]
    """The tasks in order."""

    next_number: int
    """The number of the task that is asked for."""


def asked_text(prompt: Prompt) -> str:
    """The text to answer or to continue: what the user said last."""
    return next((turn.content for turn in reversed(prompt.messages) if turn.role == "user"), "")


def shown_tasks(text: str) -> Shown:
    """The last list in `text` that counts up from 1; a bare number at its end is the next task's."""
    tasks: list[str] = []
    for match in _NUMBERED.finditer(text):
        number, first_line = int(match[1]), match[2].strip()
        if number == 1:
            tasks = []
        if number == len(tasks) + 1 and first_line:
            tasks.append(first_line)
    return Shown(tasks, len(tasks) + 1 if tasks else _USUALLY_SHOWN + 1)


def asked_kind(text: str) -> str:
    """The kind of requests that is asked for; `""` for any."""
    found = _KIND.search(text)
    return found[1] if found else ""


def asked_language(text: str) -> str:
    """The English name of the language to write in; `""` where the prompt leaves it open."""
    found = _LANGUAGE.search(text)
    return found[1] if found else ""


def labelled(text: str, label: str) -> str:
    """What stands after the last line that begins with `label:`, with indented lines below it; `""` if none does."""
    _, found, block = f"\n{text}".rpartition(f"\n{label}:")
    if not found:
        return ""
    first, *rest = block.split("\n")
    end = next((number for number, line in enumerate(rest) if line.strip() and not line.startswith("  ")), len(rest))
    return "\n".join([first.strip(), *(line[2:] for line in rest[:end])]).strip()


def asked_task(text: str) -> list[str]:
    """The task in question, best reading first.

    It stands after the last line that begins with `Task:`, with the lines below it that are indented. If there are
    none, it goes on to the next blank line. A question may follow it without one (`Is it classification?`), so that
    fewer and fewer of its lines are further readings.
    """
    _, found, block = ("\n" + text).rpartition("\n" + _TASK)
    block = (block if found else text).strip()
    lines = block.split("\n\n")[0].splitlines()
    readings = ["\n".join(lines[:end]).strip() for end in range(len(lines), 0, -1)]
    indented = _INDENTED.match(block)
    return [indented[1] + textwrap.dedent(indented[2]), *readings] if indented else readings


def shown_instructions(text: str) -> Shown:
    """The instructions of the labelled tasks in `text`."""
    tasks = [match[1].strip() for match in _INSTRUCTION.finditer(text)]
    return Shown(tasks, len(tasks) + 1)


def asked_fields(text: str) -> dict[str, str]:
    """The labelled parts of the last task in `text`: `instruction`, `input` and `constraints`, if they are there."""
    fields: dict[str, str] = {}
    rest = text.rpartition("\nInstruction: ")[2]
    for name, label in (("instruction", "\nInput: "), ("input", "\nConstraints: "), ("constraints", "\nOutput:")):
        fields[name], found, rest = rest.partition(label)
        if not found:
            break
    return fields
