"""`ift-build bootstrap`: grows a dataset from seed tasks with a language model.

The flow, top to bottom: read the seeds, and a dataset if one is given; claim the folder; open the journal; let the
growth ask and be answered until it has its target; write the rows. Run again, the journal answers what was answered
before, and the same rows come out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ift_builder import __version__, jsonl, templating
from ift_builder.asking import Stop, pump
from ift_builder.bootstrap import again, subject
from ift_builder.bootstrap.growth import Growth
from ift_builder.bootstrap.pace import pace_of
from ift_builder.bootstrap.plan import FREE_SETTINGS, Plan
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.rows import Rows, noted, origin
from ift_builder.bootstrap.shares import language_of
from ift_builder.errors import RunFolderError
from ift_builder.formats import seed_tasks
from ift_builder.records import Example
from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL, Manifest, Model, Requests, Status, writing
from ift_builder.screening.tasks import at_start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ift_builder.asking import Asker
    from ift_builder.backends import Backend
    from ift_builder.bootstrap.strategies import Strategy
    from ift_builder.journal import Journal
    from ift_builder.records import SeedTask
    from ift_builder.runs import FileFacts, RunWriter

__all__ = ["Plan", "Sofar", "bootstrap", "most_tasks"]

COMMAND: Final = "bootstrap"


def most_tasks(plan: Plan) -> int | None:
    """The most tasks that the strategy can bring; None where there is no end to them.

    Raises:
        InputError: The seed file or the dataset is not one.
    """
    pool = Pool(seed_tasks.read(plan.seeds), plan.seed, plan.tasks())
    return pace_of(subject.load(plan.strategy, plan.manner), pool).proposals


@dataclass(frozen=True, slots=True)
class Sofar:
    """How far a run is, for whoever shows it."""

    kept: int
    """Tasks that count toward the target."""

    asked: int
    """Requests of this sitting that the journal could not answer."""

    recalled: int
    """Answers taken from the journal."""

    tokens: int
    """Paid, over all sittings, of prompts and answers."""

    cost: float | None
    """US dollars paid, over all sittings; None where the price is unknown."""


async def bootstrap(
    plan: Plan, folder: Path, backend: Backend, *, stop: Stop, on_progress: Callable[[Sofar], None]
) -> Manifest:
    """Grows the dataset in `folder` and returns its manifest.

    Args:
        plan: What is asked for.
        folder: Where it goes; an earlier session's folder is continued.
        backend: Who answers.
        stop: Ends the run early, with all that was settled written.
        on_progress: Told after each outcome.

    Raises:
        InputError: The seed file or the dataset is not one.
        RunFolderError: The folder is busy, damaged, read-only, or another run's.
        BackendError: The model cannot be used; the journal keeps every answer so far.
    """
    started = time.monotonic()
    seeds, tasks = seed_tasks.read(plan.seeds), plan.tasks()
    strategy = subject.load(plan.strategy, plan.manner)
    settings = plan.settings(strategy)
    with writing(folder, COMMAND, keeps_journal=True) as run:
        _refuse_what_would_lose(run, plan, settings)
        with run.journal(settings, free=FREE_SETTINGS) as journal:
            asker = plan.terms.asker(backend, journal, stop)
            chosen = await _on_subject(plan, seeds, asker, journal, stop) if plan.asks_about_seeds else None
            pool = Pool(chosen.shown if chosen else seeds, plan.seed, tasks)
            growth = _growth(plan, [*seeds, *tasks], pool, strategy, journal, asker)
            work = _Watched(growth, lambda: on_progress(_sofar(growth, asker)))
            await pump(work, asker, in_flight=plan.terms.in_flight, stop=stop)
            await asker.finish()
            rows = Rows(growth, strategy, plan.model)
            files = _write_rows(run, rows)
            status = Status(growth.status or stop.reason)
            manifest = Manifest(
                command=COMMAND,
                version=__version__,
                status=status,
                model=Model(plan.model, plan.backend, scripted=plan.backend == "demo"),
                levels={f"{level}s": tally.counts() for level, tally in rows.tallies.items()},
                requests=_requests(asker, journal),
                cost_usd=_cost(plan, journal),
                seconds=round(time.monotonic() - started, 3),
                files=files,
                extra={
                    "target": plan.target,
                    **({"seeds": chosen.facts()} if chosen else {}),
                    "answers_ahead": growth.answers_ahead,
                    **({"readings": dict(rows.readings)} if rows.readings else {}),
                },
            )
            run.finish(manifest, _card(plan))
            journal.end(status.value, manifest.as_json()["files"])
    return manifest


def _sofar(growth: Growth, asker: Asker) -> Sofar:
    paid, prices = asker.budget.paid, asker.budget.prices
    prompt_tokens, completion_tokens = paid.prompt_tokens or 0, paid.completion_tokens or 0
    cost = prices.cost(prompt_tokens, completion_tokens) if prices else None
    return Sofar(growth.kept, asker.asked, asker.recalled, prompt_tokens + completion_tokens, cost)


class _Watched:
    """A growth that tells how far it is after each outcome."""

    def __init__(self, growth: Growth, tell: Callable[[], None]) -> None:
        self.next_prompt = growth.next_prompt
        self._growth = growth
        self._tell = tell

    def receive(self, prompt: Any, outcome: Any) -> None:
        self._growth.receive(prompt, outcome)
        self._tell()


async def _on_subject(
    plan: Plan, seeds: list[SeedTask], asker: Asker, journal: Journal, stop: Stop
) -> subject.SeedQuestions:
    """Asks which seeds belong to the subject."""
    questions = subject.SeedQuestions(seeds, subject.Question(plan.manner), plan.seed)
    await pump(questions, asker, in_flight=plan.terms.in_flight, stop=stop)
    for id_, verdict in questions.verdicts.items():
        journal.note(id_, [verdict])
    return questions


def _growth(
    plan: Plan, begun_with: Sequence[SeedTask], pool: Pool, strategy: Strategy, journal: Journal, asker: Asker
) -> Growth:
    screens = at_start(plan.wording, begun_with, similarity=plan.similarity, tokenizer=plan.tokenizer)
    source = origin(strategy, plan.model)
    return Growth(
        strategy,
        pool,
        screens,
        target=plan.target,
        patience=plan.patience,
        note=journal.note,
        note_round=lambda number, judged: journal.note_round(number, noted(judged, source)),
        language_of=language_of(plan.languages, plan.seed),
        requests_left=asker.requests_left,
    )


def _write_rows(run: RunWriter, rows: Rows) -> dict[str, FileFacts]:
    """Writes examples and dropped candidates; returns facts by file."""
    with run.rows() as examples, run.rows(DROPPED) as dropped:
        for row in rows:
            (examples if isinstance(row, Example) else dropped).write(jsonl.dumps(row))
    return {EXAMPLES: examples.facts(), DROPPED: dropped.facts()}


def _requests(asker: Asker, journal: Journal) -> Requests:
    return Requests(asker.asked, asker.recalled, **journal.totals())


def _cost(plan: Plan, journal: Journal) -> float | None:
    """US dollars over all sessions; None where the price is unknown."""
    totals, prices = journal.totals(), plan.terms.prices
    return prices.cost(totals["prompt_tokens"], totals["completion_tokens"]) if prices else None


def _card(plan: Plan) -> Callable[..., str]:
    return partial(templating.shipped("cards", "bootstrap.md.jinja").render, again=again.command(plan))


def _refuse_what_would_lose(run: RunWriter, plan: Plan, settings: Mapping[str, Any]) -> None:
    """Refuses to pay again where the journal is gone, and to take away examples by a lower target or fewer rounds.

    Raises:
        RunFolderError: The folder holds a run of `bootstrap` for which one of these is so.
        SettingsDifferError: The folder belongs to a run with other settings and more tasks.
    """
    manifest, earlier = run.earlier_manifest, run.earlier
    if manifest is None or earlier is None or "tasks" not in manifest.levels:
        return
    if not (run.folder / JOURNAL).exists():
        raise RunFolderError(
            "the folder holds a run whose journal is gone, so that every request would be asked again",
            where=str(run.folder / JOURNAL),
            hint="put the journal back, or choose another folder with --out",
        )
    rounds = earlier.fields.count("rounds")
    if plan.strategy == "evolve" and rounds > plan.rounds:
        raise RunFolderError(
            f"the run was made with {rounds} rounds; {plan.rounds} would take examples away",
            where=str(run.folder),
            hint=f"give --rounds {rounds} or more, or choose another folder with --out",
        )
    if (kept := manifest.levels["tasks"].kept) > plan.target:
        run.check(settings, free=FREE_SETTINGS)  # of another run there is more to say than that it has more tasks
        raise RunFolderError(
            f"the run has {kept:,} tasks already; a target of {plan.target:,} would take examples away",
            where=str(run.folder),
            hint=f"give --target {kept} or more, or choose another folder with --out",
        )
