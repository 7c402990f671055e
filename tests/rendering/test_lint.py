"""What lint finds in a file, and what it leaves alone."""

import pytest

from ift_builder.errors import TemplateError
from ift_builder.rendering import catalogue, lint

HEAD = """
dataset: x
licence: unknown
languages: [en]
task: {name: x, category: generation}
columns: {one: text, other: text, label: integer}
templates:
"""
BOTH = "  b: {instruction: 'Say {{ one }} {{ other }}', output: '{{ label }}'}\n"


@pytest.fixture
def findings(tmp_path):
    def call(*templates):
        path = tmp_path / "t.yaml"
        path.write_text(HEAD + "".join(templates))
        return [(finding.what, finding.fatal) for finding in lint.findings(catalogue.read(path))]

    return call


FINE = {
    "the same words on other rows": (
        "  a: {instruction: 'Say {{ one }} {{ other }}', when: label, output: '{{ label }}'}\n"
    ),
    "the same words with another answer": (
        "  a: {instruction: 'Say {{ one }} {{ other }}', output: 'No. {{ label }}'}\n"
    ),
    "one of two candidates by a condition": (
        "  a: {instruction: '{{ one }} or {{ other }}?', output: '{{ one if label else other }}'}\n"
    ),
    "one of two candidates by a statement": (
        "  a: {instruction: '{{ one }} or {{ other }}?', "
        "output: '{% if label %}{{ one }}{% else %}{{ other }}{% endif %}'}\n"
    ),
    "one of two candidates by the rows": (
        "  a: {instruction: '{{ one }} or {{ other }}?', when: label == 1, output: '{{ one }}'}\n"
    ),
    "a name of its own": (
        "  a: {instruction: '{% set x = one %}{% if x is defined %}Say {{ x }}{% endif %}', output: '{{ label }}'}\n"
    ),
}


@pytest.mark.parametrize("template", FINE.values(), ids=FINE)
def test_there_is_nothing_to_say_about(findings, template):
    assert findings(template, BOTH) == []


WRONG = {
    "the same words": (
        "  a: {instruction: 'say  {{ one }} {{ other }}', output: '{{ label }}'}\n",
        "same words",
        False,
    ),
    "the answer in the prompt": ("  a: {instruction: '{{ one }}?', output: '{{ one }}'}\n", "word for word", False),
    "a misspelt name that is tested": (
        "  a: {instruction: 'Say it.{% if onne is defined %}{{ onne }}{% endif %}', output: '{{ one }}'}\n",
        "`onne` is no declared column; did you mean `one`?",
        True,
    ),
    "an output that prints nothing": (
        "  a: {instruction: 'Say {{ one }}', output: '{{ \"\" }}'}\n",
        "the output cannot be anything but empty",
        True,
    ),
}


@pytest.mark.parametrize(("template", "words", "fatal"), WRONG.values(), ids=WRONG)
def test_is_found(findings, template, words, fatal):
    ((what, is_fatal),) = findings(template, BOTH)

    assert words in what
    assert is_fatal == fatal


@pytest.mark.parametrize("name", ["none", "true", "false", "self", "options"])
def test_a_column_cannot_be_called_what_means_something_else(tmp_path, name):
    (tmp_path / "t.yaml").write_text(HEAD.replace("one: text", f'"{name}": text') + BOTH)

    with pytest.raises(TemplateError, match="cannot be a variable's name"):
        catalogue.read(tmp_path / "t.yaml")


ACCESS = {
    "an `also` that is no name of the hub": ("also: [banking77]", "no name of the hub"),
    "an `also` that is the dataset": ("dataset: a/b\nalso: [a/b]", "the dataset itself"),
    "several splits without train or a default": ("splits: [validation, test]", "say in `split`"),
    "a default that is none of them": ("splits: [validation, test]\nsplit: dev", "say in `split`"),
    "splits of a configuration that the file does not list": (
        "config: [x]\nsplits: {y: [train]}",
        "which `config` does not list",
    ),
    "a day that is none": ("compared: yesterday", "no day such as"),
}


@pytest.mark.parametrize(("lines", "said"), ACCESS.values(), ids=ACCESS)
def test_what_a_file_says_of_the_hub_is_read_too(tmp_path, lines, said):
    path = tmp_path / "t.yaml"
    head = HEAD if "dataset" not in lines else HEAD.replace("dataset: x\n", "")
    path.write_text(lines + head + BOTH)
    found = [finding for finding in lint.findings(catalogue.read(path)) if said in finding.what]

    assert [finding.fatal for finding in found] == [False]
