"""What a user asks of `bootstrap`, and which part of it the result depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ift_builder import __version__
from ift_builder.asking import Terms
from ift_builder.backends import without_credentials
from ift_builder.bootstrap.growth import WINDOW
from ift_builder.formats import seed_tasks
from ift_builder.screening.wording import WordingScreens

if TYPE_CHECKING:
    from pathlib import Path

    from ift_builder.bootstrap.strategies import Strategy
    from ift_builder.records import Api

PATIENCE: Final = 400
"""Candidates dropped in a row before the pool counts as saturated."""

FREE_SETTINGS: Final = frozenset({"version", "target", "base_url", "terms"})
"""What may change between sittings: how fast, how far and where, but nothing that a row depends on."""


@dataclass(frozen=True)
class Plan:
    """The options of `bootstrap`, named as on the command line."""

    seeds: Path
    """The seed file."""

    model: str
    """The model's name."""

    backend: str = "openai"
    """How it is reached."""

    base_url: str | None = None
    """Where it is reached."""

    api: Api = "chat"
    """Which of the OpenAI endpoints."""

    strategy: str = "self-instruct"
    """How to grow."""

    target: int = 100
    """Tasks with at least one valid instance."""

    seed: int = 0
    """Names all randomness."""

    similarity: float = 0.7
    """ROUGE-L F above which an instruction is a near-duplicate; Self-Instruct, section 2.2."""

    tokenizer: str = "unicode"
    """How the near-duplicate screen splits text."""

    wording: WordingScreens = field(default_factory=WordingScreens)
    """The wording screens and their limits."""

    patience: int = PATIENCE
    """Candidates dropped in a row that end the run."""

    terms: Terms = field(default_factory=Terms)
    """On which terms the model is asked."""

    def settings(self, strategy: Strategy) -> dict[str, Any]:
        """The content of `settings.json`; the seed file counts by its content, wherever it lies."""
        wording = self.wording
        return {
            "command": "bootstrap",
            "version": __version__,
            "strategy": self.strategy,
            "templates": strategy.templates,
            "seeds": seed_tasks.fingerprint(self.seeds),
            "backend": self.backend,
            "model": self.model,
            "api": self.api,
            "base_url": self.base_url and without_credentials(self.base_url),
            "seed": self.seed,
            "target": self.target,
            "window": WINDOW,
            "patience": self.patience,
            "similarity": self.similarity,
            "tokenizer": self.tokenizer,
            "min_words": wording.min_words,
            "max_words": wording.max_words,
            "forbidden_words": list(wording.forbidden),
            "unwanted_openings": list(wording.openings),
            "screens_off": sorted(wording.off),
            "terms": self.terms,
        }
