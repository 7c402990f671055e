"""`ift-build check`: what is wrong with a run or a dataset file, before a trainer swallows it in silence.

>>> rules = chosen()
>>> [finding.code for finding in check([Path("mine.jsonl")], rules)]
['G001', 'G017']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ift_builder.check.finding import Finding, Limits, Rule, printable
from ift_builder.check.registry import RULES, chosen
from ift_builder.check.tally import Tally
from ift_builder.formats.training_rows import read, view
from ift_builder.runs import data_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from ift_builder.check.finding import RowTest
    from ift_builder.formats.training_rows import DataFile, TrainingRow

__all__ = ["RULES", "Finding", "Limits", "Rule", "Tally", "check", "chosen"]


def check(
    paths: Iterable[Path],
    rules: Mapping[str, Rule],
    limits: Limits | None = None,
    *,
    on_row: Callable[[], None] = lambda: None,
) -> Iterator[Finding]:
    """Yields what the rules find, row by row, in constant memory but for 12 bytes or so a row of the duplicate rules.

    Args:
        paths: Run folders, data files, or folders with data files.
        rules: By code, from `chosen`.
        limits: Numbers that rules measure against.
        on_row: Called after each row.

    Raises:
        InputError: A path cannot be read at all.
        RunFolderError: A path is a run that has no rows yet, or whose manifest was changed by hand.
    """
    checker = Checker(rules, limits or Limits())
    for file in [file for path in paths for file in data_files(path)]:
        yield from checker.file(file, on_row)


class Checker:
    """Applies rules to files one after the other; duplicates are found across them."""

    def __init__(self, rules: Mapping[str, Rule], limits: Limits) -> None:
        self._rules = rules
        self._limits = limits
        self._of_pairs = [(code, rule.pair) for code, rule in rules.items() if rule.pair]
        self._of_rows = [(code, rule.row) for code, rule in rules.items() if rule.row]
        self._remembering = [(code, rule.memory(limits)) for code, rule in self._with_memory(forgets=False)]

    def file(self, file: DataFile, on_row: Callable[[], None] = lambda: None) -> Iterator[Finding]:
        """Yields what is wrong with a file's rows, then with the file."""
        tests: list[tuple[str, Callable[[TrainingRow], str] | RowTest]] = [
            *self._of_rows,
            *(
                (code, memory(self._limits))
                for code, rule in self._with_memory(forgets=True)
                if (memory := rule.memory)
            ),
            *self._remembering,
        ]
        rows = 0
        for number, value in read(file):
            rows += 1
            row = view(file, number, value)
            for code, test in tests:
                if what := test(row):
                    yield self._finding(code, row.place, row.id, what)
            yield from self._in_pairs(row)
            on_row()
        for code, rule in self._rules.items():
            if rule.file and (what := rule.file(file, rows, self._limits)):
                yield self._finding(code, str(file.path), "", what)

    def _in_pairs(self, row: TrainingRow) -> Iterator[Finding]:
        """The first pair that breaks a rule speaks for the row."""
        told: set[str] = set()
        for number, pair in enumerate(row.pairs, start=1):
            for code, test in self._of_pairs:
                if (what := test(pair)) and code not in told:
                    told.add(code)
                    yield self._finding(code, row.place, row.id, what if number == 1 else f"answer {number}: {what}")

    def _with_memory(self, *, forgets: bool) -> list[tuple[str, Any]]:
        return [(code, rule) for code, rule in self._rules.items() if rule.memory and rule.forgets is forgets]

    def _finding(self, code: str, place: str, id: str, what: str) -> Finding:
        rule = self._rules[code]
        return Finding(code, rule.name, rule.severity, place, printable(id), printable(what), rule.advice)
