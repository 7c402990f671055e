"""Growing in one language or several: what is asked, shown and kept."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ift_builder import draws, languages
from ift_builder.bootstrap import strategies
from ift_builder.bootstrap.growth import Growth
from ift_builder.bootstrap.pool import Pool, PoolTask
from ift_builder.bootstrap.rows import Rows
from ift_builder.bootstrap.shares import language_of
from ift_builder.bootstrap.strategies import REGISTRY, Candidate, Manner, Proposal
from ift_builder.formats import seed_tasks
from ift_builder.records import Completion, Example, Instance, SeedTask
from ift_builder.runs import DROPPED, EXAMPLES
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.files import rows_of
from tests.ten_languages import TEN

OTHERS = dict(zip(TEN, [*list(TEN)[1:], next(iter(TEN))], strict=True))
"""For each language another one."""


def grow(answer, shares, *, order=lambda waiting: 0, target=20, patience=40):
    """A growth over scripted answers from the shipped seeds, and its rows."""
    strategy = strategies.load("self-instruct", Manner("m"))
    seeds = seed_tasks.read(seed_tasks.shipped())
    near = NearDuplicates()
    near.admit_all((task.instruction, task.id) for task in seeds)
    growth = Growth(
        strategy,
        Pool(seeds, 0),
        TaskScreens(WordingScreens(), near),
        target=target,
        patience=patience,
        note=lambda *_: None,
        language_of=language_of(shares, 0),
    )
    waiting = []
    while True:
        while (prompt := growth.next_prompt()) is not None:
            waiting.append(prompt)
        if not waiting:
            return growth, Rows(growth, strategy, "m")
        prompt = waiting.pop(order(waiting))
        growth.receive(prompt, Completion(prompt.key, answer(prompt), "stop"))


def in_turn(code):
    """A model that writes good tasks, then the same with other ends, then tasks in another language, and so on."""
    lists = (TEN[code], [text[:-2] for text in TEN[code]], TEN[OTHERS[code]])

    def answer(prompt):
        if prompt.purpose == "propose":
            texts = lists[prompt.draw % len(lists)]
            return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=9))
        return "No" if prompt.purpose == "classify" else f"Output: {TEN[code][0]}"

    return answer


@pytest.mark.parametrize("code", TEN)
def test_a_run_in_a_language_keeps_what_is_good_and_drops_near_duplicates_and_other_languages(code):
    growth, rows = grow(in_turn(code), {code: 1.0})
    rows_made = list(rows)
    kept = [row for row in rows_made if isinstance(row, Example)]
    dropped = [row for row in rows_made if not isinstance(row, Example)]
    wrong = [row for row in dropped if row.reason == "wrong-language"]
    near = [row for row in dropped if row.reason == "near-duplicate"]

    assert growth.status == "saturated"
    assert [row.instruction for row in kept] == TEN[code]
    assert {row.source.language for row in rows_made} - {""} == {code}
    assert {row.text for row in wrong} == set(TEN[OTHERS[code]])
    assert all(row.evidence["wanted"] == code for row in wrong)
    assert all(row.evidence["found"] in languages.same_as(OTHERS[code]) for row in wrong)
    assert {text[:-2] for text in TEN[code]} <= {row.text for row in near}
    assert len(kept) + len(wrong) + len(near) == rows.tallies["task"].seen == 8 * len(growth.rounds)
    for tally in rows.tallies.values():
        assert tally.seen == tally.kept + sum(tally.dropped.values()) + tally.open


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_the_rows_of_two_languages_do_not_depend_on_the_order_in_which_answers_arrive(seed):
    def answer(prompt):
        code = "de" if "German" in prompt.messages[-1].content else "ja"
        if prompt.purpose != "propose":
            return in_turn(code)(prompt)
        good, near, wrong = (
            TEN[code][prompt.draw % 8],
            TEN[code][(prompt.draw + 3) % 8][:-2],
            TEN["fr"][prompt.draw % 8],
        )
        return f"9. {good}\n10. {near}\n11. {wrong}"

    random = draws.stream(seed, "arrival")
    shares = {"de": 0.5, "ja": 0.5}
    _, in_order = grow(answer, shares, target=12)
    _, shuffled = grow(answer, shares, target=12, order=lambda waiting: random.randrange(len(waiting)))
    whole = list(in_order)

    assert list(shuffled) == whole
    assert {row.source.language for row in whole if isinstance(row, Example)} == {"de", "ja"}


def test_languages_are_asked_for_by_their_shares_in_whatever_order_these_stand():
    drawn = [language_of({"de": 0.6, "ja": 0.3, "pt-BR": 0.1}, 7)(number) for number in range(2000)]
    counts = Counter(drawn)

    assert counts["de"] == pytest.approx(1200, abs=70)
    assert counts["ja"] == pytest.approx(600, abs=70)
    assert counts["pt-BR"] == pytest.approx(200, abs=70)
    assert drawn == [language_of({"pt-BR": 0.1, "ja": 0.3, "de": 0.6}, 7)(number) for number in range(2000)]
    assert drawn != [language_of({"de": 0.6, "ja": 0.3, "pt-BR": 0.1}, 8)(number) for number in range(2000)]
    assert language_of({}, 7)(0) == ""


def test_every_step_of_self_instruct_names_the_language_and_without_one_none_does():
    for api in ("chat", "completions"):
        assert all("Brazilian Portuguese" in text for text in _said(api, "pt-BR"))
        assert not any("Language" in text for text in _said(api, ""))


def _said(api, language):
    """The texts of a proposal and of both kinds of instances."""
    strategy = strategies.load("self-instruct", Manner("m", api))
    yield strategy.propose(Proposal(0, (PoolTask("s", "Sing."),) * 8, language)).messages[-1].content
    for kind in ("Yes", "No"):
        steps = strategy.develop(Candidate("Sing.", language=language))
        classify = next(steps)
        yield steps.send(Completion(classify.key, kind, "stop")).messages[-1].content


@pytest.mark.parametrize("name", REGISTRY)
def test_the_proposals_of_every_strategy_name_the_language_in_english(name):
    strategy = strategies.load(name, Manner("m"))
    pool = Pool(seed_tasks.read(seed_tasks.shipped()), 0).then(0, "de")
    prompt = strategy.propose(Proposal(0, tuple(strategy.choose(pool, 0)), "de"))

    assert any("German" in turn.content for turn in prompt.messages)


# What is shown


def seed(id, language):
    return SeedTask(id, id, f"{id}?", (Instance("", "x"),), is_classification=False, language=language)


def shown(pool, kept, language, number=0):
    return [task.id for task in pool.then(kept, language).sample(number, 8, machine=2)]


def test_seeds_of_the_language_are_shown_first_and_others_fill_up():
    pool = Pool([seed(f"en{n}", "en") for n in range(40)] + [seed(f"de{n}", "de-AT") for n in range(3)], 0)
    for number in range(20):
        ids = shown(pool, 0, "de", number)
        assert {"de0", "de1", "de2"} < set(ids)
        assert len(set(ids)) == 8


def test_enough_seeds_of_the_language_are_all_that_is_shown_and_they_vary():
    pool = Pool([seed(f"en{n}", "en") for n in range(40)] + [seed(f"de{n}", "de") for n in range(20)], 0)
    sets = {frozenset(shown(pool, 0, "de", number)) for number in range(10)}

    assert all(one.startswith("de") for ids in sets for one in ids)
    assert len(sets) == 10


def test_machine_made_tasks_of_the_language_are_shown_once_there_are_two():
    pool = Pool([seed(f"en{n}", "en") for n in range(40)], 0)
    for number, language in enumerate(["ja", "de", "ja", "ja", "de", "ja"]):
        pool.add(PoolTask(f"m{number}{language}", "x", language=language))
    for number in range(20):
        machine = [one for one in shown(pool, 5, "de", number) if one.startswith("m")]
        assert sorted(machine) == ["m1de", "m4de"]
        assert sum(one.startswith("m") for one in shown(pool, 4, "de", number)) == 2


def test_without_a_language_the_draw_is_what_it_was():
    pool = Pool([seed(f"s{n}", "de" if n % 2 else "en") for n in range(40)], 3)
    random = draws.stream(3, "show", 5)
    expected = [f"s{n}" for n in random.sample(range(40), 8)]
    random.shuffle(expected)

    assert shown(pool, 0, "", 5) == expected


# As a user runs it


def test_the_demo_writes_german_and_what_it_writes_in_english_is_dropped(tmp_path, ift_build):
    run = ["bootstrap", "--model", "demo", "--target", 30, "--out", tmp_path / "run", "--json"]
    ran = ift_build(*run, "--language", "de")
    wrong = [row for row in rows_of(tmp_path / "run" / DROPPED) if row["reason"] == "wrong-language"]

    assert ran.code == 0
    assert ran.result["tasks"]["kept"] == 30
    assert {row["source"]["language"] for row in rows_of(tmp_path / "run" / EXAMPLES)} == {"de"}
    assert {row["evidence"]["found"] for row in wrong} == {"en"}
    saved = json.loads((tmp_path / "run" / "settings.json").read_text())
    assert saved["languages"] == {"de": 1.0}
    assert saved["language_identifier"] == languages.identifier()
    assert "language: [de]" in (tmp_path / "run" / "README.md").read_text()
    assert ift_build(*run, "--language", "ja").code == 1


@pytest.mark.parametrize("code", TEN)
def test_the_demo_has_twenty_tasks_in_each_of_ten_languages(tmp_path, ift_build, code):
    out = tmp_path / "run"
    ran = ift_build(
        *("bootstrap", "--model", "demo", "--target", 20, "--language", code, "--out", out, "--json", "--no-report")
    )

    assert ran.result["status"] == "complete"
    for level in ("answers", "tasks", "instances"):
        counts = ran.result[level]
        assert counts["seen"] == counts["kept"] + sum(counts["dropped"].values())


def test_a_run_without_a_language_knows_nothing_of_them(tmp_path, ift_build):
    ift_build("bootstrap", "--model", "demo", "--target", 3, "--out", tmp_path / "run")
    saved = json.loads((tmp_path / "run" / "settings.json").read_text())

    assert not {"languages", "language_identifier", "domain"} & saved.keys()
    assert "language:" not in (tmp_path / "run" / "README.md").read_text()


def test_with_the_screen_off_any_language_is_kept_even_one_that_cannot_be_told(tmp_path, ift_build):
    run = ["bootstrap", "--model", "demo", "--target", 10, "--out", tmp_path / "run", "--language", "chr", "--json"]
    refused = ift_build(*run)
    ran = ift_build(*run, "--no-screen", "language")

    assert refused.code == 2
    assert "--no-screen language" in refused.err
    assert ran.result["tasks"]["kept"] == 10
    assert "language_identifier" not in json.loads((tmp_path / "run" / "settings.json").read_text())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["klingonisch"], "not the code of a language"),
        (["de=0.5", "ja"], "to all languages or to none"),
        (["de=0"], "above 0"),
        (["de=half"], "above 0"),
        (["de=inf"], "above 0"),
        (["de=nan"], "above 0"),
        (["de", "DE"], "stands twice"),
        ([""], "not the code of a language"),
    ],
)
def test_a_language_that_cannot_be_meant_is_a_usage_error_and_leaves_nothing(tmp_path, ift_build, given, says):
    options = [part for text in given for part in ("--language", text)]
    ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "run", *options)

    assert ran.code == 2
    assert says in ran.err
    assert not (tmp_path / "run").exists()


def test_shares_add_up_to_one_whatever_numbers_they_are_given_as(tmp_path, ift_build):
    options = ["--language", "ja=3", "--language", "pt-br=1"]
    ift_build("bootstrap", "--model", "demo", "--target", 2, "--out", tmp_path / "run", "--quiet", *options)

    assert json.loads((tmp_path / "run" / "settings.json").read_text())["languages"] == {"ja": 0.75, "pt-BR": 0.25}


def test_a_run_that_ends_because_the_model_writes_another_language_says_so(tmp_path, ift_build):
    out = ("--target", 20, "--patience", 40, "--out", tmp_path / "run", "--no-report")
    ran = ift_build("bootstrap", "--model", "demo", "--language", "nl", *out)

    assert ran.code == 0
    assert "mostly as wrong-language" in ran.out
    assert "More seeds" not in ran.out


@pytest.mark.parametrize(
    ("dropped", "says"),
    [({"off-subject": 40, "near-duplicate": 9}, "--domain"), ({"no-gain": 50}, "equal"), ({"cut": 60}, "completions")],
)
def test_a_run_of_tasks_that_come_to_nothing_hints_at_what_most_of_them_lack(tmp_path, dropped, says):
    from ift_builder.cli.growing_summary import why_barren
    from ift_builder.runs import Counts, Manifest

    lost = {"tasks": dropped, "answers": {"no-list": 3}}
    manifest = Manifest(levels={name: Counts(sum(each.values()), 0, each) for name, each in lost.items()})

    assert says in why_barren(tmp_path, manifest, "chat")
