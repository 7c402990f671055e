"""PromptSource's templates render what T0 published, byte for byte, and all of its files load."""

import re

import jinja2
import orjson
import pytest

from ift_builder.rendering import catalogue
from ift_builder.rendering.compiled import CompiledTemplate
from ift_builder.templating.values import RowSkippedError
from tests.files import rows_of

DATASETS = ("ag_news", "cosmos_qa", "glue_mrpc", "imdb", "paws_labeled_final", "rotten_tomatoes")
END = "<|endoftext|>"


def of_file(name):
    """A template's name as it stands in the fixtures' file names."""
    return re.sub(r"[^A-Za-z0-9._]+", "_", name)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_row_of_every_published_template_renders_byte_equal(dataset, fixtures, convert, tmp_path):
    source = orjson.loads((fixtures / "t0_renders" / f"{dataset}.rows.json").read_bytes())
    data = tmp_path / "rows.jsonl"
    data.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in source["rows"]))
    folder = fixtures / "promptsource_templates" / source["dataset"] / (source["subset"] or "")
    published = {
        path.stem.removeprefix(f"{dataset}_"): [
            (row["prompt"].strip(), row["completion"].removesuffix(END).strip()) for row in rows_of(path)
        ]
        for path in (fixtures / "t0_renders").glob(f"{dataset}_*.jsonl")
    }
    ran = convert(data, "--template", folder / "templates.yaml", "--per-row", "all")
    ours = {name: [] for name in published}
    for row in ran.examples:
        ours.setdefault(of_file(row["source"]["template"]), []).append((row["instruction"], row["output"]))

    assert published
    assert {name: ours[name] for name in published} == published
    skipped = {row["source"]["template"]: row["reason"] for row in ran.dropped}
    assert set(skipped.values()) <= {"condition-false"}


@pytest.mark.parametrize("dataset", DATASETS)
def test_templates_that_t0_did_not_publish_render_as_in_plain_jinja(dataset, fixtures):
    source = orjson.loads((fixtures / "t0_renders" / f"{dataset}.rows.json").read_bytes())
    folder = fixtures / "promptsource_templates" / source["dataset"] / (source["subset"] or "")
    file = catalogue.find(str(folder / "templates.yaml"))
    plain = jinja2.Environment()
    compared = 0
    for text in file.templates:
        ours, theirs, choices = (
            CompiledTemplate(file, text),
            plain.from_string(text.instruction),
            plain.from_string(text.options),
        )
        for number, row in enumerate(source["rows"][:40]):
            given = [choice.strip() for choice in choices.render(**row).split("|||")] if text.options else None
            parts = [part.strip() for part in theirs.render(**row, answer_choices=given).split("|||")]
            draft = attempt(ours, row, number)
            if len(parts) == 2:
                assert [draft.instruction, draft.output] == parts
                assert list(draft.options) == (given or [])
                compared += 1
            else:
                assert draft == "condition-false"

    assert compared > 200


def test_all_promptsource_files_load(fixtures):
    files = sorted((fixtures / "promptsource_templates").rglob("templates.yaml"))
    compiled = [
        CompiledTemplate(file, text) for file in map(catalogue.find, map(str, files)) for text in file.templates
    ]

    assert len(files) == 46
    assert len(compiled) == 415


@pytest.mark.parametrize("dataset", ["super_glue/record", "blended_skill_talk", "hellaswag"])
def test_templates_that_draw_are_seeded(fixtures, dataset):
    path = fixtures / "promptsource_templates" / dataset / "templates.yaml"
    drawing = [
        (one, again)
        for file in [catalogue.find(str(path))]
        for text in file.templates
        if "choice" in text.instruction.replace("answer_choices", "").replace("choices", "")
        for one, again in [(CompiledTemplate(file, text, 3), CompiledTemplate(file, text, 3))]
    ]
    row = {
        "passage": "a @highlight b",
        "query": "who is @placeholder",
        "entities": ["x", "y"],
        "answers": ["x", "y", "z"],
        "previous_utterance": ["p", "q"],
        "free_messages": ["f", "g"],
        "guided_messages": ["h", "i"],
        "ctx_a": "ca",
        "ctx_b": "cb",
        "ctx": "c",
        "endings": ["e0", "e1", "e2", "e3"],
        "label": "1",
        "activity_label": "act",
        "context": "context",
        "additional_context": "more",
        "personas": ["p1", "p2"],
        "suggestions": {"wizard_of_wikipedia": ["w"]},
    }

    assert drawing
    for one, again in drawing:
        assert [attempt(one, row, number) for number in range(20)] == [
            attempt(again, row, number) for number in range(20)
        ]
        assert len({str(attempt(one, row, number)) for number in range(40)}) > 1


def attempt(template, row, number):
    try:
        return template.draft(row, number)
    except RowSkippedError as skipped:
        return skipped.reason
