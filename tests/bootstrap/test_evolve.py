"""Evol-Instruct: what its prompts say, what it makes of answers, and the paper's rules of elimination."""

from functools import cache

import pytest

from ift_builder import assets
from ift_builder.answers import equal_or_not
from ift_builder.answers.rewritten_task import Version, read
from ift_builder.backends.demo import reading
from ift_builder.bootstrap.evolve import IN_BREADTH, OPERATIONS, Evolve, elimination, gain
from ift_builder.bootstrap.pool import Pool, PoolTask
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.records import Completion, Instance, Unanswered
from tests.purposes import purpose_of

OLD = PoolTask("old", "Name a river in Africa.")
WITH_INPUT = PoolTask("sort", "Sort the words.\n\nKeep capitals:", (Instance("tea\n\n  Water", "tea, Water"),))


@cache
def strategy(api="chat", domain=""):
    """Compiled once: that takes longer than a test."""
    return Evolve(Manner("m", api, domain=domain))


def candidates(text, *, number=0, shown=OLD, reason="stop"):
    return strategy().read(Completion("k", text, reason), Proposal(number, (shown,)))


def number_of(operation):
    """The first proposal that the operation is drawn for."""
    return next(number for number in range(1000) if strategy().operation(number) == operation)


def developed(candidate, *answers):
    """What comes of a candidate, and the prompts that were asked."""
    ended, prompts = [], []

    def asked():
        ended.append((yield from strategy().develop(candidate)))
        yield None

    steps = asked()
    prompts.append(next(steps))
    for answer in answers:
        key = prompts[-1].key
        outcome = answer if isinstance(answer, Unanswered) else Completion(key, *answer, *["stop"][: 2 - len(answer)])
        prompts.append(steps.send(outcome))
    return ended[0], [prompt.purpose for prompt in prompts if prompt]


# Reading a version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Name a river.", ("Name a river.", "")),
        ("\n  Name a river.\n\n", ("Name a river.", "")),
        ("Sort them.\nInput: tea, water", ("Sort them.", "tea, water")),
        ("Sort them.\n\n**Input:**\n\ntea\n\nwater\n", ("Sort them.", "tea\n\nwater")),
        ("Sort them.\n### Input:\n- tea\n- water", ("Sort them.", "- tea\n- water")),
        ("Sort them.\nInput:\n  a,b\n    c,d", ("Sort them.", "a,b\n  c,d")),
        ("Sort them.\nInput: None", ("Sort them.", "")),
        ("Sort them.\nInput: (not needed)", ("Sort them.", "")),
        ("What does this sign mean?\nInput: ∑", ("What does this sign mean?", "∑")),
        ("Sort them.\nInput: <no input>", ("Sort them.", "")),
        ("Reworked task: Sort them.", ("Sort them.", "")),
        ("**Reworked task:** Sort them.\nInput: tea", ("Sort them.", "tea")),
        ("**New task: Sort them.**", ("Sort them.", "")),
        ("## Task:\nSort **all** of them.", ("Sort **all** of them.", "")),
        ("**Sort them.**", ("Sort them.", "")),
        ("Sure! Here is the new version:\n\nSort them.", ("Sort them.", "")),
        ("Sure!\n\nSort them.", ("Sort them.", "")),
        ("Here is a harder task:\nSort them.\nInput: tea", ("Sort them.", "tea")),
        ("```\nSort them.\n\nInput: tea\n```", ("Sort them.", "tea")),
        ("Fix the code.\nInput:\n```python\nx = 1\n```", ("Fix the code.", "```python\nx = 1\n```")),
        ("Say what it prints:\n```\nx\n```", ("Say what it prints:\n```\nx\n```", "")),
        ("1. Sort them.\n2. Count them.", ("1. Sort them.\n2. Count them.", "")),
        # what looks like talk and is the task
        (
            "Here is what I would like you to do: sort.\n\nInput: tea",
            ("Here is what I would like you to do: sort.", "tea"),
        ),
        ("Below is an e-mail:\n\nHi!\n\nAnswer it.", ("Below is an e-mail:\n\nHi!\n\nAnswer it.", "")),
        ("Explain the word input: what is it?", ("Explain the word input: what is it?", "")),
        ("將句子改寫。\nInput： 他來了。", ("將句子改寫。", "他來了。")),
        ("", ("", "")),
        ("Input: tea", ("", "tea")),
    ],
)
def test_a_version_is_read_whatever_stands_around_it(text, version):
    assert read(text) == Version(*version)


@pytest.mark.parametrize(
    ("answer", "gained"),
    [
        ("Equal", False),
        ("equal.", False),
        ("**Equal**", False),
        ('"Equal"', False),
        ("Equal. Both ask for one river.", False),
        ("Equal\n\nThe second one is no deeper.", False),
        ("Answer: Equal", False),
        ("Not Equal", True),
        ("NOT EQUAL!", True),
        ("**Not Equal**", True),
        ("Not equal, because the second asks for more.", True),
        ("Not Equal - it sets another condition.", True),
        ("The answer is: Not Equal", True),
        ("My judgement: Not Equal.", True),
        ("Equal?", None),
        ("Equal? No.", None),
        ("Equal: no", None),
        ("Equal or Not Equal?", None),
        ("Equal / Not Equal", None),
        ("Equal.\n\nNot Equal.", None),
        ("They are equal.", None),
        ("They are not equal.", None),
        ("They are not at all equal", None),
        ("Unequal", None),
        ("Equally hard", None),
        ("Yes", None),
        ("", None),
    ],
)
def test_only_the_two_words_themselves_are_a_judgement(answer, gained):
    assert equal_or_not.read(answer) is gained


def test_what_cannot_be_read_has_a_reason_of_its_own():
    reasons = [gain.judge(answer).reason for answer in ("Equal", "They are not equal.")]

    assert reasons == ["no-gain", "unreadable-judgement"]
    assert gain.judge("Not Equal") is None


# Elimination


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("I'm sorry, I can't.", "short-apology"),
        ("SORRY " + "word " * 78, "short-apology"),
        ("sorry " + "word " * 79, ""),
        ("She was a sorrylike figure.", ""),
        ("...", "stop-words-only"),
        ("?! — …", "stop-words-only"),
        ("And so it is, of course not.", ""),
        ("That is what it was.", "stop-words-only"),
        ("No.", ""),
        ("A", ""),
        ("42", ""),
        ("≤", ""),
        ("🙂", ""),
        ("河", ""),
        ("", ""),
    ],
)
def test_short_apologies_and_answers_without_content_are_eliminated(output, reason):
    assert elimination.judge(output).reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The #Rewritten Prompt# is: name two rivers.", "copied-prompt"),
        ("Name two rivers, as in the **given\nprompt**.", "copied-prompt"),
        ("Name two rivers. The reworked task ends here.", "copied-prompt"),
        ("Name two rivers.\nInput: see the starting task", "copied-prompt"),
        ("name a  RIVER in africa.", "unchanged"),
        ("Reworked task:", "empty"),
        ("Name two rivers and the seas that they flow into.", ""),
    ],
)
def test_copies_of_the_prompt_or_of_the_task_are_eliminated(text, reason):
    (candidate,) = candidates(text)

    assert candidate.verdict.reason == reason


def test_a_version_equal_to_one_before_the_last_is_no_evolution_either():
    last = PoolTask("last", "Name two rivers in Africa that cross the equator.", parent=OLD)

    (candidate,) = candidates("Name a river in Africa.", shown=last)
    assert (candidate.verdict.reason, candidate.verdict.evidence) == ("unchanged", {"of": "old"})


def test_another_input_makes_the_same_words_another_task():
    (candidate,) = candidates(f"{WITH_INPUT.instruction}\nInput: tea, Water, Zeal", shown=WITH_INPUT)

    assert candidate.verdict.kept


def test_an_answer_that_the_limit_cut_is_no_version_and_an_empty_one_no_candidate():
    (candidate,) = candidates("Name two rivers and", reason="length")

    assert candidate.verdict.reason == "cut"
    assert candidates(" \n") == []
    assert candidates("<think>Name two rivers.") == []


@pytest.mark.parametrize("phrase", ["Starting task", "Reworked task", "Related task"])
def test_the_screen_for_copied_words_knows_the_labels_of_our_templates(phrase):
    folder = assets.path("templates", "prompts", "bootstrap", "evolve")
    said = "".join(path.read_text() for path in folder.glob("evolve_*.yaml"))

    assert f"{phrase}:" in said
    assert elimination.copied(phrase)


# Developing


def test_a_version_is_compared_with_the_one_before_and_then_answered():
    (candidate,) = candidates("Name two rivers and their seas.")
    development, asked = developed(candidate, ("Not Equal",), ("The Nile, Mediterranean; the Niger, Atlantic.",))

    assert asked == ["judge_gain", "respond"]
    assert [one.verdict.reason for one in development.instances] == [""]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([("Equal",)], "no-gain"),
        ([("Hm.",)], "unreadable-judgement"),
        ([Unanswered("k", "timeout")], "request-given-up"),
        ([("Not Equal",), Unanswered("k", "timeout")], "request-given-up"),
    ],
)
def test_a_failed_step_ends_the_development_with_its_reason(answers, reason):
    (candidate,) = candidates("Name two rivers and their seas.")

    assert developed(candidate, *answers)[0].verdict.reason == reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (("Sorry.",), "short-apology"),
        (("",), "empty-output"),
        (("The Nile and", "length"), "cut"),
        (("Two:",), "ends-in-colon"),
    ],
)
def test_a_useless_answer_drops_the_instance_with_its_reason(answer, reason):
    (candidate,) = candidates("Name two rivers and their seas.")
    development, _ = developed(candidate, ("Not Equal",), answer)

    assert [one.verdict.reason for one in development.instances] == [reason]


# Proposing


@pytest.mark.parametrize("api", ["chat", "completions"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_prompt_says_its_operation_its_task_its_language_and_its_subject(api, operation):
    number = number_of(operation)
    prompt = strategy(api, "railway timetables").propose(Proposal(number, (WITH_INPUT,), "de"))
    text = "\n".join(turn.content for turn in prompt.messages)

    assert prompt.draw == number
    assert "German" in text
    assert "railway timetables" in text
    assert purpose_of(text) == prompt.purpose == ("evolve_in_breadth" if operation == IN_BREADTH else "evolve_in_depth")
    assert reading.labelled(text, "Starting task") == WITH_INPUT.instruction
    assert reading.labelled(text.rpartition("Starting task:")[2], "Input") == "tea\n\n  Water"


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_the_prompts_of_the_other_steps_can_be_told_apart(api):
    steps = strategy(api).develop(Candidate("Name two rivers.", parent=WITH_INPUT, instances=(Instance("a\n\nb", ""),)))
    first = next(steps)
    second = steps.send(Completion(first.key, "Not Equal", "stop"))

    for prompt in (first, second):
        assert purpose_of("\n".join(turn.content for turn in prompt.messages)) == prompt.purpose
    assert reading.labelled(first.messages[-1].content, "First task") == WITH_INPUT.instruction
    assert "German" not in first.messages[0].content


def test_all_operations_are_drawn_about_equally_often():
    drawn = [strategy().operation(number) for number in range(3000)]

    assert all(abs(drawn.count(operation) - 500) < 75 for operation in OPERATIONS)


def test_an_in_depth_version_belongs_to_its_line_and_one_in_breadth_begins_another():
    later = PoolTask("b", "Name two rivers.", parent=OLD, lineage="old", category="geography")
    deep, broad = (
        candidates("Name three rivers and their seas.", number=number_of(operation), shown=later)[0]
        for operation in ("deepen", IN_BREADTH)
    )

    assert (deep.lineage, deep.category, deep.operation) == ("old", "geography", "deepen")
    assert (broad.lineage, broad.category, broad.operation) == ("", "", "breadth")
    assert deep.parent is broad.parent is later


def test_a_chain_is_continued_at_its_newest_link_as_of_then():
    pool = Pool([], 0, [OLD, WITH_INPUT])
    pool.add(PoolTask("new", "Name two rivers.", parent=OLD))

    assert [task.id for task in strategy().choose(pool.then(2), 2)] == ["old"]
    assert [task.id for task in strategy().choose(pool.then(3), 2)] == ["new"]
    assert [task.id for task in strategy().choose(pool.then(3), 3)] == ["sort"]
