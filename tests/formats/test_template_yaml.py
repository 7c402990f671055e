"""Our template files: what is refused at load, and where."""

import textwrap

import pytest
import yaml

from ift_builder.errors import IftError, InputError, TemplateError
from ift_builder.formats import template_yaml, yaml_file
from ift_builder.rendering import catalogue, lint
from tests.convert.conftest import TEMPLATES


def found(tmp_path, content):
    """What is wrong with a file: the error at load, or lint's findings."""
    path = tmp_path / "my.yaml"
    path.write_text(content)
    try:
        return [(finding.what, finding.fatal) for finding in lint.findings(catalogue.read(path))]
    except IftError as error:
        return [(error.what, True)]


def test_a_good_file_has_no_findings(tmp_path):
    assert found(tmp_path, TEMPLATES) == []


CHANGES = {
    "an undeclared column": (
        '"{{ text }}"\n    options',
        '"{{ txt }}"\n    options',
        "`txt` is no declared column; did you mean `text`?",
    ),
    "options that nothing uses": ("{{ options[label] }}", "{{ label_name }}", "nothing uses the options"),
    "options that are not there": (
        '    options: ["no", "yes"]\n',
        "",
        "`options` is used, and the template has no `options`",
    ),
    "an empty output": ('output: "{{ text }}"', 'output: "{# nothing #} "', "the output cannot be anything but empty"),
    "an empty instruction": (
        "instruction: Is this review kind?",
        "instruction: ''",
        "the instruction cannot be anything but empty",
    ),
    "a listing in the output": (
        "{{ options[label] }}",
        "{{ listed_options }}",
        "`listed_options` belongs in the instruction",
    ),
    "a name twice": ("  listed:", "  plain:", "'plain' stands here twice"),
    "a text that does not parse": ("{{ label_name }}", "{{ label_name }", "does not parse"),
    "an unknown filter": ("{{ label_name }}", "{{ label_name | shout }}", "there is no filter 'shout'"),
    "a field that is unknown": ("    inverted: true", "    inverse: true", "unknown fields: inverse"),
    "a type that is unknown": ("text: text", "text: string", "column 'text' is 'string', which is not known"),
    "a category that is unknown": (
        "category: sentiment",
        "category: feelings",
        "`task.category` is 'feelings', which is not known",
    ),
    "classes that YAML reads as booleans": ("[bad, good]", "[no, yes]", "must be a text, found bool False"),
    "two classes of one name": ("[bad, good]", "[bad, bad]", "must be different"),
    "a missing field": ("licence: CC0-1.0\n", "", "`licence` is missing"),
    "no templates": (TEMPLATES[TEMPLATES.index("templates:") :], "templates: {}\n", "`templates` must not be empty"),
    "a list for a mapping": (
        TEMPLATES[TEMPLATES.index("templates:") :],
        "templates: [1]\n",
        "`templates` must be a mapping",
    ),
    "a name that no variable can have": ("text: text", "class: text", "'class' cannot be a variable's name"),
    "broken yaml": ("languages: [en]", "languages: [en", "not valid YAML"),
    "a tag that builds objects": ("dataset: reviews", "dataset: !!python/object/apply:os.getcwd []", "not valid YAML"),
    "a condition that is no expression": ("    inverted: true", "    when: 'a +'", "does not parse"),
    "a text of no text": ("instruction: Is this review kind?", "instruction: 7", "must be a text, found int 7"),
}


@pytest.mark.parametrize(("old", "new", "words"), CHANGES.values(), ids=CHANGES)
def test_what_is_wrong_is_refused_at_load(tmp_path, old, new, words):
    assert old in TEMPLATES
    whats = [what for what, fatal in found(tmp_path, TEMPLATES.replace(old, new, 1)) if fatal]

    assert any(words in what for what in whats), whats


DOUBTS = {
    "a bare number": ("{{ label_name }}", "{{ label }}", "prints the bare number of `label`; `label_name` is its name"),
    "an unused column": (
        "  text: text",
        "  text: text\n  more: text",
        "column `more` is declared and no template uses it",
    ),
    "the answer in the question": (
        "Write a {{ label_name }} review.",
        "Repeat {{ text }}",
        "the output stands in the instruction word for word",
    ),
}


@pytest.mark.parametrize(("old", "new", "words"), DOUBTS.values(), ids=DOUBTS)
def test_what_is_doubtful_is_found_by_lint_and_does_not_stop_a_run(tmp_path, old, new, words):
    findings = found(tmp_path, TEMPLATES.replace(old, new, 1))

    assert (words, False) in findings
    assert not any(fatal for _, fatal in findings)


def test_two_templates_with_the_same_words_are_found(tmp_path):
    twin = textwrap.indent(
        "twin:\n  instruction: is  this review KIND?\n  input: '{{ text }}'\n  options: ['no', 'yes']\n"
        "  output: '{{ options[label] }}'\n",
        "  ",
    )

    assert ("templates 'plain' and 'twin' have the same words", False) in found(tmp_path, TEMPLATES + twin)


def test_an_error_names_the_line(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(TEMPLATES.replace("{{ label_name }}", "{{ labelname }}"))
    with pytest.raises(TemplateError) as caught:
        lint.refuse(catalogue.read(path))

    line = next(number for number, text in enumerate(TEMPLATES.splitlines(), 1) if text.startswith("  write:")) + 1
    assert caught.value.where.startswith(f"{path}:{line} ")


def test_a_column_may_have_another_name_in_the_templates(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(TEMPLATES.replace("text: text", 'text: {type: text, from: "Review Text"}'))

    assert template_yaml.read(path).columns[0].name == "Review Text"


def test_yaml_of_a_gigabyte_or_without_end_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "my.yaml"
    path.write_text("a: &a [1]\nb: " + "[" * 5000)
    with pytest.raises(InputError, match="not valid YAML"):
        yaml_file.read(path)

    monkeypatch.setattr(yaml_file, "LARGEST_FILE", 10)
    with pytest.raises(InputError, match="larger than"):
        yaml_file.read(path)


@pytest.mark.parametrize("loader", [yaml_file._Loader])
def test_the_loader_builds_nothing_but_values(loader):
    assert issubclass(loader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def test_every_shipped_file_is_without_findings():
    findings = [finding for file in catalogue.shipped().values() for finding in lint.findings(file)]

    assert findings == []


def test_every_shipped_file_has_five_templates_with_names_of_their_own():
    for name, file in catalogue.shipped().items():
        forward = [text for text in file.templates if not text.inverted]
        assert len(file.templates) >= 5, name
        assert len(forward) >= 3, name


def test_an_unknown_template_is_an_error_with_a_suggestion():
    with pytest.raises(InputError, match="no template file 'ag_newz'") as caught:
        catalogue.find("ag_newz")

    assert "'ag_news'" in caught.value.hint
    with pytest.raises(TemplateError, match="no template 'which_readr'") as caught:
        catalogue.find("ag_news#which_readr")

    assert "'which_reader'" in caught.value.hint
