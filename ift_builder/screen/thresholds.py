"""The thresholds of the screens, as they stand in a run's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder.screening.tasks import at_start
from ift_builder.screening.wording import WordingScreens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ift_builder.records import SeedTask
    from ift_builder.screening.tasks import TaskScreens


_TOKENIZERS: Final = ("unicode", "rouge")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All that the screens of instructions depend on, besides the seeds."""

    similarity: float
    """ROUGE-L F above which an instruction is a near-duplicate."""

    tokenizer: str
    """How the near-duplicate screen splits text."""

    wording: WordingScreens
    """The wording screens and their limits; its `off` names the other screens too."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Thresholds:
        """The thresholds of a run.

        Raises:
            KeyError: The settings do not name one of them.
            TypeError: A value is none of its kind.
            ValueError: A value cannot be.
        """
        wording = WordingScreens(
            int(settings["min_words"]),
            int(settings["max_words"]),
            tuple(map(str, settings["forbidden_words"])),
            tuple(map(str, settings["unwanted_openings"])),
            frozenset(map(str, settings["screens_off"])),
        )
        if settings["tokenizer"] not in _TOKENIZERS:
            raise ValueError(f"no tokenizer {settings['tokenizer']!r}")
        return cls(float(settings["similarity"]), settings["tokenizer"], wording)

    def as_settings(self) -> dict[str, Any]:
        """For `settings.json`, under the names that `bootstrap` gives them."""
        return {
            "similarity": self.similarity,
            "tokenizer": self.tokenizer,
            **self.wording.as_settings(),
        }

    def screens(self, begun_with: Iterable[SeedTask]) -> TaskScreens:
        """The screens at the beginning of a run: only the seeds are known, and the dataset that is grown further."""
        return at_start(self.wording, begun_with, similarity=self.similarity, tokenizer=self.tokenizer)
