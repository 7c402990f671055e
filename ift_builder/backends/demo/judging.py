"""What is said to whether a task belongs to a subject: the scripted model knows no subjects and takes most as fit.

The shares and the texts are in `templates/demo/conduct.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ift_builder.backends.demo.draw import by_share, pick

if TYPE_CHECKING:
    from random import Random

    from ift_builder.backends.demo.library import Library


def belonging(library: Library, rng: Random) -> str:
    """Yes or no, now and then with a sentence around it, or neither."""
    conduct = library.conduct["on_subject"]
    return str(pick(rng, conduct["texts"][by_share(rng.random(), conduct["answers"]) or "belongs"]))
