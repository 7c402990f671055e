"""The screens that a proposed instruction passes: wording first, since that is cheap, then near-duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.screening import wording

if TYPE_CHECKING:
    from collections.abc import Collection

    from ift_builder.records import Verdict
    from ift_builder.screening.near_duplicate import NearDuplicates
    from ift_builder.screening.wording import WordingScreens

SCREENS: Final = (*wording.SCREENS, "near-duplicate")
"""All screens, in the order in which they judge."""


class TaskScreens:
    """Judges instructions one after the other; what is kept counts for those that come later."""

    def __init__(self, wording: WordingScreens, near_duplicates: NearDuplicates | None) -> None:
        """The screens with their limits.

        Args:
            wording: The wording screens.
            near_duplicates: Holds the seeds already; None to do without.
        """
        self._wording = wording
        self._near_duplicates = near_duplicates

    def judge(self, instruction: str, *, kin: Collection[str] = ()) -> list[Verdict]:
        """The verdicts in order, up to and including the first that drops.

        Args:
            instruction: What to judge.
            kin: Ids of those that it may be like, such as the task that it was made from.
        """
        verdicts = self._wording.judge(instruction)
        if self._near_duplicates is not None and all(verdict.kept for verdict in verdicts):
            verdicts.append(self._near_duplicates.judge(instruction, kin))
        return verdicts

    def admit(self, instruction: str, id: str) -> None:
        """Counts a kept instruction among those that later ones are compared with."""
        if self._near_duplicates is not None:
            self._near_duplicates.admit(instruction, id)
