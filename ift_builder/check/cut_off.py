"""Family G, cut-off: answers that stop in the middle, told by what stands at their end and by how they ended before.

Three sorts of evidence, from the surest down: a mark or word after which something must follow; a word that is only the
beginning of one; and a sentence, item or paragraph without the mark that the others of the same answer have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ift_builder import words
from ift_builder.check import counts
from ift_builder.check.finding import quoted
from ift_builder.check.text_kinds import (
    is_closing,
    is_code,
    is_english,
    is_form,
    is_prose,
    is_signed,
    share_in_lower_case,
)

if TYPE_CHECKING:
    from ift_builder.formats.training_rows import Pair

_LONG_ENOUGH: Final = 80
"""Characters: shorter answers are labels, titles and phrases, which end as they like unless the end is proof."""
_SAME_END: Final = 16
"""Characters at the end that a text and its corrected or reworded form share: it was whole when it was given."""
_LOOKED_AT: Final = 8_000
"""Characters at the end that are looked at: no sentence or list with its pattern is longer."""
_CLOSED: Final = frozenset(".!?\"”)…。！？।0123456789]'*_`%")  # noqa: RUF001
"""Last characters that end an answer, as far as can be told."""
_OPEN: Final = frozenset(",:([-–—、，（")  # noqa: RUF001
"""Last characters, besides letters, after which something must follow."""

_NEAR: Final = 60
"""Characters before an open mark that must be prose."""
_MIN_SHORT: Final = 4
"""Words of a short answer whose hanging word is proof."""
_MIN_PLAIN: Final = 2
_MIN_TAIL: Final = 2
_MIN_OPEN: Final = 3
_MIN_PARAGRAPH: Final = 7
"""Words of a sentence after another one, and of a paragraph, that show the lack of a mark."""
_MANY: Final = 3
"""Paragraphs with marks after which a shorter one must have it, too."""
_LONG_SENTENCE: Final = 160
"""Characters of an answer without any mark: nobody writes such a title or label."""
_MIN_LOWER: Final = 0.5
"""Share of words in lower case below which a piece of text is a title, a name or a list of names."""
_MARKED_SHARE: Final = 0.8
"""Share of the other items or paragraphs that must end with a mark."""

_SENTENCE_END = re.compile(
    r"(?:(?:[^\W\d_]{2}|[\d%)\]\"'”’])[.!?]|[!?…。！？।])[\"'”’»)\]*]{0,6}(?=\s)"  # noqa: RUF001
)
"""Not after a single letter, which is an initial or the letter of an option."""
_NO_END = re.compile(
    r"(?:^|[\s(])(?:dr|mrs?|ms|st|jr|sr|prof|gen|col|capt|lt|rev|hon|mt|ft|vs|no|vol|pp|fig|eds?|approx|est|dept"
    r"|(?:step |day |week )?\d{1,3})[.]$",
    re.IGNORECASE,
)
"""Abbreviations before a name or number, and the number of an item."""
_MARKED_END = re.compile(r"[.!?…。！？।][\"'”’»)\]*_`]{0,6}$")  # noqa: RUF001
_ITEM = re.compile(
    r"[ \t]{0,40}(?:(?P<bullet>[-*•·–+]|#{1,6})|(?P<number>(?:[^\W\d_]{1,10} ?)?\(?\d{1,3}[.):])"  # noqa: RUF001
    r"|(?P<letter>\(?[A-Za-z][.)])|(?P<roman>\(?[ivxIVX]{1,6}[.)]))[ \t]+"
)
_BARE_ITEM = re.compile(r"[^\W_][^\w\n]{0,4}\n{1,3}[ \t]{0,20}(?:(?P<number>\d{1,3})[.)]?|[a-zA-Z][.)]|[-*•])$")

_ABBREVIATED: Final = (" e.g.", "(e.g.", " i.e.", "(i.e.")
_NAME_WITH_INITIALS = re.compile(r"(?:\b[A-Z]\. ?){1,4}(?:[A-Z][\w'’-]{1,30} ?){1,2}$")  # noqa: RUF001
_FIELD = re.compile(r"[^\W\d_][^:.!?]{0,30}:\s")
"""A field with its value, such as `Category: Nature`, which ends as it likes."""
_MIDDLES: Final = (": ", " - ", " – ", " — ", " (", " by ", " = ")  # noqa: RUF001
"""What parts the halves of each item in a list: term and meaning, book and author."""
_DIGITS = re.compile(r"\d+")
_BARE_NUMBER = re.compile(r"[.!?;] (\d{1,2})[.)]$")
"""The number of an item in a list on one line."""
_NO_OPTIONS: Final = frozenset("FGHJKLMNOPQRSTUVWXYZ")
"""Letters that are seldom an answer to a question with options, and no word."""
_PAIRED_ENDS: Final = frozenset(')"”]')
"""Last characters that all items of a list share for a reason: `Jaws (1975)`."""

_HANGING_WORD = re.compile(
    r"(?:^|[\s(\"'“])(?:and|or|nor|the|an?|my|your|their|our|its|every|several|whose|whether|because|although|unless"
    r"|whereas|including|towards?|very|equal to|according to|due to|such as|as well as|in order to|rather than|able to"
    r"|(?:it|that|there|let|what|he|she|who)['’]s|[Ii]['’]m|(?:we|you|they)['’](?:re|ll|ve)|It['’]s|(?:That|There|Let)['’]s"  # noqa: RUF001
    r"|[a-z]{3,20}['’]s)$"  # noqa: RUF001
)
"""Words after which English goes on: in lower case, since titles end in `Of` and option letters in `A`."""
_WEAK_WORD = re.compile(
    r"(?:^|\s)(?:of|to|with|for|from|by|into|as|than|is|are|was|were|be|been|has|have|had|will|would|can|could|should"
    r"|may|might|must|his|which|who|that|if|when|while|but|more|most|not|in|on|at|about|between|during|without|within"
    r"|through|until|where|also|another|both)$"
)
"""Words that end a sentence only in a question or clause: “what it is made of”."""
_COPULA = re.compile(r"\s(?:is|are|was|were)$")
_LETS_IT_HANG = re.compile(r"\b(?:wh\w{1,20}|how|than|as|that|if|like)\b", re.IGNORECASE)
_FACE = re.compile(r"(?:^|\s)[:;=8][-']?[(\[]$")
_LAST_WORD = re.compile(r"(?:^|(?<=[\s(\"“'’‘*_/-]))[A-Za-z]{1,30}$")  # noqa: RUF001
_BEFORE_A_LETTER = re.compile(
    r"\b(?:letters?|vitamin|option|hepatitis|variables?|for|by|and|or|to|of|grade|plan|size|type|with|class|point|axis"
    r"|note|strings?|characters?|words?) $",
    re.IGNORECASE,
)
"""Words before which a single letter may be what is spoken of: “solve for x”, “vitamin c”."""
_CONNECTS = re.compile(
    r"[ \t]*(?:however|therefore|moreover|furthermore|additionally|finally|in (?:conclusion|addition|summary|fact)"
    r"|for (?:example|instance)|as a result|on the other hand|first(?:ly)?|second(?:ly)?|next|then|overall|remember),$",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"(?:call|visit|buy|order|shop|enjoy|serve|contact|join|click|follow|thanks?|happy|good|best|have a|see you|stay"
    r"|don['’]t|rsvp|book|try|get|come|learn more|sign up|subscribe|download|start|share|act|hurry|lol|xoxo?|love"  # noqa: RUF001
    r"|the end|answer|result|source|rating|score|total|by|from|author)\b",
    re.IGNORECASE,
)
"""How the last words of an advertisement, recipe, message or sum begin, which many leave without a full stop."""
_MAX_INVITATION: Final = 8
"""Words of such last words."""
_GOES_ON: Final = ("ly", "ing")
"""Endings of first words that make no sentence alone: `Finally`, `Focusing`."""
_FREE_ENDS = re.compile(
    r"\b(?:tweets?|hashtags?|headlines?|slogans?|taglines?|titles?|lyrics?|songs?|haikus?|poems?|verses?|rhymes?|rap"
    r"|captions?|keywords?|tags|punctuat\w*)\b"
)
"""Sorts of texts that are written without full stops."""
_SPEAKS_OF_WORDS = re.compile(
    r"\b(?:translat\w*|languages?|pronounc\w*|abbreviat\w*|acronyms?|prefix\w*|syllables?|stems?|anagrams?|word for"
    r"|spanish|french|german|italian|portuguese|latin|dutch|japanese|chinese|hindi|swedish|slang)\b"
)
"""Tasks whose answers may hold words of other languages and parts of words."""
_COLON_WANTED = re.compile(
    r"\b(?:forms?|templates?|questionnaire|survey|salutation|greeting|colons?|punctuat\w*|headings?|outline|fill"
    r"|complete|labels?|prompts?|introduc\w*|headers?|columns|format)\b"
)


def cut_off(pair: Pair) -> str:
    r"""An answer that stops in the middle: `"… The second reason is that the"`, `"1. Milk\n2. Eggs\n3."`, an open ```.

    Only where its end is proof, or where the marks of its other sentences, items or paragraphs show that the last one
    lacks its own; signatures, titles, names, links, options, forms and code are ends. An answer that is one of the
    row's options was not written, so it is whole.
    """
    output = pair.output.rstrip()
    if not output or (pair.options and any(output.endswith(option) for option in pair.options if option.strip())):
        return ""
    if output[-1] not in ".!?" and (pair.input or pair.instruction).rstrip().endswith(output[-_SAME_END:]):
        return ""
    if len(output) < _LONG_ENOUGH:
        is_cut = (output[-1].islower() or output[-1] == ",") and _is_short_and_cut(pair, output)
        is_cut = is_cut or _ends_with_a_bare_item(output)
    elif output[-1] in _CLOSED:
        is_cut = b"`" in pair.rare and output.count("```") % 2 == 1
        is_cut = is_cut or _ends_with_a_bare_item(output)
    else:
        is_cut = _is_cut(pair, output)
    return f"the output ends {quoted(output[-50:])}" if is_cut else ""


def _is_short_and_cut(pair: Pair, output: str) -> bool:
    """Whether a short answer ends in a word after which English goes on, or in the beginning of one."""
    found = output.split()
    if len(found) < _MIN_SHORT or "\n" in output:
        return False
    plain = sum(word.strip(",;\"'").lower() not in words.FUNCTION_WORDS for word in found)
    if plain < _MIN_PLAIN or is_closing(output):  # a list of such words, or a letter's end
        return False
    if output[-1] == "," or _HANGING_WORD.search(output[-18:]):
        return output[-2:] != " a"
    if _COPULA.search(output[-8:]):
        return not _LETS_IT_HANG.search(output)
    return len(found) >= _MIN_PARAGRAPH and output[0].isupper() and _ends_in_a_fragment(pair, output)


def _is_cut(pair: Pair, output: str) -> bool:
    """Whether an answer of some length that ends in a letter or an open mark does so too early."""
    if output.count("```") % 2 or _ends_with_a_bare_item(output):
        return True
    last = output[-1]
    if not (last.isalpha() or last in _OPEN) or is_code(output):
        return False
    output = output[-_LOOKED_AT:]
    line = output[output.rfind("\n") + 1 :]
    if last == ":":
        return _announces(pair, output)
    if last in _OPEN:
        return _stops_at_a_mark(output, line)
    if _HANGING_WORD.search(line[-18:]):
        return True
    return _ends_in_a_fragment(pair, output) or _lacks_its_mark(pair, output, line)


def _ends_with_a_bare_item(output: str) -> bool:
    """Whether the last item of a list has its number or bullet and nothing else."""
    if output.endswith(_ABBREVIATED):
        return True
    if "\n" in output[-12:] and (item := _BARE_ITEM.search(output[-24:])):
        before = int(item["number"] or 0) - 1
        return not item["number"] or f"\n{before}." in f"\n{output}" or f"\n{before})" in f"\n{output}"
    if output[-1] in ".)" and output[-2:-1].isdigit() and (found := _BARE_NUMBER.search(output[-6:])):
        return f" {int(found[1]) - 1}{output[-1]} " in f" {output}"
    return False


def _announces(pair: Pair, output: str) -> bool:
    """Whether the answer ends with a colon after which something was to come, and is no form to be filled."""
    return not is_form(output) and not _COLON_WANTED.search(pair.request_lower)


def _stops_at_a_mark(output: str, line: str) -> bool:
    if output[-1] in "-–—" and len(line.split()) < _MIN_SHORT:  # noqa: RUF001
        return False
    return not (
        _FACE.search(line[-4:]) or (is_closing(line) and not _CONNECTS.match(line)) or not is_prose(line[-_NEAR:])
    )


def _ends_in_a_fragment(pair: Pair, output: str) -> bool:
    """Whether the last word is none, but the beginning of one, in English text: `… people like to sit outs`."""
    found = _LAST_WORD.search(output[-32:])
    if not found or words.is_word(word := found.group()) or not words.begins_word(word):
        return False
    before = output[: len(output) - len(word)]
    if before.rstrip()[-1:].isdigit() or _SPEAKS_OF_WORDS.search(pair.request_lower) or not is_english(before):
        return False
    if len(word) == 1:
        begins = word in _NO_OPTIONS and before.endswith(". ") and not _NO_END.search(before[-14:-1])
        return (word.islower() or begins) and not _is_letter_spoken_of(word, before, pair)
    return word.islower() or _starts_a_piece(word, before)


def _is_letter_spoken_of(letter: str, before: str, pair: Pair) -> bool:
    if not before.endswith(" ") or _BEFORE_A_LETTER.search(before[-14:]):
        return True
    alone = re.compile(rf"(?<![^\W_]){letter}(?![^\W_])", re.IGNORECASE)
    return bool(
        alone.search(before) or alone.search(pair.instruction[:_LOOKED_AT]) or alone.search(pair.input[:_LOOKED_AT])
    )


def _starts_a_piece(word: str, before: str) -> bool:
    """Whether a word with a capital begins a sentence or an item in a list of phrases, so that it is likely no name."""
    if not word.istitle():
        return False
    *lines, line = before[-_LOOKED_AT:].split("\n")
    item = _ITEM.match(line)
    if item and item.end() == len(line) and share_in_lower_case("\n".join(lines)) >= _MIN_LOWER:
        return True
    begun = before.rstrip(" ")
    return begun[-1:] in (".", "!", "?") and not _NO_END.search(begun[-12:])


def _lacks_its_mark(pair: Pair, output: str, line: str) -> bool:
    """Whether the last sentence, item or paragraph lacks a mark that the others have."""
    item = _ITEM.match(line)
    body = line[item.end() :] if item else line
    ends = [end.end() for end in _SENTENCE_END.finditer(body) if not _NO_END.search(body[: end.end()][-14:])]
    tail = body[ends[-1] :] if ends else body
    if (
        not is_prose(tail)
        or is_signed(tail.strip())
        or _NAME_WITH_INITIALS.search(tail[-50:])
        or _FREE_ENDS.search(pair.request_lower)
    ):
        return False
    if _is_open(tail):
        return True
    if ends:
        return _is_sentence_without_end(tail.strip())
    if item:
        return _is_short_of_the_number(pair, item) or _others_have_marks(output, item)
    return _is_paragraph_without_end(output, line)


def _is_open(tail: str) -> bool:
    """Whether the piece of text has a bracket that nothing closes, or ends in a word that seldom ends anything."""
    if any(tail.count(opening) > tail.count(closing) for opening, closing in ("()", "[]")):
        return True
    return bool(_WEAK_WORD.search(tail[-9:])) and not _LETS_IT_HANG.search(tail[:-5]) and len(tail.split()) >= _MIN_OPEN


def _is_sentence_without_end(tail: str) -> bool:
    found = tail.split()
    first = found[0].strip(",").lower()
    goes_on = first in words.FUNCTION_WORDS or first.endswith(_GOES_ON)
    if len(found) < _MIN_TAIL:
        return goes_on
    if _FIELD.match(tail):
        return False
    if len(found) <= _MAX_INVITATION and _INVITES.match(tail):
        return False
    return goes_on or share_in_lower_case(tail) >= _MIN_LOWER


def _is_short_of_the_number(pair: Pair, item: re.Match[str]) -> bool:
    """Whether more items were asked for than the number of the last one."""
    asked = counts.asked(pair) if item["number"] else None
    return asked is not None and int(_DIGITS.findall(item["number"])[0]) < asked.least


def _others_have_marks(output: str, last: re.Match[str]) -> bool:
    """Whether the other items of the list end with marks, or all have a colon that the last one lacks."""
    kind = last.lastgroup
    others = [
        line[item.end() :].rstrip()
        for line in output.split("\n")[:-1]
        if (item := _ITEM.match(line)) and item.lastgroup == kind
    ]
    if not others:
        return False
    ends = {other[-1:] for other in others}
    if len(others) > 1 and len(ends) == 1 and not ends.isdisjoint(_PAIRED_ENDS):
        return True
    marked = sum(bool(_MARKED_END.search(other[-8:])) for other in others)
    if marked >= _MARKED_SHARE * len(others):
        return len(others) > 1 or len(last.string.split()) > _MIN_SHORT
    body = last.string[last.end() :]
    return len(others) > 1 and any(mark not in body and all(mark in other for other in others) for mark in _MIDDLES)


def _is_paragraph_without_end(output: str, line: str) -> bool:
    number = len(line.split())
    if len(line) == len(output):
        return len(line) > _LONG_SENTENCE and line.isascii() and share_in_lower_case(line) >= _MIN_LOWER and "," in line
    others = [other for other in output.split("\n")[:-1] if len(other.split()) >= _MIN_PARAGRAPH]
    marked = sum(bool(_MARKED_END.search(other.rstrip()[-8:])) for other in others)
    return (
        number >= (_MIN_PARAGRAPH if len(others) < _MANY else _MIN_SHORT)
        and bool(others)
        and marked >= _MARKED_SHARE * len(others)
        and share_in_lower_case(line) >= _MIN_LOWER
    )
