"""Knows what chat models say to the reader before and after an answer, which is no part of it.

The phrases are the author's, from reading many answers; they are English and a few words of other languages, because
that is what the prompts are answered in. Too few is the safer side: what is not known as talk stays in the example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from ift_builder.answers import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENING: Final = regex.compile(
    r"""^\W*+ (?:
        (?: sure | certainly | of\ course | absolutely | okay | ok | alright | understood | got\ it | no\ problem
            | happy\ to\ help | claro | por\ supuesto | bien\ sûr | gerne | natürlich
        ) \b \W*+ (?: $ | .* (?: \b(?:here|examples?|below)\b | [:：]$ ) )
        | (?: here(?:['’]s|\ is|\ are) | below\ (?:is|are) | these\ are | voici | hier\ (?:ist|sind) | aquí\ tienes
        ) \b .* [:：.!]$
        | here\ you\ (?:go|are) \b .*
        | (?: 好的 | 当然 | 以下 | はい | もちろん | 네 | 물론 ) .* [:：。！!]$
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)

_CLOSING: Final = regex.compile(
    r"""^\W*+ (?:
        (?: please\  | just\  )? let\ me\ know\ (?: if | whether | in\ case )\ (?:
            you(?:['’]d|\ would)?\ (?: like | need | want | prefer ) | there\ is | this | these | any | i ) \b
        | (?: please\  )? feel\ free\ to\ (?: ask | request | modify | adjust | change | edit | tweak ) \b
        | (?: i\  )? hope\ (?: this | these | that | it | they ) \b .* \bhelp
        | (?: would | do )\ you\ (?: like | want | need )\ (?: me\ to | more | another | any ) \b
        | if\ you(?:['’]d|\ would)?\ (?: like | need | want ) \b .*
            \b (?: let\ me\ know | just\ ask | i\ can | happy\ to ) \b
        | (?: want | need )\ (?: more | another | me\ to ) \b
        | is\ there\ anything\ else\ i \b
        | (?: i['’]d\ be\  | i['’]m\  )? happy\ to\ (?: help | provide | add | write | give ) \b
        | enjoy \W* $
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NAMES_THE_ANSWER: Final = regex.compile(r"\b(?:examples?|instances?|inputs?|labels?|variations?)\b", regex.IGNORECASE)
_NAMES_MORE_TASKS: Final = regex.compile(
    r"\b(?:more|another|other|additional|further|these|any)\b[^.!?]{0,30}\b(?:tasks?|instructions?|triples?)\b",
    regex.IGNORECASE,
)
_LAST_PARAGRAPH = regex.compile(r"\n[ \t]*+\n(?P<tail>[ \t]*+\S[^\n]*+(?:\n(?=[^\n]*\S)[^\n]*+)?)$")
"""Of one line or two: a longer one is more than a remark."""

_LAST_LINE = regex.compile(r"\n(?P<tail>[ \t]*+\S[^\n]*+)$")


_MOST_REMARKS: Final = 10
"""A model that ends in more of them has come into a loop, and taking each off would take as long as it wrote."""


def opens(line: str) -> bool:
    """Whether the line is what a model says before it comes to the point."""
    return _OPENING.match(line.strip()) is not None


def closes(text: str) -> bool:
    """Whether the text opens like a remark to the reader that closes an answer."""
    return _CLOSING.match(text.strip()) is not None


def without_closing(parts: Sequence[str], *, one_line_each: bool = False, of_tasks: bool = False) -> str:
    """The last of an answer's parts without the remarks to the reader that close it.

    A last paragraph goes if it opens like such a remark and also speaks of examples, or stands below a rule, or closes
    an answer of several parts of which no other has a second paragraph: so the last sentence of a letter stays. The
    same holds for a last line.

    Args:
        parts: All parts of the answer, at least one.
        one_line_each: Whether parts are expected to be one line, so that only the last having a second one is telling.
        of_tasks: Whether tasks were asked for, so that a remark that offers more of them is telling too.
    """
    *others, last = parts
    telling = (_NAMES_THE_ANSWER, _NAMES_MORE_TASKS) if of_tasks else (_NAMES_THE_ANSWER,)
    for _ in range(_MOST_REMARKS):
        shorter = _without_one(others, last, telling, one_line_each=one_line_each)
        if shorter == last:
            break
        last = shorter
    return last


def _without_one(
    others: Sequence[str], last: str, telling: Sequence[regex.Pattern[str]], *, one_line_each: bool
) -> str:
    for shape in (_LAST_PARAGRAPH, _LAST_LINE):
        found = shape.search(last)
        if found and _CLOSING.match(found["tail"]):
            above = last[: found.start()].rstrip().split("\n")
            is_telling = bool(others) and (one_line_each or shape is _LAST_PARAGRAPH)
            stands_out = is_telling and not any(map(shape.search, others))
            names_it = any(pattern.search(found["tail"]) for pattern in telling)
            if stands_out or markdown.is_rule(above[-1]) or names_it:
                return markdown.part(above[0], above[1:])
    return last
