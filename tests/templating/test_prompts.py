"""Prompt files: both dresses of a step, and what of an answer counts."""

import pytest
import yaml

from ift_builder import assets
from ift_builder.errors import TemplateError
from ift_builder.records import Completion
from ift_builder.templating import Template
from ift_builder.templating.prompts import PromptTemplate, load

STEPS = ("propose", "classify", "instances_input_first", "instances_output_first")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("api", ["chat", "completions"])
def test_every_shipped_step_renders_with_its_task_last(step, api):
    template = load("bootstrap", "self_instruct", step)
    values = (
        {"shown": ["Name a river."] * 8, "count": 8}
        if step == "propose"
        else {"instruction": "Name a river.", "limit": 5}
    )
    prompt = template.prompt(api=api, model="m", language="", domain="", **values)
    text = prompt.messages[-1].content

    assert [turn.role for turn in prompt.messages] == (["system", "user"] if api == "chat" else ["user"])
    assert "{{" not in text
    assert "Name a river." in text[-1200:]
    if step != "propose":
        assert text.splitlines()[-1] in ("Task: Name a river.", "Is it classification?")


def test_only_base_models_are_given_the_stop_marker():
    template = load("bootstrap", "self_instruct", "instances_input_first")
    chat = template.prompt(api="chat", model="m", language="", domain="", instruction="x", limit=5)
    base = template.prompt(api="completions", model="m", language="", domain="", instruction="x", limit=5)

    assert chat.sampling.stop == ()
    assert template.stop not in chat.messages[-1].content
    assert base.sampling.stop == (template.stop,)


def test_the_stop_marker_cannot_occur_in_ordinary_content():
    seeds = assets.path("seeds", "seed_tasks.jsonl").read_text(encoding="utf-8")

    for step in STEPS:
        stop = load("bootstrap", "self_instruct", step).stop
        assert not stop or stop not in seeds


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", "Yes"),
        ("<think>Hm, is it?\n\nNo.</think>\n\nYes", "Yes"),
        ("\n<thinking>Hm, is it?</thinking>Yes", "Yes"),
        ("Hm, is it?\n\nNo.\n</think>\n\nYes", "Yes"),
        ("<think>cut off in the mid", ""),
        ("Say <think> twice", "Say <think> twice"),
        ("Say <think> and </think>.", "Say <think> and </think>."),
    ],
)
def test_thoughts_before_an_answer_do_not_count(text, answer):
    step = load("bootstrap", "self_instruct", "instances_input_first")

    assert step.answer(Completion("k", text, "stop")) == Completion("k", answer, "stop")
    assert step.answer(Completion("k", text, "length")) == Completion("k", answer, "length")


@pytest.mark.parametrize("reason", ["stop", "length"])
def test_what_ends_at_the_stop_marker_is_whole_and_what_follows_does_not_count(reason):
    step = load("bootstrap", "self_instruct", "instances_input_first")
    said = step.answer(Completion("k", "Output: x\n<<<end of task>>>\nTask: next", reason))

    assert (said.text, said.was_cut) == ("Output: x\n", False)


def test_base_models_may_be_given_other_values_of_the_same_parameter(tmp_path):
    content = {"chat": [], "completion": "x", "sampling": {"max_tokens": 9}, "completion_sampling": {"max_tokens": 3}}
    step = PromptTemplate(write(tmp_path, **content), "step")

    assert step.prompt(api="chat", model="m").sampling.max_tokens == 9
    assert step.prompt(api="completions", model="m").sampling.max_tokens == 3


def test_a_step_without_a_text_for_base_models_is_for_chat_models_only(tmp_path):
    step = PromptTemplate(write(tmp_path, chat=[], sampling={}), "step")

    assert step.prompt(api="chat", model="m").messages == ()
    with pytest.raises(TemplateError, match="for chat models only"):
        step.prompt(api="completions", model="m")


def write(tmp_path, **content):
    path = tmp_path / "step.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"chat": [], "completion": "x"},
        {"completion": "x", "sampling": {}},
        {"chat": [{"role": "user"}], "completion": "x", "sampling": {}},
        {"chat": [], "completion": "x", "sampling": {"warmth": 3}},
        {"chat": [], "completion": "{% if %}", "sampling": {}},
    ],
)
def test_a_file_that_is_no_prompt_file_is_refused(tmp_path, content):
    with pytest.raises(TemplateError) as caught:
        PromptTemplate(write(tmp_path, **content), "step")
    assert "step.yaml" in caught.value.where


def test_a_missing_value_is_an_error_and_not_empty_text():
    with pytest.raises(TemplateError, match="not there"):
        Template("{{ misspelt }}", "here").render(spelt="x")


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ x.__init__.__globals__ }}", "{{ x.append(1) }}"])
def test_a_template_cannot_leave_its_sandbox(text):
    with pytest.raises(TemplateError):
        Template(text, "here").render(x=[])
