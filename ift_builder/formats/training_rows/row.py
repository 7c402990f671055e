"""A row of a training dataset, whatever its shape: the pairs that it teaches, its conversations, and its faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from ift_builder.formats.training_rows.files import DataFile

_HEAD: Final = 400
_TAIL: Final = 200
"""Characters at the beginning and end of a long instruction that are taken for its request."""

_AROUND: Final = ("system", "exemplars", "history")
"""Columns of what a question is asked with."""
_BESIDE: Final = frozenset([*_AROUND, "rationale"])

_USUAL: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \t\n\r.,:;!?'\"()-"
"""Bytes that say nothing about a text's kind."""

FaultKind = Literal["unreadable", "unknown-shape", "wrong-type", "null-field", "missing-field", "empty-field", "schema"]


class Fault(NamedTuple):
    """Something that keeps a row from being what its shape promises."""

    kind: FaultKind
    """Which sort of fault."""

    what: str
    """It in words: the column and what is there."""


class Said(NamedTuple):
    """One turn of a conversation, in OpenAI's names for roles."""

    role: str
    """`system`, `user`, `assistant` or `tool`; another name stands as it was found."""

    content: str
    """The text; `""` where there is none."""

    calls_tool: bool = False
    """Whether the turn calls a tool, so that it may be without text."""

    trained: bool = True
    """Whether the trainer is told to learn from it (`weight` of OpenAI, `train` of Axolotl)."""


Conversation = tuple[Said, ...]


@dataclass(slots=True)
class Pair:
    """What was asked and what is to be answered, with lower-case twins for rules about words.

    Attributes:
        instruction: What is asked.
        input: What it is asked about; `""` where there is nothing.
        output: The answer.
        options: The answers to choose from, where the row has such a column.
        instruction_lower: The instruction in lower case.
        request_lower: Its beginning and end, where the request stands; between them a long one has material.
        output_lower: The output in lower case.
        whole: All three texts in one, for a first look.
        rare: Its bytes besides ASCII letters, digits, white space and the usual marks; most rows have none.
        has_lines: Whether one of the texts has several lines.
        words: The words of the request in lower case, with the marks that stand at them.
    """

    instruction: str
    input: str
    output: str
    options: tuple[str, ...] = ()
    instruction_lower: str = field(init=False, repr=False)
    request_lower: str = field(init=False, repr=False)
    output_lower: str = field(init=False, repr=False)
    whole: str = field(init=False, repr=False)
    rare: bytes = field(init=False, repr=False)
    has_lines: bool = field(init=False, repr=False)
    words: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lowered = self.instruction_lower = self.instruction.lower()
        self.request_lower = lowered if len(lowered) <= _HEAD + _TAIL else f"{lowered[:_HEAD]}\n{lowered[-_TAIL:]}"
        self.words = self.request_lower.split()
        self.output_lower = self.output.lower()
        whole = self.whole = f"{self.instruction}\r{self.input}\r{self.output}"
        self.rare = whole.encode("utf-8", "surrogatepass").translate(None, _USUAL)
        self.has_lines = "\n" in whole


@dataclass(slots=True)
class TrainingRow:
    """One row, seen through its shape.

    Attributes:
        file: Where it stands.
        number: Line number from 1, or row number from 0, as `file.counts_lines` says.
        value: The row as it was read.
        shape: Its shape's name; `""` where it has none that we know.
        pairs: What it teaches; a conversation has one for each answer.
        conversations: Its turns, where it has any; a preference row has two conversations.
        rejected: The rejected answer of a preference row.
        faults: What keeps it from being what its shape promises.
    """

    file: DataFile
    number: int
    value: Any
    shape: str = ""
    pairs: tuple[Pair, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    rejected: str | None = None
    faults: tuple[Fault, ...] = ()
    _compared: tuple[int, int] | None = field(default=None, init=False, repr=False)

    @property
    def compared(self) -> tuple[int, int]:
        """Hashes of what its pairs ask and of what they answer, without white space at the ends; made when needed.

        Worked instances, earlier turns and system message belong to the question, the reasoning to the answer.
        """
        if self._compared is None:
            asked = [text.strip() for pair in self.pairs for text in (pair.instruction, pair.input)]
            answered = [pair.output.strip() for pair in self.pairs]
            if not _BESIDE.isdisjoint(self.value):
                asked += [str(self.value.get(name) or "") for name in _AROUND]
                answered.append(str(self.value.get("rationale") or ""))
            self._compared = hash(tuple(asked)), hash(tuple(answered))
        return self._compared

    @property
    def place(self) -> str:
        """Where it is: `file:line`, or `file[row]` for files without lines; rows count from 0, as in `datasets`."""
        return f"{self.file.path}:{self.number}" if self.file.counts_lines else f"{self.file.path}[{self.number}]"

    @property
    def id(self) -> str:
        """The row's own id; `""` where it has none."""
        found = self.value.get("id") if type(self.value) is dict else None
        return str(found) if type(found) in (str, int) else ""
