"""Which step of `bootstrap` a prompt belongs to: purposes are not on the wire."""


def purpose_of(text: str) -> str:
    """The purpose, told from the prompt's words."""
    if '{"tasks": [' in text:
        return "structured_tasks"
    if text.rstrip().endswith("Is it classification?"):
        return "classify"
    if "Class label:" in text:
        return "instances_output_first"
    return "instances_input_first" if "Example 1" in text else "propose"
