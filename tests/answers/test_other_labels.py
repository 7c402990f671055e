"""Labels with a word before them, indented, or two on a line: read where they are labels, content elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers import labelled_blocks, output
from ift_builder.answers.labelled_instances import read_input_first, read_output_first
from tests.answers.test_labelled_instances import pairs


def triples(answer):
    return [tuple(block.fields.values()) for block in labelled_blocks.read(answer, was_cut=False) if not block.problem]


@pytest.mark.parametrize(
    "answer",
    [
        "Example Input: 3, 1\nExample Output: 1, 3\nExample Input: 9, 2\nExample Output: 2, 9",
        "Example Input: 3, 1\nExpected Output: 1, 3\n\nExample Input: 9, 2\nExpected Output: 2, 9",
        "Input: 3, 1\nExpected Output: 1, 3\n\nInput: 9, 2\nExpected Output: 2, 9",
        "Input: 3, 1\nSample Output: 1, 3\n\nInput: 9, 2\nSample Output: 2, 9",
        "Sample Input 1: 3, 1\nSample Output 1: 1, 3\nSample Input 2: 9, 2\nSample Output 2: 2, 9",
        "Example Input: 3, 1\nOutput: 1, 3\nExample Input: 9, 2\nOutput: 2, 9",
        "**Example Input:** 3, 1\n**Example Output:** 1, 3\n\n**Example Input:** 9, 2\n**Example Output:** 2, 9",
        "### Example Input:\n3, 1\n\n### Example Output:\n1, 3\n\n### Example Input:\n9, 2\n### Example Output:\n2, 9",
        "- Example Input: 3, 1\n- Expected Output: 1, 3\n- Example Input: 9, 2\n- Expected Output: 2, 9",
        "Input Example: 3, 1\nOutput Example: 1, 3\nInput Example: 9, 2\nOutput Example: 2, 9",
        "Example 1\nInput: 3, 1\nExpected Output: 1, 3\nExample 2\nInput: 9, 2\nExpected Output: 2, 9",
        "Example 1\n3, 1\nExpected Output: 1, 3\nExample 2\n9, 2\nExpected Output: 2, 9",
        "Example 1 Input: 3, 1\nExample 1 Output: 1, 3\nExample 2 Input: 9, 2\nExample 2 Output: 2, 9",
        "Example 1 - Input: 3, 1\nExample 1 - Output: 1, 3\nExample 2 - Input: 9, 2\nExample 2 - Output: 2, 9",
        "Example 1: Input: 3, 1\nExample 1: Output: 1, 3\nExample 2: Input: 9, 2\nExample 2: Output: 2, 9",
        "Sure! Here are two:\n\nExample Input: 3, 1\nExample Output: 1, 3\n\nExample Input: 9, 2\nExample Output: 2, 9",
        "Task: Sort.\n\nTest input: 3, 1\nExpected output: 1, 3\n\nTest input: 9, 2\nExpected output: 2, 9",
        "# Examples\n\nExample Input: 3, 1\nExpected Answer: 1, 3\nExample Input: 9, 2\nExpected Answer: 2, 9",
        "```\nExample Input: 3, 1\nExample Output: 1, 3\n```\n\n```\nExample Input: 9, 2\nExample Output: 2, 9\n```",
        # indented
        "    Input: 3, 1\n    Output: 1, 3\n    Input: 9, 2\n    Output: 2, 9",
        "\tInput: 3, 1\n\tOutput: 1, 3\n\tInput: 9, 2\n\tOutput: 2, 9",
        "Example 1\n    Input: 3, 1\n    Output: 1, 3\nExample 2\n    Input: 9, 2\n    Output: 2, 9",
        "Example 1:\n     Input:\n     3, 1\n     Output:\n     1, 3\nExample 2:\n     Input: 9, 2\n     Output: 2, 9",
        "Input: 3, 1\n    Output: 1, 3\nInput: 9, 2\n    Output: 2, 9",
        "1. Example 1:\n     Input: 3, 1\n     Output: 1, 3\n2. Example 2:\n     Input: 9, 2\n     Output: 2, 9",
        # on one line
        "Input: 3, 1 Output: 1, 3\nInput: 9, 2 Output: 2, 9",
        "Input: 3, 1, Output: 1, 3\nInput: 9, 2, Output: 2, 9",
        "Input: 3, 1 -> Output: 1, 3\nInput: 9, 2 -> Output: 2, 9",
        "Input: 3, 1 | Output: 1, 3\nInput: 9, 2 | Output: 2, 9",
        "Input: 3, 1; Output: 1, 3\nInput: 9, 2; Output: 2, 9",
        "Input: 3, 1 Output: 1, 3 Input: 9, 2 Output: 2, 9",
        "**Input:** 3, 1 **Output:** 1, 3\n\n**Input:** 9, 2 **Output:** 2, 9",
        "**Input: 3, 1** **Output: 1, 3**\n**Input: 9, 2** **Output: 2, 9**",
        "1. Input: 3, 1 Output: 1, 3\n2. Input: 9, 2 Output: 2, 9",
        "- Input: 3, 1 → Output: 1, 3\n- Input: 9, 2 → Output: 2, 9",
        "Example 1: Input: 3, 1 Output: 1, 3\nExample 2: Input: 9, 2 Output: 2, 9",
        "Example 1\nInput: 3, 1 Output: 1, 3\nExample 2\nInput: 9, 2 Output: 2, 9",
        "Example Input: 3, 1 Example Output: 1, 3\nExample Input: 9, 2 Example Output: 2, 9",
        "Input: 3, 1 Expected Output: 1, 3\nInput: 9, 2 Expected Output: 2, 9",
        "input: 3, 1 output: 1, 3\ninput: 9, 2 output: 2, 9",
        "Input: 3, 1 Output:\n1, 3\nInput: 9, 2 Output:\n2, 9",
        "Input: 3, 1 Output: 1, 3\nInput: 9, 2\nOutput: 2, 9",
    ],
)
def test_inputs_and_outputs_are_read_without_labels_left_in_them(answer):
    assert pairs(answer) == [("3, 1", "1, 3"), ("9, 2", "2, 9")]


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("Example Input: 3\nExample Output: 4", [("3", "4")]),
        ("Input: 3 Output: 4", [("3", "4")]),
        ("Expected Output: Paris.", [("", "Paris.")]),
        ("Sample Output: Paris.", [("", "Paris.")]),
        ("Sure!\n\n**Expected Output:**\n\nParis.", [("", "Paris.")]),
        ("    Output: Paris.", [("", "Paris.")]),
        ("    Output:\n    def f():\n        return 1", [("", "def f():\n    return 1")]),
        ("\tOutput:\n\tdef f():\n\t\treturn 1", [("", "def f():\n\treturn 1")]),
        ("    Output:\nx = [\n    1,\n]", [("", "x = [\n    1,\n]")]),
        ("Input: none Output: Paris.", [("", "Paris.")]),
    ],
)
def test_a_single_instance_is_read_as_well(answer, read):
    assert pairs(answer) == read


@pytest.mark.parametrize(
    "answer",
    [
        "Class label: buy Input: Do you ship?\nClass label: help Input: It broke.",
        "Class label: buy | Input: Do you ship?\nClass label: help | Input: It broke.",
        "Input: Do you ship? Class label: buy\nInput: It broke. Class label: help",
        "Expected label: buy\nExample input: Do you ship?\nExpected label: help\nExample input: It broke.",
        "Example Input: Do you ship?\nExample Class Label: buy\n\nExample Input: It broke.\nExample Class Label: help",
        "    Class label: buy\n    Input: Do you ship?\n    Class label: help\n    Input: It broke.",
        "Class label: buy\n    Input: Do you ship?\nClass label: help\n    Input: It broke.",
    ],
)
def test_class_labels_are_read_without_labels_left_in_them(answer):
    assert pairs(answer, read=read_output_first) == [("Do you ship?", "buy"), ("It broke.", "help")]


@pytest.mark.parametrize(
    "block",
    [
        "{n}. Instruction: {}\n{n}. Example Input: {}\n{n}. Example Output: {}\n###\n",
        "###\nInstruction: {}\nInput: {}\nExpected Output: {}\n",
        "Instruction: {}\nSample Input:\n{}\nSample Output:\n{}\n\n",
        "Instruction: {}\nInput Example: {}\nOutput Example: {}\n\n",
        "{n}. Instruction: {}\n{n}. Input: {} {n}. Output: {}\n",
        "{n}. Instruction: {}\nInput: {} Output: {}\n",
        "###\nInstruction: {}\nInput: {}, Expected Output: {}\n",
        "Instruction: {} Input: {} Output: {}\n",
        "###\n{n}. Instruction: {} Input: {}\n{n}. Output: {}\n",
        "**Instruction:** {}\n**Input:** {} **Output:** {}\n\n",
        "          Instruction: {}\n          Input: {}\n          Output: {}\n",
    ],
)
def test_triples_are_read_without_labels_left_in_them(block):
    wanted = [("Sort.", "b, a", "a, b"), ("Add.", "1, 2", "3")]

    assert triples("".join(block.format(*triple, n=n) for n, triple in enumerate(wanted, 4))) == wanted


@pytest.mark.parametrize("label", ["Output:", "Expected Output:", "**Sample Output:**", "Example output:"])
def test_an_output_asked_for_by_itself_loses_its_label(label):
    assert output.read(f"{label} Paris.") == "Paris."


CODE = "def f(x):\n    return x + 1"


@pytest.mark.parametrize(
    "content",
    [
        f"{CODE}\n\nExample Output: 4",
        f"{CODE}\n\nSample Input: 3\nSample Output: 4",
        "Here is one.\n\nInputs are numbers.\nExpected Output: 4",
        "A test case has three lines:\n    Output: what comes out\nand so on.",
        "assert f(3) == 4  # Expected Output: 4",
        "Write `Input: 3 Output: 4` on the first line.",
        "The size of the output: 4 pages",
    ],
)
def test_what_looks_like_these_labels_stays_in_an_output(content):
    assert pairs(f"Output: {content}") == [("", content)]
    assert pairs(f"Example 1\nInput: a\nOutput: {content}\nExample 2\nInput: b\nOutput: c")[0] == ("a", content)
    block = f"###\n4. Instruction: Do it.\n4. Input: a\n4. Output:\n{content}\n###\n5. Instruction: B.\n5. Output: c"
    assert triples(block) == [("Do it.", "a", content), ("B.", "", "c")]


@pytest.mark.parametrize(
    "content",
    [
        "A problem.\nSample Input: 3\nSample Output: 4",
        "A problem.\nExample Input: 3\nExpected Output: 4",
        "What does Output: mean in a dialog?",
        "a line that says Output: 4",
        "Expected Output: 4",
    ],
)
def test_what_looks_like_these_labels_stays_in_an_input_that_has_an_output(content):
    assert pairs(f"Input: {content}\nOutput: c") == [(content, "c")]
    assert pairs(f"Example 1\nInput: {content}\nOutput: c\nExample 2\nInput: x\nOutput: y")[0] == (content, "c")


@pytest.mark.parametrize(
    "answer",
    [
        f"{CODE}\n\nExample Output: 4",
        f"Here is the function:\n\n```python\n{CODE}\n```\n\nExample Input: 3\nExample Output: 4",
        f"{CODE}\n\nSample Input: 3\nSample Output: 4",
        "It adds one to a number.\n\nExpected Output: 4",
    ],
)
def test_a_solution_that_shows_its_own_example_is_no_instance(answer):
    assert pairs(answer) == []


def test_a_problem_without_output_of_its_own_does_not_get_that_of_its_example():
    drafts = read_input_first("Input: A problem.\nSample Input: 3\nSample Output: 4", was_cut=False)

    assert [draft.output for draft in drafts if not draft.problem] == []


def test_in_the_output_of_a_numbered_example_a_line_of_two_labels_stays_as_it_is():
    answer = "Example 1\nInput: a\nOutput: It prints\nInput: 1 Output: 2\nExample 2\nInput: x\nOutput: y"

    assert pairs(answer) == [("a", "It prints\nInput: 1 Output: 2"), ("x", "y")]


def test_a_list_item_that_looks_like_a_header_is_content_where_headers_are_no_items():
    content = "Two follow.\n- Example 2:\n  a cat\n- Example 3:\n  a dog"

    assert pairs(f"Example 1\nInput: a\nOutput: {content}\nExample 2\nInput: b\nOutput: c") == [
        ("a", content),
        ("b", "c"),
    ]


def test_an_instruction_that_speaks_of_an_output_is_not_taken_apart():
    assert triples("Instruction: Explain the label Output: in DOS\nOutput: It names a stream.") == [
        ("Explain the label Output: in DOS", "", "It names a stream.")
    ]
    assert triples("Instruction: Explain the label Output: in DOS") == []


# Any triple in the new forms

_words = st.lists(
    st.sampled_from(["tea", "water", "12", "f(x)", "a,b", "«x»", "été", "木", "|", "->", "o'clock"]),
    min_size=1,
    max_size=6,
).map(" ".join)
_texts = _words.filter(lambda text: text[0].isalnum() and text[-1].isalnum() and not text[0].isdigit())
_names = st.sampled_from(
    [
        ("Example Input", "Example Output"),
        ("Sample Input", "Sample Output"),
        ("Input", "Expected Output"),
        ("Example Input", "Output"),
        ("Test input", "Expected output"),
        ("Input", "Output"),
        ("EXAMPLE INPUT", "EXAMPLE OUTPUT"),
    ]
)


@given(
    st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4),
    _names,
    st.sampled_from(["{}:", "**{}:**", "**{}**:", "{}："]),
    st.sampled_from(["", "Example {}\n", "### Example {}\n"]),
    st.sampled_from(["", "    ", "      ", "\t"]),
    st.sampled_from([" ", "\n"]),
    st.sampled_from(["", "Sure! Here you go:\n\n"]),
)
def test_instances_under_other_labels_come_back(instances, names, label, head, indent, gap, opening):
    below = f"\n{indent}" if gap == "\n" else gap
    answer = opening + "\n".join(
        head.format(number)
        + "\n".join(f"{indent}{label.format(name)}{below}{text}" for name, text in zip(names, instance, strict=True))
        for number, instance in enumerate(instances, 1)
    )

    assert pairs(answer) == instances


@given(
    st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4),
    _names.filter(lambda names: names[0].split()[-1].istitle() == names[1].split()[-1].istitle()),
    st.sampled_from(["{}:", "**{}:**"]),
    st.sampled_from([" ", ", ", "; ", " | ", " -> ", " => ", "\t"]),
    st.sampled_from(["", "Example {}: ", "{}. "]),
    st.sampled_from(["\n", "\n\n"]),
)
def test_instances_on_one_line_come_back(instances, names, label, between, head, gap):
    one, two = map(label.format, names)
    lines = [f"{head.format(at)}{one} {a}{between}{two} {b}" for at, (a, b) in enumerate(instances, 1)]

    assert pairs(gap.join(lines)) == instances


@given(
    st.lists(st.tuples(_texts, _texts, _texts), min_size=2, max_size=4),
    _names,
    st.sampled_from(["###\n", "\n", ""]),
    st.booleans(),
    st.booleans(),
)
def test_triples_under_other_labels_come_back(written, names, separator, numbered, on_one_line):
    answer = ""
    for number, (instruction, one, two) in enumerate(written, 4):
        mark = f"{number}. " if numbered else ""
        between = " | " if on_one_line else "\n"
        answer += (
            f"{separator}{mark}Instruction: {instruction}\n{mark}{names[0]}: {one}{between}{mark}{names[1]}: {two}\n"
        )

    assert triples(answer) == written
