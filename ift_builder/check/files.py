"""Family F: files and rows that cannot be what they should be, in any shape.

Each rule's docstring has an example of what it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ift_builder.check.finding import Limits
    from ift_builder.formats.training_rows import DataFile, TrainingRow
    from ift_builder.formats.training_rows.row import FaultKind

_DEEPEST: Final = 8
"""Records in records below which types are not compared: no trainer's rows go so deep."""

_BYTES_PER_TOKEN: Final = 4
"""UTF-8 bytes that one token stands for, roughly: 4 letters of English, a Chinese character and a third."""


def of_kind(kind: FaultKind) -> Callable[[TrainingRow], str]:
    """The rule that reports the row's faults of one kind, as the reader saw them."""

    def test(row: TrainingRow) -> str:
        return "; ".join(fault.what for fault in row.faults if fault.kind == kind) if row.faults else ""

    return test


unreadable = of_kind("unreadable")
unreadable.__doc__ = 'A line that is no JSON object: `{"instruction": "Add`.'
unknown_shape = of_kind("unknown-shape")
unknown_shape.__doc__ = 'Columns that no trainer knows: `{"question": "…", "reply": "…"}`.'
wrong_type = of_kind("wrong-type")
wrong_type.__doc__ = 'A field of another type than its shape has: `{"instruction": ["Add."], "output": 5}`.'
null_field = of_kind("null-field")
null_field.__doc__ = 'A required field that is null: `{"instruction": "Add 2 and 3.", "output": null}`.'
empty_field = of_kind("empty-field")
empty_field.__doc__ = 'A required field that is empty: `{"instruction": "", "output": "5"}`, `{"messages": []}`.'
against_schema = of_kind("schema")
against_schema.__doc__ = "A row of a run folder that breaks the schema of examples: `source` without `method`."


class TypesChange:
    """A column that changes its type: `"output": "5"` in line 1, `"output": 5` in line 2.

    Whole numbers and fractions are one type, null goes with all. Arrow, and so `datasets`, refuses such a file.
    """

    def __init__(self, _: Limits) -> None:
        self._known: dict[str, str] = {}
        self._seen: set[tuple[Any, ...]] = set()

    def __call__(self, row: TrainingRow) -> str:
        """The columns that are of another type than before."""
        value = row.value
        if type(value) is not dict:
            return ""
        signature = (*value, *map(type, value.values()))
        if signature in self._seen:
            return ""
        changes = [
            f"`{name}` is {kind} here, {self._known[name]} before"
            for name, kind in _kinds(value)
            if self._known.setdefault(name, kind) != kind
        ]
        if not changes and list not in signature and dict not in signature:
            self._seen.add(signature)
        return "; ".join(dict.fromkeys(changes))


def _kinds(value: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(column, type in words), with the columns of records, and of records in lists."""
    if depth > _DEEPEST:
        return
    for name, field in value.items():
        if field is None:
            continue
        column = prefix + name
        yield column, _WORDS.get(type(field), type(field).__name__)
        if type(field) is dict:
            yield from _kinds(field, f"{column}.", depth + 1)
        elif type(field) is list:
            for item in field:
                if type(item) is dict:
                    yield f"{column}[]", "a record"
                    yield from _kinds(item, f"{column}[].", depth + 1)
                elif item is not None:
                    yield f"{column}[]", _WORDS.get(type(item), type(item).__name__)


_WORDS: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a record",
}


class ShapesMixed:
    """Rows of two shapes in one file: `{"instruction": …, "output": …}`, then `{"messages": […]}`.

    Standard and conversational rows are two shapes, too.
    """

    def __init__(self, _: Limits) -> None:
        self._first = ""

    def __call__(self, row: TrainingRow) -> str:
        """The row's shape, where it is not that of the file's first row."""
        if not row.shape:
            return ""
        self._first = self._first or row.shape
        return "" if row.shape == self._first else f"the row has the shape {row.shape}, the file's first {self._first}"


class ColumnsChange:
    """Rows with other columns than the first: `{"instruction", "output"}`, then `{"instruction", "output", "note"}`.

    `datasets` reads blocks of a file, and refuses a block with columns that the first has not. Each set of columns is
    told once.
    """

    def __init__(self, _: Limits) -> None:
        self._first: tuple[str, ...] | None = None
        self._told: set[tuple[str, ...]] = set()

    def __call__(self, row: TrainingRow) -> str:
        """The columns that are there or missing, unlike in the file's first row."""
        if type(row.value) is not dict:
            return ""
        columns = tuple(row.value)
        if self._first is None:
            self._first = columns
        if columns == self._first or columns in self._told:
            return ""
        self._told.add(columns)
        here, first = set(columns), set(self._first)
        changes = [f"more: {', '.join(sorted(here - first))}"] if here - first else []
        changes += [f"missing: {', '.join(sorted(first - here))}"] if first - here else []
        return f"other columns than in the file's first row ({'; '.join(changes)})" if changes else ""


class TooLong:
    """A row of more tokens than most trainers take: a novel as the input. Trainers cut it without a word."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.max_tokens

    def __call__(self, row: TrainingRow) -> str:
        """The row's estimated number of tokens, if there are too many."""
        letters = 0
        for pair in row.pairs:
            letters += len(pair.whole)
        if letters <= self._most:  # at most 4 bytes a letter, 4 bytes a token
            return ""
        texts = (text for pair in row.pairs for text in (pair.instruction, pair.input, pair.output))
        tokens = sum(len(text.encode(errors="replace")) for text in texts) // _BYTES_PER_TOKEN
        return f"about {tokens:,} tokens; the limit is {self._most:,}" if tokens > self._most else ""


def too_few_rows(_: DataFile, rows: int, limits: Limits) -> str:
    """A file with fewer rows than the target takes: 7 rows for OpenAI's fine-tuning, which wants 10; or none at all."""
    if rows >= max(1, limits.min_rows):
        return ""
    return f"the file has {rows} rows; at least {limits.min_rows} are needed" if rows else "the file has no rows"


def unlike_manifest(file: DataFile, rows: int, _: Limits) -> str:
    """A run's or export's file that is not the one that its manifest tells of: it lost a line when it was copied."""
    return "" if file.told in (None, rows) else f"the manifest tells of {file.told} rows, the file has {rows}"


def unfinished_run(file: DataFile, _rows: int, _: Limits) -> str:
    """Rows of a run that was stopped before its end, by its budget or by Ctrl-C: more of them were wanted."""
    return file.stopped


def incomplete_run(file: DataFile, _rows: int, _: Limits) -> str:
    """A run of which a file is missing: `examples-00000-of-00002.parquet` without the other one."""
    return file.missing
