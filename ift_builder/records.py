"""The nouns of the project: what a seed task, an example, a prompt and a verdict are.

Glossary, in the field's own words:

* **task**: Self-Instruct's task: an instruction with one or more instances.
* **instance**: one input with its output.
* **seed task**: a task written by a person, which shows the model what tasks look like.
* **candidate**: anything a model proposed that may become part of the dataset: an instruction, then its instances.
* **screen**: a rule that keeps or drops a candidate; its decision is a *verdict* with evidence.
* **example**: one training example, a row of the dataset.
* **draw**: the number that tells apart two requests with the same words; randomness is named by it.

All are frozen: a record is made once and never changed. Optional texts are `""` and optional lists empty, so that every
row of a file has the same columns with the same types.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Literal

import orjson

Api = Literal["chat", "completions"]


def content_hash(value: Any, *, size: int = 8) -> str:
    """The hash of a JSON value, `2 * size` hex digits long: the same on every machine and in every run."""
    return blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=size).hexdigest()


@dataclass(frozen=True, slots=True)
class Instance:
    """One input with its output."""

    input: str
    """`""` where the instruction needs none."""

    output: str
    """What the instruction asks for."""


@dataclass(frozen=True, slots=True)
class SeedTask:
    """A task written by a person, in Self-Instruct's file format."""

    id: str
    """Unique in its file."""

    name: str
    """A short slug."""

    instruction: str
    """What is asked."""

    instances: tuple[Instance, ...]
    """At least one."""

    is_classification: bool
    """Whether outputs come from a small closed set of labels."""

    language: str = ""
    """BCP-47 code of the instruction's language, where the file says it."""

    category: str = ""
    """The kind of task, where the file says it."""

    constraints: str = ""
    """What its outputs must keep to, where the file says it."""


@dataclass(frozen=True, slots=True)
class UseCase:
    """What somebody wants an assistant for."""

    id: str
    """Unique in its file."""

    who: str
    """The person, in a few words."""

    needs: str
    """What they ask for, in one sentence or less."""

    category: str
    """The kind of task, by its short name."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A worked instance shown before the question."""

    input: str
    """What was asked."""

    output: str
    """What was answered."""

    rationale: str = ""
    """The reasoning between them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    role: str
    """`system`, `user` or `assistant`."""

    content: str
    """What was said."""


@dataclass(frozen=True, slots=True)
class Task:
    """The task that an example belongs to."""

    name: str = ""
    """Groups the examples of one task: a slug, or the id of the instruction."""

    category: str = ""
    """The task family, for held-out splits."""

    kind: str = ""
    """`classification` or `generation`."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a record came to be."""

    method: str
    """The command and its strategy, such as `bootstrap/self-instruct` or `convert`."""

    parents: tuple[str, ...] = ()
    """Ids of the seed tasks or records that it was made from."""

    prompts: tuple[str, ...] = ()
    """Keys of the requests whose answers it was read from, in order; the journal has them whole."""

    model: str = ""
    """The model that was asked."""

    dataset: str = ""
    """The dataset it was converted from."""

    config: str = ""
    """The dataset's configuration."""

    split: str = ""
    """The dataset's split."""

    revision: str = ""
    """The dataset's revision."""

    row: int | None = None
    """The row's number in the split, from 0."""

    template: str = ""
    """The template's name."""

    template_hash: str = ""
    """The hash of the template's text."""

    licence: str = ""
    """The licence of the source."""

    language: str = ""
    """BCP-47 code of the record's language, where known."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training example: the record of the whole project."""

    id: str
    """Hash of everything else in the record."""

    instruction: str
    """What is asked."""

    input: str
    """What it is asked about; `""` where there is nothing."""

    output: str
    """The answer."""

    source: Source
    """How it came to be."""

    rationale: str = ""
    """The reasoning that leads to the output."""

    options: tuple[str, ...] = ()
    """The answers to choose from, where there is a fixed choice."""

    references: tuple[str, ...] = ()
    """Other answers that are right as well, where the data has several."""

    exemplars: tuple[Exemplar, ...] = ()
    """Worked instances to show before the question."""

    history: tuple[Turn, ...] = ()
    """Earlier turns of the conversation."""

    system: str = ""
    """The system message."""

    task: Task = field(default_factory=Task)
    """What task it belongs to."""

    @classmethod
    def of(cls, **fields: Any) -> Example:
        """An example whose id is the hash of the other fields."""
        draft = cls(id="", **fields)
        return replace(draft, id=_identity(orjson.dumps(draft)))


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is to choose its words; the names are those of the OpenAI API. None means: leave it to the server."""

    temperature: float | None = None
    """0 for the likeliest words."""

    top_p: float | None = None
    """The share of probability to choose from."""

    max_tokens: int | None = None
    """The longest answer, in tokens."""

    presence_penalty: float | None = None
    """From -2 to 2; above 0 discourages what was said before."""

    frequency_penalty: float | None = None
    """From -2 to 2; above 0 discourages what was said often."""

    stop: tuple[str, ...] = ()
    """Strings that end the answer; only such as cannot occur in content."""

    seed: int | None = None
    """For servers that can repeat themselves."""


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON that an answer is to be, for servers that can hold a model to it."""

    name: str
    """Letters, digits, underscores and dashes, 64 at the most, as the OpenAI API wants it."""

    schema: str
    """The JSON Schema as JSON text, so that a prompt stays hashable and its key the same on every machine."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model."""

    purpose: str
    """The step that asks, such as `propose`; the first word that a reader of the journal wants to know."""

    messages: tuple[Turn, ...]
    """The conversation; for the completions API one turn that holds the text to continue."""

    model: str
    """The model's name."""

    sampling: Sampling = Sampling()
    """How to choose words."""

    api: Api = "chat"
    """Which of the two OpenAI endpoints."""

    draw: int = 0
    """Tells apart requests with the same words."""

    answer_schema: AnswerSchema | None = None
    """The JSON that the answer is to be; None for any text."""

    key: str = field(init=False, compare=False)
    """Hash of all the above, 32 hex digits: the request's identity in the journal."""

    def __post_init__(self) -> None:
        fields: tuple[Any, ...] = (self.purpose, self.messages, self.model, self.sampling, self.api, self.draw)
        if self.answer_schema is not None:  # only then: the keys in older journals stay what they are
            fields = (*fields, self.answer_schema)
        object.__setattr__(self, "key", content_hash(fields, size=16))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say."""

    prompt_tokens: int | None = None
    """Tokens of the request."""

    completion_tokens: int | None = None
    """Tokens of the answer."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model's tokens cost, in US dollars per million."""

    prompt: float
    """Of a request."""

    completion: float
    """Of an answer."""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer."""

    key: str
    """The prompt's key."""

    text: str
    """The answer, untouched."""

    finish_reason: str
    """`stop` where the model ended by itself, `length` where the limit cut it; otherwise the server's word."""

    usage: Usage = Usage()
    """What was counted, and so paid."""

    model: str = ""
    """The model's name as the server gives it."""

    request_id: str = ""
    """The server's name for the request."""

    pause: float | None = field(default=None, compare=False)
    """Seconds for which the server takes no other request, as it says; not recorded."""

    @property
    def was_cut(self) -> bool:
        """Whether the length limit cut the answer, so that its last item is not whole."""
        return self.finish_reason == "length"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that was given up."""

    key: str
    """The prompt's key."""

    reason: str
    """A short fixed name, such as `timeout` or `refused`."""

    detail: str = ""
    """The last error's words."""


Outcome = Completion | Unanswered


@dataclass(frozen=True, slots=True)
class Verdict:
    """A screen's decision on a candidate."""

    screen: str
    """The screen's name."""

    reason: str = ""
    """Why it was dropped; `""` where it was kept."""

    evidence: dict[str, Any] = field(default_factory=dict)
    """Of what, how near, which words: JSON values."""

    @property
    def kept(self) -> bool:
        """Whether the candidate may stay."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that was not kept: a row of `dropped.jsonl`."""

    id: str
    """Hash of everything else in the record."""

    level: str
    """What it would have become: `answer`, `task` or `instance` in bootstrap, `row` in convert."""

    reason: str
    """Why it was dropped, a short fixed name."""

    text: str
    """The candidate as it was read."""

    evidence: dict[str, Any]
    """What the decision rests on: JSON values."""

    source: Source
    """Where it came from."""

    @classmethod
    def of(cls, **fields: Any) -> Dropped:
        """A dropped candidate whose id is the hash of the other fields."""
        draft = cls(id="", **fields)
        return replace(draft, id=_identity(orjson.dumps(draft)))


_BEFORE_ID = len('{"id":"')


def line_of(fields: dict[str, Any]) -> bytes:
    """The line that `Example.of` or `Dropped.of` would give, straight from its fields: for millions of rows.

    Args:
        fields: All fields of the record in its order, the first of them `"id": ""`.
    """
    draft = orjson.dumps(fields)
    return b"".join((draft[:_BEFORE_ID], _identity(draft).encode(), draft[_BEFORE_ID:], b"\n"))


def _identity(draft: bytes) -> str:
    """The id of a record that was written with an empty one: a hash of all its fields in their order."""
    return blake2b(draft, digest_size=8).hexdigest()
