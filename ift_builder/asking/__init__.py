"""Asks each prompt once, keeps many in flight, and loses no answer: the project's one place with concurrency.

`pump` drives a piece of `Work`, which knows what to ask next and is handed each outcome. An `Asker` answers from the
journal or asks the backend, on the user's `Terms`: retries what is worth it, keeps the pace and the budget, and records
before it returns.
"""

from ift_builder.asking.asker import Asker
from ift_builder.asking.pump import Work, pump
from ift_builder.asking.stopping import GRACE, Stop
from ift_builder.asking.terms import Terms

__all__ = ["GRACE", "Asker", "Stop", "Terms", "Work", "pump"]
