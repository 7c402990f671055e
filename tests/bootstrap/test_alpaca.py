"""The method of Alpaca: what its prompt shows, and what it makes of answers as servers send them."""

import pytest

from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.strategies import Manner, Proposal
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion, Instance

LAST = "5. Instruction: Add up.\n5. Input:\n2, 3\n5. Output:\n5"
ANSWER = f" Name a river.\n4. Input:\n<noinput>\n4. Output:\nThe Oder.\n###\n{LAST}"


@pytest.fixture(scope="module")
def seeds():
    return seed_tasks.read(seed_tasks.shipped())


def proposal(strategy, seeds, number=0):
    return Proposal(number, tuple(strategy.choose(Pool(seeds, 0).then(0), number)))


def test_three_seeds_are_shown_each_with_one_of_its_instances(seeds):
    strategy = strategies.load("alpaca", Manner("m"))
    of_seeds = {task.id: task.instances for task in seeds}
    drawn = set()
    for number in range(40):
        asked = proposal(strategy, seeds, number)
        text = strategy.propose(asked).messages[-1].content
        assert len(asked.shown) == 3
        for task in asked.shown:
            inputs = [one for one in of_seeds[task.id] if f"Output:\n{one.output}\n" in text]
            drawn.update((task.id, of_seeds[task.id].index(one)) for one in inputs[:1])

    assert {place for _, place in drawn} >= {0, 1}


def test_tasks_of_the_model_are_not_shown(seeds):
    strategy = strategies.load("alpaca", Manner("m"))
    pool = Pool(seeds, 0)
    for number in range(50):
        pool.add(seeds_like(number))

    assert all(task.id.startswith("seed") for task in strategy.choose(pool.then(50), 7))


def seeds_like(number):
    from ift_builder.bootstrap.pool import PoolTask

    return PoolTask(f"machine-{number}", "Sing.", (Instance("", "La."),))


def test_base_models_go_on_after_the_next_label_and_stop_after_the_twentieth(seeds):
    strategy = strategies.load("alpaca", Manner("m", "completions"))
    prompt = strategy.propose(proposal(strategy, seeds))

    assert prompt.messages[0].content.endswith("\n###\n4. Instruction:")
    assert prompt.sampling.stop == ("###\n21. Instruction:",)
    assert (prompt.sampling.temperature, prompt.sampling.top_p, prompt.sampling.max_tokens) == (1.0, 1.0, 3072)


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_triples_come_with_their_instance(seeds, api):
    strategy = strategies.load("alpaca", Manner("m", api))
    text = ANSWER if api == "completions" else f"###\n4. Instruction:{ANSWER}"
    found = strategy.read(Completion("k", text, "stop"), proposal(strategy, seeds))

    assert [(one.instruction, one.instances, one.verdict.reason) for one in found] == [
        ("Name a river.", (Instance("", "The Oder."),), ""),
        ("Add up.", (Instance("2, 3", "5"),), ""),
    ]


@pytest.mark.parametrize("text", ["", "  \n", "<think>4. Instruction: hm"])
@pytest.mark.parametrize("api", ["chat", "completions"])
def test_an_empty_answer_has_no_candidates(seeds, api, text):
    strategy = strategies.load("alpaca", Manner("m", api))

    assert strategy.read(Completion("k", text, "length"), proposal(strategy, seeds)) == []


def test_what_was_not_read_whole_keeps_its_text_and_its_instruction(seeds):
    strategy = strategies.load("alpaca", Manner("m", "completions"))
    found = strategy.read(Completion("k", ANSWER, "length"), proposal(strategy, seeds))

    assert (found[1].verdict.reason, found[1].text) == (
        "cut",
        "5. Instruction: Add up.\n5. Input:\n2, 3\n5. Output:\n5",
    )


def test_a_list_that_reached_its_stop_marker_was_not_cut(seeds):
    strategy = strategies.load("alpaca", Manner("m"))
    text = f"4. Instruction:{ANSWER}\n###\n21. Instruction: Sing."
    found = strategy.read(Completion("k", text, "length"), proposal(strategy, seeds))

    assert [one.verdict.reason for one in found] == ["", ""]


def test_nothing_more_is_asked_for_a_triple_and_its_instance_is_judged():
    strategy = strategies.load("alpaca", Manner("m"))
    for instance, reason in ((Instance("a", "b"), ""), (Instance("a", "a"), "output-equals-input")):
        steps = strategy.develop(strategies.Candidate("Do it.", instances=(instance,)))
        with pytest.raises(StopIteration) as end:
            next(steps)
        assert [(one.instance, one.verdict.reason) for one in end.value.value.instances] == [(instance, reason)]
