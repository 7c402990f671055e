"""What a template may print, and the ways in which a row can fail to become a text."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from types import BuiltinMethodType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Undefined, UndefinedError
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup

from ift_builder.templating.work import text_size

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "\ufdd0\ufdd1|\ufdd2"
"""Stands between the parts of a rendered text, in noncharacters, which Unicode keeps out of all interchange."""

_PRINTABLE = (str, Markup, int, float, bool, list, dict, tuple, Decimal, date, time, timedelta, Undefined)

_KINDS = {
    str: "the text",
    list: "the list",
    tuple: "the list",
    bool: "the truth value",
    int: "the number",
    float: "the number",
}


class RowSkippedError(Exception):
    """This row gives no example with this template.

    Attributes:
        reason: A short fixed name.
        detail: What exactly, for the evidence.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class NullValueError(RowSkippedError):
    """A text would print a null."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("null-value", detail)


class UnprintableError(Exception):
    """A text would print something of the template's own, such as a function, whose text is an address in memory.

    Attributes:
        hint: What to write instead.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


def printable(value: Any) -> Any:
    """`value`, if it may be printed; else raises as `require_printable`."""
    if type(value) is not str:
        require_printable(value)
    return value


def require_printable(value: Any) -> None:
    """Raises where a text would hold what is no text, be it inside a list or a mapping.

    Raises:
        NullValueError: It is, or holds, a null, which would come out as the word `None`.
        RowSkippedError: It is, or holds, a value of another kind than the one declared.
        UndefinedError: It is, or holds, what is not there.
        UnprintableError: It is, or holds, a generator, a function, a macro or the like.
        TypeError: It is, or holds, data that is no text, such as bytes.
    """
    if isinstance(value, str | int | float):
        return
    text_size(value)
    for item in _parts(value):
        if item is None:
            raise NullValueError
        if isinstance(item, Misfit):
            raise RowSkippedError("wrong-type", item._undefined_hint or "")  # noqa: SLF001 - Jinja's slot
        if isinstance(item, Undefined):
            str(item)  # raises what using it raises
        _require_value(item)


def require_values(value: Any) -> None:
    """Raises `UnprintableError` or `TypeError` as `require_printable` does; nulls may be there."""
    for item in _parts(value):
        if item is not None:
            _require_value(item)


def _parts(value: Any) -> Iterator[Any]:
    """The value and all that is in it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)


def _require_value(item: Any) -> None:
    if isinstance(item, _PRINTABLE):
        return
    name = getattr(item, "__name__", getattr(item, "name", ""))
    if isinstance(item, Macro):
        raise UnprintableError(f"the macro `{name or 'caller'}` itself", f"call it: `{name or 'caller'}()`")
    if type(item).__module__.startswith("jinja2."):  # a loop, a namespace, a cycler, …
        raise UnprintableError(f"the {type(item).__name__} itself", "print one of its fields")
    if isinstance(item, MethodType | BuiltinMethodType) and not isinstance(item.__self__, ModuleType):
        hint = f"call it, `{name}()`, or take the field of that name by `['{name}']`"
        raise UnprintableError(f"the method `{name}` itself", hint)
    if callable(item):
        raise UnprintableError(f"the function `{name or type(item).__name__}` itself", "call it")
    if isinstance(item, Generator):
        raise UnprintableError(f"what `{name}` gives without its items", "add `| list` or `| join(', ')`")
    if isinstance(item, Iterable) and not isinstance(item, bytes | bytearray):
        raise UnprintableError(f"a {type(item).__name__} without its items", "add `| list` or `| join(', ')`")
    raise TypeError(f"data of the type {type(item).__name__} cannot be printed")


class MisfitError(UndefinedError):
    """A text uses a value of another kind than the one declared."""


class Misfit(StrictUndefined):
    """Stands for a value of another kind than the one declared: whatever a template does with it is an error."""

    __slots__ = ("_value",)

    def __init__(self, value: Any, detail: str) -> None:
        super().__init__(detail, exc=MisfitError)
        self._value = value

    def __str__(self) -> str:  # type: ignore[override]
        """For the evidence; templates never get this far, see `printable`."""
        return str(self._value)


class NullAskedError(UndefinedError):
    """A text asks a null for something."""


class Missing(StrictUndefined):
    """What is not there; using it is an error in words for people who know their data, not Python."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: type[Any] = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, NullAskedError if obj is None else exc)

    @property
    def _undefined_message(self) -> str:
        found: Any = self._undefined_obj
        name: Any = self._undefined_name
        if self._undefined_hint or found is missing:
            return super()._undefined_message
        if found is None:
            return f"a null has no {name!r}"
        if isinstance(name, int) and isinstance(found, str | list | tuple):
            kind = "text" if isinstance(found, str) else "list"
            return f"the {kind} has no item {name}: it has {len(found)}, counted from 0"
        if isinstance(found, dict):
            return f"the record has no field {name!r}"
        return f"{_KINDS.get(type(found), 'the value')} has no {name!r}"
