"""Which step of `bootstrap` a prompt belongs to: purposes are not on the wire."""

import re

_MARKS = {
    "structured_tasks": r'\{"tasks": \[',
    "use_case_tasks": r"Kind of request: ",
    "use_case_answer": r"Your reply holds the answer itself|each with its complete answer",
    "evolve_in_breadth": r"(?s)rarer.*Starting task:",
    "evolve_in_depth": r"Starting task:",
    "judge_gain": r"Equal or Not Equal\?\s*\Z",
    "respond": r"\A(?:You are asked to do a task|Tasks with complete and correct answers)",
    "paraphrase": r"Other wordings:(?:\n1\.)?\s*\Z",
    "triples": r"(?s)\n1\. Instruction: .*\n3\. Output:",
    "constrained_task": r"Example 3\nInstruction: ",
    "constrained_output": r"(?s)\nConstraints: .*\nOutput:\s*\Z",
    "classify": r"Is it classification\?\s*\Z",
    "on_subject": r"Does it belong to the subject\?\s*\Z",
    "instances_output_first": r"Class label:",
    "instances_input_first": r"Example 1",
    "propose": r"",
}
"""Words of a step's prompt; of several that fit the first counts."""


def purpose_of(text: str) -> str:
    """The purpose, told from the prompt's words."""
    return next(purpose for purpose, marks in _MARKS.items() if re.search(marks, text))
