"""Pool tasks as prompts show them that want an instruction with one input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder import draws

if TYPE_CHECKING:
    from ift_builder.bootstrap.pool import PoolTask


def with_one_instance(task: PoolTask, number: int, seed: int) -> dict[str, str]:
    """The task with one of its instances, drawn for prompt `number`.

    Args:
        task: A task with at least one instance, such as a seed.
        number: The prompt's number, which names the draw.
        seed: The run's seed.

    Returns:
        `instruction`, `input`, `output` and `constraints`; what there is none of is `""`.
    """
    instance = draws.stream(seed, "instance", number, task.id).choice(task.instances)
    return {
        "instruction": task.instruction,
        "input": instance.input,
        "output": instance.output,
        "constraints": task.constraints,
    }
