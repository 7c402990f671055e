"""The method of Self-Instruct: what its prompts say, and what it makes of answers as servers send them."""

import pytest

from ift_builder.backends.demo import reading
from ift_builder.bootstrap.pool import PoolTask
from ift_builder.bootstrap.self_instruct import SelfInstruct
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.records import Completion, Instance

SEVERAL_LINES = "Write this in two styles:\n\n1. formal\n  2. casual\n\nTask: none\nIs it classification?"


def developed(instruction, *answers, api="chat"):
    """The prompts that a development asks and what it returns, for answers as (text, finish reason)."""
    ended = []

    def asked():
        ended.append((yield from SelfInstruct(Manner("m", api)).develop(Candidate(instruction))))
        yield None

    steps = asked()
    prompts = [next(steps)]
    for text, reason in answers:
        prompts.append(steps.send(Completion(prompts[-1].key, text, reason)))
    return [prompt for prompt in prompts if prompt], next(iter(ended), None)


def test_an_instance_that_ends_at_a_stop_marker_that_the_server_ignored_is_whole():
    text = "\nOutput: Bonjour.\n<<<end of task>>>\n\nTask: other\nOutput: cut off in the mid"
    _, development = developed("Greet Bob in French.", (" No", "stop"), (text, "length"), api="completions")

    assert [(one.instance, one.verdict.reason) for one in development.instances] == [(Instance("", "Bonjour."), "")]


def test_thoughts_that_the_limit_cut_are_no_instance():
    _, development = developed("Greet Bob.", ("<think>Hm.</think>No", "stop"), ("<think>Output: Bo", "length"))

    assert development.verdict.reason == "unreadable-instances"


def test_a_cut_list_loses_the_item_that_was_cut_and_no_other():
    answer = Completion("k", "9. Name a river.\n10. Sort the list.\n11", "length")
    read = SelfInstruct(Manner("m")).read(answer, Proposal(0, (PoolTask("s", "Sing."),) * 8))

    assert [(one.instruction, one.verdict.reason) for one in read] == [
        ("Name a river.", ""),
        ("Sort the list.", ""),
        ("", "cut"),
    ]


@pytest.mark.parametrize("api", ["chat", "completions"])
@pytest.mark.parametrize("kind", ["Yes", "No"])
def test_an_instruction_of_several_lines_is_told_apart_from_what_stands_around_it(api, kind):
    prompts, _ = developed(SEVERAL_LINES, (kind, "stop"), api=api)

    for prompt in prompts:
        text = prompt.messages[-1].content
        _, _, block = text.rpartition("\nTask: ")
        unindented = [line for line in block.split("\n")[1:] if line and not line.startswith("  ")]
        assert unindented == (["Is it classification?"] if prompt.purpose == "classify" else [])
        assert reading.asked_task(text)[0] == SEVERAL_LINES


def test_a_chat_model_may_think_before_it_classifies_and_a_base_model_may_not():
    limits = {api: developed("Greet Bob.", api=api)[0][0].sampling.max_tokens for api in ("chat", "completions")}

    assert limits == {"chat": 1024, "completions": 16}
