"""A record as a conversation: its texts stand in it unchanged, each at the place that was asked for."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder.export import Plan
from ift_builder.export.rendering import Renderer
from ift_builder.records import Exemplar, Turn
from tests.small_runs import conversation, example, rich

texts = st.text(min_size=1).filter(str.strip)


@cache
def renderer(**options):
    return Renderer(Plan("messages", **options))


def rendered(record, **options):
    return renderer(**options).render(record)


@settings(deadline=None)
@given(instruction=texts, input=st.text(), output=texts)
def test_a_plain_record_is_its_texts_and_nothing_else(instruction, input, output):
    plain = rendered(example(instruction=instruction, input=input, output=output))

    assert plain.user == (f"{instruction}\n\n{input}" if input else instruction)
    assert (plain.answer, plain.system, plain.earlier) == (output, "", ())


@settings(deadline=None)
@given(output=texts, rationale=texts)
def test_the_rationale_stands_where_it_is_asked_for(output, rationale):
    record = example(output=output, rationale=rationale)

    assert rendered(record, rationale="before").answer == f"{rationale}\n\n{output}"
    assert rendered(record, rationale="after").answer == f"{output}\n\n{rationale}"
    assert rendered(record, rationale="think").answer == f"<think>\n{rationale}\n</think>\n\n{output}"
    assert rendered(record, rationale="omit").answer == output


@pytest.mark.parametrize("place", ["before", "after", "think", "omit"])
def test_a_record_without_rationale_has_its_output_as_answer(place):
    assert rendered(example(), rationale=place).answer == "mixed"


def test_options_are_listed_after_the_input_or_after_an_instruction_without_input():
    listed = "\n\nOptions:\n- good\n- bad\n- mixed"

    assert rendered(rich(exemplars=()), options="inline").input == rich().input + listed
    assert rendered(rich(exemplars=(), input=""), options="inline").user == rich().instruction + listed


def test_options_are_left_out_unless_asked_for():
    assert "Options" not in rendered(rich()).user


@pytest.mark.parametrize(
    "shown",
    [
        "Is it good, bad or mixed?",
        "OPTIONS:\n(A) good\n(B) bad\n(C) mixed",
        "i. good\nii. bad\niii. mixed",
        "good / bad / mixed",
        "gut: good, schlecht: nein; good, bad oder mixed?",
    ],
)
def test_options_that_the_prompt_shows_are_not_listed_again(shown):
    assert (
        rendered(rich(instruction=shown, exemplars=()), options="inline").user
        == rendered(example(instruction=shown)).user
    )


def test_words_of_the_text_that_happen_to_be_options_are_no_listing():
    record = example(input="No, said she; but in the end it was yes.", options=("yes", "no"))

    assert "- yes" in rendered(record, options="inline").user


def test_inline_exemplars_stand_between_instruction_and_input():
    user = rendered(rich()).user
    places = [user.index(text) for text in ("Which word", "All fine.", "good", "Never again!", "bad", "Review 0")]

    assert places == sorted(places)
    assert "Nothing against.\n\ngood" in user


def test_inline_exemplars_stand_before_a_question_without_input():
    record = example(instruction="What is 2 + 2?", input="", exemplars=(Exemplar("What is 1 + 1?", "2"),))

    assert rendered(record).user == "Question: What is 1 + 1?\nAnswer: 2\n\nQuestion: What is 2 + 2?"


def test_exemplars_as_turns_ask_as_the_question_does():
    plain = rendered(rich(), exemplars="turns", rationale="omit")

    assert plain.earlier == (
        Turn("user", f"{rich().instruction}\n\nAll fine."),
        Turn("assistant", "good"),
        Turn("user", f"{rich().instruction}\n\nNever again!"),
        Turn("assistant", "bad"),
    )
    assert plain.user == f"{rich().instruction}\n\n{rich().input}"


def test_exemplars_can_be_left_out():
    assert rendered(rich(), exemplars="omit").user == rendered(example()).user


def test_the_systems_message_is_the_rows_own_before_that_of_the_option():
    assert rendered(conversation()).system == "You judge reviews."
    assert rendered(conversation(), system="Be brief.").system == "You judge reviews."
    assert rendered(example(), system="Be brief.").system == "Be brief."
    assert rendered(conversation(), system="").system == ""


@pytest.mark.parametrize("exemplars", ["inline", "turns", "omit"])
def test_roles_alternate_and_the_last_is_the_assistants(exemplars):
    roles = [turn.role for turn in rendered(conversation(), exemplars=exemplars).turns]

    assert roles[0] == "system"
    assert roles[1:] == ["user", "assistant"] * (len(roles[1:]) // 2)
