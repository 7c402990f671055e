"""Which step of `bootstrap` a prompt belongs to: purposes are not on the wire."""


def purpose_of(text: str) -> str:
    """The purpose, told from the prompt's words."""
    if '{"tasks": [' in text:
        return "structured_tasks"
    if "Kind of request: " in text:
        return "use_case_tasks"
    if "Your reply holds the answer itself" in text or "each with its complete answer" in text:
        return "use_case_answer"
    if "Starting task:" in text:
        return "evolve_in_breadth" if "rarer" in text else "evolve_in_depth"
    if text.rstrip().endswith("Equal or Not Equal?"):
        return "judge_gain"
    if text.startswith(("You are asked to do a task", "Tasks with complete and correct answers")):
        return "respond"
    if text.rstrip().endswith("Is it classification?"):
        return "classify"
    if text.rstrip().endswith("Does it belong to the subject?"):
        return "on_subject"
    if "Class label:" in text:
        return "instances_output_first"
    return "instances_input_first" if "Example 1" in text else "propose"
