"""Whole tasks as JSON objects, for servers that can hold a model's answer to a JSON Schema.

One request gives several tasks, each with its instruction, input, output and kind; no second request is needed. Each
object is judged by the schema on its own, so that one that does not fit costs no other. The prompt asks in words for
what the schema says, so the strategy works, with more drops, where a server has no such output; see
`backends.openai_schema`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ift_builder.answers import json_tasks, no_input
from ift_builder.bootstrap.strategies import Candidate, Development, JudgedInstance, Outlook
from ift_builder.formats import schemas
from ift_builder.records import AnswerSchema, Instance, Verdict, content_hash
from ift_builder.screening import instances as instance_screens
from ift_builder.templating import prompts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ift_builder.bootstrap.pool import PoolTask, PoolThen
    from ift_builder.bootstrap.strategies import Manner, Proposal
    from ift_builder.records import Completion, Outcome, Prompt

SHOWN: Final = 4
MACHINE_SHOWN: Final = 1
"""Tasks in the prompt, and how many of them are the model's own: Self-Instruct shows a quarter of its own too."""

PROPOSED: Final = 8
"""Tasks asked for in one request, as many as in Self-Instruct; more would not fit the limit of most servers."""

_SCHEMA: Final = "proposed_task"
_NOT_SENT: Final = ("$schema", "title")


class Structured:
    """The strategy `structured`."""

    name = "structured"
    outlook = Outlook(kept_per_answer=4.0, answer_tokens=900)
    """About half of the eight that are asked for, each some hundred tokens long, with the signs of JSON."""

    def __init__(self, manner: Manner) -> None:
        """Compiles the prompt and loads the schema."""
        self._manner = manner
        self._step = prompts.load("bootstrap", "structured", "structured_tasks")
        self._schema = answer_schema()

    @property
    def templates(self) -> dict[str, str]:
        """Hashes of the prompt file and the schema."""
        return {self._step.purpose: self._step.hash, f"{_SCHEMA}.schema": content_hash(self._schema.schema)}

    def choose(self, pool: PoolThen, number: int) -> Sequence[PoolTask]:
        """Four tasks, one of them the model's own once it has some; without those that came with no output."""
        drawn = pool.sample(number, SHOWN, machine=MACHINE_SHOWN)
        return [task for task in drawn if task.instances and task.instances[0].output]

    def propose(self, proposal: Proposal) -> Prompt:
        """The request for new tasks, with the schema of its answer."""
        prompt = self._manner.prompt(
            self._step,
            draw=proposal.number,
            language=proposal.language,
            shown=[_shown(task) for task in proposal.shown],
            count=PROPOSED,
        )
        return replace(prompt, answer_schema=self._schema)

    def read(self, answer: Completion, proposal: Proposal) -> list[Candidate]:
        """The answer's objects; one that is broken or does not fit the schema says so, and keeps its JSON as text."""
        said = self._step.answer(answer)
        return [_candidate(piece, proposal) for piece in json_tasks.read(said.text, was_cut=said.was_cut)]

    def develop(self, candidate: Candidate) -> Generator[Prompt, Outcome, Development]:
        """Judges the instance that came along; asks nothing."""
        yield from ()
        is_classification = candidate.kind == "classification"
        verdicts = instance_screens.judge(candidate.instances, is_classification=is_classification, limit=1)
        return Development(candidate.kind, tuple(map(JudgedInstance, candidate.instances, verdicts)))


def answer_schema() -> AnswerSchema:
    """The schema of an answer: an object with a list of tasks, in the subset of JSON Schema that strict modes know."""
    task = {name: value for name, value in schemas.load(_SCHEMA).items() if name not in _NOT_SENT}
    whole = {
        "type": "object",
        "properties": {"tasks": {"type": "array", "items": task}},
        "required": ["tasks"],
        "additionalProperties": False,
    }
    return AnswerSchema("tasks", json.dumps(whole, ensure_ascii=False))


def _shown(task: PoolTask) -> str:
    instance = task.instances[0]
    fields = {
        "instruction": task.instruction,
        "input": instance.input,
        "output": instance.output,
        "is_classification": task.kind == "classification",
    }
    return json.dumps(fields, ensure_ascii=False)


def _candidate(piece: json_tasks.Piece, proposal: Proposal) -> Candidate:
    verdict = _reading(piece)
    if not verdict.kept:
        return Candidate(piece.text, verdict, language=proposal.language)
    return Candidate(
        piece.value["instruction"].strip(),
        verdict,
        (_instance(piece.value),),
        kind="classification" if piece.value["is_classification"] else "generation",
        language=proposal.language,
    )


def _reading(piece: json_tasks.Piece) -> Verdict:
    if piece.problem:
        return Verdict("reading", piece.problem)
    if complaint := schemas.complaint(_SCHEMA, piece.value):
        return Verdict("reading", "unlike-schema", {"complaint": complaint})
    return Verdict("reading", "" if piece.value["instruction"].strip() else "empty")


def _instance(value: dict[str, Any]) -> Instance:
    given, output = (value[name].strip("\r\n").rstrip() for name in ("input", "output"))
    return Instance(no_input.given(given), output)
