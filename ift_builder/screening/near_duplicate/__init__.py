"""The near-duplicate screen: is this text too like one that was kept?

It decides as the reference does (ROUGE-L F-measure above a threshold, `rouge`), but compares a text with a handful of
those kept instead of with each. `index` says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ift_builder.errors import InputError
from ift_builder.records import Verdict
from ift_builder.rouge import TOKENIZERS, f_measure
from ift_builder.screening.near_duplicate.bounds import Bounds
from ift_builder.screening.near_duplicate.index import Index

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SCREEN: Final = "near-duplicate"
"""The screen's name, and the reason that it gives."""

SIMILARITY: Final = 0.7
"""The threshold of Self-Instruct (Wang et al. 2022, section 2.2) and of Alpaca."""


class Nearest(NamedTuple):
    """The kept text that is most like another; of several equally near the one that was admitted first."""

    rouge_l: float
    """ROUGE-L F-measure."""

    id: str | int
    """The kept text's id."""

    text: str
    """The kept text."""


class NearDuplicates:
    """The texts kept so far, and the decision about the next.

    Attributes:
        similarity: A text is dropped when its ROUGE-L F with a kept text is greater than this.
    """

    def __init__(self, similarity: float = SIMILARITY, tokenizer: str = "unicode") -> None:
        """Starts with nothing kept.

        Raises:
            InputError: The similarity is not above 0 and at most 1, or there is no such tokenizer.
        """
        if not 0 < similarity <= 1:
            raise InputError(
                f"similarity must be above 0 and at most 1, not {similarity}", hint="the usual value is 0.7"
            )
        if tokenizer not in TOKENIZERS:
            raise InputError(f"no tokenizer is called {tokenizer!r}", hint=f"there are: {', '.join(TOKENIZERS)}")
        self.similarity = similarity
        self._tokenize = TOKENIZERS[tokenizer]
        self._index = Index(Bounds(similarity))
        self._texts: list[str] = []
        self._ids: list[str | int] = []
        self._without_tokens = 0
        self._last: tuple[str, list[str]] = ("", [])

    def __len__(self) -> int:
        return len(self._texts) + self._without_tokens

    def judge(self, text: str, kin: Collection[str | int] = ()) -> Verdict:
        """Drops `text` when its ROUGE-L F with a kept text is above the threshold; the evidence names the nearest.

        A text without any token is like nothing (F 0) and is kept. Kept texts whose ids are in `kin` do not count.
        """
        nearest = self.nearest(text, kin)
        if nearest is None:
            return Verdict(SCREEN)
        evidence = {
            "of": nearest.id,
            "text": nearest.text,
            "rouge_l": nearest.rouge_l,
            "threshold": self.similarity,
        }
        return Verdict(SCREEN, SCREEN, evidence)

    def nearest(self, text: str, kin: Collection[str | int] = ()) -> Nearest | None:
        """The nearest kept text that is not of its `kin`, if its F is above the threshold."""
        tokens = self._tokens(text)
        best, place = self.similarity, -1
        for number, common in self._index.search(tokens):
            f = f_measure(common, len(tokens), self._index.length(number))
            if (f > best or (f == best and number < place)) and self._ids[number] not in kin:
                best, place = f, number
        return None if place < 0 else Nearest(best, self._ids[place], self._texts[place])

    def neighbours(self, text: str) -> list[str | int]:
        """The ids of all kept texts whose F with `text` is above the threshold, in no order."""
        tokens = self._tokens(text)
        return [
            self._ids[number]
            for number, common in self._index.search(tokens)
            if f_measure(common, len(tokens), self._index.length(number)) > self.similarity
        ]

    def admit(self, text: str, id: str | int) -> None:
        """Keeps a text, which need not have been judged."""
        tokens = self._tokens(text)
        if tokens:
            self._index.add(tokens)
            self._texts.append(text)
            self._ids.append(id)
        else:
            self._without_tokens += 1

    def admit_all(self, kept: Iterable[tuple[str, str | int]]) -> None:
        """Keeps many texts with their ids at once, which takes a fraction of the time: for taking up a run again."""
        self._index.add_all(self._admitted(kept))

    def _admitted(self, kept: Iterable[tuple[str, str | int]]) -> Iterator[list[str]]:
        for text, id_ in kept:
            tokens = self._tokenize(text)
            if tokens:
                self._texts.append(text)
                self._ids.append(id_)
                yield tokens
            else:
                self._without_tokens += 1

    def _tokens(self, text: str) -> list[str]:
        """The tokens, remembered for the last text: who is kept is judged first and then admitted."""
        if self._last[0] != text:
            self._last = (text, self._tokenize(text))
        return self._last[1]
