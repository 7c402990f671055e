"""The scripted model: answers every step of the bootstrap loop offline, each answer a function of its prompt alone.

Nothing is remembered between prompts, so that any order of requests and any resume get the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder import draws
from ift_builder.backends.demo import (
    constrained,
    evolving,
    judging,
    library,
    proposing,
    reading,
    structured,
    triples,
    use_cases,
    working_out,
)
from ift_builder.backends.demo.draw import pick
from ift_builder.records import Completion, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from ift_builder.backends.demo.library import Library
    from ift_builder.records import Prompt

_STREAM_SEED: Final = 0
"""The model has no seed of its own: the prompt, which holds the draw, is all that its answer depends on."""


class DemoBackend:
    """A model that needs no key and no network.

    Attributes:
        name: What it calls itself in answers and manifests.
    """

    name = "demo"

    def __init__(self) -> None:
        """Loads what it can say.

        Raises:
            TemplateError: `templates/demo` is damaged.
        """
        self._library = library.load()

    async def complete(self, prompt: Prompt) -> Completion:
        """Answers `prompt`."""
        rng = draws.stream(_STREAM_SEED, self.name, prompt.key)
        text, cut = _ANSWERERS.get(prompt.purpose, _unknown)(self._library, prompt, rng)
        usage = Usage(sum(len(turn.content.split()) for turn in prompt.messages), len(text.split()))
        reason = "length" if cut else "stop"
        return Completion(prompt.key, text, reason, usage, self.name, f"{self.name}-{prompt.key[:12]}")

    async def aclose(self) -> None:
        """Nothing is open."""


def _propose(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    asked = reading.asked_text(prompt)
    shown, language = reading.shown_tasks(asked), reading.asked_language(asked)
    to_continue = prompt.api == "completions"
    text, cut = proposing.answer(library, shown, prompt.draw, rng, to_continue=to_continue, language=language)
    # A prompt to continue ends with the number of the first new task, so the answer goes on after it.
    return (text.removeprefix(f"{shown.next_number}.") if to_continue else text), cut


def _classify(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    text = working_out.classification(library, reading.asked_task(reading.asked_text(prompt)), rng)
    return (f" {text}" if prompt.api == "completions" else text), False


def _on_subject(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    text = judging.belonging(library, rng)
    return (f" {text}" if prompt.api == "completions" else text), False


def _instances(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    made = working_out.instances(library, reading.asked_task(reading.asked_text(prompt)), rng)
    output_first = prompt.purpose == "instances_output_first"
    text, cut = working_out.answer(library, made, output_first=output_first, rng=rng)
    return (f"\n{text}" if prompt.api == "completions" else text), cut


def _structured(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    return structured.answer(library, reading.asked_text(prompt), prompt.draw, rng)


def _use_case_tasks(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    to_continue = prompt.api == "completions"
    asked = reading.asked_text(prompt)
    text, cut = use_cases.proposals(library, asked, prompt.draw, rng, to_continue=to_continue)
    return (text.removeprefix("1.") if to_continue else text), cut


def _use_case_answer(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    text, cut = use_cases.reply(library, reading.asked_task(reading.asked_text(prompt)), rng)
    return (f" {text}" if prompt.api == "completions" else text), cut


def _triples(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    shown = reading.shown_instructions(reading.asked_text(prompt))
    to_continue = prompt.api == "completions"
    text, cut = triples.answer(library, shown, prompt.draw, rng, to_continue=to_continue)
    if to_continue:  # the prompt ends in a label
        text = text.removeprefix("###\n").removeprefix(f"{shown.next_number}. ").removeprefix("Instruction:")
    return text, cut


def _constrained_task(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    shown = reading.shown_instructions(reading.asked_text(prompt))
    to_continue = prompt.api == "completions"
    text, cut = constrained.task(library, shown, prompt.draw, rng, to_continue=to_continue)
    return (text.removeprefix("Instruction:") if to_continue else text), cut


def _constrained_output(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    return constrained.output(library, reading.asked_fields(reading.asked_text(prompt)), rng)


def _paraphrase(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:
    asked = reading.asked_text(prompt)
    text, cut = constrained.wordings(library, asked, reading.asked_fields(asked), rng)
    return (text.removeprefix("1.") if prompt.api == "completions" else text), cut


def _unknown(library: Library, prompt: Prompt, rng: Random) -> tuple[str, bool]:  # noqa: ARG001 - as the others
    return library.fill(pick(rng, library.conduct["other"]), rng), False


_ANSWERERS: Final[Mapping[str, Callable[[Library, Prompt, Random], tuple[str, bool]]]] = {
    "evolve_in_breadth": evolving.in_breadth,
    "evolve_in_depth": evolving.in_depth,
    "judge_gain": evolving.judge_gain,
    "propose": _propose,
    "respond": evolving.respond,
    "classify": _classify,
    "on_subject": _on_subject,
    "instances_input_first": _instances,
    "instances_output_first": _instances,
    "structured_tasks": _structured,
    "use_case_tasks": _use_case_tasks,
    "use_case_answer": _use_case_answer,
    "triples": _triples,
    "constrained_task": _constrained_task,
    "constrained_output": _constrained_output,
    "paraphrase": _paraphrase,
}
"""By the prompt's purpose: what gives the answer, and says whether it was cut."""
