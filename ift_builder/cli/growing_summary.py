"""What a person sees of growing: what it will take, and in the end what was kept and paid, and what would help."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ift_builder.cli import summary

if TYPE_CHECKING:
    from pathlib import Path

    from ift_builder.bootstrap.estimate import Estimate
    from ift_builder.cli.console import Console
    from ift_builder.runs import Manifest

_OUTCOMES = {
    "complete": "The target is reached.",
    "exhausted": "Every task has had its rounds. More rounds go on from here.",
    "barren": "Stopped early: task after task came to nothing.",
    "budget": "The budget is spent. Raise it and run the same command to go on.",
    "interrupted": "Interrupted; nothing that was answered is lost. Run the same command to go on.",
}
"""By the manifest's status; a saturated run is for `_saturated`."""

_NOTHING_NEW = ("near-duplicate", "repeated-task", "unchanged")
"""Reasons of what is there already."""

_BARREN = {
    "off-subject": "most tasks were found to be off the subject: does --domain say what the seeds are about?",
    "no-gain": "most versions were found to be equal to the tasks that they were made from: another model may do more",
}
"""What to think of where a task's most frequent reason is this one."""


def expected(console: Console, estimate: Estimate) -> None:
    """What a run will take, before it begins."""
    if estimate.cost is None:
        money = "price unknown"
    else:
        money = f"about ${estimate.cost:.2f}" if estimate.cost else "nothing to pay"
    console.say(f"Expected: about {estimate.requests:,} requests and {estimate.tokens:,} tokens, {money}.")


def ended(console: Console, path: Path, manifest: Manifest) -> None:
    """The end of a bootstrap run."""
    summary.levels(console, "What became of what the model wrote", manifest.levels)
    console.say(_requests(manifest))
    console.say(_saturated(path, manifest) if manifest.status == "saturated" else _outcome(manifest))
    files, tasks = manifest.files, manifest.levels["tasks"]
    summary.places(
        console,
        path,
        [
            ("examples.jsonl", f"{files['examples.jsonl'].rows:,} examples of {tasks.kept:,} tasks"),
            ("dropped.jsonl", f"{files['dropped.jsonl'].rows:,} dropped candidates, each with its reason"),
            ("journal.sqlite", "every request with its raw answer"),
            *summary.report_line(path),
        ],
    )
    console.say(f"Where does a row come from?  ift-build show {path} ID")


def _outcome(manifest: Manifest) -> str:
    return _OUTCOMES[manifest.status.value] if manifest.status else ""


def why_barren(path: Path, manifest: Manifest, api: str) -> str:
    """What to do about a run that was stopped because task after task came to nothing."""
    other = "does a base model need --api completions?" if api == "chat" else "does a chat model need --api chat?"
    return f"read some of them with `ift-build show {path}`; {_BARREN.get(_usual_reason(manifest), other)}"


def _saturated(path: Path, manifest: Manifest) -> str:
    """The end of a run whose last candidates were all dropped, and what the most frequent reason says."""
    reason = _usual_reason(manifest)
    if reason in _NOTHING_NEW:
        return "The pool is saturated: the last candidates brought nothing new. More seeds would help."
    return (
        f"Stopped: the last candidates were all dropped, in this run mostly as {reason}. "
        f"Read some of them with `ift-build show {path}`."
    )


def _usual_reason(manifest: Manifest) -> str:
    """The most frequent reason why an answer or a task was dropped."""
    reasons = Counter(manifest.levels["tasks"].dropped) + Counter(manifest.levels["answers"].dropped)
    return str(reasons.most_common(1)[0][0])


def _requests(manifest: Manifest) -> str:
    requests, model = manifest.requests, manifest.model
    if requests is None or model is None:
        return ""
    tokens = requests.prompt_tokens + requests.completion_tokens
    recalled = f" and {requests.recalled:,} answers from the journal" if requests.recalled else ""
    if model.scripted:
        paid = "a scripted model: nothing was paid"
    elif model.backend == "local":
        paid = f"{tokens:,} tokens in all, on this machine: nothing was paid"
    else:
        paid = f"{tokens:,} tokens in all, {_money(manifest.cost_usd, manifest.levels['instances'].kept)}"
    return f"{requests.asked:,} requests{recalled} in {manifest.seconds:.1f} s; {paid}."


def _money(cost: float | None, examples: int) -> str:
    if cost is None:
        return "price unknown"
    each = f", ${cost / examples:.6f} per example" if examples else ""
    return f"${cost:.4f}{each}"
