"""What a user asks of `bootstrap`, and which part of it the result depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ift_builder import __version__
from ift_builder.asking import Terms
from ift_builder.bootstrap.pace import WINDOW
from ift_builder.bootstrap.strategies import ROUNDS, Manner
from ift_builder.formats import seed_tasks, use_cases
from ift_builder.languages import identifier
from ift_builder.runs import dataset_tasks
from ift_builder.screening.wording import WordingScreens
from ift_builder.secrets import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ift_builder.bootstrap.strategies import Strategy, UnlabelledAnswers
    from ift_builder.records import Api, SeedTask

PATIENCE: Final = 400
"""Candidates dropped in a row before the pool counts as saturated."""

FREE_SETTINGS: Final = frozenset({"version", "target", "rounds", "base_url", "terms"})
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

    dataset: Path | None = None
    """A run folder or a file whose tasks are in the pool besides the seeds; `--from` on the command line."""

    rounds: int = ROUNDS
    """How often each task is evolved, for `evolve`."""

    use_cases: Path | None = None
    """The file of use cases, for the strategy that grows from one; None for the shipped list."""

    paraphrase: int = 0
    """How many other wordings of each instruction; for the strategy `unnatural`."""

    unlabelled_answers: UnlabelledAnswers = "drop"
    """What to do with an answer without labels to the request for a task's instances; for `self-instruct`."""

    target: int = 100
    """Tasks with at least one valid instance."""

    seed: int = 0
    """Names all randomness."""

    languages: Mapping[str, float] = field(default_factory=dict)
    """What share of the proposals asks for which language, by BCP-47 code; empty for any."""

    domain: str = ""
    """The subject that tasks are kept to; `""` for any."""

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

    @property
    def manner(self) -> Manner:
        """What the strategy is told."""
        return Manner(
            model=self.model,
            api=self.api,
            seed=self.seed,
            domain=self.domain,
            use_cases=tuple(use_cases.read(self.use_cases)) if self.use_cases else (),
            rounds=self.rounds,
            paraphrase=self.paraphrase,
            unlabelled_answers=self.unlabelled_answers,
        )

    @property
    def asks_about_seeds(self) -> bool:
        """Whether the model is asked which seeds belong to the subject: there is one, and prompts show seeds."""
        shows_seeds = self.strategy != "use-cases" and not (self.strategy == "evolve" and self.dataset)
        return bool(self.domain) and shows_seeds

    def tasks(self) -> list[SeedTask]:
        """The tasks of the dataset that is grown further.

        Raises:
            InputError: It is none.
        """
        return dataset_tasks.read(self.dataset) if self.dataset else []

    def settings(self, strategy: Strategy) -> dict[str, Any]:
        """The content of `settings.json`; the seed file counts by its content, wherever it lies."""
        return {
            "command": "bootstrap",
            "version": __version__,
            "strategy": self.strategy,
            "templates": strategy.templates,
            "seeds": seed_tasks.fingerprint(self.seeds),
            **self._own_settings(),
            "backend": self.backend,
            "model": self.model,
            "api": self.api,
            "base_url": self.base_url and addresses.shown(self.base_url),
            "seed": self.seed,
            "target": self.target,
            "window": WINDOW,
            "patience": self.patience,
            **self._focus(),
            "similarity": self.similarity,
            "tokenizer": self.tokenizer,
            **self.wording.as_settings(),
            "terms": self.terms,
        }

    def _own_settings(self) -> dict[str, Any]:
        """What the rows depend on that not every run has: a dataset, and options of one strategy."""
        own: dict[str, Any] = {"from": dataset_tasks.fingerprint(self.dataset)} if self.dataset else {}
        if self.strategy == "use-cases":
            own["use_cases"] = seed_tasks.fingerprint(self.use_cases or use_cases.shipped())
        if self.strategy == "evolve":
            own["rounds"] = self.rounds
        if self.paraphrase:
            own["paraphrase"] = self.paraphrase
        if self.unlabelled_answers != "drop":
            own["unlabelled_answers"] = self.unlabelled_answers
        return own

    def _focus(self) -> dict[str, Any]:
        """Languages and subject, where there are any: a run without them stays the run it was."""
        focus: dict[str, Any] = {"domain": self.domain} if self.domain else {}
        if self.languages:
            focus["languages"] = dict(sorted(self.languages.items()))
            if "language" not in self.wording.off:
                focus["language_identifier"] = identifier()
        return focus
