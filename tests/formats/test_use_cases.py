"""Files of use cases: what is shipped, and what is said of a file that is not one."""

from collections import Counter

import pytest

from ift_builder import jsonl
from ift_builder.bootstrap.use_cases import categories
from ift_builder.errors import InputError
from ift_builder.formats import schemas, use_cases

CASE = {"id": "a", "who": "A cook", "needs": "menus", "category": "generation"}


def read(tmp_path, *rows):
    path = tmp_path / "cases.jsonl"
    path.write_bytes(jsonl.join(rows))
    return use_cases.read(path)


def test_the_shipped_list_has_more_than_sixty_use_cases_and_at_least_six_of_each_of_the_ten_categories():
    cases = use_cases.read(use_cases.shipped())
    counts = Counter(case.category for case in cases)

    assert len(cases) > 60
    assert len(counts) == 10
    assert min(counts.values()) >= 6
    assert len({(case.who, case.needs) for case in cases}) == len(cases)


def test_the_categories_are_those_of_the_schema_with_the_shares_of_the_paper():
    shares = {"generation": 45.6, "open_qa": 12.4, "brainstorming": 11.2, "chat": 8.4, "rewrite": 6.6}
    shares |= {"summarization": 4.2, "classification": 3.5, "other": 3.5, "closed_qa": 2.6, "extract": 1.9}
    known = categories.load()

    assert {name: known[name].share for name in schemas.load("use_case")["properties"]["category"]["enum"]} == shares


def test_keys_that_the_format_does_not_know_are_passed_over(tmp_path):
    (case,) = read(tmp_path, {**CASE, "note": "mine"})

    assert (case.id, case.who, case.needs, case.category) == ("a", "A cook", "menus", "generation")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**CASE, "category": "poems"}, "the kind of task, one of the ten names"),
        ({**CASE, "who": " "}, "field `who`"),
        ({**CASE, "needs": 3}, "field `needs`"),
        ({"id": "b", "who": "A cook", "needs": "menus"}, "'category' is a required property"),
        (CASE, "stands on an earlier line too"),
    ],
)
def test_a_line_that_is_no_use_case_is_named_with_what_is_wrong(tmp_path, row, words):
    with pytest.raises(InputError) as caught:
        read(tmp_path, CASE, row)

    assert caught.value.where.endswith("cases.jsonl:2")
    assert words in caught.value.what
    assert caught.value.hint


def test_an_empty_file_and_one_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(InputError, match="no use case"):
        read(tmp_path)
    with pytest.raises(InputError, match="cannot read"):
        use_cases.read(tmp_path / "none.jsonl")
