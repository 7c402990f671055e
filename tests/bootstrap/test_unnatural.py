"""The method of Unnatural Instructions: tasks with constraints, their outputs, other wordings."""

import json

import pytest

from ift_builder.answers import output as output_reader
from ift_builder.answers.numbered_list import Item
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.pool import Pool, PoolTask
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.bootstrap.unnatural import constraints, wordings
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion, Instance, Unanswered
from ift_builder.runs import EXAMPLES
from tests.files import rows_of

SHOWN = tuple(PoolTask(f"s{n}", f"Do {n}.", (Instance(f"i{n}", "o"),), constraints="C.") for n in range(3))
WORDY = "Write the numbers in words, one after the other."


def read(text, shown=SHOWN, api="chat", reason="stop"):
    strategy = strategies.load("unnatural", Manner("m", api))
    return strategy.read(Completion("k", text, reason), Proposal(0, shown))


def developed(*answers, constraints="", paraphrase=0, given="3, 1", api="chat"):
    """The prompts that a development asks and what it returns; an answer is (text, finish reason) or None."""
    strategy = strategies.load("unnatural", Manner("m", api, paraphrase=paraphrase))
    steps = strategy.develop(Candidate(WORDY, instances=(Instance(given, ""),), constraints=constraints))
    prompts = [next(steps)]
    for answer in answers:
        outcome = Completion("k", *answer) if answer else Unanswered("k", "timeout")
        try:
            prompts.append(steps.send(outcome))
        except StopIteration as end:
            return prompts, end.value
    raise AssertionError("it asks for more")


# The task


@pytest.mark.parametrize(
    "text",
    [
        "Instruction: Sort.\nInput: b, a\nConstraints: Commas between.",
        "Example 4\nInstruction: Sort.\nInput: b, a\nConstraints: Commas between.",
        "**Instruction:** Sort.\n\n**Input:** b, a\n\n**Constraints:** Commas between.",
        "Sure! Here is one:\n\n```\nInstruction: Sort.\nInput: b, a\nConstraints: Commas between.\n```\n",
        "<think>?</think>Instruction: Sort.\nInput: b, a\nConstraints: Commas between.\n<<<end of example>>>\nInput: x",
    ],
)
def test_the_three_parts_are_read(text):
    (found,) = read(text)

    assert (found.instruction, found.instances, found.constraints) == (
        "Sort.",
        (Instance("b, a", ""),),
        "Commas between.",
    )
    assert found.verdict.kept


def test_base_models_go_on_after_the_instruction_label():
    (found,) = read(" Sort.\nInput: b, a\nConstraints: None.\n", api="completions")

    assert (found.instruction, found.constraints, found.verdict.kept) == ("Sort.", "", True)


@pytest.mark.parametrize(
    ("text", "reason", "finish"),
    [
        ("Instruction: Sort.\nInput: b, a", "no-constraints", "stop"),
        ("Instruction: Sort.\nInput: b, a\nConstraints:", "no-constraints", "stop"),
        ("Instruction:\nInput: b, a\nConstraints: None.", "no-instruction", "stop"),
        ("Instruction: Sort.\nInput: None.\nConstraints: None.", "no-input", "stop"),
        ("Instruction: Sort.\nConstraints: None.", "no-input", "stop"),
        ("Instruction: Sort.\nInput: b, a\nConstraints: Com", "cut", "length"),
    ],
)
def test_a_part_that_is_missing_drops_the_task_with_its_text(text, reason, finish):
    (found,) = read(text, reason=finish)

    assert (found.verdict.reason, found.text) == (reason, text)


def test_a_task_may_do_without_input_where_an_example_does():
    without = (*SHOWN[:2], PoolTask("s", "Sing.", (Instance("", "La."),)))
    (found,) = read("Instruction: Hum.\nInput: None.\nConstraints: None.", without)

    assert found.verdict.kept
    assert found.instances == (Instance("", ""),)


def test_examples_that_nobody_asked_for_are_candidates_too():
    one = "Instruction: Sort {}.\nInput: b, a\nConstraints: None."
    found = read(f"{one.format(1)}\n\nExample 5\n{one.format(2)}")

    assert [candidate.instruction for candidate in found] == ["Sort 1.", "Sort 2."]


def test_a_seed_file_without_constraints_works_too():
    strategy = strategies.load("unnatural", Manner("m"))
    shown = tuple(strategy.choose(Pool(seed_tasks.read(seed_tasks.shipped()), 0).then(0), 0))

    assert strategy.propose(Proposal(0, shown)).messages[-1].content.count("Constraints: None.") == 3


# The output


def test_the_task_is_sampled_and_the_output_is_greedy():
    strategy = strategies.load("unnatural", Manner("m"))
    task = strategy.propose(Proposal(0, SHOWN))
    (output,), _ = developed(("three, one", "stop"))

    assert (task.sampling.temperature, task.sampling.top_p) == (1.0, 0.99)
    assert output.sampling.temperature == 0.0


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_the_output_is_asked_for_with_the_constraints_and_the_row_says_them(api):
    (prompt,), development = developed(("three, one", "stop"), constraints="Lower case.", api=api)
    (made,) = development.instances

    assert f"Instruction: {WORDY}\nInput: 3, 1\nConstraints: Lower case.\nOutput:" in prompt.messages[-1].content
    assert made.instance == Instance("3, 1", "three, one")
    assert made.instruction == f"{WORDY}\nLower case."


def test_constraints_that_the_instruction_says_already_are_not_said_twice():
    assert constraints.with_constraints("Sort. Use  commas.", "use commas.") == "Sort. Use  commas."
    assert constraints.with_constraints("Sort.", "") == "Sort."


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("three, one", "three, one"),
        ("Output: three, one\n", "three, one"),
        ("**Output:** three, one", "three, one"),
        ("Sure! Here is the output:\n\nthree,\n\none", "three,\n\none"),
        ("1. three\n2. one", "1. three\n2. one"),
        ("```\nthree\n```", "```\nthree\n```"),
        ("The output: three", "The output: three"),
        ("Answer: three", "Answer: three"),
    ],
)
def test_an_output_is_freed_of_labels_and_talk(text, output):
    assert output_reader.read(text) == output


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(("", "stop"), "empty-output"), (("three, on", "length"), "cut"), (("3, 1", "stop"), "output-equals-input")],
)
def test_an_output_that_cannot_be_used_is_dropped_and_no_wording_is_asked_for(answer, reason):
    prompts, development = developed(answer, paraphrase=3)

    assert len(prompts) == 1
    assert [one.verdict.reason for one in development.instances] == [reason]


def test_an_output_that_was_given_up_drops_the_task():
    _, development = developed(None)

    assert (development.verdict.reason, development.verdict.screen) == ("request-given-up", "constrained_output")


# Other wordings


def test_each_wording_is_the_instance_again_under_other_words_and_the_same_constraints():
    prompts, development = developed(
        ("three, one", "stop"),
        ("1. Spell out the numbers in order.\n2. Give the numbers as words.", "stop"),
        constraints="Lower case.",
        paraphrase=2,
    )

    assert "2 other wordings" in prompts[1].messages[-1].content
    assert [one.instruction for one in development.instances] == [
        f"{WORDY}\nLower case.",
        "Spell out the numbers in order.\nLower case.",
        "Give the numbers as words.\nLower case.",
    ]
    assert {one.instance for one in development.instances} == {Instance("3, 1", "three, one")}
    assert all(one.verdict.kept for one in development.instances)


def test_wordings_are_screened():
    given = "the numbers 3 and 1 and 7 and 9"
    said = [
        WORDY.upper().rstrip("."),
        "Spell the numbers out.",
        "spell the numbers out",
        "",
        "Spell out {INPUT}.",
        f"Spell out {given}.",
        "Use words for the numbers.",
        "Turn numbers into words.",
        "Make words of nu",
    ]
    items = [Item(text, is_last=index == len(said) - 1) for index, text in enumerate(said)]
    verdicts = wordings.judge(items, WORDY, given, most=2, was_cut=True)

    assert [verdict.reason for verdict in verdicts] == [
        "equals-instruction",
        "",
        "repeated-wording",
        "empty-wording",
        "gap-for-input",
        "holds-input",
        "",
        "too-many",
        "cut",
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(None, "request-given-up"), (("I would not change a word.", "stop"), "unreadable-wordings")],
)
def test_wordings_that_cannot_be_had_leave_the_instance_and_are_counted(answer, reason):
    _, development = developed(("three, one", "stop"), answer, paraphrase=2)

    assert [one.verdict.reason for one in development.instances] == ["", reason]


# The command


def test_other_wordings_are_rows_of_the_same_task(ift_build, tmp_path):
    run = ["bootstrap", "--model", "demo", "--strategy", "unnatural", "--target", 20, "--no-report", "--json"]
    ran = ift_build(*run, "--paraphrase", 3, "--out", tmp_path / "run")
    rows = rows_of(tmp_path / "run" / EXAMPLES)
    by_task = {}
    for row in rows:
        by_task.setdefault(row["task"]["name"], []).append(row)

    assert ran.code == 0
    assert len(by_task) == 20
    assert any(len(same) == 4 for same in by_task.values())
    for same in by_task.values():
        assert len({(row["input"], row["output"]) for row in same}) == 1
        assert len({row["instruction"] for row in same}) == len(same)
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["paraphrase"] == 3


def test_other_wordings_are_for_this_strategy_only(ift_build, tmp_path):
    ran = ift_build("bootstrap", "--model", "demo", "--paraphrase", 2, "--out", tmp_path / "run")

    assert ran.code == 2
    assert "--strategy unnatural" in ran.err
    assert not (tmp_path / "run").exists()


def test_a_run_cannot_go_on_with_another_number_of_wordings(ift_build, tmp_path):
    run = ["bootstrap", "--model", "demo", "--strategy", "unnatural", "--target", 3, "--out", tmp_path / "run"]
    assert ift_build(*run, "--no-report").code == 0
    ran = ift_build(*run, "--paraphrase", 2)

    assert ran.code == 1
    assert "paraphrase" in ran.err


def test_without_the_near_duplicate_screen_the_papers_rule_remains():
    pool = Pool(seed_tasks.read(seed_tasks.shipped("unnatural_tasks.jsonl")), 0)
    seed = pool.then(0).human[0]
    pool.add(PoolTask("kept", "Sort the words.", (Instance("b, a", ""),)))

    assert pool.twin(seed.instruction, seed.instances[:1]) == seed.id
    assert pool.twin(" Sort the\nwords. ", (Instance("b,  a", "x"),)) == "kept"
    assert pool.twin("Sort the words.", (Instance("d, c", ""),)) == ""
    assert pool.twin("Sort the words.", ()) == ""
