"""Codes of languages: how they are written, what they are called, which text is in which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder import languages
from ift_builder.errors import InputError
from tests.ten_languages import TEN


@pytest.mark.parametrize(
    ("code", "canonical", "name"),
    [
        ("de", "de", "German"),
        ("DE", "de", "German"),
        ("pt-br", "pt-BR", "Brazilian Portuguese"),
        ("zh-HANT", "zh-Hant", "Traditional Chinese"),
        ("zh-hant-tw", "zh-Hant-TW", "Chinese (Traditional, Taiwan)"),
        ("sr-latn", "sr-Latn", "Serbian (Latin)"),
        ("es-419", "es-419", "Latin American Spanish"),
        ("de-1996", "de", "German"),
        ("iw", "he", "Hebrew"),
        ("en-uk", "en-GB", "British English"),
        ("sw", "sw", "Swahili"),
        ("yue", "yue", "Cantonese"),
    ],
)
def test_a_code_is_written_as_bcp_47_does_and_has_an_english_name(code, canonical, name):
    assert languages.canonical(code) == canonical
    assert languages.english_name(code) == name


@pytest.mark.parametrize("code", ["", "xx", "german", "Deutsch", "d", "de_DE", "de-", "12", "und", "mul", "zxx", "🙂"])
def test_what_is_no_language_is_refused(code):
    with pytest.raises(InputError, match="not the code of a language"):
        languages.canonical(code)


@pytest.mark.parametrize(
    ("code", "kind", "instead"),
    [
        ("en-XX", "region", "en-US"),
        ("xh-QQ", "region", "xh-ZA"),
        ("de-ZZ", "region", "de-DE"),
        ("en-SU", "region", "en-US"),
        ("en-Xxxx", "script", "sr-Latn"),
    ],
)
def test_a_region_or_script_that_does_not_exist_is_refused_with_one_that_does(code, kind, instead):
    with pytest.raises(InputError, match=f"not the code of a {kind}") as caught:
        languages.canonical(code)
    assert instead in caught.value.hint


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_refused_and_a_canonical_code_is_its_own(text):
    try:
        code = languages.canonical(text)
    except InputError:
        return
    assert languages.canonical(code) == code
    assert languages.english_name(code)


@pytest.mark.parametrize("code", TEN)
def test_a_sentence_is_likeliest_in_its_own_language_and_shares_add_up(code):
    for text in TEN[code]:
        shares = languages.shares(text)
        assert next(iter(shares)) in languages.same_as(code), text
        assert sum(shares.values()) == pytest.approx(1, abs=1e-4)


def test_varieties_that_are_written_alike_count_as_one_and_neighbours_do_not():
    same = [("no", "nb"), ("nn", "no"), ("hr", "sr-Latn"), ("wuu", "zh"), ("tl", "fil"), ("id", "ms"), ("pt", "pt-BR")]
    other = [("da", "no"), ("pt", "es"), ("ru", "uk"), ("zh", "ja"), ("en", "de")]

    assert all(found in languages.same_as(code) for found, code in same)
    assert not any(found in languages.same_as(code) for found, code in other)


def test_the_identifier_knows_its_languages_and_says_which_version_it_is():
    assert languages.is_told_apart("pt-BR")
    assert not languages.is_told_apart("chr")
    assert languages.identifier().startswith("py3langid ")
