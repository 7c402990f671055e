"""`dedupe`: the near-duplicate screen alone, on any file of JSON lines, in order."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from ift_builder import __version__, inputs, jsonl, templating
from ift_builder.dedupe.judging import Row, judged
from ift_builder.errors import InputError
from ift_builder.records import Dropped, Source
from ift_builder.runs import DROPPED, EXAMPLES, Counts, Manifest, Status, writing
from ift_builder.screening.near_duplicate import SCREEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ift_builder.screening.near_duplicate import Nearest

COMMAND: Final = "dedupe"

FREE_SETTINGS: Final = frozenset({"version"})
"""What may differ when a folder is written again."""

NO_TEXT: Final = "no-text"
"""Why a row is dropped that has no text in the field: it cannot be compared."""

_SAMPLE: Final = 1_000
"""Rows at the beginning of a file that show whether it has the field."""

_TOLD_EVERY: Final = 256
"""Rows between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of `dedupe`, named as on the command line."""

    file: Path
    """The rows."""

    similarity: float = 0.7
    """ROUGE-L F above which a row is a near-duplicate."""

    field: str = "instruction"
    """Which field of a row is compared."""

    tokenizer: str = "unicode"
    """How text is split into tokens."""

    workers: int = 1
    """Processes; the result does not depend on it."""


@dataclass(frozen=True, slots=True)
class Sofar:
    """How far a run is, for whoever shows it."""

    seen: int
    """Rows judged."""

    dropped: int
    """Rows dropped of these."""


class Measured(NamedTuple):
    """What a file holds."""

    lines: int
    """Its lines, blank ones too."""

    fingerprint: str
    """The beginning of the hash of its content."""


def measure(path: Path) -> Measured:
    """Reads the file once, to know how long it is and to recognise it in another run.

    Raises:
        InputError: It cannot be read.
    """
    lines, last, digest = 0, b"\n", sha256()
    for block in inputs.blocks(path):
        lines += block.count(b"\n")
        last = block[-1:]
        digest.update(block)
    return Measured(lines + (last != b"\n"), digest.hexdigest()[:16])


def dedupe(plan: Plan, measured: Measured, folder: Path, *, on_progress: Callable[[Sofar], None]) -> Manifest:
    """Writes the rows that are kept, as they are, and those that are dropped, with evidence; returns the manifest.

    Args:
        plan: What is asked for.
        measured: What `measure` found in the plan's file.
        folder: Where the result goes.
        on_progress: Told now and then.

    Raises:
        InputError: The file cannot be read, or more than half of its first rows have no text in the field; nothing is
            written.
        RunFolderError: The folder is busy, is another run's, or cannot be written.
    """
    started = time.monotonic()
    with writing(folder, COMMAND) as run:
        run.claim(_settings(plan, measured), free=FREE_SETTINGS)
        _refuse_wrong_field(plan)
        reasons = Counter({SCREEN: 0})
        decisions = judged(_rows(plan), plan.similarity, plan.tokenizer, plan.workers)
        with run.rows() as kept, run.rows(DROPPED) as dropped, closing(decisions):
            for seen, (row, nearest) in enumerate(decisions, start=1):
                if row.has_text and nearest is None:
                    kept.write(row.raw)
                else:
                    line = _dropped(row, nearest, plan, seen - 1)
                    reasons[line.reason] += 1
                    dropped.write(jsonl.dumps(line))
                if seen % _TOLD_EVERY == 0:
                    on_progress(Sofar(seen, dropped.rows))
            on_progress(Sofar(kept.rows + dropped.rows, dropped.rows))
        manifest = Manifest(
            command=COMMAND,
            version=__version__,
            status=Status.COMPLETE,
            levels={"rows": Counts(kept.rows + dropped.rows, kept.rows, dict(reasons))},
            files={EXAMPLES: kept.facts(), DROPPED: dropped.facts()},
            seconds=round(time.monotonic() - started, 3),
        )
        run.finish(manifest, templating.shipped("cards", "dedupe.md.jinja").render)
    return manifest


def _settings(plan: Plan, measured: Measured) -> dict[str, Any]:
    return {
        "command": COMMAND,
        "version": __version__,
        "file": f"{plan.file.name} sha256:{measured.fingerprint}",
        "similarity": plan.similarity,
        "field": plan.field,
        "tokenizer": plan.tokenizer,
    }


def _rows(plan: Plan) -> Iterator[Row]:
    for line, raw, row in jsonl.read_lines(plan.file):
        text = row.get(plan.field)
        yield Row(line, raw, text) if isinstance(text, str) else Row(line, raw, "", has_text=False)


def _refuse_wrong_field(plan: Plan) -> None:
    """Raises InputError, about the first such row, where more than half of the first rows have no text in the field."""
    seen, without, first = 0, 0, None
    for line, _, row in islice(jsonl.read_lines(plan.file), _SAMPLE):
        seen += 1
        if not isinstance(row.get(plan.field), str):
            without += 1
            first = first or _no_text(plan, line, row)
    if first and 2 * without > seen:
        raise first


def _no_text(plan: Plan, line: int, row: dict[str, Any]) -> InputError:
    where = f"{plan.file}:{line}"
    if plan.field in row:
        found = type(row[plan.field]).__name__
        return InputError(
            f"the field `{plan.field}` is no text but {found}", where=where, hint="choose a field of text with --field"
        )
    fields = ", ".join(row) or "none"
    return InputError(
        f"the row has no field `{plan.field}`", where=where, hint=f"its fields: {fields}; choose with --field"
    )


def _dropped(row: Row, nearest: Nearest | None, plan: Plan, number: int) -> Dropped:
    """The row of `dropped.jsonl`; the whole row as it was read is in the evidence, digit for digit."""
    evidence: dict[str, Any] = {"line": row.line, "field": plan.field}
    if nearest is not None:
        evidence = {
            "line": row.line,
            "of_line": nearest.id,
            "text": nearest.text,
            "rouge_l": nearest.rouge_l,
            "threshold": plan.similarity,
        }
    return Dropped.of(
        level="row",
        reason=SCREEN if nearest else NO_TEXT,
        text=row.text,
        evidence={**evidence, "row": orjson.Fragment(row.raw.strip())},
        source=Source(method="dedupe", dataset=plan.file.name, row=number),
    )
