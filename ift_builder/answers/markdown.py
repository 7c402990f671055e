"""Takes Markdown off that stands around the parts of an answer and is no content: rules, wrapping fences, bold.

* A rule (`---`, `***`) at the end of a part goes; one inside a part stays.
* A code fence goes if it wraps labels or numbers of ours; one inside a part stays as the model wrote it.
* Bold marks go if they wrap the whole of a text.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_RULE = regex.compile(r"^[ \t]{0,3}([-*_])(?:[ \t]*+\1){2,}+[ \t]*+$")
_COLUMNS = regex.compile(r"\S(?:[ ]{2,}|\t)\S")
_FENCE = regex.compile(r"^[ \t]*(?:`{3,}|~{3,}+)[ \t]*(?P<language>[^\s`]*)[ \t]*$")
_WHOLLY_BOLD = regex.compile(r"^(?!__\w+__$)(\*\*|__)(?P<text>(?:(?!\1).)+)\1$", regex.DOTALL)
"""A single word between underscores is a name such as `__init__`."""


def lines(text: str) -> list[str]:
    """The lines of `text` with one kind of line end, without blank ones around them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")


def is_rule(line: str) -> bool:
    """Whether the line is a separator such as `---`."""
    return _RULE.match(line) is not None


def is_fence(line: str) -> bool:
    """Whether the line opens or closes a code block."""
    return _FENCE.match(line) is not None


def unbold(text: str) -> str:
    """`text` without the bold marks that wrap the whole of it."""
    bold = _WHOLLY_BOLD.match(text)
    return bold["text"].strip() if bold else text


def part(first: str, rest: Sequence[str]) -> str:
    """A part of an answer as one text: `first` from the line that opens it, and the lines below.

    Blank lines around it go and so does a rule below it; the indentation of its first line stays. A text between two
    rules keeps both: that is front matter. A line to sign on and a table's last rule are content.
    """
    body = [first, *rest]
    body = body[next((at for at, line in enumerate(body) if line.strip()), len(body)) :]
    is_front_matter = sum(map(is_rule, body)) == 2 and is_rule(body[0])  # noqa: PLR2004
    least = 1 if first.strip() else 0
    while len(body) > least and (not body[-1].strip() or (_separates(body) and not is_front_matter)):
        del body[-1]
    return "\n".join(body).rstrip()


def _separates(body: Sequence[str]) -> bool:
    """Whether the last line is a rule that stands between parts: no line to sign on, and none of a table.

    Underscores are to be filled in, if they are more than the three of a rule. A table's rule is longer than that too,
    or has gaps, and stands right below a row of columns, or in one piece with a rule of the same look.
    """
    last = body[-1].strip()
    if not is_rule(last) or last in {"---", "***", "___"}:
        return is_rule(last)
    if last.startswith("_"):
        return False
    paragraph = list(takewhile(str.strip, reversed(body[:-1])))
    return not (paragraph and (_COLUMNS.search(paragraph[0]) or any(line.strip() == last for line in paragraph)))


def last_fence(given: Sequence[str]) -> int:
    """The place of the last line that is a fence; -1 if there is none."""
    return max((at for at, line in enumerate(given) if _FENCE.match(line)), default=-1)


def unwrapped(
    given: Sequence[str], *, is_label: Callable[[str], bool], is_head: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, bool]]:
    """The lines without fences that wrap parts of the answer, each with whether it is code.

    What stands between a wrapping fence and the next head, label or fence is talk and goes too.

    Args:
        given: An answer's lines.
        is_label: Whether a line opens content.
        is_head: Whether a line says that a part begins; what follows is no content yet.
    """
    in_content = in_code = in_wrapper = beyond = False
    last = last_fence(given)
    for index, line in enumerate(given):
        fence = _FENCE.match(line)
        if in_code:
            in_code = not (fence and not fence["language"])
            yield line, True
        elif fence and in_wrapper and not fence["language"]:
            in_wrapper, in_content, beyond = False, False, True
        elif fence and not in_content and _opens(given, index + 1, is_label, is_head):
            in_wrapper, beyond = True, False
        else:
            is_mark = is_label(line) or is_head(line)
            in_content = is_label(line) or (in_content and not is_mark)
            beyond = beyond and not is_mark and not fence
            in_code = bool(fence or (is_mark and line.count("```") % 2)) and index < last
            if not beyond:
                yield line, False


def _opens(given: Sequence[str], start: int, *marks: Callable[[str], bool]) -> bool:
    """Whether the next line from `start` on that is not blank is a mark."""
    following = next((given[at] for at in range(start, len(given)) if given[at].strip()), "")
    return any(is_mark(following) for is_mark in marks)
