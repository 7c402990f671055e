"""The reader of numbered lists, on shapes that models write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers.numbered_list import read


def texts(answer, first=9, *, continues=False):
    return [item.text for item in read(answer, first, continues=continues)]


@pytest.mark.parametrize(
    "answer",
    [
        "9. Name a river.\n10. Sort the list.",
        "9) Name a river.\n10) Sort the list.",
        "**9.** Name a river.\n**10.** Sort the list.",
        "**9. Name a river.**\n**10. Sort the list.**",
        "9: Name a river.\n10: Sort the list.",
        "Task 9: Name a river.\nTask 10: Sort the list.",
        "### 9. Name a river.\n\n### 10. Sort the list.",
        "9 . Name a river.\n10 . Sort the list.",
        "9、Name a river.\n10、Sort the list.",
        "  9. Name a river.  \n\n\n  10. Sort the list.\n",
        "1. Name a river.\n2. Sort the list.",
        "1. Name a river.\n1. Sort the list.",
        "- Name a river.\n- Sort the list.",
        "Sure! Here are two more tasks:\n\n9. Name a river.\n10. Sort the list.",
        "9. Name a river.\n10. Sort the list.\n\nLet me know if you want more!",
        "9. Name a river.\n12. Sort the list.",
        "Name a river.\n10. Sort the list.",
        "9. Name a river.\r\n10. Sort the list.\r\n",
        "9\\. Name a river.\n10\\. Sort the list.",
        " 9. Name a river.\n10. Sort the list.",
        "９．Name a river.\n１０．Sort the list.",
        "```\n9. Name a river.\n10. Sort the list.\n```",
        "Here you go:\n\n```text\n9. Name a river.\n10. Sort the list.\n```\n\nShall I go on?",
        "9. Name a river.\n\n---\n\n10. Sort the list.\n\n---\n\nLet me know if you'd like more!",
        "9. Name a river.\n10. Sort the list.\nLet me know if you want more!",
        "9. Name a river.\n\n10. Sort the list.\n\nHope this helps!\n\nEnjoy!",
        "### 9. Rivers\nName a river.\n\n### 10. Sorting\nSort the list.",
        "### Task 9: Rivers\n\n**Name a river.**\n\n---\n\n### Task 10: Sorting\n\n**Sort the list.**",
        "### 9. Rivers\n\nName a river.\n\n### 10. Sorting\n\nSort the list.\n\nLet me know if you'd like more!",
        "I kept to these rules:\n1. text only\n2. variety\n\n9. Name a river.\n10. Sort the list.",
        "9. *Name* a river.\n10. **Sort** the list.",
        "**Task 9:** Name a river.\n**Task 10:** Sort the list.",
    ],
)
def test_items_are_found_whatever_the_numbers_look_like(answer):
    assert texts(answer) == ["Name a river.", "Sort the list."]


def test_after_a_prompt_that_ends_in_a_number_the_text_before_the_next_number_is_the_first_item():
    assert texts(" Name a river.\n10. Sort the list.", continues=True) == ["Name a river.", "Sort the list."]


def test_a_base_model_that_writes_no_number_has_written_one_item():
    assert texts(" Name a river.", continues=True) == ["Name a river."]


def test_an_apology_is_no_list():
    assert texts("I am sorry, I cannot help with that.") == []


def test_an_empty_answer_is_no_list():
    assert texts("") == []


def test_capitals_and_inner_newlines_stay_as_the_model_wrote_them():
    assert texts("9. Ask IBM for:\n   a) its NAME\n   b) its size\n10. Sort.") == [
        "Ask IBM for:\n   a) its NAME\n   b) its size",
        "Sort.",
    ]


def test_a_list_inside_an_item_belongs_to_the_item():
    assert texts("9. Put in order:\n1. milk\n2. eggs\n10. Name a river.") == [
        "Put in order:\n1. milk\n2. eggs",
        "Name a river.",
    ]


def test_a_number_that_is_indented_further_is_a_list_inside_the_item():
    assert texts("1. Plan a trip:\n   1. choose a city\n   2. choose dates\n2. Name a river.", 9) == [
        "Plan a trip:\n   1. choose a city\n   2. choose dates",
        "Name a river.",
    ]


def test_a_list_inside_the_item_that_a_base_model_goes_on_with_belongs_to_it():
    assert texts(" Put in order:\n1. milk\n2. eggs\n10. Name a river.", continues=True) == [
        "Put in order:\n1. milk\n2. eggs",
        "Name a river.",
    ]


def test_numbers_in_a_code_fence_inside_an_item_belong_to_it():
    assert texts("9. Sort these lines:\n```\n10. b\n11. a\n```\n10. Name a river.") == [
        "Sort these lines:\n```\n10. b\n11. a\n```",
        "Name a river.",
    ]


def test_a_list_from_one_that_goes_on_through_the_number_asked_for_is_kept_whole():
    answer = "\n".join(f"{number}. Task with number {number}." for number in range(1, 13))

    assert len(texts(answer)) == 12


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("**Email rewrite:** Rewrite this email.", "Email rewrite: Rewrite this email."),
        ("**Summarise the article** in three lines.", "Summarise the article in three lines."),
        ("**Email rewrite**\nRewrite this email.", "Email rewrite: Rewrite this email."),
        ("**Email rewrite:**\n\n   Rewrite this email.", "Email rewrite: Rewrite this email."),
        ("**Sort the numbers.**\nThe smallest comes first.", "Sort the numbers.\nThe smallest comes first."),
        ("**Put in order**\n- milk\n- eggs", "Put in order\n- milk\n- eggs"),
        ("What is 2**3 in Python?", "What is 2**3 in Python?"),
        ("__init__ is called when?", "__init__ is called when?"),
        ("*args and **kwargs: what is the difference?", "*args and **kwargs: what is the difference?"),
        ("Correct the *second* word.", "Correct the *second* word."),
    ],
)
def test_an_items_words_stay_and_only_the_marks_around_its_beginning_go(written, read_as):
    assert texts(f"9. {written}\n10. Name a river.\nIt is long.") == [read_as, "Name a river.\nIt is long."]


def test_a_bold_line_with_its_number_is_a_title_too():
    assert texts("**9. Email rewrite**\nRewrite this email.\n\n**10. Rivers**\nName a river.") == [
        "Email rewrite: Rewrite this email.",
        "Rivers: Name a river.",
    ]


def test_a_heading_that_says_more_than_the_line_below_it_stays():
    assert texts("### 9. Write a haiku about autumn rain\nIt should rhyme.\n### 10. Name a river.") == [
        "Write a haiku about autumn rain\nIt should rhyme.",
        "Name a river.",
    ]


def test_an_answer_cut_at_a_bare_number_has_cut_none_of_the_items_before():
    items = read("9. Name a river.\n10. Sort the list.\n11", 9, continues=False)

    assert [(item.text, item.is_last) for item in items] == [
        ("Name a river.", False),
        ("Sort the list.", False),
        ("", True),
    ]


def test_a_question_at_the_end_of_a_task_is_no_remark():
    answer = "9. Name a river.\n10. Rewrite this sentence:\nWould you like some tea?"

    assert texts(answer)[-1] == "Rewrite this sentence:\nWould you like some tea?"


def test_a_number_at_the_start_of_a_line_is_no_item_if_it_is_a_quantity_or_a_year():
    assert texts("9. Convert to litres:\n3.5 gallons\n10. Who won in\n1998? Explain.") == [
        "Convert to litres:\n3.5 gallons",
        "Who won in\n1998? Explain.",
    ]


def test_stop_like_strings_inside_an_item_do_not_cut_it():
    assert texts("9. What is 4 x 5? The answer is 20. Explain why it is not 16.\n10. Sort.")[0].endswith("not 16.")


def test_an_item_without_text_is_returned_empty_so_that_it_can_be_counted():
    assert texts("9.\n10. Sort the list.") == ["", "Sort the list."]


def test_only_the_item_in_which_the_answer_ends_is_last():
    assert [item.is_last for item in read("9. One.\n10. Two.\n11. Thr", 9, continues=False)] == [False, False, True]


_words = st.text(alphabet="abcdefghij KLMN", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(st.lists(_words, min_size=1, max_size=12), st.integers(1, 30))
def test_what_is_written_as_a_list_is_read_back(items, first):
    answer = "\n".join(f"{number}. {text}" for number, text in enumerate(items, first))

    assert texts(answer, first) == items


_dress = st.fixed_dictionaries(
    {
        "number": st.sampled_from(
            ["{}. {}", "{}) {}", "**{}.** {}", "**{}. {}**", "### {}. {}", "**Task {}:** {}", "{}\\. {}", "  {}. {}"]
        ),
        "between": st.sampled_from(["\n", "\n\n", "\n\n---\n\n", "\n***\n"]),
        "opening": st.sampled_from(["", "Sure! Here are 3 tasks:\n\n", "Rules:\n1. text only\n2. variety\n\n", "\n\n"]),
        "closing": st.sampled_from(["", "\n", "\n\nLet me know if you need more!", "\n---", "\nHope this helps!"]),
        "wrap": st.sampled_from(["{}", "```\n{}\n```", "```markdown\n{}\n```\nThat is all."]),
        "line_end": st.sampled_from(["\n", "\r\n"]),
    }
)


@given(st.lists(_words, min_size=2, max_size=8), _dress)
def test_items_are_read_back_from_any_dress(items, dress):
    lines = [dress["number"].format(number, text) for number, text in enumerate(items, 9)]
    answer = dress["opening"] + dress["wrap"].format(dress["between"].join(lines)) + dress["closing"]

    assert texts(answer.replace("\n", dress["line_end"])) == items


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(answer):
    for continues in (True, False):
        read(answer, 9, continues=continues)


def test_a_number_that_stands_twice_opens_two_items_if_the_next_one_follows():
    text = " Sort the words.\n10. Add the prices.\n10. Label the review.\n11. Name a river."
    items = [item.text for item in read(text, 9, continues=True)]

    assert items == ["Sort the words.", "Add the prices.", "Label the review.", "Name a river."]


def test_a_list_in_an_item_that_begins_again_at_1_is_content():
    first, *_ = read("1. Put in order:\n1. mix\n2. bake", 1, continues=False)

    assert first.text == "Put in order:\n1. mix"
