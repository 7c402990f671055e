"""The command that makes a run again, for its card: every option that its rows depend on and that is not the usual one.

Files stand in it by names of their kind, since a run knows them by their content only.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ift_builder.bootstrap.plan import PATIENCE
from ift_builder.bootstrap.strategies import shipped_seeds
from ift_builder.formats import seed_tasks, use_cases
from ift_builder.screening.wording import WordingScreens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from ift_builder.bootstrap.plan import Plan


def command(plan: Plan) -> str:
    """The command, an option a line."""
    lines = ["ift-build bootstrap", *(shlex.join(map(str, option)) for option in _options(plan)), "--out FOLDER"]
    return " \\\n  ".join(lines)


def _options(plan: Plan) -> Iterator[tuple[Any, ...]]:
    yield "--model", "MODEL.gguf" if plan.backend == "local" else plan.model, "--backend", plan.backend
    if plan.base_url:
        yield "--base-url", "URL"
    yield "--api", plan.api, "--strategy", plan.strategy
    if not _is_shipped(plan.seeds, shipped_seeds(plan.strategy)):
        yield "--seeds", "SEEDS.jsonl"
    if plan.dataset:
        yield "--from", "DATASET"
    if plan.strategy == "use-cases" and plan.use_cases and not _is_shipped(plan.use_cases, use_cases.shipped()):
        yield "--use-cases", "USE_CASES.jsonl"
    if plan.strategy == "evolve":
        yield "--rounds", plan.rounds
    if plan.paraphrase:
        yield "--paraphrase", plan.paraphrase
    if plan.unlabelled_answers != "drop":
        yield "--unlabelled-answers", plan.unlabelled_answers
    for code, share in plan.languages.items():
        yield "--language", code if len(plan.languages) == 1 else f"{code}={share}"
    if plan.domain:
        yield "--domain", plan.domain if plan.domain.isprintable() and "`" not in plan.domain else "SUBJECT.txt"
    yield from _thresholds(plan)
    yield "--target", plan.target, "--seed", plan.seed


def _thresholds(plan: Plan) -> Iterator[tuple[Any, ...]]:
    wording, usual = plan.wording, WordingScreens()
    yield "--similarity", plan.similarity
    if plan.tokenizer != "unicode":
        yield "--tokenizer", plan.tokenizer
    if wording.min_words != usual.min_words:
        yield "--min-words", wording.min_words
    if wording.max_words != usual.max_words:
        yield "--max-words", wording.max_words
    for word in wording.forbidden:
        if word not in usual.forbidden:
            yield "--forbid", word
    for word in usual.forbidden:
        if word not in wording.forbidden:
            yield "--allow", word
    for screen in sorted(wording.off):
        yield "--no-screen", screen
    if plan.patience != PATIENCE:
        yield "--patience", plan.patience


def _is_shipped(path: Path, shipped: Path) -> bool:
    return seed_tasks.fingerprint(path) == seed_tasks.fingerprint(shipped)
