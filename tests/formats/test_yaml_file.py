"""YAML of strangers: short files that would build without end are refused, with their line."""

import pytest

from ift_builder.errors import InputError
from ift_builder.formats import yaml_file


def doubled(first, more):
    return first + "".join(f"a{n}: &a{n} {more.format(f'*a{n - 1}')}\n" for n in range(1, 9))


TEN = "[" + ", ".join(["{0}"] * 10) + "]"

REFUSED = {
    "brackets": ("a: " + "[" * 200, "nested more than"),
    "brackets deeper than the parser itself goes": ("a: " + "[" * 100_000, "not valid YAML"),
    "dashes": ("- " * 100_000 + "x", "nested more than"),
    "braces": ("a: " + "{a: " * 100_000, "nested more than"),
    "question marks": ("? " * 100_000 + "x", "nested more than"),
    "aliases of aliases": (doubled("a0: &a0 [lol]\n", TEN), "aliases repeat"),
    "merges of merges": (doubled("a0: &a0 {{k: v}}\n".format(), "{{<<: " + TEN + "}}"), "aliases repeat"),
    "an alias inside itself": ("a: &a [1, *a]\n", "inside itself"),
    "a list for a key": ("a: 1\n? [b, c]\n: 2\n", "a list cannot be a name"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "'a' stands here twice"),
    "a key twice beside a merge": ("a: &a {k: 1}\nb:\n  <<: *a\n  x: 1\n  x: 2\n", "'x' stands here twice"),
    "another encoding": ("a: ü\n".encode("latin-1"), "not UTF-8"),
    "sixteen bits": ("a: b\n".encode("utf-16"), "not UTF-8"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_would_not_end_or_says_a_thing_twice_is_refused_with_its_line(tmp_path, content, words):
    path = tmp_path / "t.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words) as caught:
        yaml_file.read(path)

    assert caught.value.where.startswith(f"{path}:")


def test_merges_and_aliases_are_read_and_own_entries_win(tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text("\ufeffa: &a {k: 1, l: 2}\nb: {<<: *a, l: 3}\nc: *a\n", encoding="utf-8")
    content = yaml_file.read(path)

    assert {key: content["b"][key] for key in ("k", "l")} == {"k": 1, "l": 3}
    assert content["c"] == content["a"]
