"""FLAN's moves: exemplars, styled options, reasoning, inversion; and T0's cap."""

import orjson
import pytest

from ift_builder.rendering.choice_formats import plain_style, styles
from tests.convert.conftest import ROWS, TEMPLATES

QUESTIONS = [{"q": f"{n} + {n}?", "a": str(2 * n), "why": f"twice {n}" if n % 2 else ""} for n in range(600)]

ARITHMETIC = """
dataset: sums
licence: CC0-1.0
languages: [en]
task: {name: sums, category: arithmetic-reasoning}
columns: {q: text, a: text, why: text}
templates:
  sum:
    instruction: Add.
    input: "{{ q }}"
    output: "{{ a }}"
    rationale: "{{ why }}"
"""


@pytest.fixture
def sums(tmp_path):
    (tmp_path / "sums.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in QUESTIONS))
    (tmp_path / "sums.yaml").write_text(ARITHMETIC)
    return (tmp_path / "sums.jsonl", "--template", tmp_path / "sums.yaml")


def test_exemplars_are_other_rows_of_the_same_template(convert, reviews, templates):
    ran = convert(reviews, "--template", templates, "--shots", "3")
    plain = [row for row in ran.examples if row["source"]["template"] == "plain"]
    listed = [row for row in ran.examples if row["source"]["template"] == "listed"]

    for row in ran.examples:
        assert len(row["exemplars"]) == 3
        assert len({exemplar["input"] for exemplar in row["exemplars"]}) == 3
        assert row["input"] not in {exemplar["input"] for exemplar in row["exemplars"]}
    assert all(exemplar["output"] in ("yes", "no") for row in plain for exemplar in row["exemplars"])
    assert all(exemplar["input"].endswith("- liked it") for row in listed for exemplar in row["exemplars"])
    assert len({exemplar["input"] for row in plain for exemplar in row["exemplars"]}) > 400


def test_a_row_is_never_its_own_exemplar_even_under_another_number(convert, tmp_path, templates):
    data = tmp_path / "twins.jsonl"
    data.write_bytes(b"".join(orjson.dumps({"text": f"t{n % 5}", "label": 0}) + b"\n" for n in range(50)))
    ran = convert(data, "--template", f"{templates}#plain", "--shots", "4")

    for row in ran.examples:
        assert row["input"] not in [exemplar["input"] for exemplar in row["exemplars"]]


def test_exemplars_stay_within_their_budget_and_what_is_short_is_counted(convert, reviews, templates):
    ran = convert(reviews, "--template", f"{templates}#plain", "--shots", "5", "--exemplar-budget", "60")
    sizes = [sum(len(text) for exemplar in row["exemplars"] for text in exemplar.values()) for row in ran.examples]

    assert 0 < max(sizes) <= 60
    assert ran.manifest["short_of_exemplars"] == len(ROWS)


def test_two_options_give_the_four_shapes(convert, sums):
    ran = convert(*sums, "--shots", "0,2", "--cot", "both")
    reasoned = [row for row in ran.examples if row["source"]["row"] == 1]
    shapes = {(len(row["exemplars"]), bool(row["rationale"])) for row in reasoned}

    assert shapes == {(0, False), (0, True), (2, False), (2, True)}
    assert len(reasoned) == 4
    assert len({row["id"] for row in ran.examples}) == len(ran.examples)
    for row in ran.examples:
        if not row["rationale"] and row["source"]["row"] % 2:
            assert not any(exemplar["rationale"] for exemplar in row["exemplars"])


def test_a_row_without_reasoning_is_not_written_twice(convert, sums):
    ran = convert(*sums, "--cot", "both")

    assert [row["source"]["row"] for row in ran.examples[:4]] == [0, 1, 1, 2]
    assert ran.manifest["renderings"]["kept"] == 600
    assert ran.manifest["examples"] == 900


def test_reasoning_is_filled_in_where_the_data_has_it_unless_it_is_not_wanted(convert, sums):
    assert [row["rationale"] for row in convert(*sums).examples[:3]] == ["", "twice 1", ""]
    assert not any(row["rationale"] for row in convert(*sums, "--cot", "never").examples)


def test_styled_options_are_listed_in_many_ways_and_the_answer_follows(convert, reviews, templates):
    ran = convert(reviews, "--template", f"{templates}#plain", "--options", "styled")
    blocks = {row["input"].partition("\n\n")[2] for row in ran.examples}

    assert len(blocks) == len(styles())
    for row in ran.examples:
        block = row["input"].partition("\n\n")[2]
        answer = row["options"][row["source"]["row"] % 2]
        if row["output"] != answer:
            mark = row["output"].removesuffix(answer)
            assert block.count(mark) == 1 or mark in ("A", "B", "a", "b", "1", "2", "i", "ii")
            (line,) = [
                style.listing(tuple(row["options"])) for style in styles() if style.listing(("no", "yes"))[0] == block
            ]
            assert line[1][answer] == row["output"]


def test_a_prompt_that_lists_its_options_gets_no_second_list(convert, reviews, templates):
    ran = convert(reviews, "--template", f"{templates}#listed", "--options", "styled")

    for row in ran.examples:
        assert row["instruction"].count("hated it") == 1
        assert row["input"] == ""


def test_exemplars_are_in_the_style_of_their_question(convert, reviews, templates):
    ran = convert(reviews, "--template", f"{templates}#plain", "--options", "styled", "--shots", "2")

    for row in ran.examples:
        block = row["input"].partition("\n\n")[2]
        assert all(exemplar["input"].endswith(block) for exemplar in row["exemplars"])


@pytest.mark.parametrize("style", styles(), ids=lambda style: style.name)
def test_every_style_tells_its_options_apart(style):
    options = tuple(f"text {n}" for n in range(5))
    block, answers = style.listing(options)

    assert all(option in block for option in options)
    assert len(set(answers.values())) == 5
    assert block.index("text 0") < block.index("text 4")


def test_a_style_without_signs_enough_gives_way_to_the_plain_one():
    many = tuple(map(str, range(40)))
    lettered = next(style for style in styles() if style.name == "letters-with-dot")

    assert lettered.fitting(("a", "b")) is lettered
    assert lettered.fitting(many) is plain_style()
    assert lettered.fitting(("a", "a")) is plain_style()


def test_inverted_templates_are_used_only_when_asked_for(convert, reviews, templates):
    kept = {row["source"]["template"] for row in convert(reviews, "--template", templates).examples}
    turned = convert(reviews, "--template", templates, "--invert").examples

    assert kept == {"plain", "listed"}
    assert {row["source"]["template"] for row in turned} == {"plain", "listed", "write"}
    assert {row["instruction"] for row in turned if row["source"]["template"] == "write"} == {
        "Write a bad review.",
        "Write a good review.",
    }


@pytest.mark.parametrize("per_row", ["one", "all"])
def test_the_cap_gives_each_template_its_share_over_the_whole_split(convert, reviews, templates, per_row):
    ran = convert(reviews, "--template", templates, "--per-row", per_row, "--cap", "501")
    names = [row["source"]["template"] for row in ran.examples]
    rows = [row["source"]["row"] for row in ran.examples]

    assert (names.count("plain"), names.count("listed")) == (250, 250)
    assert sum(row >= 1250 for row in rows) in range(200, 300)


def test_a_cap_larger_than_the_split_leaves_it_whole(convert, reviews, templates):
    assert len(convert(reviews, "--template", templates, "--cap", "100000").examples) == len(ROWS)


SIGNED = {
    "a block that a condition leaves out": (
        "{% if text == '' %}{{ listed_options }}{% endif %}Kind?",
        "{{ options[label] }}",
    ),
    "an answer that is more than the option": ("Kind? {{ listed_options }}", "{{ options[label] }}."),
    "an answer after a block of our own": ("Kind?", "{{ options[label] }}!"),
    "a block that is printed with changes": ("Kind?\n{{ listed_options | upper }}", "{{ options[label] }}"),
}


@pytest.mark.parametrize(("instruction", "output"), SIGNED.values(), ids=SIGNED)
def test_an_answer_has_a_sign_only_where_the_prompt_explains_it(convert, reviews, tmp_path, instruction, output):
    text = (
        TEMPLATES.partition("templates:")[0]
        + "templates:\n  one:\n"
        + "".join(
            f"    {name}: {orjson.dumps(value).decode()}\n"
            for name, value in [
                ("instruction", instruction),
                ("input", "{{ text }}"),
                ("options", ["no", "yes"]),
                ("output", output),
            ]
        )
    )
    (tmp_path / "t.yaml").write_text(text)
    ran = convert(reviews, "--template", tmp_path / "t.yaml", "--options", "styled")
    lettered = [style.listing(("no", "yes"))[0] for style in styles() if style.has_signs]

    assert {row["output"].strip(".!") for row in ran.examples} == {"no", "yes"}
    for row in ran.examples:
        prompt = f"{row['instruction']}\n{row['input']}".lower()
        assert not any(block.lower() in prompt for block in lettered)


def test_a_list_in_words_of_its_own_and_a_block_are_too_many(convert, reviews, tmp_path):
    (tmp_path / "t.yaml").write_text(TEMPLATES.replace("  listed:\n", "  listed:\n    names_options: true\n"))

    assert "and `listed_options` lists them" in convert(reviews, "--template", tmp_path / "t.yaml", code=1).err


RARE = ARITHMETIC.replace("    instruction: Add.\n", "    when: why\n    instruction: Add.\n")


def test_a_template_that_few_rows_fit_finds_its_exemplars_among_them(convert, tmp_path):
    rows = [{"q": f"{n}?", "a": str(n), "why": "because" if n % 20 == 0 else ""} for n in range(2000)]
    (tmp_path / "rows.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    (tmp_path / "rare.yaml").write_text(RARE)
    ran = convert(tmp_path / "rows.jsonl", "--template", tmp_path / "rare.yaml", "--shots", "3")

    assert len(ran.examples) == 100
    assert all(len(row["exemplars"]) == 3 for row in ran.examples)
    assert ran.manifest["short_of_exemplars"] == 0


def test_exemplars_have_a_rationale_just_where_their_question_has_one(convert, sums):
    ran = convert(*sums, "--shots", "2", "--cot", "both")

    assert len(ran.examples) == 900
    for row in ran.examples:
        assert [bool(exemplar["rationale"]) for exemplar in row["exemplars"]] == [bool(row["rationale"])] * 2


def test_a_record_that_is_written_once_is_short_of_exemplars_once(convert, sums):
    ran = convert(*sums, "--shots", "2", "--cot", "both", "--exemplar-budget", "1")

    assert ran.manifest["short_of_exemplars"] == ran.manifest["examples"] == 900


@pytest.mark.parametrize("per_row", ["one", "all"])
@pytest.mark.parametrize("cap", [1, 2])
def test_a_cap_below_the_number_of_templates_gives_what_is_possible(convert, tmp_path, templates, per_row, cap):
    (tmp_path / "rows.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS[:9]))
    ran = convert(tmp_path / "rows.jsonl", "--template", templates, "--invert", "--per-row", per_row, "--cap", cap)

    assert len(ran.examples) == cap
    assert len({row["source"]["template"] for row in ran.examples}) == cap
