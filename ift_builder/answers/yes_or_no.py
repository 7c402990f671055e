"""Reads a yes or a no: whether a task is classification, or belongs to a subject.

The first line decides, else the last: with `Yes` or `No`, alone or after a label such as `Answer:`, or with a sentence
such as "This is not a classification task." Whatever else a model says is no decision; a guess would send a task down
the wrong way, or drop a good one.
"""

from __future__ import annotations

import regex

_SUBJECT = r"(?:it|that|(?:this|the)(?:\s+(?:task|instruction|one))?)"
_WORD = regex.compile(
    rf"""^\W* (?: (?:(?:the|my|final|so|therefore)\W+)*
            (?: answer | classification | output | result | decision
                | is\s+{_SUBJECT}\s+(?:an?\s+)?classification(?:\s+task)? ) (?:\s+is)? \W+ )?
        (?: (?P<yes>yes) | no ) \b
        (?! \s+(?:idea|clue|doubt|problem|way|one|need)\b | \W+(?:and|or)\W+(?:yes|no)\b )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SENTENCE = regex.compile(
    rf"""^\W* (?: {_SUBJECT} (?:\s+is|['’]s|(?P<not>\s+isn['’]t)) \s+ )? (?:clearly\s+|definitely\s+)?
        (?P<not>not\s+)? (?:an?\s+)? (?:text\s+)? classification (?:\s+(?:task|problem))?
        (?: [^\w?？]* [.;!] | [^\w?？]*+ (?: $ | because\b | since\b | as\b ) )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_WORD_ALONE = regex.compile(r"(?r)(?<!\w)(?:yes|no)\W*$", regex.IGNORECASE)


def read(answer: str) -> bool | None:
    """Whether the answer says yes; None if it says neither."""
    lines = [line for line in answer.splitlines() if line.strip()]
    if not lines:
        return None
    said = _decision(lines[0])
    if said is None and _WORD_ALONE.search(lines[-1]):
        return _decision(lines[-1])
    return said


def _decision(line: str) -> bool | None:
    if word := _WORD.match(line):
        return word["yes"] is not None
    if sentence := _SENTENCE.match(line):
        return not any(sentence.captures("not"))
    return None
