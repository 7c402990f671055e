"""The screens that a proposed instruction passes: its wording, which is cheap, its language, then near-duplicates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ift_builder.screening import language as language_screen
from ift_builder.screening import wording
from ift_builder.screening.near_duplicate import SCREEN as NEAR_DUPLICATE
from ift_builder.screening.near_duplicate import NearDuplicates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ift_builder.records import SeedTask, Verdict
    from ift_builder.screening.wording import WordingScreens

SCREENS: Final = (*wording.SCREENS, language_screen.SCREEN, NEAR_DUPLICATE)
"""All screens, in the order in which they judge."""


class TaskScreens:
    """Judges instructions one after the other; what is kept counts for those that come later."""

    def __init__(
        self, wording: WordingScreens, near_duplicates: NearDuplicates | None, *, tells_languages: bool = True
    ) -> None:
        """The screens with their limits.

        Args:
            wording: The wording screens.
            near_duplicates: Holds the seeds already; None to do without.
            tells_languages: Whether an instruction must be in the language that was asked for.
        """
        self._wording = wording
        self._near_duplicates = near_duplicates
        self._tells_languages = tells_languages
        self._descendants: defaultdict[str, set[str]] = defaultdict(set)

    def judge(self, instruction: str, language: str = "", *, lineage: str = "") -> list[Verdict]:
        """The verdicts in order, up to and including the first that drops.

        Args:
            instruction: As the model wrote it.
            language: BCP-47 code of the language that was asked for; `""` for any, which leaves that screen out.
            lineage: Id of the task of which it is a variant. It is like that one, and like its other variants, by its
                nature; `""` for a task of its own.
        """
        verdicts = self._wording.judge(instruction)
        if language and self._tells_languages and all(verdict.kept for verdict in verdicts):
            verdicts.append(language_screen.judge(instruction, language))
        if self._near_duplicates is not None and all(verdict.kept for verdict in verdicts):
            verdicts.append(self._near_duplicates.judge(instruction, self._kin(lineage)))
        return verdicts

    def _kin(self, lineage: str) -> Collection[str]:
        return {lineage, *self._descendants[lineage]} if lineage else ()

    def admit(self, instruction: str, id: str, *, lineage: str = "") -> None:
        """Counts a kept instruction among those that later ones are compared with."""
        if lineage:
            self._descendants[lineage].add(id)
        if self._near_duplicates is not None:
            self._near_duplicates.admit(instruction, id)


def at_start(
    wording: WordingScreens, begun_with: Iterable[SeedTask], *, similarity: float, tokenizer: str
) -> TaskScreens:
    """The screens at the beginning of a run, without those that are off.

    Args:
        wording: The wording screens; its `off` names the other screens too.
        begun_with: What is known: the seeds, and the dataset that is grown further.
        similarity: ROUGE-L F above which an instruction is a near-duplicate.
        tokenizer: How the near-duplicate screen splits text.
    """
    near_duplicates = None
    if NEAR_DUPLICATE not in wording.off:
        near_duplicates = NearDuplicates(similarity, tokenizer)
        near_duplicates.admit_all({task.instruction: task.id for task in begun_with}.items())
    return TaskScreens(wording, near_duplicates, tells_languages=language_screen.SCREEN not in wording.off)
