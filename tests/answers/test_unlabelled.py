"""Answers without any label, read as the output of a task without input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers.labelled_instances import Draft, read_input_first
from ift_builder.answers.unlabelled import read

SOLUTION = "def f(x):\n    return x + 1\n\nExample Output: 4"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Paris.", "Paris."),
        ("\n\nParis is the capital.\n\nIt lies on the Seine.\n", "Paris is the capital.\n\nIt lies on the Seine."),
        ("Sure! Here is the answer:\n\nParis.", "Paris."),
        ("Paris.\n\nLet me know if you need more examples!", "Paris."),
        ("Answer: Paris.", "Paris."),
        ("**Answer:** Paris.", "Paris."),
        ("**Answer: Paris.**", "Paris."),
        ("### Response:\nParis.", "Paris."),
        ("Task: Name the capital.\nParis.", "Paris."),
        ("Task: Name it:\n  1. short\n  2. plain\n\nParis.", "Paris."),
        ("1. Tea\n2. Water", "1. Tea\n2. Water"),
        ("```python\nprint(1)\n```", "```python\nprint(1)\n```"),
        (SOLUTION, SOLUTION),
        ("Here are three tips:\n- sleep", "Here are three tips:\n- sleep"),
        ("Answers differ: some say Paris.", "Answers differ: some say Paris."),
    ],
)
def test_the_answer_is_read_as_one_output(answer, said):
    assert read_input_first(answer, was_cut=False) == []
    assert read(answer, was_cut=False) == [Draft("", said)]


@pytest.mark.parametrize(
    "rest", ["Task: Sort.\nOutput: a, b", "Task: Write an article about coffee.\n\nCoffee is it.", "Task:"]
)
def test_a_base_model_that_goes_on_with_the_next_task_is_cut_there(rest):
    for was_cut in (False, True):
        assert read(f"Paris.\n\n{rest}", was_cut=was_cut) == [Draft("", "Paris."), Draft("", rest, "next-task")]


def test_what_the_length_limit_cut_is_marked():
    assert read("Paris is the", was_cut=True) == [Draft("", "Paris is the", "cut")]


@pytest.mark.parametrize(
    "answer", ["", " \n", "Input: 3, 1", "Input: 3\nThe answer is 4.", "Task: Name the capital.", "Sure!\n\n---"]
)
def test_an_answer_with_labels_or_without_text_is_not_read(answer):
    assert read(answer, was_cut=False) in ([], [Draft("", "Sure!")])


@given(st.text(max_size=300), st.booleans())
def test_no_text_breaks_the_reader(answer, was_cut):
    assert all(draft.output for draft in read(answer, was_cut=was_cut))
