"""The reader of rewritten tasks, on the labels that models know from the prompts of Evol-Instruct."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers.rewritten_task import Version, read
from ift_builder.bootstrap.evolve import elimination

NAMES = (
    *("Rewritten Prompt", "New Prompt", "Created Prompt", "The Given Prompt", "Rewritten Instruction"),
    *("New Instruction", "The Rewritten Prompt", "REWRITTEN PROMPT", "rewritten instruction", "Rewritten Question"),
)
FORMS = (
    *(
        "#{}#: {text}",
        "#{}# {text}",
        "#{}#:\n{text}",
        "#{}#\n{text}",
        "#{}#\n\n{text}",
        "# {} #\n{text}",
        "#{}:# {text}",
    ),
    *("**#{}#:** {text}", "**#{}#**: {text}", "**#{}#**\n{text}", "***#{}#***\n\n{text}", "##{}##\n{text}"),
    *("\\#{}\\#:\n{text}", "#{}#： {text}", "#{}#: **{text}**", "**#{}#: {text}**", "{text}\n\n#{}#", "{text} #{}#"),
    *("#{}#:\n{text}\n\n#{}#", "#{}#: {text}\n#{}#: {text}", "#{}#:\n```\n{text}\n```", "```\n#{}#:\n{text}\n```"),
    *("Sure! Here is the rewritten prompt:\n\n#{}#:\n{text}", "#The Given Prompt#:\nSort.\n\n#{}#:\n{text}"),
    *(
        "#The Given Prompt#: Sort. #{}#: {text}",
        "#{}#: {text}\n\nI hope this helps! Feel free to ask for more examples.",
    ),
)


PAIRS = [
    (name, form) for name in NAMES for form in FORMS if name != "The Given Prompt" or not form.startswith("#The Given")
]
"""An old task needs another label than the new one."""


@pytest.mark.parametrize("form", FORMS)
def test_labels_between_hashes_are_no_part_of_the_version(form):
    for name in (name for name, own in PAIRS if own == form):
        version = read(form.replace("{}", name).replace("{text}", "Sort by length."))

        assert version == Version("Sort by length.", "")
        assert not elimination.copied(version.instruction)


@pytest.mark.parametrize("form", [form for form in FORMS if "**{text}" not in form and "{text}**" not in form])
def test_an_input_below_such_a_label_is_read(form):
    assert read(form.replace("{}", "New Prompt").replace("{text}", "Sort it.\n#Input#: tea")) == ("Sort it.", "tea")


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "Rewritten Prompt: Sort by length.",
            "**Rewritten Prompt:** Sort by length.",
            "**Rewritten Prompt**\nSort by length.",
        ),
        *(
            "## New Prompt\n\nSort by length.",
            "### Rewritten Instruction:\nSort by length.",
            "Your new question: Sort by length.",
        ),
        *(
            "**New Prompt: Sort by length.**",
            "Here is the new prompt:\n\nSort by length.",
            "__Rewritten Prompt:__ Sort by length.",
        ),
    ],
)
def test_labels_without_hashes_are_known_at_the_beginning(answer):
    assert read(answer) == Version("Sort by length.", "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Write a prompt: be kind.",
            "Question: what is tea?",
            "New prompts are wanted: write three.",
            "#1: sort the list.",
        ),
        *("Explain what #Rewritten Prompt# means in Evol-Instruct.", "Prompt: say it.", "# New roads\nDescribe them."),
        *("Tag it #new #prompt and #task.", "Compare:\nNew prompt: A\nOld prompt: B", "**New York**\nDescribe it."),
    ],
)
def test_what_only_looks_like_such_a_label_stays(text):
    assert read(text) == Version(text, "")


_texts = st.lists(
    st.sampled_from(["Sort", "words", "by", "length,", "#1", "and", "#2:", "**bold**", "x_1", "`code`"]),
    min_size=2,
    max_size=9,
).map(lambda words: "Sort " + " ".join(words) + " now.")


@given(_texts, st.sampled_from([pair for pair in PAIRS if "**{text}" not in pair[1] and "{text}**" not in pair[1]]))
def test_any_version_comes_back_from_below_its_label(text, pair):
    name, form = pair

    assert read(form.replace("{}", name).replace("{text}", text)) == Version(text, "")
