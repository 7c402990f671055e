"""What is asked of an export."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ift_builder import __version__
from ift_builder.splitting.split import SplitOptions

Rationale = Literal["before", "after", "think", "omit"]
Options = Literal["inline", "omit"]
Exemplars = Literal["inline", "turns", "omit"]
Ids = Literal["row", "sidecar"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of `ift-build export`."""

    to: str
    """The target's name, a key of `targets.TARGETS`."""

    seed: int = 0
    """Names the draws of the split."""

    validation: float = 0.0
    """The share of rows for validation, from 0 (none) to below 1."""

    similarity: float | None = None
    """Instructions with a higher ROUGE-L F to each other stay on one side; None does not compare them."""

    whole_tasks: bool = False
    """Whether all rows of a task stay on one side even where they come from different rows of a dataset."""

    rationale: Rationale = "before"
    """Where the reasoning stands in the answer."""

    options: Options = "omit"
    """Whether the choices are listed in the prompt where it does not show them already."""

    exemplars: Exemplars = "inline"
    """Whether worked instances stand in the prompt, in turns of their own, or nowhere."""

    system: str | None = None
    """The system message of rows that bring none; `""` for no system messages at all; None leaves all as it is."""

    ids: Ids = "row"
    """Whether ids stand in the rows, where the format has a column for them, or in a file beside them."""

    croissant: bool = False
    """Whether to describe the files in Croissant."""

    dataset_version: str = "1.0.0"
    """The dataset's own version, for Croissant."""

    published: str = ""
    """The day of publication, as in 2026-11-28, for Croissant; empty for the day the run's rows were written."""

    def split_options(self) -> SplitOptions:
        """How its rows are put on sides."""
        return SplitOptions(self.validation, self.similarity, self.whole_tasks, self.seed)

    def settings(self) -> dict[str, Any]:
        """Everything that the result depends on, but for the run itself."""
        return {"command": "export", "version": __version__, **asdict(self)}
