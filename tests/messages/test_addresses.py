"""No row and no message holds an address in memory, in whatever way a template comes by something that is no data."""

from __future__ import annotations

import re

import pytest

from ift_builder.errors import TemplateError
from ift_builder.templating import Template
from ift_builder.templating.bulk import BulkTemplate
from ift_builder.templating.values import RowSkippedError

ROW = {"x": ["a", "b"], "d": {"a": 1}, "r": [{"k": 1}, {"k": 2}]}

GENERATOR = "(x | map('upper'))"

MADE = {
    GENERATOR: "what `map` gives without its items",
    "(x | select)": "what `select` gives without its items",
    "zip(x, x)": "what `zip` gives without its items",
    "(x | reverse)": "what `reverse` gives without its items",
    "range(3)": "a range without its items",
    "d.items()": "a dict_items without its items",
    "d.items": "the method `items` itself",
    "x[0].upper": "the method `upper` itself",
    "dict": "the function `dict` itself",
    "namespace": "the function `Namespace` itself",
    "m": "the macro `m` itself",
    "n": "the Namespace itself",
    "cycler(1, 2)": "the Cycler itself",
    "joiner(',')": "the Joiner itself",
    "self": "the TemplateReference itself",
}
"""Expressions that are no data, and what a message calls them."""

PLACES = (
    *(
        "{{ it }}",
        "{{ [it] }}",
        "{{ {'a': it} }}",
        "{{ {it: 1} }}",
        "{{ [[it], 1] }}",
        "{{ it ~ '' }}",
        "{{ [it] ~ '' }}",
    ),
    *(
        f"{{{{ [it] | {name} }}}}"
        for name in ("string", "upper", "lower", "title", "trim", "pprint", "e", "join", "urlencode")
    ),
    *("{{ [it] | string | center(80) }}", "{{ 'a' | replace('a', [it]) }}", "{{ x | join([it]) }}"),
    *("{{ '%s' % [it] }}", "{{ '%s' | format([it]) }}", "{{ '%(a)r' | format(a=it) }}"),
    *("{{ '{}'.format([it]) }}", "{{ '{a}'.format(a=it) }}", "{{ '{0[a]}'.format({'a': it}) }}"),
    *(
        "{{ '{a}'.format_map({'a': it}) }}",
        "{% set y %}{{ [it] }}{% endset %}{{ y }}",
        "{{ [it, it] | map('string') | list }}",
    ),
)
"""Ways to make a text of a value."""

BEFORE = "{% macro m() %}a{% endmacro %}{% set n = namespace(a=1) %}{% set it = MADE %}"


def bulk(text):
    return BulkTemplate([(text, "here")]).render(ROW, 7)[0]


def single(text):
    return Template(text, "here").render(**ROW)


@pytest.mark.parametrize("render", [bulk, single])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_data_is_named_wherever_a_text_would_hold_it(render, place):
    for made, words in MADE.items():
        with pytest.raises((TemplateError, RowSkippedError)) as caught:
            render(BEFORE.replace("MADE", made) + place)
        if isinstance(caught.value, TemplateError) and caught.value.hint:
            assert words in caught.value.what
        else:  # a view of a record cannot be a key, as Python says in its own words
            assert (made, place) == ("d.items()", "{{ {it: 1} }}")


@pytest.mark.parametrize("made", ["loop", "loop.cycle"])
def test_a_loop_is_no_data_either(made):
    with pytest.raises(TemplateError, match="itself"):
        bulk("{% for i in x %}{{ [MADE] }}{% endfor %}".replace("MADE", made))


def test_a_template_error_says_the_row_and_what_to_write_instead():
    with pytest.raises(TemplateError) as caught:
        bulk("{{ [x | map('upper')] }}")
    assert caught.value.where == "here, row 7"
    assert "| list" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{ [x | map('upper') | list] }}", "[['A', 'B']]"),
        ("{{ x | map('upper') | join(' ') }}", "A B"),
        ("{{ x | batch(1) | list }}", "[['a'], ['b']]"),
        ("{{ d.keys() | join(',') }} {{ r | join(',', attribute='k') }}", "a 1,2"),
        ("{{ '{k[0]} {0.real}'.format(d['a'], k=x) if false else '{k[0]}'.format(k=x) }}", "a"),
        ("{{ '{a}'.format_map(d) }}", "1"),
    ],
)
def test_what_is_data_is_printed_as_before(text, rendered):
    assert bulk(text) == rendered == single(text)


@pytest.mark.parametrize("text", ["{{ d[[x | map('upper')] | first] }}", "{{ x.index(x | map('upper')) }}"])
def test_the_evidence_of_a_dropped_row_has_no_address(text):
    with pytest.raises(RowSkippedError) as caught:
        bulk(text)
    assert not re.search("0x[0-9a-f]+", caught.value.detail)


def test_a_computed_list_of_options_has_none_in_its_evidence():
    template = BulkTemplate([("", "here")], result="x | map('upper')")
    with pytest.raises(TemplateError, match="what `map` gives"):
        template.value(ROW, 0)
