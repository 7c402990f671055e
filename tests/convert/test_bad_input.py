"""Whatever is wrong: one clear message, exit code 1 (2 for usage), and nothing half-written."""

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.convert.conftest import ROWS, TEMPLATES

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


def promptsource(jinja, choices="null"):
    return (
        "dataset: x\ntemplates:\n  1-2: !Template\n    answer_choices: "
        + choices
        + "\n    id: 1-2\n    jinja: "
        + orjson.dumps(jinja).decode()
        + "\n    metadata: !TemplateMetadata {}\n    name: one\n    reference: ''\n"
    )


TEMPLATE_FILES = {
    "a missing column": (
        TEMPLATES.replace("text: text", "body: text").replace("{{ text }}", "{{ body }}"),
        "no column 'body'",
    ),
    "a misspelt column in promptsource": (promptsource("{{ txt }} ||| {{ label }}"), "no column 'txt'"),
    "a wrong type": (
        TEMPLATES.replace("text: text", "text: integer"),
        "holds text values, and the templates take it for integer",
    ),
    "classes in another order": (None, "and the templates take them for good, bad"),
    "broken yaml": ("a: [1\n", "not valid YAML"),
    "yaml of another kind": ("- 1\n- 2\n", "must be a mapping"),
    "a tag that runs code": ("!!python/object/apply:os.system ['true']\n", "not valid YAML"),
    "an attribute trick": (promptsource("{{ text.__class__ }} ||| x"), "may not touch"),
    "an endless loop": (promptsource(ENDLESS + "{{ text }} ||| x"), "works without end"),
    "a huge range": (promptsource("{{ range(10**9) }} ||| x"), "works without end"),
    "a gigabyte": (promptsource("{{ text * 10**9 }} ||| x"), "works without end"),
    "a field that no row has": (promptsource("{{ text.body }} ||| x"), "fails on every row"),
    "an expression that fails on every row": (promptsource("{{ text + 1 }} ||| x"), "fails on every row"),
    "a template that is always false": (
        promptsource("{% if label > 7 %}{{ text }} ||| x{% endif %}"),
        "not one row gave an example (condition-false 2,500)",
    ),
    "a column called as a function": (promptsource("{{ text() }} ||| x"), "fails on every row"),
}


FOUND_BY_WORKERS = ("works without end", "fails on every row")
CASES = {
    f"{name}, {workers}": (*case, workers)
    for name, case in TEMPLATE_FILES.items()
    for workers in (1, 2)
    if workers == 1 or case[1] in FOUND_BY_WORKERS
}


@pytest.mark.parametrize(("content", "words", "workers"), CASES.values(), ids=CASES)
def test_a_bad_template_is_an_error_and_nothing_is_written(convert, tmp_path, content, words, workers):
    data, template = tmp_path / "data.parquet", tmp_path / "template.yaml"
    table = pa.Table.from_pylist(ROWS)
    if content is None:
        features = {"label": {"names": ["bad", "good"], "_type": "ClassLabel"}}
        table = table.replace_schema_metadata({"huggingface": orjson.dumps({"info": {"features": features}})})
        content = TEMPLATES.replace("[bad, good]", "[good, bad]")
    parquet.write_table(table, data)
    template.write_text(content)
    ran = convert(data, "--template", template, "--workers", workers, code=1)

    assert words in ran.err
    assert ran.err.count("error:") == 1
    assert str(template) in ran.err or "not one row" in words
    assert ran.nothing_written


def test_an_endless_template_names_template_and_row(convert, tmp_path):
    (tmp_path / "data.jsonl").write_bytes(
        b"".join(orjson.dumps({"n": 100000 if n == 1234 else 1}) + b"\n" for n in range(3000))
    )
    (tmp_path / "t.yaml").write_text(
        promptsource("{% for a in range(n) %}{% for b in range(n) %}{% endfor %}{% endfor %}{{ n }} ||| x")
    )
    ran = convert(tmp_path / "data.jsonl", "--template", tmp_path / "t.yaml", code=1)

    assert f"{tmp_path / 't.yaml'}:3 (template 'one'), row 1234" in ran.err
    assert ran.nothing_written


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ragged.csv", b"text,label\n" + b"a,1\n" * 1500 + b"a,1,2\n"),
        ("broken.jsonl", b'{"text": "a", "label": 1}\n' * 1500 + b"{"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_damage_far_down_leaves_nothing_behind(convert, tmp_path, templates, name, content, workers):
    (tmp_path / name).write_bytes(content)
    ran = convert(tmp_path / name, "--template", templates, "--workers", workers, code=1)

    assert f"{tmp_path / name}:150" in ran.err
    assert ran.nothing_written


def test_an_earlier_run_survives_a_failed_one(convert, tmp_path, reviews, templates):
    first = convert(reviews, "--template", templates, out=tmp_path / "run")
    before = first.bytes
    reviews.write_bytes(reviews.read_bytes() + b"{")
    convert(reviews, "--template", templates, out=tmp_path / "run", code=1)

    assert first.bytes == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--template", "nothing.yaml"),
        ("--template", "no_such_name"),
        (),
    ],
    ids=["a file that is not there", "a name that is not shipped", "a dataset without shipped templates"],
)
def test_templates_that_are_not_there_are_an_error(convert, reviews, arguments):
    assert convert(reviews, *arguments, code=1).nothing_written


def test_the_same_template_twice_is_an_error(convert, reviews, templates):
    assert "given twice" in convert(reviews, "--template", templates, "--template", templates, code=1).err


def test_rows_without_labels_only_are_an_error_that_says_so(convert, tmp_path, templates):
    (tmp_path / "test.jsonl").write_text('{"text": "a", "label": -1}\n' * 5)

    assert "unlabelled 5" in convert(tmp_path / "test.jsonl", "--template", templates, code=1).err


@pytest.mark.parametrize(
    "arguments", [("--shots", "x"), ("--cap", "0"), ("--per-row", "two"), ("--workers", "0"), ("--nonsense",)]
)
def test_a_wrong_option_is_a_usage_error(ift_build, reviews, templates, tmp_path, arguments):
    ran = ift_build("convert", reviews, "--template", templates, "--out", tmp_path / "out", *arguments)

    assert ran.code == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_an_error(convert, reviews, templates, tmp_path):
    (tmp_path / "file").write_text("")
    ran = convert(reviews, "--template", templates, out=tmp_path / "file" / "run", code=1)

    assert "cannot make the folder" in ran.err


def test_an_interrupted_run_leaves_nothing_and_says_so(convert, reviews, templates, monkeypatch, ift_build, tmp_path):

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ift_builder.convert.renderer.Renderer.render", interrupted)
    ran = ift_build("convert", reviews, "--template", templates, "--out", tmp_path / "out")

    assert ran.code == 130
    assert "run the same command" in ran.err
    assert not (tmp_path / "out").exists()


UNLUCKY = "{{ text }} ||| {{ found[0] }}"
"""Has no answer for rows that found nothing."""


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_unlucky_first_rows_do_not_condemn_a_template_in_any_container(convert, tmp_path, kind):
    rows = [{"text": str(n), "found": "" if n < 4000 else "x"} for n in range(4100)]
    data = tmp_path / f"rows.{kind}"
    if kind == "parquet":
        parquet.write_table(pa.Table.from_pylist(rows), data)
    elif kind == "csv":
        data.write_text("text,found\n" + "".join(f"n{row['text']},{row['found']}\n" for row in rows))
    else:
        data.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    (tmp_path / "t.yaml").write_text(promptsource(UNLUCKY))
    ran = convert(data, "--template", tmp_path / "t.yaml")

    assert len(ran.examples) == 100
    assert ran.manifest["renderings"]["dropped"] == {"missing-value": 4000}


@pytest.mark.parametrize(("first", "code"), [(999, 0), (1000, 1)])
def test_a_template_is_given_up_after_a_thousand_rows_however_they_are_cut(convert, tmp_path, first, code):
    (tmp_path / "rows.jsonl").write_bytes(
        b"".join(orjson.dumps({"n": "x" if n < first else 1}) + b"\n" for n in range(5000))
    )
    (tmp_path / "t.yaml").write_text(promptsource("{{ n + 1 }} ||| x"))
    ran = convert(tmp_path / "rows.jsonl", "--template", tmp_path / "t.yaml", code=code)

    assert ran.nothing_written == bool(code)


def test_a_template_that_met_few_rows_of_the_split_is_not_judged_by_them(convert, tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(b"".join(orjson.dumps({"n": 1, "list": []}) + b"\n" for _ in range(8)))
    both = promptsource("{{ n }} ||| x") + promptsource("{{ list[0] }} ||| x").partition("templates:\n")[2].replace(
        "1-2", "1-3"
    ).replace("name: one", "name: two")
    (tmp_path / "t.yaml").write_text(both)
    ran = convert(tmp_path / "rows.jsonl", "--template", tmp_path / "t.yaml")

    assert set(ran.manifest["renderings"]["dropped"]) == {"missing-value"}
    assert (
        "fails on every row"
        in convert(tmp_path / "rows.jsonl", "--template", tmp_path / "t.yaml", "--per-row", "all", code=1).err
    )
