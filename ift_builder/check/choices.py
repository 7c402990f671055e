"""Family G, choices: an answer that is none of those to choose from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_OPTION_LINE = re.compile(
    r"(?:^|[\n,;])[ \t]{0,20}[(\[]?([A-Z])[)\].:][ \t]{0,20}[^\s]|(?:^|\s)[(\[]([A-Z])[)\]][ \t]{0,20}[^\s]"
)
_LETTER_ANSWER = re.compile(
    r"\s*(?:(?:the )?(?:correct )?(?:answer|option)(?: is)?:?\s*)?[(\[]?([A-Za-z])[)\].:]?(?:\s*$|[)\].:]\s)",
    re.IGNORECASE,
)
_BEHIND_A_LETTER: Final = frozenset(")].:")
_BEGINNINGS: Final = (
    *(" ", "\n", "(", "[", "the c", "The c", "the a", "The a", "the o", "The o", "correct", "Correct"),
    *("answer", "Answer", "option", "Option"),
)
"""How an answer begins that names an option by its letter and says more: most answers do not."""
_MAX_ANSWER: Final = 40
_MAX_SHORT: Final = 8
_FEWEST: Final = 2
_LONGEST_SIGN: Final = 5
"""Characters: `viii` and `(xii)` are signs, words that are longer are none."""
_MAX_OPTIONS: Final = 100
_MAX_SEARCHED: Final = 2_000
"""Options, and characters of an answer, that are searched for one another: more are no choice, and cost much."""
_SHELL: Final = " \t\r\n.()[]\"'"


def answer_out_of_options(pair: Pair) -> str:
    """An answer letter that no option has: options A to D in the question, `"output": "E"`.

    Or an answer that is none of the row's `options`.
    """
    if pair.options:
        return _out_of_column(pair)
    answer = pair.output[:_MAX_ANSWER]
    if len(answer) > _MAX_SHORT and answer[1:2] not in _BEHIND_A_LETTER and not answer.startswith(_BEGINNINGS):
        return ""
    if not (found := _LETTER_ANSWER.match(answer)):
        return ""
    letters = _lettered(f"{pair.instruction}\n{pair.input}")
    if len(letters) < _FEWEST or found[1].upper() in letters:
        return ""
    return f"the output is {quoted(pair.output)}, the options are {letters[0]} to {letters[-1]}"


def _out_of_column(pair: Pair) -> str:
    answer = pair.output.strip(_SHELL).casefold()
    options = [option.strip(_SHELL).casefold() for option in pair.options]
    if not answer or answer in options:
        return ""
    if len(answer) == 1:
        if answer.isdigit() or 0 <= ord(answer) - ord("a") < len(options):
            return ""
    elif any(option in answer[:_MAX_SEARCHED] for option in options[:_MAX_OPTIONS]) or len(options) > _MAX_OPTIONS:
        return ""
    if len(answer) <= _LONGEST_SIGN and _is_sign_of_an_option(pair, answer):
        return ""
    return f"the output is {quoted(pair.output)}, the options are {quoted(', '.join(pair.options))}"


def _is_sign_of_an_option(pair: Pair, answer: str) -> bool:
    """Whether the question lists an option under this sign: `iii. Business`."""
    listed = "|".join(re.escape(option.strip().casefold()) for option in pair.options if option.strip())
    if not listed:
        return False
    item = re.compile(rf"(?<!\w){re.escape(answer)}[)\].:]\s*(?:{listed})(?!\w)")
    return bool(item.search(pair.instruction_lower) or item.search(pair.input.casefold()))


def _lettered(text: str) -> str:
    """The letters of the options in a question, if they run from A without a gap; else `""`."""
    found = "".join(sorted({first or second for first, second in _OPTION_LINE.findall(text)}))
    return found if found and found == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(found)] else ""
