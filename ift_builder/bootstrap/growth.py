"""The loop as a pure function of answers: what to ask next, and what to make of answers in any order of arrival.

Proposals are numbered. Their answers are judged in the order of the numbers, and kept tasks are settled in the order
in which they were kept, so the outcome does not depend on timing. Proposal *i* shows the pool as it stood after the
first `known(i)` of them: `pace` says how many these are, and whether their tasks must be settled.

What is begun is finished first: the later steps of a task go before the first ones of others, and those before new
proposals. Where the budget has room for no more than what is begun will take, nothing is begun any longer. That
changes when a prompt is asked, and never which one.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from typing import TYPE_CHECKING, Final

from ift_builder.bootstrap.pace import pace_of
from ift_builder.bootstrap.pool import PoolTask
from ift_builder.bootstrap.rounds import GrowingTask, JudgedCandidate, Round, instance_id
from ift_builder.bootstrap.steps import Steps
from ift_builder.bootstrap.strategies import Proposal
from ift_builder.records import Completion, Outcome, Prompt, Verdict, content_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ift_builder.bootstrap.pool import Pool
    from ift_builder.bootstrap.strategies import Candidate, Development, Strategy
    from ift_builder.screening.tasks import TaskScreens

MOST_BARREN: Final = 50
"""Tasks in a row without one valid instance before the run stops: then the model's answers cannot be read, and more
would only cost more."""


class Growth:
    """A growing dataset.

    Attributes:
        rounds: The proposals judged so far, in order; some may lie beyond the end.
        kept: Valid tasks settled so far.
    """

    def __init__(
        self,
        strategy: Strategy,
        pool: Pool,
        screens: TaskScreens,
        *,
        target: int,
        patience: int,
        note: Callable[[str, Sequence[Verdict]], None],
        note_round: Callable[[int, Round], None] = lambda *_: None,
        language_of: Callable[[int], str] = lambda _: "",
        requests_left: Callable[[], float] = lambda: math.inf,
    ) -> None:
        """A growth that has asked nothing yet.

        Args:
            strategy: What to ask and how to read answers.
            pool: The tasks to show.
            screens: Judge instructions; they know the seeds.
            target: Tasks with at least one valid instance to stop at.
            patience: Candidates dropped in a row that mean the pool is saturated.
            note: Told every candidate's id and verdicts.
            note_round: Told every proposal's number, from 0, and what it brought, once it is judged.
            language_of: Which language a proposal asks for, by its number.
            requests_left: About how many requests the budget allows, those included that were not yet received.
        """
        self._strategy = strategy
        self._pool = pool
        self._screens = screens
        self._target = target
        self._patience = patience
        self._note = note
        self._note_round = note_round
        self._language_of = language_of
        self._requests_left = requests_left
        self._waiting: dict[str, list[Callable[[Outcome], None]]] = {}
        self._proposed: list[tuple[Proposal, Prompt]] = []
        self._unjudged: dict[int, Outcome] = {}
        self._pace = pace_of(strategy, pool)
        self._kept_after: list[int] = [pool.kept]
        self._first_steps: deque[tuple[int, Prompt]] = deque()
        self._later_steps: list[tuple[int, Prompt]] = []
        self._steps = Steps(len(strategy.outlook.follow_up_tokens))
        self._tasks: list[GrowingTask] = []
        self._settled = 0
        self._fruitless = 0
        self._saturated = False
        self._barren = 0
        self._tasks_after: list[int] = [0]
        self.rounds: list[Round] = []
        self.kept = 0

    # What to ask

    def next_prompt(self) -> Prompt | None:
        """What to ask now: what finishes a task, else what begins one, else a proposal; None to wait, or at the end."""
        while not self.status:
            if self._later_steps:
                prompt, receive = self._follow_up(*heapq.heappop(self._later_steps))
            elif self._first_steps and self._room() >= self._steps.usual:
                prompt, receive = self._follow_up(*self._first_steps.popleft())
            elif self._may_propose():
                prompt, receive = self._propose()
            else:
                return None
            waiting = self._waiting.setdefault(prompt.key, [])
            waiting.append(receive)
            if len(waiting) == 1:
                return prompt
        return None

    @property
    def status(self) -> str:
        """`complete`, `barren`, `exhausted` or `saturated` at the end, `""` before."""
        if self.kept >= self._target:
            return "complete"
        if self._barren >= MOST_BARREN:
            return "barren"
        if self._settled < len(self._tasks):
            return ""
        if len(self.rounds) == self._pace.proposals:
            return "exhausted"
        return "saturated" if self._saturated else ""

    def _may_propose(self) -> bool:
        number = len(self._proposed)
        if self._saturated or number == self._pace.proposals or self._pace.known(number) >= len(self._kept_after):
            return False
        valid_share = (self.kept + 9) / (self._settled + 10)
        tasks_per_round = (len(self._tasks) + self._strategy.outlook.kept_per_answer) / (len(self.rounds) + 1)
        to_come = tasks_per_round * (number - len(self.rounds))
        if self.kept + valid_share * (len(self._tasks) - self._settled + to_come) >= self._target:
            return False
        unbegun = len(self._first_steps) + to_come
        return self._room() >= unbegun * self._steps.usual + 1 + self._steps.usual

    def _room(self) -> float:
        """About how many requests the budget has left when what is begun is finished.

        Where nothing is under way there is always room: else the last requests would never be sent.
        """
        return self._requests_left() - len(self._waiting) - self._steps.owed if self._waiting else math.inf

    def _propose(self) -> tuple[Prompt, Callable[[Outcome], None]]:
        number = len(self._proposed)
        language = self._language_of(number)
        shown = self._strategy.choose(self._pool.then(self._kept_after[self._pace.known(number)], language), number)
        proposal = Proposal(number, tuple(shown), language)
        prompt = self._strategy.propose(proposal)
        self._proposed.append((proposal, prompt))
        return prompt, lambda outcome: self._answer(number, outcome)

    def _follow_up(self, number: int, prompt: Prompt) -> tuple[Prompt, Callable[[Outcome], None]]:
        task = self._tasks[number]
        self._steps.ask(first=len(task.prompts) == 1)
        return prompt, lambda outcome: self._advance(task, outcome)

    # What came back

    def receive(self, prompt: Prompt, outcome: Outcome) -> None:
        """Takes the outcome of a prompt that `next_prompt` gave out."""
        for receive in self._waiting.pop(prompt.key):
            receive(outcome)
        self._settle()

    def _answer(self, number: int, outcome: Outcome) -> None:
        """Keeps a proposal's outcome until its turn, then judges all whose turn it is."""
        self._unjudged[number] = outcome
        while not self._saturated and (turn := len(self.rounds)) in self._unjudged:
            self._judge(turn, self._unjudged.pop(turn))

    def _judge(self, number: int, outcome: Outcome) -> None:
        proposal, prompt = self._proposed[number]
        candidates = self._strategy.read(outcome, proposal) if isinstance(outcome, Completion) else []
        judged = [self._judge_candidate(prompt, ordinal, candidate) for ordinal, candidate in enumerate(candidates)]
        self.rounds.append(Round(prompt, proposal, outcome, judged))
        self._note_round(number, self.rounds[-1])
        self._tasks_after.append(len(self._tasks))
        if not self._pace.waits_for_tasks:
            self._kept_after.append(self._pool.kept)
        self._fruitless = 0 if any(item.task for item in judged) else self._fruitless + max(1, len(judged))
        self._saturated = self._fruitless >= self._patience

    def _judge_candidate(self, prompt: Prompt, ordinal: int, candidate: Candidate) -> JudgedCandidate:
        text = candidate.instruction
        identity = content_hash([prompt.key, ordinal, text])
        verdicts = [candidate.verdict] if candidate.verdict else []
        if all(verdict.kept for verdict in verdicts):
            verdicts += self._screens.judge(text, candidate.language, lineage=candidate.lineage)
        twin = self._pool.twin(text, candidate.instances)
        if twin and all(verdict.kept for verdict in verdicts):
            verdicts.append(Verdict("repeated", "repeated-task", {"of": twin}))
        self._note(identity, verdicts)
        kept = all(verdict.kept for verdict in verdicts)
        return JudgedCandidate(
            identity, candidate, verdicts, self._keep(identity, candidate, verdicts) if kept else None
        )

    def _keep(self, identity: str, candidate: Candidate, verdicts: Sequence[Verdict]) -> GrowingTask:
        self._screens.admit(candidate.instruction, identity, lineage=candidate.lineage)
        if self._pace.waits_for_tasks:
            self._pool.know(PoolTask.of(identity, candidate))  # when it is settled is a matter of timing
        else:
            self._pool.add(PoolTask.of(identity, candidate))
        steps = self._strategy.develop(candidate)
        task = GrowingTask(identity, candidate, len(self._tasks), len(self.rounds), verdicts, steps)
        self._tasks.append(task)
        self._advance(task, None)
        return task

    def _advance(self, task: GrowingTask, outcome: Outcome | None) -> None:
        """Takes a task one step further; `None` starts it."""
        try:
            prompt = next(task.steps) if outcome is None else task.steps.send(outcome)
        except StopIteration as end:
            task.development = end.value
            self._steps.end(len(task.prompts))
            self._note_development(task, end.value)
        else:
            task.prompts.append(prompt.key)
            if outcome is None:
                self._first_steps.append((task.number, prompt))
            else:
                heapq.heappush(self._later_steps, (task.number, prompt))

    def _note_development(self, task: GrowingTask, development: Development) -> None:
        if development.verdict:
            self._note(task.id, [*task.verdicts, development.verdict])
        for ordinal, judged in enumerate(development.instances):
            self._note(instance_id(task, ordinal), [judged.verdict])

    def _settle(self) -> None:
        """Counts developed tasks in the order in which they were kept, up to the end."""
        self._show_settled()
        while self._settled < len(self._tasks) and not self.status:
            task = self._tasks[self._settled]
            if task.development is None:
                return
            self.kept += task.is_valid
            self._barren = 0 if task.is_valid else self._barren + 1
            self._settled += 1
            if self._pace.waits_for_tasks and task.is_valid:
                self._pool.add(PoolTask.of(task.id, task.candidate))
            self._show_settled()

    def _show_settled(self) -> None:
        """Lets later proposals see the pool as it stands after each proposal whose tasks are settled."""
        if not self._pace.waits_for_tasks:
            return
        after = self._tasks_after
        while (proposals := len(self._kept_after)) < len(after) and after[proposals] <= self._settled:
            self._kept_after.append(self._pool.kept)

    # What became of it

    def judged_rounds(self) -> Sequence[Round]:
        """The rounds that belong to the result: up to the one that ended the growth, else all that were judged."""
        if self.status in ("complete", "barren"):
            return self.rounds[: self._tasks[self._settled - 1].round + 1]
        return self.rounds

    @property
    def answers_ahead(self) -> int:
        """Proposals that were answered beyond the end; the journal has them for a higher target."""
        return len(self.rounds) + len(self._unjudged) - len(self.judged_rounds())

    def is_settled(self, task: GrowingTask) -> bool:
        """Whether the task's turn has come; later ones are beyond the end, or open because the run was stopped."""
        return task.number < self._settled
