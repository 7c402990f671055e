"""The strategy `use-cases`: which categories it draws, what it asks for, and what it makes of the answers."""

import json
from collections import Counter

import pytest

from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.strategies import Candidate, Manner, Proposal
from ift_builder.bootstrap.use_cases import PROPOSED, SHOWN, UseCases, categories
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion, Instance, UseCase
from tests.files import rows_of

POOL = Pool(seed_tasks.read(seed_tasks.shipped()), 0)
WITH_INPUT = ("rewrite", "summarization", "classification", "closed_qa", "extract")
WITHOUT_INPUT = ("generation", "open_qa", "brainstorming", "chat", "other")


def proposal(strategy, number=0, **more):
    return Proposal(number, tuple(strategy.choose(POOL.then(0), number)), **more)


def developed(category, *answers, instruction="Do it."):
    """The purposes that are asked and what the development returns, for answers as text or (text, finish reason)."""
    ended = []

    def asked():
        ended.append((yield from UseCases(Manner("m")).develop(Candidate(instruction, category=category))))
        yield None

    steps = asked()
    prompts = [next(steps)]
    for answer in answers:
        text, reason = answer if isinstance(answer, tuple) else (answer, "stop")
        prompts.append(steps.send(Completion(prompts[-1].key, text, reason)))
    return [prompt.purpose for prompt in prompts if prompt], next(iter(ended), None)


def instances(development):
    return [(one.instance, one.verdict.reason) for one in development.instances]


# What is drawn


def test_categories_are_drawn_by_the_shares_of_the_paper():
    strategy = UseCases(Manner("m"))
    count = 1000
    drawn = Counter(strategy.choose(POOL.then(0), number)[0].category for number in range(count))

    for name in (*WITH_INPUT, *WITHOUT_INPUT):
        assert drawn[name] / count == pytest.approx(categories.load()[name].share / 99.9, abs=0.005), name


def test_all_use_cases_of_a_proposal_are_of_one_category_and_all_are_drawn_at_some_time():
    strategy = UseCases(Manner("m"))
    seen = set()
    for number in range(600):
        shown = strategy.choose(POOL.then(0), number)
        assert len(shown) == SHOWN == len({case.id for case in shown})
        assert len({case.category for case in shown}) == 1
        seen |= {case.id for case in shown}

    assert len(seen) == 76


def test_another_seed_draws_other_use_cases():
    strategy = UseCases(Manner("m"))
    one, other = ([strategy.choose(Pool([], seed).then(0), number) for number in range(10)] for seed in (0, 1))

    assert one != other


def test_of_ones_own_use_cases_only_categories_that_they_have_are_drawn():
    cases = (UseCase("a", "A", "x", "chat"), UseCase("b", "B", "y", "extract"))
    strategy = UseCases(Manner("m", use_cases=cases))
    drawn = Counter(strategy.choose(POOL.then(0), number)[0].category for number in range(200))

    assert set(drawn) == {"chat", "extract"}
    assert drawn["chat"] / 200 == pytest.approx(8.4 / (8.4 + 1.9), abs=0.02)


@pytest.mark.parametrize("point", [0.0, 0.5, 0.999999999999])
def test_every_point_has_a_category(point):
    known = categories.load()

    assert known.drawn(point, ["extract"]).name == "extract"
    assert known.drawn(point, ["extract", "chat"]).name in ("extract", "chat")


# What is asked and read


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_the_prompt_names_the_kind_and_the_people(api):
    strategy = UseCases(Manner("m", api))
    for number in range(20):
        asked = proposal(strategy, number)
        text = strategy.propose(asked).messages[-1].content
        category = categories.load()[asked.shown[0].category]

        assert f"Kind of request: {category.title}. {category.says}" in text
        assert all(f"- {case.instruction}\n" in text for case in asked.shown)
        assert ("handed over:" in text or "that is handed over: say" in text) == (category.name in WITH_INPUT)
        assert ("\n1." in text) == (api == "completions")


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_language_and_domain_are_asked_for_in_every_step_where_they_are_given(api):
    for manner, language in ((Manner("m", api, domain="bee-keeping"), "cy"), (Manner("m", api), "")):
        strategy = UseCases(manner)
        for prompt in (
            strategy.propose(proposal(strategy, language=language)),
            next(strategy.develop(Candidate("Sing.", category="chat", language=language))),
        ):
            text = "\n".join(turn.content for turn in prompt.messages)
            assert ("Welsh" in text) == bool(language)
            assert ("bee-keeping" in text) == bool(manner.domain)
            assert ("this subject" in text) == bool(manner.domain)


def test_what_is_read_carries_the_category_and_the_item_that_was_cut_says_so():
    strategy = UseCases(Manner("m"))
    asked = proposal(strategy)
    read = strategy.read(Completion("k", "1. Write a toast.\n2. Write a let", "length"), asked)

    assert [(one.instruction, one.category, one.verdict.reason) for one in read] == [
        ("Write a toast.", asked.shown[0].category, ""),
        ("Write a let", asked.shown[0].category, "cut"),
    ]


# Instances


@pytest.mark.parametrize("category", WITHOUT_INPUT)
def test_a_request_that_hands_over_no_text_is_answered_in_one_step(category):
    purposes, development = developed(category, "Here's to you both!\n\nMay it last.")

    assert purposes == ["use_case_answer"]
    assert instances(development) == [(Instance("", "Here's to you both!\n\nMay it last."), "")]


@pytest.mark.parametrize("category", sorted(set(WITH_INPUT) - {"classification"}))
def test_a_request_that_hands_over_a_text_gets_inputs_with_outputs(category):
    purposes, development = developed(category, "Example 1\nInput: x\nOutput: y\nExample 2\nInput: z\nOutput: u")

    assert purposes == ["instances_input_first"]
    assert instances(development) == [(Instance("x", "y"), ""), (Instance("z", "u"), "")]
    assert development.kind == "generation"


def test_a_classification_gets_its_labels_first():
    purposes, development = developed("classification", "Class label: good\nInput: x\nClass label: bad\nInput: y")

    assert purposes == ["instances_output_first"]
    assert instances(development) == [(Instance("x", "good"), ""), (Instance("y", "bad"), "")]
    assert development.kind == "classification"


def test_an_instance_without_the_text_that_its_category_works_on_is_dropped():
    _, development = developed("summarization", "Output: It was decided.")

    assert instances(development) == [(Instance("", "It was decided."), "no-input")]


@pytest.mark.parametrize(
    ("answer", "output", "reason"),
    [
        (("It was a dark and st", "length"), "It was a dark and st", "cut"),
        ("", "", "empty-output"),
        (" \n\n", "", "empty-output"),
        ("Here is the poem:", "Here is the poem:", "ends-in-colon"),
        ("Sure! Here is a poem:\n\nRoses.", "Roses.", ""),
        ("Roses.\n\n---\n\nLet me know if you would like another one!", "Roses.", ""),
        ("<think>A poem?</think>Roses.\n\nViolets.", "Roses.\n\nViolets.", ""),
        ("    indented\nnot", "    indented\nnot", ""),
        ("Sure! Here is a poem: roses.", "Sure! Here is a poem: roses.", ""),
    ],
)
def test_an_answer_is_its_text_without_what_is_said_around_it(answer, output, reason):
    _, development = developed("generation", answer)

    assert instances(development) == [(Instance("", output), reason)]


# As a user runs it


def bootstrap(ift_build, out, *more):
    return ift_build(
        "bootstrap", "--model", "demo", "--strategy", "use-cases", "--target", 60, "--out", out, "--json", *more
    )


def test_examples_carry_the_category_and_name_their_use_cases(tmp_path, ift_build):
    ran = bootstrap(ift_build, tmp_path / "run")
    rows = rows_of(tmp_path / "run" / "examples.jsonl")

    assert ran.code == 0
    assert len({row["task"]["category"] for row in rows}) >= 6
    for row in rows:
        category = row["task"]["category"]
        assert bool(row["input"]) == (category in WITH_INPUT)
        assert {parent.rsplit("-", 1)[0].replace("-", "_") for parent in row["source"]["parents"]} == {category}


def test_a_list_of_ones_own_is_used_and_a_resume_with_another_is_refused(tmp_path, ift_build):
    own, other = tmp_path / "own.jsonl", tmp_path / "other.jsonl"
    case = {"id": "mine", "who": "A cook", "needs": "menus", "category": "brainstorming"}
    own.write_text(json.dumps(case) + "\n")
    other.write_text(json.dumps({**case, "needs": "recipes"}) + "\n")
    ran = bootstrap(ift_build, tmp_path / "run", "--use-cases", own, "--target", 10)
    refused = bootstrap(ift_build, tmp_path / "run", "--use-cases", other, "--target", 10)

    assert ran.code == 0
    assert "| use cases | `sha256:" in (tmp_path / "run" / "README.md").read_text()
    assert {row["task"]["category"] for row in rows_of(tmp_path / "run" / "examples.jsonl")} == {"brainstorming"}
    assert refused.code == 1
    assert "use_cases" in refused.err


def test_a_bad_line_of_the_list_stops_the_run_before_it_begins(tmp_path, ift_build):
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "who": "A cook", "needs": "menus", "category": "poems"}\n')
    ran = bootstrap(ift_build, tmp_path / "run", "--use-cases", own)

    assert ran.code == 1
    assert "own.jsonl:1" in ran.err
    assert not (tmp_path / "run").exists()


def test_the_list_goes_with_its_strategy_only(tmp_path, ift_build):
    ran = ift_build("bootstrap", "--model", "demo", "--use-cases", tmp_path / "x", "--out", tmp_path / "run")

    assert ran.code == 2
    assert "--strategy use-cases" in ran.err


def test_other_strategies_have_the_settings_that_they_had(tmp_path, ift_build):
    ift_build("bootstrap", "--model", "demo", "--target", 1, "--out", tmp_path / "run")

    assert "use_cases" not in json.loads((tmp_path / "run" / "settings.json").read_text())
    assert "use cases" not in (tmp_path / "run" / "README.md").read_text()


def test_no_more_is_asked_for_than_the_use_cases_give_room_for():
    assert PROPOSED % SHOWN == 0
