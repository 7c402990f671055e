"""What single operations cost: filters, methods, operators and tests, measured before they make anything."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

from ift_builder.templating.values import require_printable
from ift_builder.templating.work import (
    LARGEST_INTEGER_BITS,
    STEP,
    WIDEST,
    TooMuchWorkError,
    depth,
    size,
    text_size,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_PRINTF = re.compile(r"[-#0 +]*(\d+|\*)?(?:\.(\d+|\*)?)?[hlL]?.", re.ASCII | re.DOTALL)
"""What stands between a `%`, with its key, and the end of its field."""

MOST_DIGITS = 1000
"""Of a number that is read from a text: division of longer ones takes time that grows with the square."""

LIST_ITEM = 4
"""What an item of a new list costs, in characters."""

LONGEST_TIME_FORMAT = 200
"""Characters of a pattern for `strftime`, whose fields may be padded too."""


def check_text(value: Any, *_: Any, **__: Any) -> int:
    """The size of what a filter is given."""
    return text_size(value)


def check_sum(items: Any, attribute: Any = None, start: Any = 0) -> int:  # noqa: ARG001 - Jinja's signature
    """Sums are of numbers: adding up lists or texts squares their size."""
    if not isinstance(start, int | float):
        raise TypeError("`sum` adds numbers only")
    return size(items)


def check_product(left: Any, right: Any) -> int:
    """The size of `left * right` before it is computed."""
    for value, times in ((left, right), (right, left)):
        if isinstance(times, int) and isinstance(value, str | list | tuple | bytes):
            return len(value) * max(times, 0)
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    return 1


def check_power(base: Any, exponent: Any) -> int:
    """Refuses a power of huge size before it is computed."""
    if isinstance(base, int) and isinstance(exponent, int):
        _check_bits(base.bit_length() * abs(exponent))
    return 1


def _check_bits(bits: int) -> None:
    if bits > LARGEST_INTEGER_BITS:
        raise TooMuchWorkError(f"it computes a number of more than {LARGEST_INTEGER_BITS} bits")


def check_printf(pattern: Any, *values: Any, **named: Any) -> int:
    """Refuses `%` patterns that pad without measure, or that would write a null."""
    if isinstance(pattern, bytes):
        raise TypeError("bytes are no text")
    if not isinstance(pattern, str):
        return size(pattern)
    given: Any = named if named and not values else values[0] if len(values) == 1 else values
    keys, widths = _printf_fields(pattern)
    require_printable([given.get(key) for key in keys if key in given] if isinstance(given, dict) and keys else given)
    return len(pattern) + widths + (len(keys) + 1) * (text_size(values) + text_size(named))


def _printf_fields(pattern: str) -> tuple[list[str], int]:
    """The fields' keys, empty where a field has none, and the sum of their widths; read as Python reads them."""
    keys, widths, place = [], 0, pattern.find("%")
    while place >= 0:
        place, key = _printf_key(pattern, place + 1)
        field = _PRINTF.match(pattern, place)
        if field is None:
            break
        if "*" in field.group():
            raise TooMuchWorkError("it takes the width of a field from its values")
        widths += sum(_width(digits) for digits in field.groups() if digits)
        if field.group()[-1] != "%":
            keys.append(key)
        place = pattern.find("%", field.end())
    return keys, widths


def _printf_key(pattern: str, place: int) -> tuple[int, str]:
    if pattern[place : place + 1] != "(":
        return place, ""
    start, open_brackets = place + 1, 0
    for end in range(place, len(pattern)):
        open_brackets += {"(": 1, ")": -1}.get(pattern[end], 0)
        if not open_brackets:
            return end + 1, pattern[start:end]
    return len(pattern), ""


def _width(digits: str) -> int:
    if len(digits) > len(str(WIDEST)) or int(digits) > WIDEST:
        raise TooMuchWorkError(f"it pads a text to more than {WIDEST} characters")
    return int(digits)


def check_format(pattern: str, *values: Any, **named: Any) -> int:
    """Refuses `str.format` patterns that pad without measure, or that would write a null."""
    fields, widths = set(), 0
    count = 0
    for _, name, how, _ in Formatter().parse(pattern):
        if name is None:
            continue
        if how and "{" in how:
            raise TooMuchWorkError("it takes the width of a field from its values")
        widths += sum(map(_width, re.findall(r"\d+", how or "")))
        fields.add(re.split(r"[.\[]", name, maxsplit=1)[0])
        count += 1
    require_printable([value for name, value in named.items() if name in fields])
    require_printable(values)
    return len(pattern) + widths + count * (text_size(values) + text_size(named))


def check_width(text: Any, width: Any = 0, *_: Any, **__: Any) -> int:
    """Refuses to pad, batch or slice beyond measure."""
    if isinstance(width, int) and abs(width) > WIDEST:
        raise TooMuchWorkError(f"it pads a text to more than {WIDEST} characters")
    return size(text) + (abs(width) if isinstance(width, int) else 0)


def check_indent(text: Any, width: Any = 4, *_: Any, **__: Any) -> int:
    """The size of an indented text."""
    check_width("", width)
    text_size(text)
    return size(text) + (str(text).count("\n") + 1) * (len(width) if isinstance(width, str) else abs(int(width)))


def check_replace(text: Any, old: Any = "", new: Any = "", *_: Any, **__: Any) -> int:
    """The size of a text after replacing."""
    require_printable((text, old, new))
    text_size(text)
    whole = str(text)
    return len(whole) + whole.count(str(old)) * len(str(new))


def check_join(items: Any, separator: Any = "", *_: Any, **__: Any) -> int:
    """The size of a joined list."""
    if not isinstance(items, str | list | tuple | dict):
        raise TypeError(f"cannot join a {type(items).__name__}; make it a list first")
    return len(str(separator)) * len(items) + text_size(items)


def check_wordwrap(text: Any, *arguments: Any, wrapstring: Any = None, **_: Any) -> int:
    """The size of a wrapped text; `wrapstring` is Jinja's third argument."""
    wrapstring = arguments[2] if len(arguments) > 2 else wrapstring  # noqa: PLR2004
    return size(text) * (len(wrapstring) if isinstance(wrapstring, str) else 1)


def check_tabs(text: Any, tabsize: Any = 8, *_: Any, **__: Any) -> int:
    """The size of a text with its tabs made spaces."""
    return size(text) + str(text).count("\t") * check_width("", tabsize)


def check_list(value: Any, *_: Any, **__: Any) -> int:
    """The size of a text or list that is taken apart into a new list."""
    return LIST_ITEM * size(value)


def check_nested(value: Any, indent: Any = None, **_: Any) -> int:
    """The size of JSON: a character may need six, and each line is indented once for each list around it."""
    length = text_size(value)
    margin = 0 if indent is None else check_width("", indent)
    return 6 * length + (length // STEP + 1) * margin * depth(value)


def check_pretty(value: Any) -> int:
    """The size of what Python prints prettily; each list around an item writes it once more."""
    return text_size(value) * (1 + depth(value))


def check_integer(value: Any, *_: Any, **__: Any) -> int:
    """Refuses to read numbers of no measure from a text."""
    if isinstance(value, str | bytes) and len(value) > MOST_DIGITS:
        raise ValueError(f"a text of more than {MOST_DIGITS} characters is no number")
    return size(value)


def check_time_format(_: Any, pattern: Any = "") -> int:
    """Refuses patterns for dates that pad without measure."""
    if len(str(pattern)) > LONGEST_TIME_FORMAT or re.search(r"%[^a-zA-Z%]*\d", str(pattern)):
        raise TooMuchWorkError("it writes a date in a pattern with widths, or of great length")
    return STEP


def check_both(left: Any, right: Any = None, *_: Any) -> int:
    """The size of what is compared."""
    return text_size(left) + text_size(right)


def check_search(_: Any, place: Any) -> int:
    """The size of what is searched."""
    return size(place)


FILTERS: dict[str, Callable[..., int]] = {
    "batch": check_width,
    "capitalize": check_text,
    "center": check_width,
    "dictsort": check_text,
    "e": check_text,
    "escape": check_text,
    "forceescape": check_text,
    "format": check_printf,
    "groupby": check_text,
    "indent": check_indent,
    "int": check_integer,
    "items": check_list,
    "list": check_list,
    "lower": check_text,
    "max": check_text,
    "min": check_text,
    "pprint": check_pretty,
    "replace": check_replace,
    "reverse": check_list,
    "round": check_width,
    "slice": check_width,
    "sort": check_text,
    "string": check_text,
    "striptags": check_text,
    "sum": check_sum,
    "title": check_text,
    "tojson": check_nested,
    "trim": check_text,
    "truncate": check_width,
    "unique": check_text,
    "upper": check_text,
    "urlencode": check_text,
    "wordcount": check_text,
    "wordwrap": check_wordwrap,
}
"""Jinja's filters that can make more than they are given, or compare or write out what is nested."""

METHODS: dict[str, Callable[..., int]] = {
    "center": check_width,
    "count": check_text,
    "expandtabs": check_tabs,
    "index": check_text,
    "join": lambda separator, items="": check_join(items, separator),
    "ljust": check_width,
    "replace": check_replace,
    "rjust": check_width,
    "rsplit": check_list,
    "split": check_list,
    "splitlines": check_list,
    "strftime": check_time_format,
    "zfill": check_width,
}
"""Methods of texts, lists and dates that can."""

OPERATORS: dict[str, Callable[..., int]] = {
    "*": check_product,
    "**": check_power,
    "+": lambda left, right: size(left) + size(right),
    "%": lambda left, right: check_printf(left, *(right if isinstance(right, tuple) else (right,))),
}
"""Operators that can."""

TESTS: dict[str, Callable[..., int]] = {
    "in": check_search,
    **dict.fromkeys(("==", "eq", "equalto", "!=", "ne"), check_both),
    **dict.fromkeys((">", "gt", "greaterthan", ">=", "ge", "<", "lt", "lessthan", "<=", "le"), check_both),
    **dict.fromkeys(("lower", "upper"), check_text),
}
"""Tests whose time grows with what they are given."""

ITERATING = ("batch", "items", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "slice", "unique")
"""Filters that may give a generator, each item of which is counted."""
