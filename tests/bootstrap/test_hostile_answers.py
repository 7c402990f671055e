"""Answers that are made to hurt: readers take time in proportion to their length, and no answer ends a run."""

import gc
import sys
import time

import pytest

from ift_builder.answers import (
    chatter,
    json_tasks,
    label_marks,
    labelled_blocks,
    labelled_instances,
    markdown,
    numbered_list,
    output,
    rewritten_task,
    unlabelled,
    yes_or_no,
)
from ift_builder.screening import language

READERS = {
    "labelled_blocks": lambda text: labelled_blocks.read(text, was_cut=False),
    "constrained": lambda text: labelled_blocks.read(
        f"Example 4\nInstruction:{text}", ("instruction", "input", "constraints"), was_cut=True
    ),
    "numbered_list": lambda text: numbered_list.read(text, 1, continues=False),
    "continued_list": lambda text: numbered_list.read(text, 9, continues=True),
    "input_first": lambda text: labelled_instances.read_input_first(text, was_cut=False),
    "output_first": lambda text: labelled_instances.read_output_first(text, was_cut=False),
    "unlabelled": lambda text: unlabelled.read(text, was_cut=False),
    "json_tasks": lambda text: json_tasks.read(text, was_cut=False),
    "rewritten_task": rewritten_task.read,
    "output": output.read,
    "yes_or_no": yes_or_no.read,
    "language": lambda text: language.judge(text, "de"),
    "head": label_marks.head,
    "label": label_marks.label,
    "opens": chatter.opens,
    "is_rule": markdown.is_rule,
    "part": lambda text: markdown.part("", text.split("\n")),
}

LENGTHS = (3_000, 24_000)
MOST_STEPS = 40
"""An answer eight times as long may take that many times as long; with the square of the length it would be 64 times,
with the third power 512."""

UNITS = (
    *(
        " ",
        "\t",
        "\n a",
        "a\n\n",
        "\n\n\n \n",
        "1.\n",
        "- ",
        "Input:\n",
        "### Instruction\n",
        "```\n```\n~~~\n",
        "~",
        "!",
    ),
    *("!", "[", "[1,", "{", '{"instruction":', '["a",', "“", "a", ".", "Sure! ", "Hope this helps\n\n", "Example 1\n"),
    *("```\nInstruction: a\n```\n", "Class label:\n", "Sure!", "classification  ", "Task  "),
    *(
        "Input: 3 Output: 4 ",
        "Input: 3 Output: 4\n",
        "    Input: a\n",
        "Example Input: a\nInput: b\n",
        "\n\nTask: a b c d e.\n",
    ),
    *(
        "a\n\nTask:\n  b\n",
        "#New Prompt#: a\n",
        " #",
        "#New Prompt# ",
        "_____\n",
        "a  b\n-----\n",
        "Example 1 - Output: a\n",
        " 1. ",
    ),
)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_time_in_proportion_to_the_answer_whatever_it_repeats(name):
    read, slow = READERS[name], []
    for unit in UNITS:
        for end in ("x", "\u3000"):
            texts = [(unit * length)[:length] + end for length in LENGTHS]
            if all(_takes_too_long(read, *texts) for _ in range(3)):  # once may be the machine's fault
                slow.append(unit + end)

    assert not slow


def _takes_too_long(read, short, long):
    return _seconds(read, long) > MOST_STEPS * max(_seconds(read, short), 0.005)  # below that the clock tells nothing


def _seconds(read, text):
    gc.disable()  # a suite leaves much behind to look through
    try:
        begun = time.process_time()
        read(text)
        return time.process_time() - begun
    finally:
        gc.enable()


@pytest.mark.parametrize("depth", [5, 9, 400, 700, 100_000])
@pytest.mark.parametrize("frames", [0, 300, 600])
def test_json_of_any_depth_is_read_alike_wherever_the_stack_stands(depth, frames):
    text = f'{{"tasks": [{{"instruction": {"[" * depth}{"]" * depth}}}]}}'

    def below(count):
        return below(count - 1) if count else json_tasks.read(text, was_cut=False)

    assert frames < sys.getrecursionlimit() / 1.5
    assert [piece.problem for piece in below(frames)] == ["not-json" if depth > 5 else ""]
