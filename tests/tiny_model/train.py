"""Trains the tiny model on lessons; only what is to be answered counts, the prompt is given."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from tests.tiny_model import text
from tests.tiny_model.layout import laid_out
from tests.tiny_model.model import Shape, TinyLlama
from tests.tiny_model.tokens import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from tests.tiny_model.text import Lesson

_BROKEN = 0.03
"""Share of fixed lines that a lesson spells out."""

_FIRST_COUNTS = 10.0
"""How much the first token of an answer counts, the others being 1: it decides on yes or no, and on the shape."""

_BATCH = 2048
"""Tokens, padding included."""

_WARM_UP = 40
_RATE = 3e-3
"""Steps of warm-up, and the learning rate after them; from there it falls to nothing in a straight line."""

_VOCABULARY_LESSONS = 3000


@dataclass(frozen=True)
class Trained:
    """A model with its vocabulary."""

    model: TinyLlama
    vocabulary: Vocabulary
    figures: dict[str, float]
    """What the training was like, by name."""


@dataclass(frozen=True)
class _Tokens:
    ids: list[int]
    answer: int
    """Where the answer begins."""


def train(lessons: int, seed: int, say: Callable[[str], None]) -> Trained:
    """A model that has seen so many lessons once.

    Args:
        lessons: How many.
        seed: Of the lessons, the first weights and the order.
        say: Is told how it goes.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the matrices are too small to share, and one thread adds up in the same order each time
    torch.use_deterministic_algorithms(mode=True)
    random = Random(seed)
    made = list(text.lessons(random, lessons))
    vocabulary = Vocabulary(made[:_VOCABULARY_LESSONS])
    batches = _batches([_tokens(lesson, vocabulary, random) for lesson in made], random)
    model = TinyLlama(Shape(len(vocabulary)))
    parameters = sum(parameter.numel() for parameter in model.parameters())
    say(f"{parameters:,} parameters, {len(vocabulary)} entries, {len(vocabulary.lines)} of them lines")
    began, cpu, seen, loss = time.monotonic(), time.process_time(), 0, 0.0
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, betas=(0.9, 0.97), weight_decay=0.05, fused=True)
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, (step + 1) / _WARM_UP) * (1 - step / len(batches))
        loss = _learn(model, optimizer, batch)
        seen += sum(len(tokens.ids) for tokens in batch)
        if step % 50 == 0:
            say(f"step {step} of {len(batches)}, loss {loss:.3f}, {time.process_time() - cpu:.0f} CPU seconds")
    figures = {
        "parameters": parameters,
        "lessons": lessons,
        "tokens": seen,
        "steps": len(batches),
        "last loss": round(loss, 3),
        "CPU minutes": round((time.process_time() - cpu) / 60, 1),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    return Trained(model.eval(), vocabulary, figures)


def _tokens(lesson: Lesson, vocabulary: Vocabulary, random: Random) -> _Tokens:
    start, end = vocabulary.id("<|start|>"), vocabulary.id("<|end|>")
    asked = [start, *vocabulary.encode(laid_out(lesson.prompt), broken=_BROKEN, random=random)]
    return _Tokens([*asked, *vocabulary.encode(lesson.answer), end], len(asked))


def _batches(lessons: Sequence[_Tokens], random: Random) -> list[list[_Tokens]]:
    """Lessons of about one length together, the batches in any order."""
    batches: list[list[_Tokens]] = [[]]
    for lesson in sorted(lessons, key=lambda lesson: len(lesson.ids)):
        if (len(batches[-1]) + 1) * len(lesson.ids) > _BATCH and batches[-1]:
            batches.append([])
        batches[-1].append(lesson)
    random.shuffle(batches)
    return batches


def _learn(model: TinyLlama, optimizer: torch.optim.Optimizer, batch: Sequence[_Tokens]) -> float:
    inputs, targets, weights = _tensors(batch)
    wanted = weights > 0
    losses = functional.cross_entropy(model(inputs, wanted), targets[wanted], reduction="none")
    loss = (losses * weights[wanted]).sum() / weights.sum()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def _tensors(batch: Sequence[_Tokens]) -> tuple[Tensor, Tensor, Tensor]:
    """What is given, what comes next, and how much that counts: each `[lessons, positions]`."""
    longest = max(len(lesson.ids) for lesson in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    weights = torch.zeros(len(batch), longest)
    for row, lesson in enumerate(batch):
        ids[row, : len(lesson.ids)] = torch.tensor(lesson.ids)
        weights[row, lesson.answer : len(lesson.ids)] = 1
        weights[row, lesson.answer] = _FIRST_COUNTS
    return ids[:, :-1], ids[:, 1:], weights[:, 1:]
