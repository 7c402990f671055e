"""Templates, compiled once and rendered in a sandbox: their text is untrusted input.

Undefined names are errors and never empty text, nothing is escaped but in templates of pages, newlines are kept,
attributes that lead into the interpreter are refused, and work is bounded.
"""

from __future__ import annotations

from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from ift_builder import assets, errors
from ift_builder.templating.sandbox import BoundedEnvironment
from ift_builder.templating.values import RowSkippedError, UnprintableError
from ift_builder.templating.work import TooMuchWorkError

_ENVIRONMENT = BoundedEnvironment(trim_lines=True)

_PAGES = _ENVIRONMENT.overlay(autoescape=True)

_MARKS = (_ENVIRONMENT.variable_start_string, _ENVIRONMENT.block_start_string, _ENVIRONMENT.comment_start_string)


class Template:
    """One compiled template.

    Attributes:
        where: The file and the template's place in it, for messages.
    """

    def __init__(self, text: str, where: str, *, autoescape: bool = False) -> None:
        """Compiles `text`.

        Args:
            text: The template.
            where: The file and the template's place in it.
            autoescape: Whether it is HTML: what it prints is then escaped, unless it is `markupsafe.Markup`.

        Raises:
            TemplateError: The text is not a template; names the line.
        """
        self.where = where
        self._fixed = None if any(mark in text for mark in _MARKS) else text
        try:
            environment = _PAGES if autoescape else _ENVIRONMENT
            self._template = environment.program(environment.parse(text))
        except TemplateSyntaxError as error:
            raise errors.TemplateError(
                f"the template does not parse: {error.message}",
                where=f"{where}, template line {error.lineno}",
            ) from error
        except SecurityError as error:
            raise errors.TemplateError(
                f"the template reaches for what it may not touch: {error.message}", where=where
            ) from error
        except (SyntaxError, RecursionError) as error:
            raise errors.TemplateError(f"the template is nested too deeply: {error}", where=where) from error

    def render(self, **values: Any) -> str:
        """The text for `values`.

        Raises:
            TemplateError: A name is undefined, an attribute is forbidden, an expression fails, or the work has no end.
        """
        if self._fixed is not None:
            return self._fixed
        _ENVIRONMENT.work.begin()
        try:
            text: str = self._template.render(**values)
        except UndefinedError as error:
            raise errors.TemplateError(
                f"the template asks for something that is not there: {error.message}", where=self.where
            ) from error
        except SecurityError as error:
            raise errors.TemplateError(
                f"the template reaches for what it may not touch: {error.message}", where=self.where
            ) from error
        except (TooMuchWorkError, RecursionError, MemoryError, OverflowError) as error:
            why = str(error) or "it needs more memory than there is"
            raise errors.TemplateError(f"the template works without end: {why}", where=self.where) from error
        except UnprintableError as error:
            raise errors.TemplateError(f"the template prints {error}", where=self.where, hint=error.hint) from error
        except RowSkippedError as error:
            raise errors.TemplateError(
                f"the template prints a value that is not there: {error.reason}", where=self.where
            ) from error
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise errors.TemplateError(f"the template fails: {error}", where=self.where) from error
        return text


def shipped(*parts: str, autoescape: bool = False) -> Template:
    """A template that comes with the tool, such as `shipped("cards", "bootstrap.md.jinja")`."""
    path = assets.path("templates", *parts)
    return Template(path.read_text(encoding="utf-8"), str(path), autoescape=autoescape)
