"""Family D: rows that were there before."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from ift_builder.check.finding import quoted
from ift_builder.check.seen import SeenHashes

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ift_builder.check.finding import Limits
    from ift_builder.formats.training_rows import DataFile, TrainingRow


_MIN_SHARED: Final = 25
_MIN_SHARED_WORDS: Final = 5
"""Characters and words of an output that is no label."""
_MIN_OTHERS: Final = 2
"""Other instructions under which the output stands already."""


class _Earlier:
    """Says where a value was seen first, over all files, with a few bytes of memory for each row."""

    def __init__(self) -> None:
        self._seen = SeenHashes()
        self._rows = array("I")
        """By the number of a value: the row where it was first, counted over all files."""
        self._files: list[DataFile] = []
        self._starts: list[int] = []
        self._last: TrainingRow | None = None

    def place(self, row: TrainingRow, value: Hashable) -> str:
        """The place of the first row with this value; `""`, and this row is remembered, if there is none."""
        known = len(self._rows)
        number = self.number(row, value)
        return self.place_of(row, number) if number < known else ""

    def number(self, row: TrainingRow, value: Hashable) -> int:
        """Which of the different values this is, in the order in which they came, from 0."""
        last = self._last
        if last is None or last.file is not row.file:
            self._starts.append(self._starts[-1] + last.number + 1 if last else 0)
            self._files.append(row.file)
        self._last = row
        known = len(self._rows)
        number = self._seen.first(hash(value), known)
        if number is not None:
            return number
        self._rows.append(self._starts[-1] + row.number)
        return known

    def place_of(self, row: TrainingRow, number: int) -> str:
        """Where the value of this number was first, as a row of the same or of another file says it."""
        first = self._rows[number]
        file = bisect_right(self._starts, first) - 1
        line, path = first - self._starts[file], self._files[file].path
        if self._files[file] is row.file:
            return f"line {line}" if row.file.counts_lines else f"row {line}"
        return f"{path}:{line}" if self._files[file].counts_lines else f"{path}[{line}]"


class DuplicateRow:
    """A row whose question and answer both stand earlier, but for spaces at the ends: the same line twice.

    The reasoning is part of the answer; worked instances, earlier turns and system message are part of the question.
    """

    def __init__(self, _: Limits) -> None:
        self._earlier = _Earlier()

    def __call__(self, row: TrainingRow) -> str:
        """Where the row stands already."""
        if not row.pairs:
            return ""
        first = self._earlier.place(row, (row.compared, row.rejected))
        return f"the same question and answer as in {first}" if first else ""


class DuplicateId:
    """An id that an earlier row has: `{"id": "a1", …}` twice. Splits and sidecars then mix up rows."""

    def __init__(self, _: Limits) -> None:
        self._earlier = _Earlier()

    def __call__(self, row: TrainingRow) -> str:
        """Where the id stands already."""
        id = row.id  # noqa: A001 - the field's own word
        first = self._earlier.place(row, id) if id else ""
        return f"the id {quoted(id)} is that of {first} too" if first else ""


class SameQuestion:
    """A question that stands earlier with another answer: two answers to “Name a river.”, and no hint which is wanted.

    Of conversations only those of one answer are compared.
    """

    def __init__(self, _: Limits) -> None:
        self._questions = _Earlier()
        self._answers = array("q")
        """Hashes of the answers that the questions had first."""
        self._more: dict[int, set[int]] = {}
        """Hashes of all answers to a question that came again, by its number."""

    def __call__(self, row: TrainingRow) -> str:
        """Where the question stands with another answer."""
        if len(row.pairs) != 1 or not row.pairs[0].instruction:
            return ""
        question, answer = row.compared
        number = self._questions.number(row, question)
        if number == len(self._answers):
            self._answers.append(answer)
            return ""
        known = self._more.setdefault(number, {self._answers[number]})
        if answer in known:
            return ""
        known.add(answer)
        return f"the same question as in {self._questions.place_of(row, number)}, with another answer"


class SameOutput:
    """One answer to many instructions: `"It depends on the weather and the season."` under a third one.

    Labels and other short answers, and answers from a row's options, are meant to come again; so are those to one
    instruction with other inputs.
    """

    def __init__(self, _: Limits) -> None:
        self._outputs = _Earlier()
        self._instructions = array("q")
        """Hashes of the instructions under which the outputs stood first."""
        self._more: dict[int, set[int]] = {}
        """Hashes of all instructions of an output that came again, by its number."""

    def __call__(self, row: TrainingRow) -> str:
        """Under how many other instructions the output stands already, and where first."""
        if len(row.pairs) != 1:
            return ""
        pair = row.pairs[0]
        if len(pair.output) < _MIN_SHARED or pair.options or not pair.instruction:
            return ""
        asked = hash(pair.instruction)
        number = self._outputs.number(row, pair.output)
        if number == len(self._instructions):
            self._instructions.append(asked)
            return ""
        known = self._more.setdefault(number, {self._instructions[number]})
        known.add(asked)
        if len(known) <= _MIN_OTHERS or len(pair.output.split()) < _MIN_SHARED_WORDS:
            return ""
        first = self._outputs.place_of(row, number)
        return f"the same output as under {len(known) - 1} other instructions, first in {first}"


class NearDuplicate:
    """A question almost like an earlier one: “List three uses of a brick.”, “List three uses for a brick.”.

    Off by default: it needs memory for each question, and rows made from one template are alike on purpose. Questions
    that are found are not compared with, as in Self-Instruct.
    """

    def __init__(self, limits: Limits) -> None:
        from ift_builder.screening.near_duplicate import NearDuplicates  # noqa: PLC0415 - heavy

        self._kept = NearDuplicates(limits.similarity)
        self._most = limits.most_compared

    def __call__(self, row: TrainingRow) -> str:
        """The earlier question and how near it is."""
        if not row.pairs or len(self._kept) >= self._most:
            return ""
        pair = row.pairs[0]
        text = f"{pair.instruction}\n{pair.input}" if pair.input else pair.instruction
        if not text:
            return ""
        verdict = self._kept.judge(text)
        if verdict.kept:
            self._kept.admit(text, row.place)
            return ""
        return f"ROUGE-L {verdict.evidence['rouge_l']:.2f} to the question in {verdict.evidence['of']}"
