"""The shipped templates on sample rows of their datasets' schemas: every one gives clean examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ift_builder.rendering import catalogue, lint
from ift_builder.sources.opening import open_dataset
from ift_builder.templates.preview import preview
from tests.files import rows_of

ROWS = Path(__file__).parent / "rows"
FILES = sorted(path.stem for path in (Path(__file__).parents[2] / "templates" / "datasets").glob("*.yaml"))
HARMLESS = {"unlabelled", "condition-false", "missing-value", "empty-output"}
"""Why a sample row may give nothing: it stands for a row without a label or answer, or `when` turns it away."""


@cache
def looks_of(name):
    """All templates of a shipped file on all of its sample rows."""
    return tuple(preview(catalogue.find(name), open_dataset(str(ROWS / f"{name}.jsonl")), rows=100))


def drafts_of(name):
    return [look for look in looks_of(name) if look.draft]


def texts_in(value):
    """Every text in a row, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_has_no_lint_findings(name):
    assert lint.findings(catalogue.find(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_has_five_ways_to_ask(name):
    assert sum(not text.inverted for text in catalogue.find(name).templates) >= 5


@pytest.mark.parametrize("name", FILES)
def test_every_shipped_template_gives_an_example_of_its_sample_rows(name):
    assert {look.template for look in drafts_of(name)} == {text.name for text in catalogue.find(name).templates}


@pytest.mark.parametrize("name", FILES)
def test_no_sample_row_makes_a_shipped_template_fail(name):
    assert {look.reason.split(" ")[0] for look in looks_of(name) if not look.draft} <= HARMLESS


@pytest.mark.parametrize("name", FILES)
def test_shipped_templates_add_no_markup_and_no_blanks_at_the_edges(name):
    """Blanks at an edge may only be those of a text of the row that stands there."""
    rows = rows_of(ROWS / f"{name}.jsonl")
    for look in drafts_of(name):
        where, found = f"{look.template}, row {look.row}", texts_in(rows[look.row])
        opening = tuple(text for text in found if text != text.lstrip())
        ending = tuple(text for text in found if text != text.rstrip())
        for text in (look.draft.instruction, look.draft.input, look.draft.output, look.draft.rationale):
            assert not any(mark in text for mark in ("{{", "{%", "{#")), where
            assert text == text.lstrip() or text.startswith(opening), where
            assert text == text.rstrip() or text.endswith(ending), where


@pytest.mark.parametrize("name", FILES)
def test_the_output_of_a_template_with_options_is_one_of_them(name):
    for look in drafts_of(name):
        assert not look.draft.options or look.draft.output in look.draft.options, f"{look.template}, row {look.row}"


@pytest.mark.parametrize("name", FILES)
def test_templates_with_fixed_options_give_several_answers_to_the_sample_rows(name):
    """One answer to rows of all labels would mean that the template does not look at the label."""
    for text in catalogue.find(name).templates:
        if isinstance(text.options, tuple) and text.options:
            answers = {look.draft.output for look in drafts_of(name) if look.template == text.name}
            assert len(answers) > 1, text.name


def test_sample_rows_stand_for_shipped_files_only():
    assert {path.stem for path in ROWS.glob("*.jsonl")} <= set(FILES)
