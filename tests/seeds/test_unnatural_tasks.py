"""The shipped seeds with constraints, which Unnatural Instructions starts from."""

import pytest

from ift_builder.formats import seed_tasks
from ift_builder.screening import instances as instance_screens
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.wording import WordingScreens


@pytest.fixture(scope="module")
def tasks():
    return seed_tasks.read(seed_tasks.shipped("unnatural_tasks.jsonl"))


def test_there_are_at_least_as_many_as_in_the_paper_each_with_constraints_and_inputs(tasks):
    assert len(tasks) >= 15
    assert all(task.constraints for task in tasks)
    assert all(len(task.instances) > 1 and all(one.input for one in task.instances) for task in tasks)


def test_a_third_at_least_are_classification(tasks):
    assert sum(task.is_classification for task in tasks) >= len(tasks) / 3


def test_each_passes_the_screens_that_model_written_tasks_must_pass(tasks):
    for task in tasks:
        assert [verdict for verdict in WordingScreens().judge(task.instruction) if not verdict.kept] == []
        verdicts = instance_screens.judge(task.instances, is_classification=task.is_classification, limit=5)
        assert all(verdict.kept for verdict in verdicts), task.id


def test_none_is_near_another_or_one_of_the_other_seeds(tasks):
    screen = NearDuplicates(similarity=0.5)
    for task in [*seed_tasks.read(seed_tasks.shipped()), *tasks]:
        assert screen.judge(task.instruction).kept or task not in tasks, task.id
        screen.admit(task.instruction, task.id)


def test_the_usual_seeds_have_no_constraints():
    assert not any(task.constraints for task in seed_tasks.read(seed_tasks.shipped()))
