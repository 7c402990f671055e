"""Family G, fields: placeholders, and fields that repeat one another, as people found them in Alpaca's data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_LONGEST_PLACEHOLDER: Final = 80
_SHORTEST_REPEAT: Final = 20
"""Characters: shorter texts, such as a name or a number, stand in both fields for good reasons."""

_SHORTEST_QUOTED: Final = 3
_SHORTEST_PHRASE: Final = 8
"""Characters of a short input that is told where it is quoted, and where it is not."""
_QUOTES: Final = "\"'“”.: \t\n"

_NO_INPUT = re.compile(
    r"""(?:(?:there\ is\ |this\ task\ (?:needs|requires)\ )?no[ _-]?(?:(?:\w{1,20}\ ){0,2}(?:in|out)puts?)
           (?:\ (?:is\ |was\ )?(?:required|needed|necessary|provided|given|available|specified|applicable))?
           (?:\ for\ this\ task)?
      |no\ (?:additional\ |further\ )?(?:context|data|text|information|content)(?:\ (?:required|needed|provided|given))?
      |n?oinput|none(?:\ (?:required|needed|provided|given|necessary))?|n/?a|n\.\ ?a
      |not\ (?:applicable|needed|required|provided)
      |null|nil|nan|tbd|todo|placeholder|(?:empty|blank)(?:\ input)?|(?:the\ )?input|input[: ]{1,3}(?:none|n/a|text)
      |(?:this\ task\ )?(?:doesn't|does\ not)\ (?:need|require)\ (?:any\ |an\ )?input
      |(?:your|insert|enter)\ (?:\w{1,20}\ ){0,2}(?:input|text|sentence|paragraph)(?:\ here)?)""",
    re.VERBOSE,
)
_NO_OUTPUT = re.compile(
    r"""(?:output|output\ here|(?:your|insert|enter)\ (?:\w{1,20}\ ){0,2}(?:output|answer|response|text)(?:\ here)?
      |no[ _-]?input|n/a|not\ applicable|null|nan|tbd|todo|placeholder
      |to\ be\ (?:filled|completed|determined)(?:\ in)?)""",
    re.VERBOSE,
)
_OPENS_WITH_NO_OUTPUT = re.compile(
    r"""[<\[({\\]{1,3}\ ?no[ _-]?output\b|nooutput\b
      |no\ output
           (?:\ (?:is\ |was\ )?(?:required|needed|necessary|provided|given|available|possible|applicable))?\W{0,3}$""",
    re.VERBOSE,
)
"""`<nooutput>`, alone or with a reason behind it, and `No output` with nothing behind it."""
_MAX_NO_OUTPUT: Final = 200
_SPEAKS_OF_OUTPUT = re.compile(r"\b(?:outputs?|prints?|code|program|function|command|script|query|return\w*)\b")
_ONLY_DOTS = re.compile(r"\.{2,}|…+|_{2,}|\?{2,}")
_BRACKETED = re.compile(
    r"""[\[<({]{1,2}\s*(?:insert|enter|paste|add|type|put|provide|your|some|the|input|output|answer|response|text|article
      |paragraph|passage|sentence|content|story|poem|essay)\b[\w\ ,'/-]*[\]>)}]{1,2}""",
    re.VERBOSE,
)
_SHELL: Final = "<>[](){}\"'“”*_.:;,!?/\\|#=~`- \t\r\n"
_MEANT_AS_IT_IS = re.compile(
    r"\b(?:repeat|copy|echo|verbatim|unchanged|as[- ]is|otherwise|same|if (?:it|there|the|any|no|needed|necessary"
    r"|not))\b"
)


def placeholder_input(pair: Pair) -> str:
    """An input that says that there is none: `"input": "No input"`, `"<noinput>"`, `"N/A"`, `"[Insert text here]"`."""
    given = pair.input
    if not given or len(given) > _LONGEST_PLACEHOLDER:
        return ""
    bare = given.lower().strip(_SHELL)
    if _NO_INPUT.fullmatch(bare) or _BRACKETED.fullmatch(given.lower().strip()) or _ONLY_DOTS.fullmatch(given.strip()):
        return f"the input is {quoted(given)}"
    return ""


def empty_output(pair: Pair) -> str:
    """An answer without text: `"output": "  "`."""
    return "" if pair.output and not pair.output.isspace() else "the output is empty"


def placeholder_output(pair: Pair) -> str:
    """An answer that says that there is none: `"N/A"`, `"<nooutput - no picture>"`, `"[Your answer here]"`, `"..."`.

    `"None."` may be right, and `"N/A"` is an answer where the question speaks of it.
    """
    if len(pair.output) > 2 * _MAX_NO_OUTPUT:
        return ""
    output = pair.output_lower.strip()
    if not output or len(output) > _MAX_NO_OUTPUT:
        return ""
    if _OPENS_WITH_NO_OUTPUT.match(output):
        return (
            ""
            if output[0] == "n" and _SPEAKS_OF_OUTPUT.search(pair.request_lower)
            else f"the output is {quoted(pair.output)}"
        )
    if len(output) > _LONGEST_PLACEHOLDER:
        return ""
    found = _NO_OUTPUT.fullmatch(output.strip(_SHELL)) or _BRACKETED.fullmatch(output) or _ONLY_DOTS.fullmatch(output)
    if not found or output.strip(_SHELL) in f"{pair.instruction_lower}\n{pair.input.lower()}\n{pair.options}".split():
        return ""
    return f"the output is {quoted(pair.output)}"


def output_equals_input(pair: Pair) -> str:
    """An answer that is the input again: `"input": "She go home."`, `"output": "She go home."`.

    Not where the instruction wants that: “Repeat …”, “If it is correct, …”.
    """
    given = pair.input.strip()
    if not given or given != pair.output.strip() or _MEANT_AS_IT_IS.search(pair.instruction_lower):
        return ""
    return f"output and input are both {quoted(given)}"


def output_repeats_instruction(pair: Pair) -> str:
    """An answer that begins with its question: `"Name three birds of prey."`, `"Name three birds of prey. Owls …"`."""
    asked = pair.instruction_lower.strip()
    if len(asked) < _SHORTEST_REPEAT or asked not in pair.output_lower[: len(asked) + _SHORTEST_REPEAT]:
        return ""
    if not pair.output_lower.lstrip(_SHELL).startswith(asked):
        return ""
    return "" if _MEANT_AS_IT_IS.search(asked) else f"the output begins with the instruction {quoted(pair.instruction)}"


def input_in_instruction(pair: Pair) -> str:
    """An input that the instruction holds already: `"Sort these numbers: 3, 1, 2, 9, 7, 8"`, `"3, 1, 2, 9, 7, 8"`.

    A short one only where it is quoted, stands behind a colon, or has several words: “Edit this: 'I playing piano'.”.
    """
    given = pair.input.strip().lower()
    if not given or (bare := given.strip(_QUOTES)) not in pair.instruction_lower:
        return ""
    if len(given) < _SHORTEST_REPEAT and not _holds_short(pair.instruction_lower, bare):
        return ""
    return f"the instruction holds the input {quoted(pair.input.strip())}"


def _holds_short(asked: str, given: str) -> bool:
    """Whether a short input stands in the instruction as what it is about."""
    if len(given) < _SHORTEST_QUOTED:
        return False
    at = asked.index(given)
    before, after = asked[:at].rstrip(" ")[-1:], asked[at + len(given) :][:1]
    if (before and before in "\"'“‘:") and (not after or after in "\"'”’.?!,;\n "):  # noqa: RUF001
        return True
    return (
        " " in given
        and not (before.isalnum() and asked[at - 1 : at] != " ")
        and not after.isalnum()
        and len(given) >= _SHORTEST_PHRASE
    )
