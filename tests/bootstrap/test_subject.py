"""Growing within a subject: what the prompts say, which seeds are shown, what is dropped."""

import asyncio
import json
from collections import Counter
from dataclasses import replace

import pytest

from ift_builder.asking import Stop, Terms
from ift_builder.bootstrap import Plan, bootstrap, subject
from ift_builder.bootstrap.estimate import estimate
from ift_builder.bootstrap.pool import Pool
from ift_builder.bootstrap.strategies import REGISTRY, Candidate, Manner, Proposal
from ift_builder.formats import seed_tasks
from ift_builder.journal import open_to_read
from ift_builder.records import Completion, Unanswered
from ift_builder.runs import DROPPED, EXAMPLES, JOURNAL
from tests.files import rows_of
from tests.scripted import ScriptedBackend, sensible

RIVERS = "Fishing in rivers.\n\n1. trout\n2. eel"


def answering(belongs):
    """A model without faults that says of tasks what `belongs` says of their text."""

    def answer(prompt):
        if prompt.purpose != "on_subject":
            return sensible(prompt)
        return belongs(prompt.messages[-1].content.rpartition("Task: ")[2].splitlines()[0])

    return answer


def run(tmp_path, answer, *, name="run", target=20, domain=RIVERS, **given):
    """A whole run over scripted answers: the folder, its manifest and the backend."""
    plan = Plan(seeds=seed_tasks.shipped(), model="m", target=target, domain=domain, **given)
    folder, backend = tmp_path / name, ScriptedBackend(answer, pause=0.001)
    manifest = asyncio.run(bootstrap(plan, folder, backend, stop=Stop(), on_progress=lambda _: None))
    return folder, manifest.as_json(), backend


# What the prompts say


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_every_step_but_the_classification_says_the_subject(api):
    strategy = subject.load("self-instruct", Manner("m", api, domain=RIVERS))
    pool = Pool(seed_tasks.read(seed_tasks.shipped()), 0).then(0)
    said = [strategy.propose(Proposal(0, tuple(strategy.choose(pool, 0))))]
    for kind in ("Yes", "No"):
        steps = strategy.develop(Candidate("Sing."))
        question = next(steps)
        classify = steps.send(Completion(question.key, "Yes", "stop"))
        said += [question, steps.send(Completion(classify.key, kind, "stop"))]
        assert "trout" not in classify.messages[-1].content

    assert {prompt.purpose for prompt in said} == {
        *("propose", "on_subject", "instances_input_first", "instances_output_first"),
    }
    for prompt in said:
        text = prompt.messages[-1].content
        assert "Fishing in rivers." in text
        assert "\n1. trout" not in text, "a list in the subject would be taken for the list of tasks"


@pytest.mark.parametrize("name", REGISTRY)
def test_the_proposals_of_every_strategy_say_the_subject(name):
    strategy = subject.load(name, Manner("m", domain=RIVERS))
    pool = Pool(seed_tasks.read(seed_tasks.shipped()), 0).then(0)
    prompt = strategy.propose(Proposal(0, tuple(strategy.choose(pool, 0))))

    assert any("Fishing in rivers." in turn.content for turn in prompt.messages)


def test_without_a_subject_a_strategy_is_as_it_was():
    assert type(subject.load("self-instruct", Manner("m"))).__name__ == "SelfInstruct"
    with_subject = subject.load("self-instruct", Manner("m", domain=RIVERS))
    assert with_subject.name == "self-instruct"
    assert "on_subject" in with_subject.templates


# What is kept


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Yes", ""),
        ("yes.", ""),
        ("No", "off-subject"),
        ("No, it belongs to cooking.", "off-subject"),
        ("<think>Yes or no?</think>No", "off-subject"),
        ("Perhaps.", "unreadable-subject"),
        ("", "unreadable-subject"),
    ],
)
def test_only_a_yes_keeps_a_task(answer, reason):
    verdict = subject.Question(Manner("m", domain=RIVERS)).read(Completion("k", answer, "stop"))

    assert (verdict.screen, verdict.reason) == ("subject", reason)


def test_a_question_that_was_given_up_keeps_no_task():
    verdict = subject.Question(Manner("m", domain=RIVERS)).read(Unanswered("k", "timeout", "no answer"))

    assert (verdict.reason, verdict.evidence["why"]) == ("request-given-up", "timeout")


def test_what_does_not_belong_is_dropped_before_it_costs_more_and_all_counts_add_up(tmp_path):
    path, manifest, _ = run(tmp_path, answering(lambda task: "No" if "river" in task else "Yes"))
    off = [row for row in rows_of(path / DROPPED) if row["reason"] == "off-subject"]

    assert manifest["tasks"]["kept"] == 20
    assert off
    assert all("river" in row["text"] and row["evidence"] == {"screen": "subject", "answer": "No"} for row in off)
    assert all(len(row["source"]["prompts"]) == 2 for row in off), "its proposal and the question"
    assert not any("river" in row["instruction"] for row in rows_of(path / EXAMPLES))
    for level in ("answers", "tasks", "instances"):
        counts = manifest[level]
        assert counts["seen"] == counts["kept"] + sum(counts["dropped"].values()) + counts["open"]


# Which seeds are shown


def fits(line):
    return "the" in line.split() or len(line) < 99


def test_the_seeds_that_belong_are_the_ones_that_are_shown(tmp_path):
    path, manifest, _ = run(tmp_path, answering(lambda task: "Yes" if fits(task) else "No"))
    seeds = seed_tasks.read(seed_tasks.shipped())
    fit = {task.id for task in seeds if fits(task.instruction.splitlines()[0])}
    parents = {parent for row in rows_of(path / EXAMPLES) for parent in row["source"]["parents"]}
    shown = parents & {task.id for task in seeds}

    assert manifest["seeds"] == {"seen": 175, "asked": 175, "on_subject": len(fit), "shown": len(fit)}
    assert 3 < len(fit) < 175
    assert shown
    assert shown <= fit


@pytest.mark.parametrize(("fitting", "shown"), [(0, 175), (2, 175), (3, 3)])
def test_with_fewer_than_three_any_seed_is_shown(fitting, shown):
    questions = asked_all(seed_tasks.read(seed_tasks.shipped()), lambda number: "Yes" if number < fitting else "No")

    assert questions.facts() == {"seen": 175, "asked": 175, "on_subject": fitting, "shown": shown}


def asked_all(seeds, say):
    questions = subject.SeedQuestions(seeds, subject.Question(Manner("m", domain=RIVERS)), 0)
    number = 0
    while prompt := questions.next_prompt():
        questions.receive(prompt, Completion(prompt.key, say(number), "stop"))
        number += 1
    return questions


def test_of_very_many_seeds_some_are_asked_about_and_only_these_can_be_shown():
    (one, *_) = seed_tasks.read(seed_tasks.shipped())
    seeds = [replace(one, id=f"s{n}", instruction=f"{one.instruction} {n}") for n in range(700)]
    questions = asked_all(seeds, lambda _: "Yes")

    assert questions.facts() == {"seen": 700, "asked": 500, "on_subject": 500, "shown": 500}
    assert set(questions.shown) < set(seeds)


def test_seeds_with_the_same_words_share_one_question():
    (one, *_) = seed_tasks.read(seed_tasks.shipped())
    asked = []
    questions = asked_all([replace(one, id=f"s{n}") for n in range(5)], lambda number: asked.append(number) or "Yes")

    assert asked == [0]
    assert questions.facts()["on_subject"] == 5


# Stops and resumes


def test_a_budget_that_ends_among_the_seeds_loses_nothing(tmp_path):
    answer = answering(lambda task: "No" if "river" in task else "Yes")
    path, manifest, _ = run(tmp_path, answer, terms=Terms(max_requests=50))
    assert manifest["status"] == "budget"
    assert (manifest["seeds"]["on_subject"], manifest["answers"]["seen"]) == (50, 0)

    path, manifest, backend = run(tmp_path, answer)
    whole, _, _ = run(tmp_path, answer, name="whole")
    assert manifest["status"] == "complete"
    assert max(backend.asked.values()) == 1
    for name in (EXAMPLES, DROPPED):
        assert (path / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.parametrize("in_flight", [1, 3, 64])
def test_how_many_requests_are_in_flight_does_not_change_the_rows(tmp_path, in_flight):
    answer = answering(lambda task: "No" if "river" in task else "Yes")
    one, _, _ = run(tmp_path, answer, terms=Terms(concurrency=in_flight))
    other, _, _ = run(tmp_path, answer, name="other")

    assert (one / EXAMPLES).read_bytes() == (other / EXAMPLES).read_bytes()
    assert (one / DROPPED).read_bytes() == (other / DROPPED).read_bytes()


def test_the_estimate_counts_the_questions():
    plan = {"seeds": seed_tasks.shipped(), "model": "m", "target": 90}
    without, with_subject = estimate(Plan(**plan)), estimate(Plan(**plan, domain=RIVERS))

    assert with_subject.requests == without.requests + 100 + 175
    assert with_subject.tokens > without.tokens


# As a user runs it


def demo(ift_build, tmp_path, *more, out="run"):
    return ift_build("bootstrap", "--model", "demo", "--target", 15, "--out", tmp_path / out, "--json", *more)


@pytest.mark.parametrize("options", [("--strategy", "use-cases"), ("--strategy", "evolve", "--rounds", 1, "--from")])
def test_seeds_that_no_prompt_shows_are_not_asked_about(tmp_path, ift_build, options):
    dataset = tmp_path / "dataset.jsonl"
    dataset.write_text(json.dumps({"instruction": "Name a loaf that is baked with rye.", "output": "Vollkornbrot"}))
    given = (*options, *([dataset] if "--from" in options else []), "--domain", "The work of a small bakery.")
    ran = demo(ift_build, tmp_path, *given)
    with open_to_read(tmp_path / "run" / JOURNAL) as asked:
        steps = Counter(step for step, _ in asked.requests().values())

    assert ran.code == 0
    assert "seeds" not in ran.result
    assert 0 < steps["on_subject"] < 100, "there are 175 seeds"
    assert "| subject | The work of a small bakery. |\n| random seed |" in (tmp_path / "run" / "README.md").read_text()


def test_a_file_and_the_same_words_as_text_are_the_same_run(tmp_path, ift_build):
    (tmp_path / "bakery.txt").write_text("\ufeff\n  The work of a small bakery.\n\n")
    from_file = demo(ift_build, tmp_path, "--domain", tmp_path / "bakery.txt")
    again = demo(ift_build, tmp_path, "--domain", "The work of a small bakery.")
    other = demo(ift_build, tmp_path, "--domain", "The work of a large bakery.")

    assert (from_file.code, again.code, other.code) == (0, 0, 1)
    assert from_file.result["tasks"]["dropped"]["off-subject"] > 0
    assert from_file.result["seeds"]["asked"] == 175
    assert again.result["requests"]["this_sitting"]["asked"] == 0
    assert json.loads((tmp_path / "run" / "settings.json").read_text())["domain"] == "The work of a small bakery."
    assert "domain" in other.err
    assert "The work of a small bakery." in (tmp_path / "run" / "README.md").read_text()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("bakery.txt", "no such file"),
        ("./bakery", "no such file"),
        (".", "is a folder"),
        ("x" * 4001, "4,001 characters"),
    ],
)
def test_a_subject_that_cannot_be_meant_is_a_usage_error_and_leaves_nothing(tmp_path, ift_build, given, says):
    ran = demo(ift_build, tmp_path, "--domain", given)

    assert ran.code == 2
    assert says in ran.err
    assert not (tmp_path / "run").exists()


def test_a_file_that_is_no_text_is_a_usage_error(tmp_path, ift_build):
    (tmp_path / "bakery.png").write_bytes(b"\x89PNG\xff\xfe")
    ran = demo(ift_build, tmp_path, "--domain", tmp_path / "bakery.png")

    assert ran.code == 2
    assert "is not text in UTF-8" in ran.err


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_languages_and_a_subject_go_together_in_both_dresses(tmp_path, ift_build, api):
    ran = demo(ift_build, tmp_path, "--domain", "cooking", "--language", "de=2", "--language", "ja=1", "--api", api)

    assert ran.code == 0
    assert ran.result["tasks"]["kept"] == 15
    assert {row["source"]["language"] for row in rows_of(tmp_path / "run" / EXAMPLES)} == {"de", "ja"}
