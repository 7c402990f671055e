"""What the tiny model learns from: real prompts of this project, each with an answer that the grammar gives.

The prompts are made by the strategy's own code from the shipped templates, in both dresses, so that what the model is
trained on cannot drift apart from what it will be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, get_args

from ift_builder import assets
from ift_builder.bootstrap.pool import Pool, PoolTask
from ift_builder.bootstrap.self_instruct import MACHINE_SHOWN, PROPOSED, SHOWN, SelfInstruct
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.formats import seed_tasks
from ift_builder.records import Api, Completion, Prompt, SeedTask
from tests.tiny_model import grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from tests.tiny_model.grammar import GrammarTask

_SHORT_SEED = 90
"""Characters. Most lists of the lessons show short seeds, which keeps training short."""


@dataclass(frozen=True)
class Lesson:
    """A prompt with the answer to learn."""

    prompt: Prompt
    """As `bootstrap` asks it."""

    answer: str
    """What the model is to say, up to the end of its turn."""


def lessons(random: Random, count: int) -> Iterator[Lesson]:
    """Lessons of all steps and both dresses, mixed."""
    steps, shares = zip(*STEPS.items(), strict=True)
    for step in random.choices(steps, [share for share, _ in shares], k=count):
        yield STEPS[step][1](random, random.choice(get_args(Api)))


# One function for each step


def _propose(random: Random, api: Api) -> Lesson:
    tasks = [task.instruction for task in grammar.load().tasks(random, PROPOSED)]
    shown = _shown(random, [_one(random).instruction for _ in range(MACHINE_SHOWN)])
    prompt = strategy(api).propose(Proposal(0, tuple(shown)))
    if api == "completions":
        return Lesson(prompt, _numbered(tasks[:PROPOSED], len(shown) + 1).removeprefix(f"{len(shown) + 1}."))
    habit = random.choice(["", "opening", "bold"])
    answer = _numbered(tasks[:PROPOSED], len(shown) + 1, bold=habit == "bold")
    return Lesson(prompt, _opened(answer, "propose", random.random()) if habit == "opening" else answer)


def _classify(random: Random, api: Api) -> Lesson:
    task, other = _one(random), _one(random)
    prompt, _ = _prompts(task, api)
    if api == "chat":
        return Lesson(prompt, _yes_or_no(task))
    # A base model goes on with the next task; the length limit of the step cuts it.
    return Lesson(
        prompt, f" {_yes_or_no(task)}\n\nTask: {other.instruction}\nIs it classification? {_yes_or_no(other)}"
    )


def _instances(random: Random, api: Api) -> Lesson:
    task = _one(random)
    _, prompt = _prompts(task, api)
    habit = grammar.load().habits.get(task.kind, "") if api == "chat" else ""
    lines = _labelled(task, habit)
    if api == "completions":
        return Lesson(prompt, "\n".join(["", *lines, prompt.sampling.stop[0]]))
    answer = "\n".join(lines)
    return Lesson(prompt, _opened(answer, "instances", len(task.instruction) % 2 / 2) if habit == "opening" else answer)


STEPS: Mapping[str, tuple[float, Callable[[Random, Api], Lesson]]] = {
    "propose": (0.42, _propose),
    "classify": (0.20, _classify),
    "instances": (0.38, _instances),
    # A further kind of prompt, such as Alpaca's numbered blocks, comes here: its share, and a function as above.
}
"""How often a step is practised, and what makes a lesson of it."""


# The real prompts


def templates() -> dict[str, str]:
    """Hashes of the prompt files that the lessons come from, by step."""
    return strategy("chat").templates


@cache
def strategy(api: Api) -> SelfInstruct:
    """The strategy that asks, for one of the two APIs."""
    return SelfInstruct(Manner("tiny", api))


@cache
def seeds() -> Sequence[SeedTask]:
    """The shipped seed tasks."""
    return seed_tasks.read(assets.path("seeds", "seed_tasks.jsonl"))


def _shown(random: Random, machine_made: Sequence[str]) -> Sequence[PoolTask]:
    """What a list begins with: seeds of ours, or somebody else's, and up to two tasks of the model."""
    which = random.choice(["all", "short", "short", "other"])
    people = list(seeds())
    if which == "short":
        people = [task for task in people if len(task.instruction) <= _SHORT_SEED]
    if which == "other":
        people = [_somebodys(_one(random).instruction) for _ in range(random.randint(1, SHOWN))]
    pool = Pool(people, random.getrandbits(32))
    for instruction in machine_made[: random.randint(0, MACHINE_SHOWN)]:
        pool.add(PoolTask("", instruction))
    return strategy("chat").choose(pool.then(pool.kept), 0)


def _somebodys(instruction: str) -> SeedTask:
    return SeedTask("", "", instruction, (), is_classification=False)


def _one(random: Random) -> GrammarTask:
    """A task from anywhere in a list, so that it may have any wording."""
    return grammar.load().tasks(random, random.randint(1, PROPOSED))[-1]


def _prompts(task: GrammarTask, api: Api) -> tuple[Prompt, Prompt]:
    """What is asked to develop a task: its class, then its instances."""
    steps = strategy(api).develop(Candidate(task.instruction))
    classify = next(steps)
    return classify, steps.send(Completion(classify.key, _yes_or_no(task), "stop"))


# The answers


def _numbered(instructions: Sequence[str], first: int, *, bold: bool = False) -> str:
    mark = "**" if bold else ""
    return "\n".join(f"{mark}{number}.{mark} {text}" for number, text in enumerate(instructions, first))


def _yes_or_no(task: GrammarTask) -> str:
    return "Yes" if task.is_classification else "No"


def _labelled(task: GrammarTask, habit: str) -> list[str]:
    def part(label: str, text: str) -> str:
        return f"**{label}:** {text}" if habit == "bold" else f"{label}: {text}"

    if task.is_classification:
        pairs = [(part("Class label", said), part("Input", given)) for given, said in task.instances]
        return [line for pair in pairs for line in pair]
    if not task.instances[0][0]:
        said = task.instances[0][1]
        return [part("Output", f"\n```python\n{said}\n```" if habit == "fence" else said)]
    return [
        line
        for number, (given, said) in enumerate(task.instances, 1)
        for line in (f"Example {number}", part("Input", given), part("Output", said))
    ]


def _opened(answer: str, step: str, which: float) -> str:
    openings = grammar.load().openings[step]
    return f"{openings[int(which * len(openings))]}\n\n{answer}"
