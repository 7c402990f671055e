"""What goes with the end of a part, and what stays."""

import pytest

from ift_builder.answers.labelled_blocks import read as read_blocks
from ift_builder.answers.labelled_instances import read_input_first

STAYS = (
    "Yours,\n\n____________________\nMara Lind",
    "Yours,\n\n____________________",
    "Signed: \n\n____",
    "The word is\n_ _ _ _ _ _",
    "Name   Age\n-----  ---\nAnn    31\n-----  ---",
    "Item        Price\n-----------------\nTea             2\n-----------------",
    "-------\nNOTICE\n-------",
    "Name   Age\n----------",
    "| a | b |\n|---|---|",
    "a | b\n--- | ---",
    "+---+---+\n| a | b |\n+---+---+",
)
GOES = ("\n---", "\n\n---", "\n***", "\n\n* * *", "\n\n----------", "\n\n-----\n\n---", "\n___", "\n\n- - -")


@pytest.mark.parametrize("text", STAYS)
def test_a_line_to_sign_on_and_the_last_rule_of_a_table_stay(text):
    instances = read_input_first(f"Input: a\nOutput:\n{text}\n\nInput: b\nOutput: c", was_cut=False)
    blocks = read_blocks(
        f"###\n4. Instruction: A b.\n4. Output:\n{text}\n###\n5. Instruction: C.\n5. Output: d", was_cut=False
    )

    assert [draft.output for draft in instances] == [text, "c"]
    assert [block.fields["output"] for block in blocks] == [text, "d"]


@pytest.mark.parametrize("rule", GOES)
def test_a_rule_between_two_parts_goes(rule):
    instances = read_input_first(f"Input: a\nOutput: b{rule}\n\nInput: c\nOutput: d{rule}", was_cut=False)

    assert [(draft.input, draft.output) for draft in instances] == [("a", "b"), ("c", "d")]
