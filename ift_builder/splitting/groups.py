"""What must not be torn apart by a split: rows that are connected, put together by union-find.

Two rows are connected when

* they ask the same, word for word;
* they belong to one task, where the task was grown (its instances share the instruction);
* they come from the same row of a dataset, through whatever templates; the task of converted rows is the dataset
  itself and connects nothing, unless whole tasks are asked for;
* one was made from the other, or both were made from the same one, where a record names a single parent: evolved,
  revised, an instance of a seed. Of several parents none is the origin: they were shown as demonstrations. In a
  bootstrap run each request shows eight tasks, so that counting those would connect everything with everything;
* their instructions are near-duplicates, where a similarity is given: every pair above it, not only the nearest. Of
  converted rows the inputs are compared, where they have any, since the instruction is the template's.

Connection is handed on: what is connected with the same row is one group. Exemplars inside a prompt connect
nothing; `splitting` keeps held-out rows out of them.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ift_builder.records import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ift_builder.records import Example
    from ift_builder.screening.near_duplicate import NearDuplicates


class Groups:
    """Rows, numbered from 0 in the order in which they are added, and their groups."""

    def __init__(self, near_duplicates: NearDuplicates | None = None, *, whole_tasks: bool = False) -> None:
        self._near_duplicates = near_duplicates
        self._whole_tasks = whole_tasks
        self._parents = array("q")
        self._first: dict[str, int] = {}
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._parents)

    def add(self, example: Example) -> None:
        """Appends a row and connects it with those before it."""
        row = len(self._parents)
        self._parents.append(row)
        self._names.append(example.id)
        for key in self._keys(example):
            self._unite(row, self._first.setdefault(key, row))
        if self._near_duplicates is not None:
            self._unite_near(row, compared_text(example), self._near_duplicates)

    def group(self, row: int) -> int:
        """The row that stands for the group of `row`: its first one."""
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def name(self, group: int) -> str:
        """The id of the group's first record, which stays what it is when a run grows."""
        return self._names[group]

    def _unite_near(self, row: int, text: str, near_duplicates: NearDuplicates) -> None:
        key = f"compared:{text}"
        if key in self._first:
            self._unite(row, self._first[key])
            return
        self._first[key] = row
        for other in near_duplicates.neighbours(text):
            self._unite(row, int(other))
        near_duplicates.admit(text, row)

    def _unite(self, one: int, other: int) -> None:
        one, other = self.group(one), self.group(other)
        self._parents[max(one, other)] = min(one, other)

    def _keys(self, example: Example) -> Iterator[str]:
        """What the row is connected by: rows with a key in common are connected."""
        source, task = example.source, example.task.name
        yield f"asks:{content_hash([example.instruction, example.input])}"
        yield f"line:{example.id}"
        if source.row is not None:
            place = [source.dataset, source.config, source.split, source.revision, source.row]
            yield f"row:{content_hash(place)}"
        elif task:
            yield f"line:{task}"
        if self._whole_tasks and task:
            yield f"task:{task}"
        if len(source.parents) == 1:
            yield f"line:{source.parents[0]}"


def compared_text(example: Example) -> str:
    """What is compared for near-duplicates."""
    return example.input or example.instruction if example.source.row is not None else example.instruction
