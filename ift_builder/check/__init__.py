"""`ift-build check`: what is wrong with a run or a dataset file, before a trainer swallows it in silence.

>>> rules = chosen()
>>> [finding.code for finding in check([Path("mine.jsonl")], rules)]
['G001', 'G017']
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from ift_builder.check.finding import PAIR_PARTS, ROW_PARTS, Finding, Limits, Rule, printable
from ift_builder.check.registry import RULES, chosen
from ift_builder.check.tally import Tally
from ift_builder.formats.training_rows import read, view
from ift_builder.runs import data_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from ift_builder.check.finding import RowTest
    from ift_builder.formats.training_rows import DataFile, Pair, TrainingRow

    _RowTest = tuple[str, Callable[[TrainingRow], str] | RowTest]
    _PairTest = tuple[str, Callable[[Pair], str]]

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
        self._order = {code: number for number, code in enumerate(rules)}
        self._of_pairs = _by_parts(
            PAIR_PARTS, [(rule.of, (code, rule.pair)) for code, rule in rules.items() if rule.pair]
        )
        self._remembering = [(code, rule.memory(limits)) for code, rule in self._with_memory(forgets=False)]

    def file(self, file: DataFile, on_row: Callable[[], None] = lambda: None) -> Iterator[Finding]:
        """Yields what is wrong with a file's rows, then with the file."""
        of_rows, of_pairs = self._tests_of_rows(), self._of_pairs
        rows = 0
        for number, value in read(file):
            rows += 1
            row = view(file, number, value)
            found = []
            for code, test in of_rows[bool(row.faults), bool(row.conversations), row.rejected is not None]:
                if what := test(row):
                    found.append((code, what))
            for at, pair in enumerate(row.pairs):
                for code, of_pair in of_pairs[bool(pair.input), pair.has_lines, bool(pair.rare)]:
                    if what := of_pair(pair):
                        found.append((code, f"answer {at + 1}: {what}" if at else what))
            if found:
                yield from self._findings(row, found)
            on_row()
        for code, rule in self._rules.items():
            if rule.file and (what := rule.file(file, rows, self._limits)):
                yield self._finding(code, str(file.path), "", what)

    def _tests_of_rows(self) -> dict[tuple[bool, ...], list[_RowTest]]:
        """The tests of rows of one file, by what a row has; those that forget are new."""
        forgetting = [(code, rule.memory(self._limits)) for code, rule in self._with_memory(forgets=True)]
        tests = [(rule.of, (code, rule.row)) for code, rule in self._rules.items() if rule.row]
        return _by_parts(ROW_PARTS, [*tests, *(("", test) for test in (*forgetting, *self._remembering))])

    def _findings(self, row: TrainingRow, found: list[tuple[str, str]]) -> Iterator[Finding]:
        """In the order of the rules; the first pair that breaks a rule speaks for the row."""
        first = dict(reversed(found))
        for code in sorted(first, key=self._order.__getitem__):
            yield self._finding(code, row.place, row.id, first[code])

    def _with_memory(self, *, forgets: bool) -> list[tuple[str, Any]]:
        return [(code, rule) for code, rule in self._rules.items() if rule.memory and rule.forgets is forgets]

    def _finding(self, code: str, place: str, id: str, what: str) -> Finding:
        rule = self._rules[code]
        return Finding(code, rule.name, rule.severity, place, printable(id), printable(what), rule.advice)


def _by_parts(parts: tuple[str, ...], tests: Iterable[tuple[str, Any]]) -> dict[tuple[bool, ...], list[Any]]:
    """By which parts there are: the tests that have something to look at."""
    return {
        have: [test for part, test in tests if not part or have[parts.index(part)]]
        for have in product((False, True), repeat=len(parts))
    }
