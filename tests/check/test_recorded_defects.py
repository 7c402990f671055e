"""Defects as they stand in published rows and in answers of small models: each is found; their right neighbours "
"are not."""

import pytest

from tests.check.cases import ask

STANDS_FOR_MORE = [
    "![Painting](https://www.example.org/a.jpg)",
    '<img src="https://example.org/cat.png">',
    "[Painting attached]",
    "[Image 1]",
    "(Attach a photo)",
    "<include image>",
    "[Sound file]",
    "<a link to a painting>",
    "Article: https://www.example.org/news/1",
    'Article: "The Future of Work" https://www.example.org/news/1',
    "[Video of a dog in the park]",
    "Picture: www.example.org/a",
    "Audio file attached",
    "https://example.org/a\nhttps://example.org/b",
    "data:image/png;base64,iVBORw0KGgo",
    "{photo}",
    "report.docx",
]
ABOUT_A_LINK = [
    ("Extract the domain from the URL.", "https://www.example.org/a"),
    ("Is this link valid?", "http:/example.org"),
    ("Convert this link to https.", "http://example.org"),
    ("Create a hyperlink for this address.", "https://example.org"),
    ("What type of website is this?", "www.example.org"),
    ("Write a Python script that downloads this page.", "https://example.org"),
    ("What does this HTML tag do?", "<video>"),
    ("Explain this Markdown.", "![alt](a.png)"),
    ("Identify the file type.", "report.docx"),
    ("Find a synonym.", "picture"),
    ("Sort them.", "image, text, audio"),
    ("Make it shorter.", "Come to our website at www.example.org for great deals on shoes of all sizes."),
]


@pytest.mark.parametrize("given", STANDS_FOR_MORE)
@pytest.mark.parametrize("instruction", ["Describe it.", "Summarize the article", "Who made this painting?"])
def test_an_input_only_stands_for_a_picture_sound_or_page(instruction, given, codes):
    assert "G007" in codes([ask(instruction, "It shows a dog.", input=given)])[1]


@pytest.mark.parametrize(("instruction", "given"), ABOUT_A_LINK)
def test_a_task_about_a_link_is_clean(instruction, given, codes):
    assert codes([ask(instruction, "It is so.", input=given)], "G007", "G008", "G009") == {}


@pytest.mark.parametrize(
    "instruction",
    [
        "Summarize this article: https://www.example.org/news/1",
        "Read the article at https://www.example.org/news/1 and say who won.",
        "Describe the painting",
        "Caption this meme.",
        "Analyze the given artwork.",
    ],
)
def test_an_instruction_asks_for_what_is_not_in_the_text(instruction, codes):
    assert codes([ask(instruction, "It shows a dog.")], "G008") == {1: ["G008"]}


@pytest.mark.parametrize("given", ["\\<noinput\\>", "{\\noinput}", "<noinput?", "{\noinput}"])
def test_an_input_is_a_misspelt_placeholder(given, codes):
    assert codes([ask(input=given)], "G001") == {1: ["G001"]}


def test_an_output_is_a_placeholder_with_a_reason(codes):
    assert codes([ask(output="<nooutput - cannot create a visual output>")], "G003") == {1: ["G003"]}


def test_none_is_an_answer(codes):
    assert codes([ask("Name the moons of Venus.", "None.")]) == {}


def test_a_short_input_stands_in_the_instruction(codes):
    row = ask('Edit this sentence "I playing piano"', "I am playing the piano.", input="I playing piano")

    assert codes([row], "G006") == {1: ["G006"]}


@pytest.mark.parametrize("label", ["Task:", "### Task:", "**Task:**", "New Task:", "TASK 2:"])
def test_an_output_goes_on_with_a_next_task(label, codes):
    assert codes([ask(output=f"Eagle, owl, hawk.\n\n{label} Write an article about coffee.")], "G011") == {1: ["G011"]}


@pytest.mark.parametrize(
    "row",
    [
        ask("Write a task for a pupil.", "Here it is.\n\nTask: Write an article about coffee."),
        ask("Plan my day.", "Time: 9:00\nPlace: kitchen\n\nTask: Make coffee."),
        ask("Describe a project.", "It is about coffee.\n\nTask: The team has three goals."),
    ],
    ids=["asked for", "among labels", "no request"],
)
def test_a_task_may_be_part_of_the_answer(row, codes):
    assert codes([row], "G011") == {}


@pytest.mark.parametrize("stray", ["\n#", "\n///", "\n<!-- -->", ";;", "\n// end of output //"])
def test_a_separator_stands_behind_the_end(stray, codes):
    assert codes([ask(output=f"They are eagle, owl and hawk.{stray}")], "G023") == {1: ["G023"]}


def test_a_press_release_ends_with_three_number_signs(codes):
    output = "FOR IMMEDIATE RELEASE\n\nThe museum opens on Monday.\n\n###"

    assert codes([ask("Write a press release.", output)]) == {}


def test_a_list_of_another_number_than_asked_for_is_given(codes):
    assert codes([ask("List five birds of prey.", "1. Eagle\n2. Owl\n3. Hawk\n4. Kite")]) == {1: ["G024"]}


def test_one_answer_under_eight_of_68_instructions_is_found_from_the_third_on(codes):
    rows = [ask(f"Name the {number}th bird.", f"It is bird number {number} of them all.") for number in range(60)]
    rows += [ask(f"Write about topic {number}.", "The company sells good products to people.") for number in range(8)]

    assert codes(rows) == {line: ["D005"] for line in range(63, 69)}


def test_two_answers_to_one_question_are_a_warning_by_default(codes):
    assert codes([ask(), ask(output="Kite, owl, hawk.")]) == {2: ["D003"]}
