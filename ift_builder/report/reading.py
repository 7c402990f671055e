"""The rows of a run, in order, as the figures take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ift_builder.formats.training_rows import data_file, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.runs import Run


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a run; what a field should hold and does not, counts as empty."""

    kept: bool
    """Whether it is an example; otherwise it was dropped."""

    fields: dict[str, Any]
    """The row as it stands in the file."""

    instruction: str
    """What an example asks for; `""` for what was dropped."""

    is_new: bool
    """Whether no earlier example asks for the same in the same words."""

    @property
    def source(self) -> dict[str, Any]:
        """How it came to be; empty where the row does not say."""
        found = self.fields.get("source")
        return found if isinstance(found, dict) else {}

    @property
    def task(self) -> dict[str, Any]:
        """What task an example belongs to; empty where the row does not say."""
        found = self.fields.get("task")
        return found if isinstance(found, dict) else {}

    @property
    def proposal(self) -> str:
        """The key of the first request that it was read from; `""` where no model was asked."""
        prompts = self.source.get("prompts") or [""]
        return str(prompts[0])

    def text(self, name: str) -> str:
        """A field's text; `""` where it has none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""


def rows(run: Run) -> Iterator[Row]:
    """The examples of a run, then what was dropped.

    Raises:
        InputError: A file cannot be read.
    """
    asks = run.settings.text("field", "instruction") if run.settings else "instruction"  # of `dedupe`: what it compared
    seen: set[int] = set()
    for file in map(data_file, run.files):
        for _, fields in read(file):
            if isinstance(fields, dict):
                found = fields.get(asks)
                instruction = found if isinstance(found, str) else ""
                mark = hash(instruction)
                yield Row(kept=True, fields=fields, instruction=instruction, is_new=mark not in seen)
                seen.add(mark)
    for _, fields in run.dropped():
        yield Row(kept=False, fields=fields, instruction="", is_new=False)
