"""Asks the tiny model real prompts and reads its answers: `python -m tests.tiny_model.ask tests/data/tiny.gguf`.

It says for each step which share of the answers our readers could use. `--show` prints the answers, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import xllamacpp

from ift_builder.backends.openai import OpenAIBackend
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.self_instruct import SelfInstruct
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.records import Api, Completion, Prompt
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.tiny_model import grammar, text

if TYPE_CHECKING:
    from collections.abc import Callable


class Asking:
    """A conversation with the model through one of the two APIs, and what came of it."""

    def __init__(self, backend: OpenAIBackend, api: Api, *, show: bool) -> None:
        self.found: Counter[str] = Counter()
        self._backend = backend
        self._api = api
        self._show = show
        self._strategy = SelfInstruct(Manner("tiny", api))
        self._screens = TaskScreens(WordingScreens(), NearDuplicates(0.7))

    async def run(self, lists: int, tasks: int) -> None:
        """Asks for lists of tasks, then for the development of those that were kept."""
        kept = [instruction for number in range(lists) for instruction in await self._propose(number)]
        for instruction in kept[:tasks]:
            await self._develop(instruction)

    async def _propose(self, number: int) -> list[str]:
        shown = self._strategy.choose(Pool(text.seeds(), 0).then(0), number)
        proposal = Proposal(number, tuple(shown))
        answer = await self._ask(self._strategy.propose(proposal), number)
        candidates = self._strategy.read(answer, proposal)
        kept = []
        self.found["lists"] += 1
        self.found["lists with eight tasks"] += len(candidates) == 8
        for candidate in candidates:
            verdicts = [candidate.verdict] if candidate.verdict and not candidate.verdict.kept else []
            verdicts = verdicts or self._screens.judge(candidate.instruction)
            reason = verdicts[-1].reason
            self.found["tasks"] += 1
            self.found["tasks that the grammar makes"] += grammar.load().kind_of(candidate.instruction) is not None
            self.found[f"tasks {reason or 'kept'}"] += 1
            if not reason:
                self._screens.admit(candidate.instruction, str(len(kept)))
                kept.append(candidate.instruction)
        return kept

    async def _develop(self, instruction: str) -> None:
        steps = self._strategy.develop(Candidate(instruction))
        kind = grammar.load().kind_of(instruction)
        prompt = next(steps)
        try:
            while True:
                prompt = steps.send(await self._ask(prompt, 0))
        except StopIteration as end:
            development = end.value
        self.found["classes"] += 1
        self.found["classes read"] += bool(development.kind)
        is_classification = kind is not None and "labels" in grammar.load().kinds[kind]
        self.found["classes right"] += development.kind == ("classification" if is_classification else "generation")
        if not development.kind:
            return
        order = "output-first" if development.kind == "classification" else "input-first"
        self.found[order] += 1
        self.found[f"{order} read"] += development.verdict is None
        self.found[f"{order} with an instance kept"] += any(one.verdict.kept for one in development.instances)
        self.found.update(f"{order} instances {one.verdict.reason or 'kept'}" for one in development.instances)

    async def _ask(self, prompt: Prompt, seed: int) -> Completion:
        answer = await self._backend.complete(replace(prompt, sampling=replace(prompt.sampling, seed=seed)))
        self.found[f"answers cut ({prompt.purpose})"] += answer.was_cut
        if self._show:
            task = prompt.messages[-1].content.rpartition("\nTask: ")[2]
            print(f"=== {prompt.purpose}, {self._api}: {task[-120:]!r}\n{answer.text}")
        return answer


def serve(path: Path, slots: int = 1) -> xllamacpp.Server:
    """llama.cpp's own server with the model, on loopback, until the object is gone."""
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(path)
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.n_ctx = 2048 * slots
    wanted.n_parallel = slots
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    wanted.warmup = wanted.ui = False
    wanted.verbosity = -1
    return xllamacpp.Server(wanted)


async def _ask_all(address: str, lists: int, tasks: int, *, show: bool, say: Callable[[str], None]) -> None:
    backend = OpenAIBackend(base_url=f"{address}/v1")
    for api in get_args(Api):
        asking = Asking(backend, api, show=show)
        await asking.run(lists, tasks)
        say(json.dumps({api: dict(sorted(asking.found.items()))}, indent=1))
    await backend.aclose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tiny_model.ask", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--lists", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    server = serve(given.model)
    asyncio.run(_ask_all(server.listening_address, given.lists, given.tasks, show=given.show, say=print))


if __name__ == "__main__":
    main()
