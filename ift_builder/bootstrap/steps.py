"""How many requests the tasks that are begun will still take: learned from those that are developed."""

from __future__ import annotations


class Steps:
    """Counts the follow-up requests of tasks, of which each takes as many as its answers ask for."""

    def __init__(self, expected: int) -> None:
        """Knows nothing yet but what the strategy expects.

        Args:
            expected: Follow-ups of a task.
        """
        self._tasks, self._asked = 1, expected
        self._begun = self._begun_asked = 0

    def ask(self, *, first: bool) -> None:
        """A step is asked; the first one begins its task."""
        self._begun += first
        self._begun_asked += 1

    def end(self, asked: int) -> None:
        """A task has come to its end, with so many steps; one without any was never begun."""
        self._tasks += 1
        self._asked += asked
        self._begun -= asked > 0
        self._begun_asked -= asked

    @property
    def usual(self) -> float:
        """Steps of a task."""
        return self._asked / self._tasks

    @property
    def owed(self) -> float:
        """Steps still to be asked of the tasks that are begun."""
        return max(0.0, self._begun * self.usual - self._begun_asked)
