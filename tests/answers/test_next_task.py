"""A model that goes on with the prompt's next label, `Task:`: the answer ends there, and the rest is counted."""

import pytest

from ift_builder.answers.labelled_instances import Draft, read_input_first, read_output_first

ANSWERS = (
    ("Output: Tea is hot.", [Draft("", "Tea is hot.")]),
    ("Example 1\nInput: a b\nOutput: b a", [Draft("a b", "b a")]),
    ("Input: a\nOutput: b\nInput: c\nOutput: d", [Draft("a", "b"), Draft("c", "d")]),
    ("Output:\n```\nTask: x\n```", [Draft("", "```\nTask: x\n```")]),
)


@pytest.mark.parametrize(("answer", "drafts"), ANSWERS)
@pytest.mark.parametrize(
    "rest",
    [
        "\n\nTask: Write an article about coffee.",
        "\n\nTask: Write an article about coffee.\n\nCoffee is a drink.",
        "\n\nTask: Write an article about coffee.\nOutput: Coffee is a drink.",
        "\nTask: Write an article about coffee.\nOutput: Coffee is a drink.",
        "\n\nTask: Sort.\nExample 1\nInput: 3, 1\nOutput: 1, 3\nExample 2\nInput: 9, 2\nOutput: 2, 9",
        "\n\n**Task:** Sort the list\n\n**Input:** 3, 1\n\n**Output:** 1, 3",
        "\n\n### Task: Sort the list\nInput: 3, 1\nOutput: 1, 3",
        "\n\nTask 2: Sort the list\nInput: 3, 1\nOutput: 1, 3",
        "\n\nTask: Say which is right:\n  1. this\n  2. that\nOutput: this",
        "\n\nTask: Say if it is spam.\nIs it classification?",
        "\n\nTask:",
        "\n\nTask: Coffee\nOutput: A drink.\n\nTask: Tea\nOutput: Another.",
    ],
)
def test_what_follows_the_prompts_next_label_is_cut_off_and_counted(answer, drafts, rest):
    for was_cut in (False, True):  # what stands above it is whole, wherever the length limit cut the rest
        read = read_input_first(answer + rest, was_cut=was_cut)

        assert read == [*drafts, Draft("", rest.strip(), "next-task")]


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nTask: Say if it is spam.\nClass label: spam\nInput: Buy now!",
        "\n\nTask: Say if it is spam.",
        "\nTask: Say if it is spam.\nClass label: spam",
        "\n\nTask:",
    ],
)
def test_so_it_is_below_labelled_inputs(rest):
    read = read_output_first(f"Class label: buy\nInput: Do you ship?{rest}", was_cut=False)

    assert read == [Draft("Do you ship?", "buy"), Draft("", rest.strip(), "next-task")]


@pytest.mark.parametrize(
    "content",
    [
        "To do:\n\nTask: Buy milk",
        "To do:\n\nTask: Buy the milk that the children like.",
        "Monday.\n\nTask: Buy milk\nDue: noon",
        "Monday.\n\nTask: Paint the kitchen wall in white.\nDeadline: Friday\nTask: Fix the door.\nDeadline: Monday",
        "Monday.\n\nTask: Paint the kitchen wall.\nTask: Fix the kitchen door.",
        "Chores.\nTask: Mow the lawn before noon.\nTask: Trim the hedge.",
        "Task: Summarize the text.\nInput: {text}\nOutput:",
        "A plan.\n\nTask 1: Paint the kitchen wall in white.\n\nTask 2: Fix the door.",
        "Tasks: many.\n\nTask force: Meet at the gate at eight o'clock.",
        "Use it:\n\n```\nTask: Sort.\nOutput: sorted\n```",
        "A good prompt:\n\n    Task: Sort the list of numbers.",
    ],
)
def test_a_list_of_chores_and_its_like_stays(content):
    assert read_input_first(f"Example 1\nInput: a\nOutput: {content}", was_cut=False) == [Draft("a", content)]


def test_the_task_said_again_above_the_answer_is_no_next_one():
    assert read_input_first("Task: Sort the list.\n\nInput: 3, 1\nOutput: 1, 3", was_cut=False) == [
        Draft("3, 1", "1, 3")
    ]


def test_an_answer_without_label_above_another_tasks_output_is_not_its_input():
    assert read_input_first("Tea is hot.\n\nTask: Sort.\nInput: b, a\nOutput: a, b", was_cut=False) == []
