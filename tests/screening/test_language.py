"""The language screen: good instructions stay, those in another language go, and doubt is in their favour."""

import pytest

from ift_builder import jsonl
from ift_builder.formats import seed_tasks
from ift_builder.screening import language
from ift_builder.screening.tasks import TaskScreens
from ift_builder.screening.wording import WordingScreens
from tests.ten_languages import TEN


@pytest.mark.parametrize("code", TEN)
def test_instructions_in_the_language_are_kept(code):
    assert [text for text in TEN[code] if not language.judge(text, code).kept] == []


@pytest.mark.parametrize("wanted", [*TEN, "en", "vi", "sw", "el"])
def test_instructions_in_any_other_language_are_dropped(wanted):
    others = [text for code, texts in TEN.items() if code != wanted for text in texts]

    assert [text for text in others if language.judge(text, wanted).kept] == []


def test_the_verdict_says_what_was_found_what_was_wanted_and_how_sure_that_is():
    verdict = language.judge("Explain to a child why the moon changes its shape.", "de")

    assert (verdict.screen, verdict.reason) == ("language", "wrong-language")
    assert verdict.evidence == {"found": "en", "wanted": "de", "confidence": pytest.approx(0.9, abs=0.1)}


def test_every_shipped_seed_is_in_its_language_and_in_no_other():
    seeds = seed_tasks.read(seed_tasks.shipped())

    assert [task.id for task in seeds if not language.judge(task.instruction, task.language).kept] == []
    kept = [task.id for task in seeds for wanted in ("de", "ru", "zh", "tr") if _is_kept(task, wanted)]
    assert kept == []


def _is_kept(task, wanted):
    return task.language != wanted and language.judge(task.instruction, wanted).kept


def test_real_english_instructions_are_kept(fixtures):
    paths = (fixtures / "near_duplicate" / "instructions.jsonl", fixtures / "self_instruct" / "seed_tasks.jsonl")
    texts = [row["instruction"] for path in paths for _, row in jsonl.read(path)]

    assert len(texts) > 3000
    assert [text for text in texts if not language.judge(text, "en").kept] == []


@pytest.mark.parametrize(
    ("instruction", "wanted"),
    [
        ("What is 2 plus 3?", "de"),  # too short to be sure
        ("12 + 30 = ?", "de"),
        ("Quicksort in Python?", "de"),
        ("print(sum(range(10)))", "de"),
        ("Übersetze „Good morning, how are you, and what would you like?“ ins Deutsche.", "de"),
        ("Was gibt `print(sorted(names, key=len, reverse=True))` aus?", "de"),
        ("```python\ndef first(words):\n    return words[0]\n```\nErkläre das.", "de"),
        ("Erkläre den Unterschied zwischen list comprehension und generator expression in Python.", "de"),
        ("Schreibe ein Gedicht im Stil von The Raven by Edgar Allan Poe.", "de"),
        ("「Where is the station, and when does the next train leave?」を訳せ。", "ja"),
        ("Koji je glavni grad Hrvatske i koliko ljudi živi u njemu?", "sr-Latn"),
        ("Kva heiter hovudstaden i Noreg, og kor mange bur der?", "nb"),
        ("Jelaskan mengapa bulan berubah bentuk setiap malam.", "id"),
        ("列舉三個反對興建環城公路的理由。", "zh-Hant"),
    ],
)
def test_doubt_is_in_an_instructions_favour(instruction, wanted):
    assert language.judge(instruction, wanted).kept


@pytest.mark.parametrize(
    ("instruction", "wanted"),
    [
        ("Sort the following words: Apfel, Birne, Pflaume, Tisch, Stuhl, Fenster", "de"),
        ("Explain the difference between Dativ and Akkusativ.", "de"),
        ("Explica por que a lua muda de forma ao longo do mês.", "es"),
        ("翻译成英文：今天天气很好。", "ja"),
        ("Translate «Доброе утро, как дела?» into English and explain each word.", "ru"),
    ],
)
def test_words_of_the_wanted_language_do_not_save_an_instruction_in_another(instruction, wanted):
    assert language.judge(instruction, wanted).reason == "wrong-language"


def test_without_a_language_and_with_the_screen_off_nothing_is_judged():
    text = "Explain to a child why the moon changes its shape."
    names = [verdict.screen for verdict in TaskScreens(WordingScreens(), None).judge(text)]

    assert "language" not in names
    assert "language" not in [
        verdict.screen for verdict in TaskScreens(WordingScreens(), None, tells_languages=False).judge(text, "de")
    ]


def test_the_screen_comes_after_wording_and_before_near_duplicates():
    class NothingIsNew:
        def judge(self, _):
            pytest.fail("a dropped instruction was compared")

    screens = TaskScreens(WordingScreens(), NothingIsNew())

    assert screens.judge("Sort these.", "de")[-1].reason == "too-short"
    assert screens.judge("Explain to a child why the moon changes.", "de")[-1].reason == "wrong-language"
