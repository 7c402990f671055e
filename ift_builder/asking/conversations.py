"""Conversations with a model, one about each record: begun in order, advanced as answers arrive, settled in order.

::

    def steps(example):                       # a generator: yields prompts, is sent outcomes, returns a value
        critique = yield critique_prompt(example)
        votes = yield tuple(vote_prompt(example, draw) for draw in range(3))    # several at once
        return critique, votes

    work = Conversations(run.examples(), steps, settle=lambda example, value: ...)
    await pump(work, asker, in_flight=16, stop=stop)

What is settled depends on records and answers only, never on the order of arrival, so a killed run that is repeated
settles the same values in the same order. Memory holds at most `ahead` records, however many there are.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Generic, TypeVar

from ift_builder.records import Outcome, Prompt

Record = TypeVar("Record")
Value = TypeVar("Value")

Question = Prompt | tuple[Prompt, ...]
"""What a step asks: one prompt, to be sent its outcome, or several at once, to be sent a tuple of outcomes."""

Steps = Generator[Question, Any, Value]
"""A conversation: yields questions, is sent what came back, returns its value."""

AHEAD: Final = 1024
"""Records that may be under way at a time: enough for several hundred requests in flight behind one slow answer."""


@dataclass(slots=True)
class _Turn(Generic[Value]):
    """A conversation that waits for the outcomes of its last question."""

    number: int
    steps: Steps[Value]
    finish: Callable[[Value], None]
    is_tuple: bool = False
    outcomes: list[Outcome | None] | None = None

    def is_answered(self) -> bool:
        return self.outcomes is not None and None not in self.outcomes


class OpenConversations:
    """The conversations under way: which prompt is asked next, and who waits for which answer.

    A prompt that several conversations ask at the same time is given out once and its outcome goes to all of them.
    """

    def __init__(self) -> None:
        self._unasked: list[tuple[int, int, Prompt, Callable[[Outcome], None]]] = []
        self._order = count()
        self._waiting: dict[str, list[Callable[[Outcome], None]]] = {}

    def begin(self, number: int, steps: Steps[Value], finish: Callable[[Value], None]) -> None:
        """Starts a conversation; `finish` gets its value, perhaps at once. Lower numbers are asked first."""
        self._advance(_Turn(number, steps, finish), None)

    def next_prompt(self) -> Prompt | None:
        """The prompt of the earliest conversation that has one to ask; None if all wait for outcomes."""
        while self._unasked:
            _, _, prompt, receive = heapq.heappop(self._unasked)
            waiting = self._waiting.setdefault(prompt.key, [])
            waiting.append(receive)
            if len(waiting) == 1:
                return prompt
        return None

    def receive(self, prompt: Prompt, outcome: Outcome) -> None:
        """Hands the outcome of a prompt to all conversations that wait for it."""
        for receive in self._waiting.pop(prompt.key):
            receive(outcome)

    def _advance(self, turn: _Turn[Any], sent: Outcome | tuple[Outcome, ...] | None) -> None:
        """Takes a conversation to its next question, or to its end; `None` starts it."""
        try:
            question = next(turn.steps) if sent is None else turn.steps.send(sent)
            while question == ():  # nothing to ask is answered at once
                question = turn.steps.send(())
        except StopIteration as end:
            turn.finish(end.value)
            return
        prompts = question if isinstance(question, tuple) else (question,)
        turn.is_tuple, turn.outcomes = isinstance(question, tuple), [None] * len(prompts)
        for place, prompt in enumerate(prompts):
            heapq.heappush(self._unasked, (turn.number, next(self._order), prompt, self._receiver(turn, place)))

    def _receiver(self, turn: _Turn[Any], place: int) -> Callable[[Outcome], None]:
        def receive(outcome: Outcome) -> None:
            assert turn.outcomes is not None, "a turn that asked has a place for each outcome"
            turn.outcomes[place] = outcome
            if turn.is_answered():
                outcomes = tuple(outcome for outcome in turn.outcomes if outcome is not None)
                self._advance(turn, outcomes if turn.is_tuple else outcomes[0])

        return receive


@dataclass(slots=True)
class _Begun(Generic[Record, Value]):
    record: Record
    value: Value | None = None
    is_done: bool = False

    def finish(self, value: Value) -> None:
        self.value, self.is_done = value, True


class Conversations(Generic[Record, Value]):
    """A piece of `Work`: one conversation for each record, settled in the order of the records.

    Attributes:
        settled: Records settled so far.
    """

    def __init__(
        self,
        records: Iterable[Record],
        steps: Callable[[Record], Steps[Value]],
        settle: Callable[[Record, Value], None],
        *,
        ahead: int = AHEAD,
    ) -> None:
        """Conversations of which none has begun.

        Args:
            records: What to talk about; read one by one, as they are needed.
            steps: Begins the conversation about a record.
            settle: Gets each record with its conversation's value, in the order of the records.
            ahead: Records that may be under way at a time, those that wait for an earlier one included.
        """
        self._records = iter(records)
        self._steps = steps
        self._settle_one = settle
        self._ahead = ahead
        self._begun: deque[_Begun[Record, Value]] = deque()
        self._open = OpenConversations()
        self._numbers = count()
        self.settled = 0

    @property
    def pending(self) -> int:
        """Records begun and not settled: after a stop, those that the next session takes up."""
        return len(self._begun)

    def next_prompt(self) -> Prompt | None:
        """What to ask now; None if `ahead` records wait for outcomes, or at the end."""
        while (prompt := self._open.next_prompt()) is None and self._begin_one():
            pass
        return prompt

    def receive(self, prompt: Prompt, outcome: Outcome) -> None:
        """Takes the outcome of a prompt that `next_prompt` gave out."""
        self._open.receive(prompt, outcome)
        self._settle()

    def _begin_one(self) -> bool:
        """Begins the next record's conversation, if there is one and room for it."""
        if len(self._begun) >= self._ahead:
            return False
        for record in self._records:
            begun: _Begun[Record, Value] = _Begun(record)
            self._begun.append(begun)
            self._open.begin(next(self._numbers), self._steps(record), begun.finish)
            self._settle()
            return True
        return False

    def _settle(self) -> None:
        while self._begun and self._begun[0].is_done:
            begun = self._begun.popleft()
            self._settle_one(begun.record, begun.value)  # type: ignore[arg-type]  # a conversation that is done has one
            self.settled += 1
