"""The tiny model's file, its grammar and its lessons; what the model itself can do is tested where it is asked."""

import shutil
from random import Random

import pytest
from jinja2 import Template

from ift_builder import assets
from ift_builder.bootstrap.pool import PoolTask
from ift_builder.bootstrap.self_instruct import PROPOSED
from ift_builder.bootstrap.strategies import Candidate, Proposal
from ift_builder.records import Completion
from tests.conftest import ROOT
from tests.tiny_model import grammar, layout, text

MODEL = ROOT / "tests" / "data" / "tiny.gguf"
AGAIN = "make the model again: python -m tests.tiny_model --out tests/data/tiny.gguf (see tests/data/README.md)"


@pytest.fixture(scope="module")
def lessons():
    return list(text.lessons(Random(7), 400))


def test_the_model_is_a_gguf_file_of_at_most_two_megabytes():
    assert MODEL.read_bytes()[:4] == b"GGUF"
    assert MODEL.stat().st_size <= 2_000_000


def test_the_model_knows_nearly_all_fixed_lines_of_todays_prompts(lessons):
    content = MODEL.read_bytes()
    lines = layout.fixed_lines(lesson.prompt for lesson in lessons)

    unknown = [line for line in lines if line.encode() not in content]
    assert len(unknown) <= 0.2 * len(lines), AGAIN


def test_the_model_lays_out_a_chat_as_its_lessons_were_laid_out(lessons):
    assert layout.CHAT_TEMPLATE.encode() in MODEL.read_bytes(), AGAIN
    template = Template(layout.CHAT_TEMPLATE)
    for lesson in lessons:
        if lesson.prompt.api == "chat":
            messages = [{"role": turn.role, "content": turn.content} for turn in lesson.prompt.messages]
            assert template.render(messages=messages, add_generation_prompt=True) == layout.laid_out(lesson.prompt)


def test_the_grammar_makes_far_more_tasks_than_a_test_needs():
    made = grammar.load()
    drawn = {task.instruction for number in range(500) for task in made.tasks(Random(number), PROPOSED)}

    assert made.size() > 400_000
    assert len(drawn) > 2500


def test_an_answer_speaks_only_of_what_its_task_names():
    for kind in grammar.load().kinds.values():
        given = kind.get("outputs", []) + [part for pair in kind.get("examples", []) for part in pair.values()]
        given += [line for label, lines in kind.get("labels", {}).items() for line in [label, *lines]]
        needed = {kind["turn"]}.union(*map(grammar.slots_of, given))
        assert all(needed <= grammar.slots_of(wording) for wording in kind["tasks"])


def test_the_grammar_knows_its_own_tasks_again():
    made = grammar.load()
    for number in range(50):
        for task in made.tasks(Random(number), PROPOSED):
            assert made.kind_of(task.instruction) == task.kind
    assert made.kind_of("Name a river.") is None


def test_lessons_come_from_the_templates_as_they_are(tmp_path, monkeypatch):
    shutil.copytree(assets.path("templates", "prompts"), tmp_path / "templates" / "prompts")
    for path in tmp_path.rglob("self_instruct/*.yaml"):
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace("Is it classification?", "Has it labels?").replace("Task: ", "Duty: "))
    shipped = assets.path
    monkeypatch.setattr(
        assets, "path", lambda *parts: tmp_path.joinpath(*parts) if "prompts" in parts else shipped(*parts)
    )
    text.strategy.cache_clear()
    try:
        said = [turn.content for lesson in text.lessons(Random(7), 50) for turn in lesson.prompt.messages]
    finally:
        text.strategy.cache_clear()

    assert any("Duty: " in content for content in said)
    assert any("Has it labels?" in content for content in said)
    assert not any("\nTask: " in content or "Is it classification?" in content for content in said)


def test_our_readers_read_every_answer_that_is_taught(lessons):
    for lesson in lessons:
        strategy = text.strategy(lesson.prompt.api)
        shown = lesson.prompt.messages[-1].content
        if lesson.prompt.purpose == "propose":
            first = 1 + next(number for number in range(8, 0, -1) if f"\n{number}. " in shown)
            read = strategy.read(Completion(lesson.prompt.key, lesson.answer, "stop"), _after(first - 1))
            assert len(read) == PROPOSED
            assert all(grammar.load().kind_of(one.instruction) for one in read)
        else:
            instruction = shown.rpartition("\nTask: ")[2].removesuffix("\nIs it classification?")
            kind = grammar.load().kinds[grammar.load().kind_of(instruction)]
            assert _development(strategy, instruction, lesson) == (
                "classification" if "labels" in kind else "generation"
            )


def _after(count):
    """The proposal that showed so many tasks."""
    return Proposal(0, (PoolTask("", ""),) * count)


def _development(strategy, instruction, lesson):
    """The kind that a task turns out to be of when the lesson's answer is given; all instances must be sound."""
    steps = strategy.develop(Candidate(instruction))
    asked = next(steps)
    if lesson.prompt.purpose == "classify":
        asked_next = steps.send(Completion(asked.key, lesson.answer, "stop"))
        return "classification" if asked_next.purpose == "instances_output_first" else "generation"
    said = "Yes" if lesson.prompt.purpose == "instances_output_first" else "No"
    assert steps.send(Completion(asked.key, said, "stop")).key == lesson.prompt.key
    with pytest.raises(StopIteration) as end:
        steps.send(Completion(lesson.prompt.key, lesson.answer, "stop"))
    assert end.value.value.instances
    assert all(one.verdict.kept for one in end.value.value.instances)
    return end.value.value.kind
