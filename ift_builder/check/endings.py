"""Family G, endings: answers that do not stop, and what stands behind their end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted
from ift_builder.check.text_kinds import is_code

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_LOOP_PIECE: Final = 24
_LOOP_TIMES: Final = 6
_MIN_LETTERS: Final = 4
"""Different characters of a piece: lines of dashes are no loop."""

_STRAY_ENDS: Final = frozenset("#/;>\\=-*~")
"""Last characters of most of what `_STRAY` finds: a quick look before the expression."""
_STRAY = re.compile(
    r"(?:(?<=\n)|(?<=[\s.!?\"')]))(?:\#{1,2}|/{2,}|\\{2,}|<!--[^\n]{0,60}-->|//[^\n/]{1,60}//)$|(?<=[\w.!?]);{2,}$"
    r"|(?<=\n\n)(?:={3,}|-{3,}|\*{3,}|~{3,})$"
    r"|(?<=[\n.!?])[ \t]{0,4}[/\[(<#*=-]{0,4}[ \t]{0,2}(?:the )?end of (?:the )?(?:output|response|answer|completion"
    r"|generation|task|example|solution|conversation)s?[ \t]{0,2}[/\])>#*.=-]{0,4}$",
    re.IGNORECASE,
)
"""Separators and comments: `#`, `///`, `;;`, `<!-- -->`, `// end of output //`, and a rule with nothing below it."""
_STRAY_SIZE: Final = 120
_END_SIZE: Final = 48
"""Characters at the end in which the separator, and `end of`, must stand."""


def loop(pair: Pair) -> str:
    """An answer that repeats its end again and again: `"It is big. It is big. It is big. It is big. …"`."""
    output = pair.output.rstrip()
    if len(output) < _LOOP_PIECE * _LOOP_TIMES:
        return ""
    piece = output[-_LOOP_PIECE:]
    if output.find(piece) == len(output) - len(piece) or len(set(piece)) < _MIN_LETTERS:
        return ""
    times = output.count(piece)
    return f"the output says {times} times {quoted(piece)}" if times >= _LOOP_TIMES else ""


def stray_ending(pair: Pair) -> str:
    r"""An answer behind whose end a separator or comment stands: `"Owl.\n#"`, `"Owl;;"`, `"Owl. // end of output //"`.

    Not where code ends so, nor a rule that is one of several.
    """
    output = pair.output.rstrip()
    if output[-1:] not in _STRAY_ENDS and "end of" not in pair.output_lower[-_END_SIZE:]:
        return ""
    if not (found := _STRAY.search(output[-_STRAY_SIZE:])):
        return ""
    stray = found.group().strip()
    whole = output[: len(output) - len(stray)].rstrip()
    if not whole or stray in whole or is_code(whole):
        return ""
    return f"the output ends {quoted(output[-50:])}"
