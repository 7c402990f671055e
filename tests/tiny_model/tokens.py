"""Turns text into tokens: byte-level BPE for what people write, one token for each fixed line of the prompts.

The lines that stand in every prompt of a step (its rules and demonstrations) are most of a prompt; as one token each
they cost a small model almost nothing. They are read off real prompts. llama.cpp knows such entries as `USER_DEFINED`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from tests.tiny_model.layout import CONTROL, fixed_lines, laid_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.tiny_model.text import Lesson

_ENTRIES = 1536
"""Control tokens, bytes and merges together."""


class Vocabulary:
    """The entries and how text is cut into them.

    Attributes:
        bpe: The merges, trained on the lessons.
        lines: The fixed lines; their ids follow those of `bpe`.
    """

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        """Learns fixed lines and merges from lessons."""
        self.lines = fixed_lines(lesson.prompt for lesson in lessons)
        self.bpe = Tokenizer(models.BPE())
        self.bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=_ENTRIES,
            special_tokens=list(CONTROL),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        )
        pattern = re.compile("|".join(re.escape(line) for line in sorted(self.lines, key=len, reverse=True)))
        words = (pattern.sub("", laid_out(lesson.prompt)) + lesson.answer for lesson in lessons)
        self.bpe.train_from_iterator(words, trainer)
        self._ids = {text: number for number, text in enumerate(self.lines, self.bpe.get_vocab_size())}
        self._ids |= {text: self.bpe.token_to_id(text) for text in CONTROL}
        self._whole = re.compile("(" + "|".join(map(re.escape, sorted(self._ids, key=len, reverse=True))) + ")")

    def __len__(self) -> int:
        return self.bpe.get_vocab_size() + len(self.lines)

    def id(self, control: str) -> int:
        """The id of a control token."""
        return self._ids[control]

    def encode(self, text: str, *, broken: float = 0.0, random: Random | None = None) -> list[int]:
        """The tokens of a text.

        Args:
            text: What is to be cut.
            broken: The share of fixed lines that are cut like any other text, so that a model learns to read past
                lines which were changed after it was trained.
            random: Says which.
        """
        ids: list[int] = []
        rest = ""
        for index, piece in enumerate(self._whole.split(text)):
            is_broken = random is not None and piece not in CONTROL and random.random() < broken
            if index % 2 and not is_broken:
                ids += [*self._encode_plain(rest), self._ids[piece]]
                rest = ""
            else:
                rest += piece
        return [*ids, *self._encode_plain(rest)]

    def _encode_plain(self, text: str) -> list[int]:
        return self.bpe.encode(text, add_special_tokens=False).ids if text else []
