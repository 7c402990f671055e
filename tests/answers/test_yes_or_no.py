"""The reader of the classification step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers.yes_or_no import read


@pytest.mark.parametrize(
    "answer",
    [
        *("Yes", " Yes\n", "yes.", "YES", "**Yes**", "`Yes`", '"Yes"', "- Yes", "Yes, because the labels are fixed."),
        *("Yes - the answers come from a fixed set.", "Yes, it is a classification task.", "Answer: Yes"),
        *(
            "Classification: Yes",
            "**Classification:** Yes",
            "Output: yes",
            "The answer is Yes.",
            "Final answer: **Yes**",
        ),
        *("Is it classification? Yes", "**Is this a classification task?** Yes", "Is it classification?\nYes"),
        *(
            "It is classification.",
            "This is a classification task.",
            "It's a classification task because it has labels.",
        ),
        *("The labels are good and bad.\n\nYes", "There are two labels.\nTherefore, the answer is: **Yes**"),
    ],
)
def test_yes_is_read(answer):
    assert read(answer) is True


@pytest.mark.parametrize(
    "answer",
    [
        *("No", "no.", "**No**", "No, it is not a classification task.", "Answer: No", "Classification: No"),
        *("Output: No", "The answer is No.", "It is not classification.", "Not a classification task"),
        *(
            "This isn't a classification task.",
            "This task is not a classification task. No",
            "Is it classification? No",
        ),
        *("The text can be anything.\n\nNo.", "It is clearly not classification, it asks for a poem.\n\nNo"),
    ],
)
def test_no_is_read(answer):
    assert read(answer) is False


@pytest.mark.parametrize(
    "answer",
    [
        *("", "\n", "I'm not sure.", "It depends on how the task is used.", "Not sure", "Maybe yes", "Perhaps"),
        *("Classification or not: that is a good question.", "Yes and no.", "Yes or no?", "No idea.", "No doubt."),
        *("Is it classification?", "It is classification?", "Notice", "Yesterday", "Nothing fits.", "No problem!"),
        *("Say yes or no.", "---", "Output: good", "はい"),
    ],
)
def test_what_decides_nothing_is_not_guessed(answer):
    assert read(answer) is None


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(answer):
    assert read(answer) in (True, False, None)
