"""What a rule is and what it finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.formats.training_rows import DataFile, Pair, TrainingRow

Severity = Literal["error", "warning"]
"""An `error` stops a trainer, or makes it learn nothing or the wrong thing; a `warning` is better not learnt from."""

ROW_PARTS: Final = ("faults", "conversations", "rejected")
PAIR_PARTS: Final = ("input", "has_lines", "rare")
"""Attributes of `TrainingRow` and of `Pair` that many do not have."""
Part = Literal["", "faults", "conversations", "rejected", "input", "has_lines", "rare"]
"""One of them, or `""` for the row or pair itself."""

_SHOWN: Final = 60
"""Characters of a text that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that rules measure against."""

    max_tokens: int = 8192
    """Estimated tokens of a row above which it counts as over-long: the context of Llama 3 and many others."""

    min_rows: int = 1
    """The fewest rows of a file; OpenAI's fine-tuning takes 10 or more."""

    similarity: float = 0.7
    """ROUGE-L F above which two prompts are near-duplicates (Self-Instruct, section 2.2)."""

    most_compared: int = 200_000
    """Prompts that the near-duplicate rule holds in memory; it is silent about what comes after."""


class RowTest(Protocol):
    """A rule that remembers earlier rows."""

    def __call__(self, row: TrainingRow, /) -> str:
        """What is wrong with the row, in words; `""` if nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, and one of four sorts of tests."""

    name: str
    """A slug, for people."""

    severity: Severity
    """How bad it is."""

    advice: str
    """What to do about it."""

    pair: Callable[[Pair], str] | None = None
    """Looks at each question with its answer."""

    row: Callable[[TrainingRow], str] | None = None
    """Looks at each row."""

    memory: Callable[[Limits], RowTest] | None = None
    """Makes a test that remembers rows."""

    forgets: bool = False
    """Whether that memory is for one file, not for all."""

    file: Callable[[DataFile, int, Limits], str] | None = None
    """Looks at a file when its rows have been counted."""

    of: Part = ""
    """The part of a row or pair without which there is nothing to test, so that many are passed over."""

    default: bool = True
    """Whether it runs without being chosen; rules that can be wrong about good rows do not."""

    def as_dict(self) -> dict[str, Any]:
        """What a user reads about the rule, as JSON."""
        return {"name": self.name, "severity": self.severity, "advice": self.advice, "default": self.default}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in one place."""

    code: str
    """The rule's code."""

    name: str
    """The rule's name."""

    severity: Severity
    """How bad it is."""

    place: str
    """File and line, or file and row."""

    id: str
    """The row's id, where it has one."""

    what: str
    """What is wrong."""

    advice: str
    """What to do about it."""

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON."""
        return asdict(self)


def printable(text: str) -> str:
    """The text without what would steer a terminal or cannot be written as UTF-8."""
    return text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)


def quoted(text: str, at: int = 0) -> str:
    """The words around `at` as they may be shown: on one line, short, nothing that steers a terminal."""
    start = max(0, at - _SHOWN // 3)
    shown = printable(text[start : start + _SHOWN]).strip()
    return f"“{'…' if start else ''}{shown}{'…' if start + _SHOWN < len(text) else ''}”"


def at_words(*words: str) -> frozenset[str]:
    """These words as they stand in `Pair.words`: also before a mark, in quotes, in the plural."""
    forms = {form for word in words for form in (word, f"{word}s")}
    return frozenset(f"{before}{form}{after}" for form in forms for before in ("", '"', "'", "(") for after in _MARKS)


_MARKS: Final = ("", ".", ",", ":", ";", "?", "!", '"', "'", ")", "'s", '."', '".', '?"')


def holds_any(text: str, hints: tuple[str, ...]) -> bool:
    """Whether the text holds one of some plain strings: much faster than the expression that then looks closer."""
    for hint in hints:  # noqa: SIM110 - `any` costs a generator for each row
        if hint in text:
            return True
    return False
