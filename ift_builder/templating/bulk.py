"""Templates over rows: several texts compiled into one program, which then runs once for each row.

Jinja's own `Template.render` builds a context, copies the row into it and joins one text. For millions of rows it
is cheaper to keep one context, put each row's values into it, and let one program make all the texts of an example,
with a mark between them::

    >>> bulk = BulkTemplate([("What is {{ a }} + {{ b }}?", "here"), ("{{ a + b }}", "here")])
    >>> bulk.render({"a": 3, "b": 4}, row=0)
    ['What is 3 + 4?', '7']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateAssertionError, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError

from ift_builder import draws, errors
from ift_builder.templating.reading import is_too_deep
from ift_builder.templating.sandbox import BoundedEnvironment
from ift_builder.templating.values import (
    MARK,
    MisfitError,
    NullAskedError,
    NullValueError,
    RowSkippedError,
    UnprintableError,
    require_values,
)
from ift_builder.templating.work import LARGEST_TEXT, TooMuchWorkError

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

PIPE = "|||"
"""PromptSource's sign between the parts of a text."""

_OF_NULL = re.compile(r"\bNoneType\b|, not None\b")
"""Python's words where something is asked of a null that a null cannot do."""


class BulkTemplate:
    """Texts that are rendered together, row by row.

    Attributes:
        names: The variables that the texts ask for.
        optional: Those of them that the texts can do without (`{% if x is defined %}`).
        trees: The parsed texts, for lint.
        draws_at_random: Whether a text draws.
    """

    def __init__(
        self,
        texts: Sequence[tuple[str, str]],
        *,
        when: str = "",
        piped: bool = False,
        result: str = "",
        stream: tuple[Any, ...] = (),
    ) -> None:
        """Compiles.

        Args:
            texts: Each text with its place, for messages. Later texts see what earlier ones `set`.
            when: An expression; where it is false the row is skipped.
            piped: `|||` in the texts separates parts, and statements keep their line breaks, as in PromptSource.
            result: An expression that `value` gives.
            stream: The seed and the name of the stream from which `choice` draws; the row's number is added.

        Raises:
            TemplateError: A text does not parse, or uses what templates may not.
        """
        self.where = texts[0][1]
        self._environment = BoundedEnvironment(trim_lines=not piped)
        body: list[nodes.Node] = []
        if when:
            body += self._parse("{% if when! %}{% endif %}".replace("when!", f"({when})"), self.where).body
            body[0] = nodes.ExprStmt(nodes.Filter(body[0].test, "skip unless!", [], [], None, None, lineno=1), lineno=1)  # type: ignore[attr-defined]
        self.trees = [self._parse(text, where) for text, where in texts]
        for index, tree in enumerate(self.trees):
            if index:
                body.append(_mark())
            body.extend(_pipes_as_marks(tree).body if piped else tree.body)
        if result:
            body += self._parse("{% set result = (" + result + ") %}", self.where).body
        whole = nodes.Template(body, lineno=1)
        whole.set_environment(self._environment)
        self._refuse_unknown(whole)
        self.names, self.optional = self._variables(whole)
        self.draws_at_random = any(node.name in ("choice", "random") for node in whole.find_all(nodes.Filter))
        self._parts = None if piped else len(texts)
        self._loose_ends = [] if piped else [place for place, tree in enumerate(self.trees) if _ends_in_statement(tree)]
        self._stream, self._row = stream, 0
        self._random: random.Random | None = None
        self._environment.draws = self._draws if stream else None
        self._compile(_guard_labels(whole, "answer_choices" if piped else "options"))

    def bind(self, **constants: Any) -> None:
        """Sets variables that are the same for every row."""
        self._values.update(constants)

    def render(self, values: Mapping[str, Any], row: int) -> list[str]:
        """The texts for one row, in order.

        Raises:
            RowSkippedError: The row gives no example; `reason` says why.
            TemplateError: The template reaches for what it may not touch, or works without end; names the row.
        """
        return (
            self._run(values, row).split(MARK)
            if self._parts is None
            else self._checked(self._run(values, row).split(MARK))
        )

    def value(self, values: Mapping[str, Any], row: int) -> Any:
        """The value of the expression `result` for one row; raises as `render`."""
        self._run(values, row)
        result = self._context.vars["result"]
        try:
            require_values(result)
        except UnprintableError as error:
            raise _fatal(error, self.where, row) from error
        return result

    def _run(self, values: Mapping[str, Any], row: int) -> str:
        self._row, self._random = row, None
        self._work.begin()
        self._variables_of_template.clear()
        self._values.update(values)
        try:
            return _joined(list(self._root(self._context)))
        except RowSkippedError:
            raise
        except (TooMuchWorkError, SecurityError, RecursionError, MemoryError, UnprintableError) as error:
            raise _fatal(error, self.where, row) from error
        except NullAskedError as error:
            raise NullValueError(str(error.message)) from error
        except MisfitError as error:
            raise RowSkippedError("wrong-type", str(error.message)) from error
        except UndefinedError as error:
            raise RowSkippedError("missing-value", _without_addresses(str(error.message))) from error
        except Exception as error:  # an expression of a template can fail in any way that Python can
            if isinstance(error, OverflowError) and "Range too big" in str(error):  # Jinja's word for it
                raise _fatal(error, self.where, row) from error
            if isinstance(error, TypeError | AttributeError) and _OF_NULL.search(str(error)):
                raise NullValueError("an expression works on a null") from error
            detail = _without_addresses(f"{type(error).__name__}: {error}")
            raise RowSkippedError("template-failed", detail[:300]) from error

    def _checked(self, parts: list[str]) -> list[str]:
        if len(parts) != self._parts:
            raise RowSkippedError(
                "template-failed", "the row holds the noncharacters that stand between the parts of a text"
            )
        for place in self._loose_ends:
            parts[place] = parts[place].rstrip("\n")
        return parts

    def _draws(self) -> random.Random:
        if self._random is None:
            self._random = draws.stream(*self._stream, self._row)
        return self._random

    def _parse(self, text: str, where: str) -> nodes.Template:
        try:
            tree = self._environment.parse(text)
        except TemplateSyntaxError as error:
            raise errors.TemplateError(
                f"the text does not parse: {error.message}", where=f"{where}, text line {error.lineno}"
            ) from error
        except RecursionError as error:
            raise errors.TemplateError("the text is nested too deeply", where=where) from error
        if is_too_deep(tree):
            raise errors.TemplateError("the text is nested too deeply", where=where)
        return tree

    def _refuse_unknown(self, tree: nodes.Template) -> None:
        unknown = sorted(
            {
                f"filter {node.name!r}"
                for node in tree.find_all(nodes.Filter)
                if node.name not in self._environment.filters
            }
        )
        unknown += sorted(
            {f"test {node.name!r}" for node in tree.find_all(nodes.Test) if node.name not in self._environment.tests}
        )
        if unknown:
            raise errors.TemplateError(
                f"there is no {' and no '.join(unknown)}",
                where=self.where,
                hint="templates/README.md lists what there is",
            )

    def _variables(self, tree: nodes.Template) -> tuple[frozenset[str], frozenset[str]]:
        try:
            names = meta.find_undeclared_variables(tree)
        except (TemplateAssertionError, RecursionError) as error:
            raise errors.TemplateError(f"the text does not compile: {error}", where=self.where) from error
        tested = {
            test.node.name
            for test in tree.find_all(nodes.Test)
            if test.name in ("defined", "undefined") and isinstance(test.node, nodes.Name)
        }
        names -= self._environment.globals.keys()
        return frozenset(names), frozenset(tested)

    def _compile(self, tree: nodes.Template) -> None:
        try:
            template = self._environment.program(tree)
        except SecurityError as error:
            raise _fatal(error, self.where) from error
        except (TemplateError, RecursionError, ValueError, MemoryError, SyntaxError) as error:
            raise errors.TemplateError(
                f"the text does not compile: {getattr(error, 'msg', error)}", where=self.where
            ) from error
        self._root = template.root_render_func
        self._context = template.new_context({})
        self._values = self._context.parent
        self._variables_of_template = self._context.vars
        self._work = self._environment.work


def _ends_in_statement(tree: nodes.Template) -> bool:
    """Whether the text ends with a loop or condition, whose last line break is the layout's and not the text's."""
    return bool(tree.body) and not isinstance(tree.body[-1], nodes.Output)


def _joined(chunks: list[str]) -> str:
    if sum(map(len, chunks)) > LARGEST_TEXT:
        raise TooMuchWorkError(f"its text has more than {LARGEST_TEXT:,} characters")
    text = "".join(chunks)
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RowSkippedError(
            "template-failed", f"the text holds half a character, {text[error.start]!r}, which no file can hold"
        ) from error


def _without_addresses(text: str) -> str:
    """A message of Python's without places in memory, which no two runs have in common."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def _fatal(error: Exception, where: str, row: int | None = None) -> errors.TemplateError:
    """The error that ends a run, in words that say what the template did."""
    place = where if row is None else f"{where}, row {row}"
    if isinstance(error, SecurityError):
        return errors.TemplateError(f"the template reaches for what it may not touch: {error}", where=place)
    if isinstance(error, UnprintableError):
        return errors.TemplateError(f"the template prints {error}", where=place, hint=error.hint)
    if isinstance(error, RecursionError):
        return errors.TemplateError("the template calls itself without end", where=place)
    return errors.TemplateError(
        f"the template works without end: {str(error) or 'it needs more memory than there is'}",
        where=place,
        hint="give it smaller loops, or shorter texts",
    )


def _mark() -> nodes.Output:
    return nodes.Output([nodes.TemplateData(MARK, lineno=1)], lineno=1)


def _pipes_as_marks(tree: nodes.Template) -> nodes.Template:
    """Replaces the pipes that the template's author wrote, so that pipes in the data stay data."""
    for data in tree.find_all(nodes.TemplateData):
        data.data = data.data.replace(PIPE, MARK)
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str):
            constant.value = constant.value.replace(PIPE, MARK)
    return tree


def _guard_labels(tree: nodes.Template, choices: str) -> nodes.Template:
    """Makes the list of choices refuse -1, which Python would take for the last choice, and what is beyond its end."""
    for item in tree.find_all(nodes.Getitem):
        is_choice = isinstance(item.node, nodes.Name) and item.node.name == choices
        if is_choice and not isinstance(item.arg, nodes.Const | nodes.Slice | nodes.Neg):
            item.arg = nodes.Filter(item.arg, "label!", [item.node], [], None, None, lineno=item.lineno)
    return tree
