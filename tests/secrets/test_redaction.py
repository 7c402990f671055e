"""What counts as a secret, and that nothing of it is left in a text."""

import json
from base64 import b64encode

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ift_builder import secrets
from ift_builder.secrets.forms import is_secret
from tests.secrets.echoes import ENCODINGS, KEY, PART, TOKEN, echoes, leaks

MARKED = "p\"4\\w/7&<9>'q Zx8"
"""A password with all that JSON, HTML and addresses escape."""


@pytest.fixture(autouse=True)
def known():
    secrets.forget()
    secrets.register(KEY, TOKEN, MARKED)
    yield
    secrets.forget()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("secret", [KEY, TOKEN, MARKED])
def test_a_secret_is_found_whole_and_in_every_part_in_every_encoding(secret, encoding):
    parts = [secret[at : at + size] for size in (PART, PART + 3) for at in range(len(secret) - size + 1)]
    said = " | ".join(map(ENCODINGS[encoding], [secret, *parts]))

    assert leaks(secrets.redact(said).encode(), secret) == set()
    assert secrets.redact(said).count(secrets.REDACTED) >= len(parts)


@given(st.lists(echoes(KEY) | echoes(TOKEN), min_size=1, max_size=4).map("".join))
@example(KEY[:20] + KEY[10:30])
@example(KEY * 3)
@example("\x1f" + KEY[1:])
def test_nothing_is_left_of_echoes_in_any_text(said):
    redacted = secrets.redact(said)

    assert leaks(redacted.encode(), KEY) == set()
    assert leaks(redacted.encode(), TOKEN) == set()


@given(st.lists(echoes(KEY) | echoes(TOKEN) | st.text(st.characters(codec="utf-8"))))
def test_json_stays_json_and_loses_the_same(texts):
    written = orjson.dumps({"texts": texts})
    redacted = secrets.redact_bytes(written)

    assert len(orjson.loads(redacted)["texts"]) == len(texts)
    assert leaks(redacted, KEY) == set()


@given(st.text(st.sampled_from('\\u001bnf"/' + KEY[:12]), max_size=40), st.text(st.characters(codec="utf-8")))
def test_json_stays_json_even_where_an_escape_reads_like_the_beginning_of_a_part(before, after):
    for at in range(len(KEY) - 7):
        line = orjson.dumps([before + KEY[at : at + 7] + after])
        orjson.loads(secrets.redact_bytes(line))


def test_an_escape_is_not_cut_where_its_last_character_begins_a_part():
    secrets.register("bAc7Ef9Gh2Jk4Mn6")
    line = orjson.dumps("\x1bAc7Ef9G")

    assert line.startswith(b'"\\u001bAc7Ef9G')
    assert orjson.loads(secrets.redact_bytes(line)).startswith("\x1b")


@given(st.text(st.characters(codec="utf-8")))
def test_other_text_is_left_as_it_is(text):
    assert leaks(text.encode(), KEY) or secrets.redact(text) is text


def test_text_that_is_half_characters_is_no_obstacle():
    assert secrets.redact(f"\udcff {KEY} \ud800") == f"\udcff {secrets.REDACTED} \ud800"


@pytest.mark.parametrize("size", [100, 511, 513, 70_000, 300_001])
def test_a_secret_is_found_at_every_place_of_texts_of_every_size(size):
    for at in [*range(12), size // 2, size - PART, size - PART - 1]:
        text = "x" * at + KEY[5 : 5 + PART] + "x" * (size - PART - at)
        assert secrets.redact(text) == text.replace(KEY[5 : 5 + PART], secrets.REDACTED)


USUAL_FILLERS = (
    *("EMPTY", "none", "None", "test", "ollama", "lm-studio", "sk-local", "sk-1234", "key", "dummy", "xxxxxxxx"),
    *("not-needed", "no-key-required", "sk-no-key-required", "your-api-key", "0" * 40, "12345678", "placeholder"),
)


@pytest.mark.parametrize("filler", USUAL_FILLERS)
def test_what_servers_of_ones_own_are_given_for_a_key_is_no_secret(filler):
    secrets.register(filler)
    text = f"The word {filler} and `{filler}` stand here."

    assert not is_secret(filler)
    assert secrets.redact(text) is text


@pytest.mark.parametrize("key", ["correct-horse-battery-staple", "the quick brown fox jumps over the lazy dog"])
def test_a_key_of_ordinary_words_goes_as_a_whole_and_leaves_its_words_alone(key):
    secrets.register(key)
    parts = " ".join(key[at : at + size] for size in range(PART, len(key)) for at in range(len(key) - size + 1))

    assert secrets.redact(f"a {key}; {b64encode(key.encode()).decode()}").startswith(f"a {secrets.REDACTED}; ")
    assert b64encode(key.encode()).decode()[:-4] not in secrets.redact(b64encode(key.encode()).decode())
    assert secrets.redact(parts) == parts


def test_the_usual_beginning_of_a_key_and_words_in_it_are_no_secret_of_their_own():
    secrets.register("sk-proj-password4Kd8Zm2Qx7")
    text = "Keys begin with sk-proj- and a password is no key."

    assert secrets.redact(text) is text
    assert secrets.redact("sk-proj-password4Kd8") == secrets.REDACTED


@pytest.mark.parametrize(
    "key",
    ["sk-" + "a1b2c3d4" * 4, "550e8400-e29b-41d4-a716-446655440000", "abcdefghijklmnopqrstuvwxyz", "token-abc123"],
)
def test_keys_of_the_usual_makes_are_secrets(key):
    secrets.register(key)

    assert secrets.redact(f"<{key}>") == f"<{secrets.REDACTED}>"


class Counting(bytes):
    """A text that counts how often its bytes are looked at one by one."""

    looks = 0

    def __getitem__(self, place):
        if isinstance(place, int):
            type(self).looks += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("unit", [KEY, KEY[:9], KEY[4:8], "a" + KEY[1:7], "\\", "\\u", "%2", "&#"])
def test_the_work_for_hostile_text_grows_no_faster_than_the_text(unit):
    def looks(times):
        Counting.looks = 0
        secrets.redact_bytes(Counting((unit * times).encode()))
        return Counting.looks

    assert looks(4_000) <= 2.2 * looks(2_000) + 50


def test_nothing_is_done_where_no_secret_is_known():
    secrets.forget()

    assert secrets.redact(KEY) is KEY


def test_a_text_in_json_lines_is_redacted_in_each():
    lines = b"".join(json.dumps({"n": n, "said": KEY}).encode() + b"\n" for n in range(50))

    assert secrets.redact_bytes(lines).count(secrets.REDACTED.encode()) == 50
