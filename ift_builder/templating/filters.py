"""The filters that templates have: Jinja's, measured before they make anything, and ours."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jinja2 import Undefined, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter

from ift_builder.templating import checks, work
from ift_builder.templating.values import NullValueError, RowSkippedError, printable, require_printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2.runtime import Context

NOT_OFFERED = ("urlize", "xmlattr", "random")
"""Jinja's filters that make web pages, or draw unseeded."""

_OF_TEXTS = frozenset(
    [
        "capitalize",
        "center",
        "e",
        "escape",
        "forceescape",
        "format",
        "indent",
        "lower",
        "pprint",
        "replace",
        "string",
        "striptags",
        "title",
        "trim",
        "truncate",
        "upper",
        "urlencode",
        "wordcount",
        "wordwrap",
    ]
)
"""Jinja's filters that would take a null for the text `None`."""


def install(filters: dict[str, Callable[..., Any]], allowance: work.Work) -> None:
    """Puts measured filters in the place of Jinja's own, and adds ours.

    Args:
        filters: An environment's filters.
        allowance: What the environment's renderings may spend.
    """
    join = _bounded_join(filters["join"], allowance)
    filters.update({name: _bounded(filters[name], name, check, allowance) for name, check in checks.FILTERS.items()})
    filters.update({name: _generating(filters[name], name, allowance) for name in checks.ITERATING})
    for name in NOT_OFFERED:
        del filters[name]
    filters.update(OURS, join=join)


def install_tests(tests: dict[str, Any], allowance: work.Work) -> None:
    """Puts measured tests in the place of Jinja's own."""
    tests.update({name: _bounded(tests[name], name, check, allowance) for name, check in checks.TESTS.items()})


@pass_context
def _step(context: Context, cost: int) -> bool:
    context.environment.work.spend(cost)  # type: ignore[attr-defined]
    return True


@pass_context
def _weigh(context: Context, value: Any) -> Any:
    context.environment.work.spend(work.size(value))  # type: ignore[attr-defined]
    return value


@pass_context
def _measure(context: Context, value: Any) -> Any:
    if type(value) is str:
        if len(value) > work.STEP:
            context.environment.work.spend(len(value))  # type: ignore[attr-defined]
    elif type(value) is not int:
        context.environment.work.spend(work.text_size(value))  # type: ignore[attr-defined]
    return value


@pass_context
def _concat(context: Context, values: list[Any]) -> str:
    text = "".join([str(printable(value)) for value in values])
    context.environment.work.spend(len(text))  # type: ignore[attr-defined]
    return text


@pass_context
def _choice(context: Context, items: Sequence[Any]) -> Any:
    draws = context.environment.draws  # type: ignore[attr-defined]
    if draws is None:
        raise SecurityError("`choice` is not available here")
    return items[draws().randrange(len(items))]


@pass_context
def _skip_unless(_: Context, condition: Any) -> str:
    if not condition:
        raise RowSkippedError("condition-false")
    return ""


@pass_context
def _label(_: Context, index: Any, choices: Any) -> Any:
    if index is None:
        raise NullValueError
    if isinstance(index, int):
        if index < 0:
            raise RowSkippedError("unlabelled", f"the label is {index}")
        if isinstance(choices, list) and index >= len(choices):
            raise RowSkippedError("unknown-label", f"the label is {index}, and there are {len(choices)} options")
    return index


def _most_frequent(items: Sequence[Any]) -> list[Any] | None:
    work.text_size(items)
    counted = Counter(items).most_common()
    return [item for item, count in counted if count == counted[0][1]] or None


def _to_list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) or not hasattr(value, "__iter__") else list(value)


def _before(text: str, mark: str) -> str:
    require_printable((text, mark))
    return text.partition(mark)[0]


def _after(text: str, mark: str) -> str:
    require_printable((text, mark))
    return text.partition(mark)[2]


def _without_spans(text: str, opening: str, closing: str) -> str:
    require_printable((text, opening, closing))
    kept, place = [], 0
    while opening and closing:
        start = text.find(opening, place)
        end = text.find(closing, start + len(opening)) if start >= 0 else -1
        if end < 0:
            break
        if start > place:
            kept.append(text[place:start])
        place = end + len(closing)
    return "".join([*kept, text[place:]])


def _highlight(text: Any) -> Any:
    """PromptSource's viewer colours what this marks; in a dataset it leaves the text as it is."""
    return text


OURS: dict[str, Callable[..., Any]] = {
    "after": _after,
    "before": _before,
    "choice": _choice,
    "concat!": _concat,
    "highlight": _highlight,
    "label!": _label,
    "measure!": _measure,
    "most_frequent": _most_frequent,
    "random": _choice,
    "skip unless!": _skip_unless,
    "step!": _step,
    "to_list": _to_list,
    "weigh!": _weigh,
    "without_spans": _without_spans,
}


def _bounded(
    function: Callable[..., Any], name: str, check: Callable[..., int], allowance: work.Work
) -> Callable[..., Any]:
    """Jinja's filter, which measures its result before it makes it, and does not take a null for a text."""
    skip = 1 if hasattr(function, "jinja_pass_arg") else 0
    spend, of_text = allowance.spend, name in _OF_TEXTS

    def run(*args: Any, **kwargs: Any) -> Any:
        if of_text and type(args[skip]) is not str:
            require_printable(args[skip])
        spend(check(*args[skip:], **kwargs))
        return function(*args, **kwargs)

    if skip:
        run.jinja_pass_arg = function.jinja_pass_arg  # type: ignore[attr-defined]
    return run


def _generating(function: Callable[..., Any], name: str, allowance: work.Work) -> Callable[..., Any]:
    """Jinja's filter, each item of whose generator is counted."""

    def run(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        return allowance.counted(found, name) if hasattr(found, "__next__") else found

    if hasattr(function, "jinja_pass_arg"):
        run.jinja_pass_arg = function.jinja_pass_arg  # type: ignore[attr-defined]
    return run


def _bounded_join(function: Callable[..., Any], allowance: work.Work) -> Callable[..., Any]:
    """Jinja's `join`, likewise; lists of texts, which are most of what is joined, take a short way."""
    spend = allowance.spend

    @pass_eval_context
    def join(context: Any, items: Any, separator: str = "", attribute: Any = None) -> Any:
        if (
            attribute is None
            and type(separator) is str
            and type(items) is list
            and all(type(item) is str for item in items)
        ):
            spend(sum(map(len, items)) + len(items) * len(separator))
            return separator.join(items)
        if attribute is not None:
            items = map(make_attrgetter(context.environment, attribute), items)
        items = _joinable(items)
        require_printable(separator)
        spend(checks.check_join(items, separator))
        return function(context, items, separator)

    return join


def _joinable(items: Any) -> Any:
    """The items of a list or of what `map` and `select` give, each of which may be printed."""
    if isinstance(items, str | Undefined):
        return items
    items = list(items)
    require_printable(items)
    return items
