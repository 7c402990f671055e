"""Which step of `bootstrap` a prompt belongs to: purposes are not on the wire."""


def purpose_of(text: str) -> str:
    """The purpose, told from the prompt's words."""
    if text.rstrip().endswith(("Other wordings:", "Other wordings:\n1.")):
        return "paraphrase"
    if "\n1. Instruction: " in text and "\n3. Output:" in text:
        return "triples"
    if "Example 3\nInstruction: " in text:
        return "constrained_task"
    if "\nConstraints: " in text and text.rstrip().endswith("\nOutput:"):
        return "constrained_output"
    if text.rstrip().endswith("Is it classification?"):
        return "classify"
    if "Class label:" in text:
        return "instances_output_first"
    return "instances_input_first" if "Example 1" in text else "propose"
