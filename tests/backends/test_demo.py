"""The scripted model: its answers follow from the prompt, are right where they can be, and are spoilt on plan."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from ift_builder import assets, draws, jsonl
from ift_builder.backends.demo import DemoBackend, draw, library, proposing, reading, working_out
from ift_builder.backends.demo.operations import OPERATIONS
from ift_builder.errors import TemplateError
from ift_builder.records import Completion, Prompt, Turn
from ift_builder.screening import language
from ift_builder.screening.near_duplicate import NearDuplicates
from ift_builder.screening.wording import WordingScreens

if TYPE_CHECKING:
    from ift_builder.backends.demo.family import Family

SHOWN = [
    "Tell me whether the letter sounds friendly.",
    "Add the prices on the receipt and name the total.",
    "Give me three ideas for a rainy afternoon with two small children.",
    "Translate the notice into Spanish.",
    "Which of the two sentences is in the passive voice?",
    "Explain what a sinking fund is to somebody who never heard of it.",
    "Shorten the paragraph to one sentence.",
    "Write a limerick about a lazy cat and the postman.",
]
EXAMPLES_OF_A_PROMPT = "Task: Sort the boxes.\nOutput: small, large\n\n"

LIBRARY = library.load()
EVERY_WORDING = [(family, wording) for family in LIBRARY.families.values() for wording in family.wordings]


def answered(prompts: list[Prompt]) -> list[Completion]:
    async def ask() -> list[Completion]:
        backend = DemoBackend()
        answers = [await backend.complete(prompt) for prompt in prompts]
        await backend.aclose()
        return answers

    return asyncio.run(ask())


def proposal(number: int = 0, shown: list[str] | None = None, api: str = "chat") -> Prompt:
    tasks = "\n".join(f"{n}. {task}" for n, task in enumerate(shown or SHOWN, start=1))
    text = f"A collection of tasks:\n\n{tasks}\n" + ("9." if api == "completions" else "\nPlease go on, 9 to 16.")
    return Prompt("propose", (Turn("system", "You invent tasks."), Turn("user", text)), "demo", api=api, draw=number)


def question(purpose: str, task: str, number: int = 0, api: str = "chat") -> Prompt:
    ending = "\nIs it classification?" if purpose == "classify" else ""
    text = f"{EXAMPLES_OF_A_PROMPT}Task: {task}{ending}"
    return Prompt(purpose, (Turn("user", text),), "demo", api=api, draw=number)


def rng(*name: str | int):
    return draws.stream(5, "test", *name)


def drawn(number: int, family: Family, place: int) -> str:
    """The `number`-th instruction of a wording, with the context that it may have."""
    source = rng(family.name, place, number)
    wording = family.wordings[place]
    return LIBRARY._context.around(wording.draw(source), family, wording, source)


@lru_cache(maxsize=1)
def thousand_proposals() -> list[Completion]:
    return answered([proposal(number) for number in range(1000)])


def items(answer: Completion) -> list[str]:
    return [item.strip() for item in re.split(r"^\W*\d+[.)]\**", answer.text, flags=re.MULTILINE)[1:]]


# A function of the prompt


def test_the_same_prompts_in_any_order_get_the_same_answers():
    prompts = [proposal(number) for number in range(20)]
    prompts += [question("instances_input_first", f"What is {n} plus 250?") for n in range(100, 120)]

    assert answered(prompts) == answered(prompts[::-1])[::-1]


def test_another_process_with_another_hash_seed_gives_the_same_answers():
    script = (
        "import sys, asyncio; from ift_builder.backends.demo import DemoBackend\n"
        "from ift_builder.records import Prompt, Turn\n"
        "text = '1. Sort the list of boats by length.\\n2. Name a fruit that is green.\\n3.'\n"
        "ask = lambda n: DemoBackend().complete(Prompt('propose', (Turn('user', text),), 'demo', draw=n))\n"
        "sys.stdout.buffer.write(''.join(asyncio.run(ask(n)).text for n in range(12)).encode())\n"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1
    assert len(texts.pop()) > 2000


def test_an_answer_names_its_prompt_its_model_and_its_words():
    prompt = proposal(1)
    (answer,) = answered([prompt])

    assert (answer.key, answer.model, answer.finish_reason) == (prompt.key, "demo", "stop")
    assert answer.usage.completion_tokens == len(answer.text.split())
    assert answer.usage.prompt_tokens > 50


def test_an_unknown_purpose_gets_a_short_text():
    (answer,) = answered([Prompt("rate", (Turn("user", "How good is this?"),), "demo")])

    assert 0 < len(answer.text) < 100


# Proposals


def test_a_list_goes_on_after_the_tasks_that_the_prompt_shows():
    for answer in answered([proposal(number) for number in (0, 2)]):
        assert answer.text.startswith("9. ")
        assert len(items(answer)) in range(6, 11)


def test_a_continuation_begins_with_the_task_itself_and_numbers_the_next_one_10():
    answer = answered([proposal(2, api="completions")])[0].text

    assert re.match(r" \S.*\n10\. ", answer)


def test_a_model_that_only_continues_does_not_apologise():
    texts = {answer.text for answer in answered([proposal(number, api="completions") for number in range(200)])}

    assert not any("sorry" in text or "apologise" in text for text in texts)
    assert texts >= set(LIBRARY.conduct["propose"]["no_list_continuations"])


@pytest.mark.parametrize(
    ("text", "tasks", "next_number"),
    [
        ("1. a\n2. b\n\nGo on with 3.", ["a", "b"], 3),
        ("Rules:\n1. Be brief.\n2. Be kind.\n\nTasks:\n1. a\n2. b\n3. c\n4.", ["a", "b", "c"], 4),
        ("1. a\nsecond line\n2. 7. is a number\n3.", ["a", "7. is a number"], 3),
        ("no list", [], 9),
    ],
)
def test_shown_tasks_are_the_last_list_that_counts_up_from_one(text, tasks, next_number):
    assert reading.shown_tasks(text) == reading.Shown(tasks, next_number)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Task: one\nOutput: x\n\nTask: two", "two", "two"),
        ("Task: one\n\nTask: two\nIs it classification?", "two\nIs it classification?", "two"),
        ("Task: two\n\nAnswer Yes or No.", "two", "two"),
        ("Task: first line\nsecond line\n", "first line\nsecond line", "first line"),
        ("Task: first\n\n  1. a\n    2. b\nIs it?", "first\n\n1. a\n  2. b", "first"),
        ("nothing marked", "nothing marked", "nothing marked"),
    ],
)
def test_the_task_in_question_stands_after_the_last_mark(text, first, last):
    found = reading.asked_task(text)

    assert (found[0], found[-1]) == (first, last)


def test_a_prompt_that_holds_no_task_at_all_is_answered():
    for purpose in ("propose", "classify", "instances_input_first", "instances_output_first"):
        (answer,) = answered([Prompt(purpose, (Turn("user", ""),), "demo", draw=1)])
        assert isinstance(answer.text, str)


def test_answers_are_spoilt_in_each_way_as_often_as_planned():
    answers = thousand_proposals()
    ends = [[int(n) for n in re.findall(r"^(\d+)\.", answer.text, re.MULTILINE)] for answer in answers]
    seen = {
        "cut": sum(answer.was_cut for answer in answers),
        "empty": sum(not answer.text for answer in answers),
        "no_list": sum(bool(answer.text) and not re.match(r"\W*9", answer.text) for answer in answers),
        "parenthesis": sum(answer.text.startswith("9) ") for answer in answers),
        "bold_number": sum(answer.text.startswith("**9.** ") for answer in answers),
        "skipped_number": sum(numbers[:2] == [9, 11] for numbers in ends),
    }
    planned = LIBRARY.conduct["propose"]["answers"]

    assert seen == {name: pytest.approx(1000 * planned[name], rel=0.1) for name in seen}
    assert seen.keys() == planned.keys()


def test_every_36_proposals_in_a_row_hold_an_empty_answer_one_without_a_list_and_one_that_is_cut():
    answers = thousand_proposals()
    for start in range(0, 960, 10):
        some = answers[start : start + 36]
        assert any(answer.was_cut for answer in some)
        assert any(not answer.text for answer in some)
        assert any(answer.text and "9" not in answer.text[:4] for answer in some)


def test_tasks_are_spoilt_in_each_way_as_often_as_planned():
    screens, seen, total = WordingScreens(), Counter(), 0
    near = NearDuplicates()
    for number, text in enumerate(SHOWN):
        near.admit(text, str(number))
    for answer in thousand_proposals():
        for item in items(answer)[: -1 if answer.was_cut else None]:
            total += 1
            verdict = screens.judge(item)[-1]
            seen[verdict.reason or near.judge(item).reason] += 1
    planned = LIBRARY.conduct["propose"]["tasks"]
    reasons = {
        "too-short": "too_short",
        "too-long": "too_long",
        "beyond-text": "unsuitable",
        "unwanted-opening": "program",
        "leading-mark": "punctuation",
        "near-duplicate": "near_duplicate",
    }

    assert set(seen) == {"", *reasons}
    for reason, name in reasons.items():
        assert seen[reason] / total == pytest.approx(planned[name], rel=0.25), reason


def test_a_near_duplicate_of_a_shown_task_has_one_word_changed_or_added():
    conduct = LIBRARY.conduct["propose"]
    for number, task in enumerate(SHOWN):
        changed = proposing._near_duplicate(task, conduct, rng("near", number))
        assert changed != task
        assert abs(len(changed.split()) - len(task.split())) <= 2
        assert len(set(task.split()) - set(changed.split())) <= 1


def test_evenly_spread_points_meet_a_share_of_a_tenth_once_or_twice_in_any_ten():
    for start in range(0, 2000, 7):
        hits = sum(draw.spread(number) < 0.1 for number in range(start, start + 10))
        assert hits in (0, 1, 2)
    assert sum(draw.spread(number) < 0.1 for number in range(10_000)) == pytest.approx(1000, abs=3)


def test_a_task_in_each_of_nine_other_languages_turns_up():
    texts = "\n".join(answer.text for answer in thousand_proposals())
    for signs in ("은 얼마", "ですか", "多少", "احسب", "उत्तर", "Сколько", "¿Cuánto", "Calculez", "Gegenteil"):
        assert signs in texts


# The space of tasks


def test_there_are_more_than_a_hundred_families_and_an_eighth_of_them_is_classification():
    families = LIBRARY.families.values()

    assert len(families) > 100
    assert sum(family.is_classification for family in families) >= len(families) / 8


def test_the_space_of_instructions_is_larger_than_200_000_by_the_birthday_estimate():
    count = 6000
    seen = Counter(LIBRARY.propose(rng("birthday", number)) for number in range(count))
    pairs = sum(times * (times - 1) // 2 for times in seen.values())

    assert count * (count - 1) / 2 / max(1, pairs) > 200_000


def test_more_than_two_fifths_of_what_is_proposed_pass_the_screens_when_3000_tasks_are_kept():
    screens, near = WordingScreens(), NearDuplicates()
    for _, seed in jsonl.read(assets.path("seeds", "seed_tasks.jsonl")):
        near.admit(seed["instruction"], seed["id"])
    target = len(near) + 3000
    seen = 0
    for answer in thousand_proposals():
        for item in items(answer):
            seen += 1
            if all(verdict.kept for verdict in screens.judge(item)) and near.judge(item).kept:
                near.admit(item, str(seen))
        if len(near) >= target:
            break

    assert len(near) >= target
    assert 3000 / seen > 0.5


# Families


@pytest.mark.parametrize(
    ("family", "place"),
    [(family, place) for family in LIBRARY.families.values() for place in range(len(family.wordings))],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_family_knows_its_own_instructions_and_answers_them(family, place):
    for number in range(12):
        instruction = drawn(number, family, place)
        known = LIBRARY.recognise(instruction)
        assert known is not None, instruction
        assert known[0].name == family.name, instruction
        made = family.instances(known[1], rng("instances", number))
        assert 1 <= len(made) <= 3
        for instance in made:
            assert instance.output.strip(), instruction
            assert instance.output != instance.input, instruction
        assert len({instance.input for instance in made}) == len(made)


def test_texts_are_fit_for_the_screens_and_have_no_open_gaps_and_the_right_article():
    screens = WordingScreens()
    for family, wording in EVERY_WORDING:
        for number in range(6):
            instruction = drawn(number, family, family.wordings.index(wording))
            assert all(verdict.kept for verdict in screens.judge(instruction)), instruction
            values = LIBRARY.recognise(instruction)[1]
            instances = family.instances(values, rng("text", number))
            whole = "\n".join([instruction, *(text for one in instances for text in (one.input, one.output))])
            assert not re.search(r"\{\^?[a-z_.]+\d?\}", whole), whole
            assert not re.search(r"\b[Aa] (?!euro|one)[aeio][a-z]{2}", whole), whole


def test_what_is_worded_in_a_language_is_in_it_and_what_is_not_asked_for_stays_as_it_was():
    for family, wording in EVERY_WORDING:
        for number in range(6):
            instruction = drawn(number, family, family.wordings.index(wording))
            assert language.judge(instruction, family.language).kept, instruction
    assert all(family.weight == 0 for family in LIBRARY.families.values() if family.name.endswith("_purchase"))


def test_english_instructions_begin_with_a_capital_or_a_number():
    for family, wording in EVERY_WORDING:
        instruction = drawn(1, family, family.wordings.index(wording))
        if family.takes_context:
            assert instruction[0].isupper() or instruction[0].isdigit(), instruction


def test_context_is_told_apart_from_the_task():
    context = LIBRARY._context
    for number, sentence in enumerate([*context._before, *context._after]):
        text = sentence.draw(rng("context", number))
        assert text.endswith(".")
        assert not re.search(r"[.?!]", text[:-1]), text


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("What is 347 plus 1209?", "1556"),
        ("By how much does 5000 exceed 4321?", "679"),
        ("Calculate 100 + 12 * 11.", "232"),
        ("Solve for x: x + 1200 = 5001", "3801"),
        ("What is 15% of 60?", "9"),
        ("What remains of 50 euros after a reduction of 5% on posters?", "47.50 euros"),
        ("Divide 100 posters between 7 rowers from Oslo and give the remainder too.", "14"),
        ("Give the least common multiple of 4 and 6.", "12"),
        ("What is the greatest common divisor of 24 and 90?", "6"),
        ("Convert 3 weeks to days.", "21 days"),
        ("Turn 37 °C into degrees Fahrenheit for Ines, who lives in Oslo.", "98.6"),
        ("Write 1994 in Roman numerals.", "MCMXCIV"),
        ("Spell out 21005 in English words.", "twenty-one thousand and five"),
        ("Spell out 99999 in English words.", "ninety-nine thousand nine hundred and ninety-nine"),
        ("Convert 10 to binary.", "1010"),
        ("What is the arithmetic mean of 1, 2, 3 and 5?", "2.75"),
        ("What is the arithmetic mean of 20, 20, 21 and 21?", "20.5"),
        ("What is the arithmetic mean of 1, 1 and 2?", "1.33"),
        ("Determine the median: 9, 1, 5, 7", "6"),
        ("What date is 2 days after 28 February 2024?", "1 March 2024"),
        ("Which date lies 1 days before 1 January 2020?", "31 December 2019"),
        ("How many days lie between 1 March 2023 and 1 March 2024?", "366"),
        ("Name the weekday of 20 July 1969.", "Sunday"),
        ("Write 5 March 2009 in the form YYYY-MM-DD.", "2009-03-05"),
        ("Write 0:05 on the 12-hour clock.", "12:05 a.m."),
        ("Write 12:05 on the 12-hour clock.", "12:05 p.m."),
        ("The ferry to Oslo leaves at 23:30 and takes 45 minutes. When does it arrive?", "0:15"),
        ("Put these dates in order, earliest first: 1 May 2020; 2 May 2019", "2 May 2019; 1 May 2020"),
        ("Sort these words alphabetically: zebra, acorn, meadow.", "acorn, meadow, zebra"),
        ('Move each letter of "zebra anchor" 3 places forward in the alphabet.', "cheud dqfkru"),
        ('Write "zebra anchor meadow" in snake_case.', "zebra_anchor_meadow"),
        ("Which word does not belong: apple, owl, pear, plum?", "owl"),
        ("Is 91 a prime number? Answer Yes or No.", "No"),
        ("Is 97 a prime number? Answer Yes or No.", "Yes"),
        ("Did or does the year 1900 have a 29 February? Answer Yes or No.", "No"),
        ("Did or does the year 2000 have a 29 February? Answer Yes or No.", "Yes"),
        ("Is 84 a multiple of 9? Reply with Yes or No.", "No"),
        ("Oslo: 5 mm, Lima: 50 mm, Riga: 7 mm. Where did it rain most?", "Lima"),
        ("What does 17 % 5 give in Python?", "2"),
        ("What does the Python expression max([3, 11, 7]) return?", "11"),
        ("Which has more protons, iron or gold?", "Gold"),
        ("Which planet is closer to the sun, Mars or Earth? The choir has a bet on it.", "Earth"),
        ("请计算5460减去327等于多少。", "5133"),
        ("احسب مجموع العددين 12 و 30.", "42"),
    ],
)
def test_answers_are_right(task, answer):
    family, values = LIBRARY.recognise(task)
    for number in range(12):
        (instance,) = family.instances(values, rng("right", number))
        assert re.search(rf"(?<![\w.]){re.escape(answer)}(?!\w)", instance.output)
        assert len(instance.output) < 80


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("The radio in Oslo asks its listeners something every Friday at 9:05. What is 2 plus 3?", "5"),
        ("What is 2 plus 3? No hurry, Friday is early enough for Olga.", "5"),
        ("The train to Oslo is 9 minutes late, so let us pass the time. What is 2 plus 3? Be quick.", "5"),
    ],
)
def test_an_answer_does_not_depend_on_the_context(task, answer):
    family, values = LIBRARY.recognise(task)

    assert answer in family.instances(values, rng("context"))[0].output


def test_inputs_that_are_made_up_hold_what_the_output_says_of_them():
    task = "Find the date in the message about the zoo in Oslo."
    family, values = LIBRARY.recognise(task)
    for number in range(50):
        for instance in family.instances(values, rng("date", number)):
            assert re.fullmatch(r"\d+ [A-Z][a-z]+ \d{4}", instance.output)
            assert instance.output in instance.input


def test_numbers_in_an_input_come_out_sorted():
    family, values = LIBRARY.recognise("Order the scores of the choir from the lowest to the highest.")
    for number in range(50):
        for instance in family.instances(values, rng("sort", number)):
            given = [int(n) for n in instance.input.split(", ")]
            assert instance.output == ", ".join(map(str, sorted(given)))


def test_a_label_that_is_worked_out_is_right():
    family, values = LIBRARY.recognise("Tell Olga at the zoo whether the number is Even or Odd.")
    for number in range(50):
        for instance in family.instances(values, rng("even", number)):
            assert instance.output == ("Odd" if int(instance.input) % 2 else "Even")


def test_both_labels_of_a_review_come_up():
    family, values = LIBRARY.recognise("Read the opinion on the choir and answer with Positive or Negative.")
    labels = Counter(one.output for number in range(60) for one in family.instances(values, rng("mood", number)))

    assert set(labels) == {"Positive", "Negative"}
    assert min(labels.values()) / labels.total() > 0.35


def test_every_operation_is_used_by_a_family():
    used = {step[0] for family in LIBRARY.families.values() for case in family._cases for _, step in case._steps}

    assert used == set(OPERATIONS)


# Is it classification?


def test_nine_in_ten_judgements_are_yes_or_no_and_right():
    right = unusable = 0
    tasks = [(drawn(number, family, 0), family) for family in LIBRARY.families.values() for number in range(8)]
    answers = answered([question("classify", task) for task, _ in tasks])
    for (_, family), answer in zip(tasks, answers, strict=True):
        said = re.match(r"(?i)(yes|no)\b", answer.text)
        unusable += said is None
        right += said is not None and (said[1].lower() == "yes") == family.is_classification

    assert right / len(tasks) > 0.9
    assert 0.01 < unusable / len(tasks) < 0.06


def test_a_continued_judgement_begins_with_a_space():
    (answer,) = answered([question("classify", "Is 97 a prime number? Answer Yes or No.", 3, api="completions")])

    assert answer.text.startswith(" ")


# Instances


def made(task: str, number: int, *, output_first: bool = False) -> Completion:
    purpose = "instances_output_first" if output_first else "instances_input_first"
    return answered([question(purpose, task, number)])[0]


def test_a_task_that_needs_no_input_has_only_an_output():
    texts = Counter(made("What is 2 plus 3?", number).text for number in range(40))

    assert {text for text, times in texts.items() if times > 6} == {"Output: 5", "Output: 2 + 3 = 5"}


def test_a_task_with_an_input_has_numbered_examples():
    texts = [made("Order the scores of the choir from the lowest to the highest.", number).text for number in range(40)]
    clean = [
        text for text in texts if re.match(r"Example 1\nInput: [\d, ]+\nOutput: [\d, ]+(\nExample 2\nInput|$)", text)
    ]

    assert len(clean) > 20


def test_a_classification_task_has_its_label_before_its_input():
    task = "Tell Olga at the zoo whether the number is Even or Odd."
    texts = [made(task, number, output_first=True).text for number in range(40)]

    assert sum(bool(re.match(r"Class label: (Even|Odd)\nInput: \d+", text)) for text in texts) > 25


def test_a_label_is_one_line_even_where_the_task_was_mistaken_for_classification():
    task = "Ines mixed up oak, saw, drill and birch. Put together what is a tool and what is a tree."
    texts = [made(task, number, output_first=True).text for number in range(20)]

    assert "Class label: Tool: saw, drill Tree: oak, birch" in texts
    assert all("\nTree" not in text for text in texts)


def test_a_continuation_with_instances_begins_on_a_new_line():
    (answer,) = answered([question("instances_input_first", "What is 2 plus 3?", 1, api="completions")])

    assert answer.text.startswith("\nOutput: ")


def test_instances_are_spoilt_in_each_way_as_often_as_planned():
    task = "Order the scores of the choir from the lowest to the highest."
    readings, conduct = [task], LIBRARY.conduct["instances"]
    seen = Counter()
    for number in range(1000):
        source = rng("spoilt", number)
        instances = working_out.instances(LIBRARY, readings, source)
        text, cut = working_out.answer(LIBRARY, instances, output_first=False, rng=source)
        outputs = re.findall(r"Output: ?(.*)", text)
        inputs = re.findall(r"Input: ?(.*)", text)
        pairs = list(zip(inputs, outputs, strict=False))
        seen["cut"] += cut
        seen["no_format"] += text in conduct["no_format_texts"]
        seen["preface"] += any(text.startswith(preface) for preface in conduct["prefaces"])
        seen["bold_labels"] += "**Input:**" in text
        if not cut:
            seen["empty_output"] += "" in outputs
            seen["equals_input"] += any(given == output for given, output in pairs)
            seen["ends_in_colon"] += any(output.endswith(":") for output in outputs)
            seen["repeated"] += len(set(pairs)) < len(pairs)
            seen["two_outputs"] += len(set(pairs)) == len(pairs) > len(set(inputs))
    planned = conduct["with_input"]

    assert seen.keys() == planned.keys()
    for name, times in seen.items():
        assert times == pytest.approx(1000 * planned[name], abs=22), name


def test_a_task_that_is_none_of_ours_gets_advice_and_no_invented_facts():
    task = "Compare two poems of your choice about the sea."
    given = {instance.output for n in range(9) for instance in working_out.instances(LIBRARY, [task], rng(n))}

    assert given <= set(LIBRARY.conduct["instances"]["unknown_task_outputs"])


# The files


@pytest.mark.parametrize(
    "spec",
    [
        {"wordings": ["What is {nothing}?"], "output": "x"},
        {"wordings": ["What?"], "output": "{nothing}"},
        {"wordings": ["What is {n}?"], "slots": {"n": {"int": [1]}}, "output": "x"},
        {"wordings": ["What is {n}?"], "slots": {"n": 7}, "output": "x"},
        {"wordings": ["What?"], "let": {"x": ["no_such_operation", 1]}, "output": "{x}"},
        {"wordings": ["What?"]},
        {"output": "x"},
        ["not", "a", "mapping"],
    ],
    ids=["gap", "output", "range", "kind", "operation", "no output", "no wordings", "list"],
)
def test_a_family_that_cannot_work_is_refused_at_load_with_its_place(spec, tmp_path):
    with pytest.raises(TemplateError) as caught:
        library._family("broken", spec, LIBRARY.lists, tmp_path / "some.yaml")

    assert str(tmp_path / "some.yaml") in caught.value.where
    assert "broken" in caught.value.where


def test_a_file_that_is_no_mapping_or_not_yaml_or_not_there_is_refused(tmp_path):
    for name, text in (("list.yaml", "- a"), ("broken.yaml", "a: [")):
        (tmp_path / name).write_text(text)
        with pytest.raises(TemplateError):
            library._read(tmp_path / name)
    with pytest.raises(TemplateError):
        library._read(tmp_path / "nowhere.yaml")
