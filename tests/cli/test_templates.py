"""`ift-build templates`: list, show, lint and preview, on shipped files and on the user's."""

import pytest

from tests.convert.conftest import TEMPLATES


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(TEMPLATES)
    return path


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "Good fun.", "label": 1}\n{"text": "Dull.", "label": -1}\n')
    return path


def test_list_shows_what_is_shipped(ift_build):
    ran = ift_build("templates", "list", "--json")

    assert ran.code == 0
    assert "which_reader" in ran.result["files"]["ag_news"]


def test_show_gives_a_templates_texts(ift_build, mine):
    ran = ift_build("templates", "show", f"{mine}#plain")

    assert ran.code == 0
    assert "Is this review kind?" in ran.out
    assert "no | yes" in ran.out
    assert "listed" not in ran.out


def test_lint_leaves_with_0_where_nothing_is_wrong_and_with_1_where_something_is(ift_build, mine):
    assert ift_build("templates", "lint", mine).code == 0

    mine.write_text(TEMPLATES.replace("{{ label_name }}", "{{ lable_name }}"))
    ran = ift_build("templates", "lint", mine, "--json")
    assert ran.code == 1
    assert ran.result["findings"][0]["what"] == "`lable_name` is no declared column; did you mean `label_name`?"
    assert f"{mine}:" in ran.err


def test_lint_reads_files_that_cannot_be_loaded_too(ift_build, mine, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")
    ran = ift_build("templates", "lint", mine, broken)

    assert ran.code == 1
    assert f"{broken}:2: not valid YAML" in ran.out
    assert ran.out.endswith("2 files, 1 finding\n")


def test_preview_shows_what_rows_become_and_why_some_do_not(ift_build, mine, rows):
    ran = ift_build("templates", "preview", mine, "--data", rows, "--json")

    assert ran.code == 0
    assert "plain, row 0" in ran.err
    assert "Good fun." in ran.err
    assert "dropped: unlabelled" in ran.err
    assert ran.result == {"ok": True, "examples": 3, "dropped": 3}


def test_preview_of_a_shipped_template_takes_its_name(ift_build, rows):
    ran = ift_build("templates", "preview", "ag_news#one_tag", "--data", rows, "--rows", "1")

    assert ran.code == 0
    assert "#sports" in ran.out


def test_preview_of_the_wrong_data_is_an_error(ift_build, tmp_path, mine):
    (tmp_path / "other.jsonl").write_text('{"body": "x"}\n')
    ran = ift_build("templates", "preview", mine, "--data", tmp_path / "other.jsonl")

    assert ran.code == 1
    assert "no column" in ran.err
    assert "the columns are body" in ran.err


@pytest.mark.parametrize("verb", ["list", "show", "lint", "preview"])
def test_every_part_has_help_with_two_examples(ift_build, verb):
    ran = ift_build("templates", verb, "--help")

    assert ran.code == 0
    assert ran.out.count(f"ift-build templates {verb}") >= 2
