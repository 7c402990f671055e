"""The strategy `structured`: what it asks for, and what it makes of JSON that is whole, wrapped, broken or cut."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.answers import json_tasks
from ift_builder.bootstrap.pool import PoolTask
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.bootstrap.structured import Structured, answer_schema
from ift_builder.records import Completion, Instance
from tests.fake_server.json_schema import refusal

ONE = {"instruction": "Name a river.", "input": "", "output": "The Main.", "is_classification": False}
TWO = {"instruction": "Good or bad?", "input": 'Say "{[" or }', "output": "good", "is_classification": True}
WHOLE = json.dumps({"tasks": [ONE, TWO]})
SHOWN = (
    PoolTask("a", 'Say "hi".', (Instance("", "hi"),), kind="generation"),
    PoolTask("b", "是或否？", (Instance("x\ny", "是"),), kind="classification"),
)


def read(text, reason="stop"):
    return Structured(Manner("m")).read(Completion("k", text, reason), Proposal(0, SHOWN))


def reasons(text, reason="stop"):
    return [one.verdict.reason for one in read(text, reason)]


def test_an_answer_by_the_schema_gives_its_tasks_with_their_instances_and_kinds():
    first, second = read(WHOLE)

    assert (first.instruction, first.instances, first.kind) == (
        "Name a river.",
        (Instance("", "The Main."),),
        "generation",
    )
    assert (second.instances, second.kind) == ((Instance('Say "{[" or }', "good"),), "classification")
    assert first.verdict.kept
    assert second.verdict.kept


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{WHOLE}\n```",
        f"Sure, here are {{2}} tasks [as JSON]:\n\n{WHOLE}\n\nLet me know if you need more!",
        f"<think>{{...}}</think>{WHOLE}",
        json.dumps([ONE, TWO]),
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}",
        f"1. {json.dumps(ONE)}\n2. {json.dumps(TWO)}",
        json.dumps({"examples": [ONE, TWO]}),
        json.dumps({"note": "two tasks", "tasks": [ONE, TWO]}),
        json.dumps({"tasks": [ONE, TWO]}, indent=4),
        f'{{"tasks": [{json.dumps(ONE)}, {json.dumps(TWO)},]}}',
        f'{{"tasks": [{json.dumps(ONE)} {json.dumps(TWO)}]}}',
    ],
    ids=range(11),
)
def test_whole_tasks_are_found_in_whatever_is_around_them(text):
    assert [one.instances[0].output for one in read(text) if one.verdict.kept] == ["The Main.", "good"]
    assert reasons(text) == ["", ""]


def test_an_answer_cut_anywhere_gives_each_task_that_is_whole_and_the_one_that_was_cut():
    for end in range(1, len(WHOLE)):
        text = WHOLE[:end]
        whole = (json.dumps(ONE) in text) + (json.dumps(TWO) in text)
        found = reasons(text, "length")

        assert found[:whole] == [""] * whole, text
        assert found[whole:] in ([], ["cut"]), text
        assert len(found) >= text.count('{"instruction'), text


def test_an_end_without_a_bracket_is_a_cut_whatever_the_server_says():
    assert reasons(WHOLE[:-20], "stop") == ["", "cut"]


def test_a_broken_task_costs_no_other():
    broken = json.dumps(ONE).replace("Name a river.", 'Say "hi"')
    text = f'{{"tasks": [{broken}, {json.dumps(TWO)}]}}'

    assert reasons(text) == ["not-json", ""]
    assert read(text)[0].instruction == broken


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"is_classification": "yes"}, "is_classification"),
        ({"output": 7}, "output"),
        ({"input": None}, "input"),
        ({"difficulty": "easy"}, "difficulty"),
    ],
)
def test_a_task_that_does_not_fit_is_dropped_with_the_complaint_and_its_json(change, complaint):
    bad = {**ONE, **change}
    first, second = read(json.dumps({"tasks": [bad, TWO]}))

    assert first.verdict.reason == "unlike-schema"
    assert complaint in first.verdict.evidence["complaint"]
    assert json.loads(first.instruction) == bad
    assert second.verdict.kept


def test_a_task_without_one_of_the_keys_and_one_that_is_no_object_do_not_fit():
    short = {name: value for name, value in ONE.items() if name != "input"}

    assert reasons(json.dumps({"tasks": [short, "Name a lake.", TWO]})) == ["unlike-schema", "unlike-schema", ""]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot do that.",
        "See [1] and {x}.",
        '["Name a river."]',
        "{}",
        "[" * 5000,
        '{"a":' * 5000,
        '{"tasks": []}',
    ],
    ids=range(8),
)
def test_an_answer_without_tasks_gives_none_that_can_be_kept(text):
    assert [one for one in read(text) if one.verdict.kept] == []


def test_line_breaks_in_texts_may_stand_as_they_are():
    (task,) = read(
        '{"tasks": [{"instruction": "Say it.", "input": "a\nb\t", "output": "c", "is_classification": false}]}'
    )

    assert task.instances[0].input == "a\nb"


def test_words_for_no_input_are_no_input():
    tasks = read(json.dumps({"tasks": [{**ONE, "input": text} for text in ("N/A", "<noinput>", "None.", "no")]}))

    assert [task.instances[0].input for task in tasks] == ["", "", "", "no"]


def test_half_a_character_becomes_one_that_can_be_written():
    (task,) = read(json.dumps({"tasks": [{**ONE, "output": "\ud83d!"}]}))

    assert task.instances[0].output == "\N{REPLACEMENT CHARACTER}!"


def test_a_task_without_words_is_empty():
    assert reasons(json.dumps({"tasks": [{**ONE, "instruction": " \n"}]})) == ["empty"]


def test_no_second_request_is_needed():
    steps = Structured(Manner("m")).develop(read(WHOLE)[1])
    with pytest.raises(StopIteration) as end:
        next(steps)

    assert end.value.value.kind == "classification"
    assert [one.verdict.kept for one in end.value.value.instances] == [True]


def test_an_instance_without_output_is_dropped_as_such():
    steps = Structured(Manner("m")).develop(Candidate("Sing.", instances=(Instance("", ""),), kind="generation"))
    with pytest.raises(StopIteration) as end:
        next(steps)

    assert [one.verdict.reason for one in end.value.value.instances] == ["empty-output"]


def test_the_prompt_shows_tasks_as_json_and_carries_a_schema_that_strict_mode_takes():
    prompt = Structured(Manner("m")).propose(Proposal(3, SHOWN))
    text = prompt.messages[-1].content
    shown = [json.loads(line) for line in text.splitlines() if line.startswith('{"instruction"')]
    schema = {"name": prompt.answer_schema.name, "strict": True, "schema": json.loads(prompt.answer_schema.schema)}

    assert [task["is_classification"] for task in shown] == [False, True]
    assert shown[1]["instruction"] == "是或否？"
    assert "是或否？" in text
    assert "JSON" in text
    assert refusal("taken", {"response_format": {"type": "json_schema", "json_schema": schema}}) is None


def test_what_it_shows_is_what_the_schema_asks_for():
    prompt = Structured(Manner("m")).propose(Proposal(0, SHOWN))
    shown = [line for line in prompt.messages[-1].content.splitlines() if line.startswith('{"instruction"')]

    assert reasons(f'{{"tasks": [{", ".join(shown)}]}}') == ["", ""]


def test_the_schema_counts_among_what_the_rows_depend_on():
    assert "proposed_task.schema" in Structured(Manner("m")).templates
    assert answer_schema() == answer_schema()


def test_language_and_domain_are_asked_for_where_they_are_given():
    plain = Structured(Manner("m")).propose(Proposal(0, SHOWN)).messages[-1].content
    narrow = Structured(Manner("m", domain="bee-keeping")).propose(Proposal(0, SHOWN, language="cy"))

    assert "bee-keeping" in narrow.messages[-1].content
    assert "Welsh" in narrow.messages[-1].content
    assert "subject:" not in plain


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(st.text() | JSON_VALUES.map(json.dumps) | st.just(WHOLE) | st.sampled_from('{}[]",:\\'), max_size=6))
def test_no_text_breaks_the_reader_and_all_that_it_reads_can_be_written(parts):
    for piece in json_tasks.read("".join(parts), was_cut=False):
        assert isinstance(piece.text, str)
        assert bool(piece.problem) <= (piece.value is None)


@given(st.lists(st.fixed_dictionaries({name: st.text() for name in ("instruction", "input", "output")}), min_size=1))
def test_any_tasks_that_were_written_as_json_are_read_as_they_were(tasks):
    text = json.dumps({"tasks": tasks})

    assert [piece.value for piece in json_tasks.read(text, was_cut=False)] == tasks
