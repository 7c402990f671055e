"""How a prompt becomes the one text that a model is given, and which of its lines are always the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ift_builder.records import Prompt

CONTROL = ("<|start|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
"""No text of anybody's: where a document begins, a turn ends, and who speaks."""

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
"""What the GGUF file carries, and what the lessons are laid out with."""

_SHORTEST_LINE = 12
"""Characters; shorter lines are cheap as they are."""

_FIXED_SHARE = 0.5
"""Of a step's prompts that have a line for it to count as fixed."""


def laid_out(prompt: Prompt) -> str:
    """A prompt as the one text that a model is given, without the token that begins it."""
    if prompt.api == "completions":
        return prompt.messages[0].content
    turns = "".join(f"<|{turn.role}|>{turn.content}<|end|>" for turn in prompt.messages)
    return f"{turns}<|assistant|>"


def fixed_lines(prompts: Iterable[Prompt]) -> list[str]:
    """The longer lines that stand in most prompts of a step, in the order in which they are first met."""
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    count: Counter[tuple[str, str]] = Counter()
    for prompt in prompts:
        step = (prompt.purpose, prompt.api)
        count[step] += 1
        seen[step].update(dict.fromkeys(_lines(prompt), 1))
    fixed = (
        line for step, lines in seen.items() for line, times in lines.items() if times > _FIXED_SHARE * count[step]
    )
    return list(dict.fromkeys(fixed))


def _lines(prompt: Prompt) -> Iterator[str]:
    for turn in prompt.messages:
        yield from (line for line in turn.content.split("\n") if len(line) >= _SHORTEST_LINE)
