"""Family G, marks: those of a prompt or chat template that leaked into a text, and not those that are its format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted

if TYPE_CHECKING:
    from ift_builder.check.finding import Limits
    from ift_builder.formats.training_rows import Pair, TrainingRow

_MARKS = re.compile(
    r"""(?P<special><\|[A-Za-z_]{2,30}\|>)                       # ChatML, Llama 3, Qwen, Phi, GPT-2's end of text
      |(?P<llama>\[/?INST\]|<</?SYS>>)                           # Llama 2
      |(?P<gemma></?(?:start|end)_of_turn>)
      |(?P<end></s>[ \t]*$|<(?:noinput|nooutput|pad|eos|bos)>)
      |(?P<heading>^\#{2,3}\ ?(?:Instruction|Response|Input|Output|Human|Assistant|System|User)s?[ \t]{0,4}:)
      |(?P<bare>^\#{3}[ \t]*$)
      |(?P<alpaca>Below\ is\ an\ instruction\ that\ describes\ a\ task)""",
    re.VERBOSE | re.MULTILINE,
)
_ALPACA: Final = "Below is an"
"""The mark that has nothing but letters."""
_RENDERED: Final = ("text", "prompt-completion")
"""Shapes of which a row may be a conversation that a template has rendered already."""


class LeakedMarks:
    """Marks of a prompt or chat template: `"output": "It is 5.<|im_end|>"`, `"… [/INST]"`, `"### Response: 5"`.

    Not where they are the format: where texts or prompts open with a mark from the file's first row on, all marks of
    the sorts that the first row has.
    """

    def __init__(self, _: Limits) -> None:
        self._is_first = True
        self._format: dict[str, frozenset[str]] = {}

    def __call__(self, row: TrainingRow) -> str:
        """The first mark that leaked."""
        if self._is_first and row.pairs:
            self._is_first = False
            self._format = _format(row.pairs[0]) if row.shape in _RENDERED else {}
        for number, pair in enumerate(row.pairs, start=1):
            rare = pair.rare
            may_hold_marks = rare and (b"<" in rare or b"##" in rare or (b"[" in rare and "INST]" in pair.whole))
            if not may_hold_marks and _ALPACA not in pair.whole:
                continue
            is_rendered = self._format and row.shape in _RENDERED and _opens_with_a_mark(pair)
            if what := _leaked(pair, self._format if is_rendered else {}):
                return what if number == 1 else f"answer {number}: {what}"
        return ""


def _format(pair: Pair) -> dict[str, frozenset[str]]:
    """The sorts of marks by field, if the row opens with one; of a completion only those at its two ends."""
    if not _opens_with_a_mark(pair):
        return {}
    if not pair.instruction:
        return {"output": _sorts(pair.output)}
    bounds = _bounds(pair.output)
    ends = [found for found in _MARKS.finditer(pair.output) if _is_at_an_end(found, bounds)]
    return {"instruction": _sorts(pair.instruction), "completion": frozenset(found.lastgroup or "" for found in ends)}


def _leaked(pair: Pair, expected: dict[str, frozenset[str]]) -> str:
    for name, text in (("instruction", pair.instruction), ("input", pair.input), ("output", pair.output)):
        bounds, is_struck_out = _bounds(text), "<s>" in text
        for found in _MARKS.finditer(text):
            if is_struck_out and found.group().startswith("</s>"):  # HTML
                continue
            if found.lastgroup in expected.get(name, ()) or (found.lastgroup == "bare" and _ends_a_release(pair)):
                continue
            if name == "output" and found.lastgroup in expected.get("completion", ()) and _is_at_an_end(found, bounds):
                continue
            return f"the {name} holds {quoted(found.group())}"
    return ""


def _ends_a_release(pair: Pair) -> bool:
    """Whether the text is a press release, which `###` ends by custom."""
    return "release" in pair.request_lower or "for immediate release" in pair.output_lower[:200]


def _sorts(text: str) -> frozenset[str]:
    return frozenset(found.lastgroup or "" for found in _MARKS.finditer(text))


def _opens_with_a_mark(pair: Pair) -> bool:
    whole = pair.instruction or pair.output
    return bool(_MARKS.match(whole, len(whole) - len(whole.lstrip())))


def _bounds(text: str) -> tuple[int, int]:
    """Where the text begins and ends, but for white space."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _is_at_an_end(found: re.Match[str], bounds: tuple[int, int]) -> bool:
    return found.start() <= bounds[0] or found.end() >= bounds[1]
