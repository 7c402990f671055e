"""The readers of instances, on shapes that models write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers.labelled_instances import Draft, read_input_first, read_output_first


def pairs(answer, *, read=read_input_first, was_cut=False):
    return [(draft.input, draft.output) for draft in read(answer, was_cut=was_cut)]


@pytest.mark.parametrize(
    "answer",
    [
        "Example 1\nInput: 3, 1\nOutput: 1, 3\nExample 2\nInput: 9, 2\nOutput: 2, 9",
        "Example 1:\nInput: 3, 1\nOutput: 1, 3\n\nExample 2:\nInput: 9, 2\nOutput: 2, 9",
        "**Example 1**\n**Input:** 3, 1\n**Output:** 1, 3\n\n**Example 2**\n**Input:** 9, 2\n**Output:** 2, 9",
        "### Example 1\nInput: 3, 1\nOutput: 1, 3\n### Example 2\nInput: 9, 2\nOutput: 2, 9",
        "Example 1\nInput:\n3, 1\nOutput:\n1, 3\nExample 2\nInput:\n9, 2\nOutput:\n2, 9",
        "Input: 3, 1\nOutput: 1, 3\nInput: 9, 2\nOutput: 2, 9",
        "Sure, here you are!\n\nInput: 3, 1\nOutput: 1, 3\n\nInput: 9, 2\nOutput: 2, 9",
        "Sure, here you are!\n\nExample 1\nInput: 3, 1\nOutput: 1, 3\nExample 2\nInput: 9, 2\nOutput: 2, 9",
        "Example 1\n3, 1\nOutput: 1, 3\nExample 2\n9, 2\nOutput: 2, 9",
        "INPUT: 3, 1\nOUTPUT: 1, 3\nINPUT: 9, 2\nOUTPUT: 2, 9",
        "- **Input:** 3, 1\n- **Output:** 1, 3\n\n- **Input:** 9, 2\n- **Output:** 2, 9",
        "1. Input: 3, 1\n   Output: 1, 3\n2. Input: 9, 2\n   Output: 2, 9",
        "***Input:*** 3, 1\n***Output:*** 1, 3\n***Input:*** 9, 2\n***Output:*** 2, 9",
        "Example 1\nInput：3, 1\nOutput：1, 3\nExample 2\nInput：9, 2\nOutput：2, 9",
        "Example 1\nInput: 3, 1\nAnswer: 1, 3\nExample 2\nInput: 9, 2\nAnswer: 2, 9",
        "Example 1: Input: 3, 1\nOutput: 1, 3\nExample 2: Input: 9, 2\nOutput: 2, 9",
        "Example 1: 3, 1\nOutput: 1, 3\nExample 2: 9, 2\nOutput: 2, 9",
        "Example 1\n```\nInput: 3, 1\nOutput: 1, 3\n```\nExample 2\n```\nInput: 9, 2\nOutput: 2, 9\n```",
        "Example 1\n---\nInput: 3, 1\n\nOutput: 1, 3\n\n---\n\nExample 2\n---\nInput: 9, 2\n\nOutput: 2, 9\n\n---",
        "**Input: 3, 1**\n**Output: 1, 3**\n\n**Input: 9, 2**\n**Output: 2, 9**",
    ],
)
def test_inputs_and_outputs_are_found_whatever_the_labels_look_like(answer):
    assert pairs(answer) == [("3, 1", "1, 3"), ("9, 2", "2, 9")]


def test_an_answer_without_input_has_an_empty_one():
    assert pairs("Output: Forty-two.") == [("", "Forty-two.")]


@pytest.mark.parametrize(
    "placeholder", ["None", "N/A", "<noinput>", "No input", "*(none)*", "no_input.", "(No input needed)", "**None**"]
)
def test_a_placeholder_for_no_input_is_no_input(placeholder):
    assert pairs(f"Input: {placeholder}\nOutput: Forty-two.") == [("", "Forty-two.")]


def test_labels_inside_an_output_are_content_where_examples_are_numbered():
    answer = "Example 1\nInput: a parser\nOutput: It prints\nInput: 1\nOutput: 2\nExample 2\nInput: x\nOutput: y"

    assert pairs(answer) == [("a parser", "It prints\nInput: 1\nOutput: 2"), ("x", "y")]


def test_the_word_example_inside_content_does_not_split_it():
    answer = "Example 1\nInput: Give an Example of irony.\nOutput: Example: a fire station burns.\nExample 7 is better."

    assert pairs(answer) == [("Give an Example of irony.", "Example: a fire station burns.\nExample 7 is better.")]


def test_a_second_output_for_one_input_is_marked_and_the_first_stays():
    drafts = read_input_first("Output: One.\nOutput: Two.", was_cut=False)

    assert drafts == [Draft("", "One."), Draft("", "Two.", "repeated-output")]


def test_an_example_without_output_is_marked_where_others_have_one():
    drafts = read_input_first("Example 1\nInput: a\nExample 2\nInput: b\nOutput: c", was_cut=False)

    assert drafts == [Draft("a", "", "no-output"), Draft("b", "c")]


def test_of_a_cut_answer_only_the_last_instance_is_lost():
    drafts = read_input_first("Example 1\nInput: a\nOutput: b\nExample 2\nInput: c\nOutput: d is f", was_cut=True)

    assert [draft.problem for draft in drafts] == ["", "cut"]


def test_free_text_is_no_instance():
    assert pairs("I would need more information to do that.") == []


def test_labels_come_with_the_inputs_that_deserve_them():
    answer = "Class label: good\nInput: I loved it.\nClass label: **bad**\nInput: Never again.\nNot even free."

    assert pairs(answer, read=read_output_first) == [("I loved it.", "good"), ("Never again.\nNot even free.", "bad")]


def test_a_base_models_own_field_name_is_part_of_the_input():
    assert pairs("Class label: spam\nEmail: Buy now!", read=read_output_first) == [("Email: Buy now!", "spam")]


# What chat models put around it


@pytest.mark.parametrize(
    "opening",
    [
        "Sure! Here you go:\n",
        "Task: Do X.\n",
        "Of course.\n\n",
        "**Task:** Do X.\n\n",
        "Antwoord volgt hieronder:\n\n",
        "---\n",
    ],
)
def test_what_is_said_before_an_output_is_no_input(opening):
    assert pairs(f"{opening}Output: Paris.") == [("", "Paris.")]


@pytest.mark.parametrize(
    "given",
    [
        "Article: It rained.",
        "Article: It rained.\n\nIt never stopped.",
        "The answer is: no",
        "def f(x):\n    return x",
        "Okay, see you tomorrow then.",
    ],
)
def test_an_input_without_label_stays_the_input(given):
    assert pairs(f"{given}\nOutput: Paris.") == [(given, "Paris.")]


@pytest.mark.parametrize(
    "closing",
    [
        "\n\nLet me know if you need more examples!",
        "\n\nLet me know if you'd like anything else.",
        "\n\n---\n\nI hope this helps!",
        "\n\nI hope this helps! Feel free to ask for more.",
        "\n\nHope these help!\n\nWould you like me to add some?",
        "\nFeel free to ask for more examples.",
        "\n\n---",
    ],
)
def test_a_closing_remark_is_no_part_of_the_last_output_or_input(closing):
    input_first = f"Example 1\nInput: a b\nOutput: c d\nExample 2\nInput: e\nOutput: f{closing}"
    output_first = f"Class label: c d\nInput: a b\nClass label: f\nInput: e{closing}"

    assert pairs(input_first) == [("a b", "c d"), ("e", "f")]
    assert pairs(output_first, read=read_output_first) == [("a b", "c d"), ("e", "f")]


LETTER = "Dear Ada,\n\nThe keys are in the blue box.\n\nLet me know if you need anything else."


@pytest.mark.parametrize(
    "answer",
    [
        f"Output: {LETTER}",
        f"Example 1\nInput: x\nOutput: Dear Bo,\n\nThank you.\nExample 2\nInput: y\nOutput: {LETTER}",
        "Output: Two poems.\n\nThese examples show how the sonnet changed.",
        "Output: She left.\n\n---\n\nNobody saw her again.",
        "Output:\n---\ntitle: Rain\n---",
        "Output: | a | b |\n|---|---|\n| 1 | 2 |",
        "Output:\n```\nInput: 3\nOutput: 9\n```",
        "Output: Run it:\n```python\nprint('Output: 1')\n```",
        "Output: Call it.\nExample usage:\n```\nInput: 5\nOutput: 25\n```",
    ],
)
def test_what_looks_like_talk_or_labels_but_belongs_to_the_output_stays(answer):
    assert pairs(answer)[-1][1] == answer.rpartition("\nExample 2")[2].split("Output:", 1)[1].strip()


def test_the_indentation_of_code_stays():
    assert pairs("Output:\n\n    if x:\n        y\n") == [("", "    if x:\n        y")]


def test_below_a_label_in_a_list_the_lists_indentation_goes_and_that_of_code_stays():
    answer = "1. Input: [1]\n   Output:\n   def f():\n       return 1\n2. Input: [2]\n   Output: x"

    assert pairs(answer) == [("[1]", "def f():\n    return 1"), ("[2]", "x")]


def test_a_list_of_labels_inside_an_output_is_content():
    assert pairs("Output: The form has\n- Input: a name\n- Output: a card") == [
        ("", "The form has\n- Input: a name\n- Output: a card")
    ]


def test_examples_that_are_the_output_itself_stay_in_it():
    answer = "Output: Two jokes follow.\nExample 1\nA man walks in.\nExample 2\nA cat walks in."

    assert pairs(answer) == [("", answer.removeprefix("Output: "))]


def test_examples_below_an_output_that_have_outputs_of_their_own_are_instances():
    answer = "Output: Use a manager.\nExample 1\nName: A\nOutput: a.org\nExample 2\nName: B\nOutput: b.org"

    assert pairs(answer) == [("", "Use a manager."), ("Name: A", "a.org"), ("Name: B", "b.org")]


def test_inputs_of_which_none_has_an_output_are_no_outputs():
    drafts = read_input_first("Example 1\nInput: a\nExample 2\nInput: b", was_cut=False)

    assert drafts == [Draft("a", "", "no-output"), Draft("b", "", "no-output")]


def test_an_answer_label_in_an_output_without_inputs_is_content():
    riddle = "Riddle: What has hands and no arms?\nAnswer: A clock."

    assert pairs(f"Example 1\n{riddle}") == [("", riddle)]


@pytest.mark.parametrize(
    "answer",
    [
        "**Class label:** buy\n\n**Input:** Do you ship?\n\n---\n\n**Class label:** help\n\n**Input:** It broke.",
        "1. Class label: buy\n   Input: Do you ship?\n2. Class label: help\n   Input: It broke.",
        "- **Class label:** buy\n  **Input:** Do you ship?\n- **Class label:** help\n  **Input:** It broke.",
        "### Example 1\nClass label: buy\nInput: Do you ship?\n\n### Example 2\nClass label: help\nInput: It broke.",
        "# Example 1: A\nClass label: buy\nInput: Do you ship?\n# Example 2: B\nClass label: help\nInput: It broke.",
        "Class label:\nbuy\nInput: Do you ship?\nClass label:\nhelp\nInput: It broke.",
        "Label: buy\nInput: Do you ship?\nLabel: help\nInput: It broke.",
        "Input: Do you ship?\nClass label: buy\n\nInput: It broke.\nClass label: help",
        "Example 1\nInput: Do you ship?\nClass label: **buy**\nExample 2\nInput: It broke.\nClass label: help",
        "Here are two:\r\n\r\nClass label: buy\r\nInput: Do you ship?\r\nClass label: help\r\nInput: It broke.\r\n",
        "```\nClass label: buy\nInput: Do you ship?\nClass label: help\nInput: It broke.\n```\nHope it helps!",
        "Class label: buy\nDo you ship?\nClass label: help\nIt broke.",
    ],
)
def test_labels_and_inputs_are_found_whatever_they_look_like(answer):
    assert pairs(answer, read=read_output_first) == [("Do you ship?", "buy"), ("It broke.", "help")]


def test_a_label_line_inside_an_input_is_content():
    answer = (
        "Class label: urgent\nInput: Subject: down\nLabel: ops\nExample 1\nPlease act.\nClass label: normal\nInput: hi"
    )

    assert pairs(answer, read=read_output_first) == [
        ("Subject: down\nLabel: ops\nExample 1\nPlease act.", "urgent"),
        ("hi", "normal"),
    ]


@pytest.mark.parametrize("label", ["__init__", "`map`", '"yes"', "*"])
def test_of_a_labels_marks_only_those_of_bold_are_no_content(label):
    assert pairs(f"Class label: {label}\nInput: x", read=read_output_first) == [("x", label)]


def test_an_input_before_its_label_that_has_none_is_marked():
    drafts = read_output_first("Input: a\nClass label: b\nInput: c", was_cut=False)

    assert drafts == [Draft("a", "b"), Draft("c", "", "no-output")]


# Any content in any dress


_text = (
    st.text(alphabet="abcdefg 12.,", min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: text and text[0].isalpha())
)


@given(st.lists(st.tuples(_text, _text), min_size=1, max_size=6))
def test_what_is_written_in_the_shape_is_read_back(instances):
    answer = "\n".join(f"Example {n}\nInput: {i}\nOutput: {o}" for n, (i, o) in enumerate(instances, 1))

    assert pairs(answer) == [
        ("" if given in ("none", "na", "n/a", "empty") else given, output) for given, output in instances
    ]


_dress = st.fixed_dictionaries(
    {
        "head": st.sampled_from(
            [
                *("Example {}", "Example {}:", "### Example {}", "### Example {}: Long email", "**Example {}**"),
                *("**Example {}: Long email**", "## **Example {}:**", "Example {} (formal)", ""),
            ]
        ),
        "label": st.sampled_from(
            ["{}:", "**{}:**", "**{}**:", "***{}:***", "{} :", "{}：", "__{}:__", "### {}:", "> {}:"]
        ),
        "gap": st.sampled_from([" ", "\n", "\n\n"]),
        "between": st.sampled_from(["\n", "\n\n", "\n\n---\n\n", "\n***\n", "\n\n\n"]),
        "opening": st.sampled_from(
            ["", "Sure! Here you go:\n\n", "Here are some examples:\n", "\n\n", "Of course!\n\n---\n"]
        ),
        "closing": st.sampled_from(
            ["", "\n", "\n\nLet me know if you need more examples!", "\n\n---\n\nHope this helps!"]
        ),
        "wrap": st.sampled_from(["{}", "```\n{}\n```", "```markdown\n{}\n```\nThese vary in length."]),
        "line_end": st.sampled_from(["\n", "\r\n"]),
    }
)


def dressed(instances, dress, first="Input", second="Output"):
    head, label, gap = dress["head"], dress["label"], dress["gap"]
    blocks = [
        f"{head.format(number)}\n{label.format(first)}{gap}{one}\n{label.format(second)}{gap}{two}".lstrip("\n")
        for number, (one, two) in enumerate(instances, 1)
    ]
    answer = dress["wrap"].format(dress["between"].join(blocks)) + dress["closing"]
    return (dress["opening"] + answer).replace("\n", dress["line_end"])


_contents = _text.filter(lambda text: text not in ("none", "na", "n/a", "empty"))


@given(st.lists(st.tuples(_contents, _contents), min_size=1, max_size=4), _dress)
def test_instances_are_read_back_from_any_dress(instances, dress):
    assert pairs(dressed(instances, dress)) == instances


@given(st.lists(st.tuples(_contents, _contents), min_size=1, max_size=4), _dress, st.booleans())
def test_labels_are_read_back_from_any_dress_and_either_order(instances, dress, label_first):
    names = ("Class label", "Input") if label_first else ("Input", "Class label")
    written = [pair[::-1] if label_first else pair for pair in instances]

    assert pairs(dressed(written, dress, *names), read=read_output_first) == instances


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers(answer):
    for was_cut in (True, False):
        read_input_first(answer, was_cut=was_cut)
        read_output_first(answer, was_cut=was_cut)
