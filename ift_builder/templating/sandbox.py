"""Where other people's templates run: Jinja's sandbox, with bounded work and nothing printed by mistake.

Beyond Jinja's sandbox: undefined names are errors; a null, a function or a generator is never printed as text;
filters and functions that draw at random are replaced by ours; what loops, calls and arithmetic do is counted (see
`work`); and templates have no way to load other templates.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter

from ift_builder.templating import checks, filters, work
from ift_builder.templating.counting import Counting
from ift_builder.templating.values import Missing, printable, require_printable

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from jinja2.runtime import Context

_NOT_ALLOWED = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)

_FOR_THE_CONTEXT = ("_loop_vars", "_block_vars")
"""What compiled templates add to the arguments of calls inside loops and blocks."""


class _Fields(SandboxedFormatter):
    """Looks whether the fields of a pattern for `str.format` may be printed, which may be parts of what is given."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """As Jinja's."""
        field = super().get_field(field_name, args, kwargs)
        require_printable(field[0])
        return field


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with the limits of `work`.

    Attributes:
        work: The current rendering's allowance.
        draws: Gives the current rendering's stream, set by whoever renders; without it `choice` is an error.
    """

    intercepted_binops = frozenset(checks.OPERATORS)

    def __init__(self, *, trim_lines: bool) -> None:
        """Makes the environment; `trim_lines` drops the line on which a `{% … %}` stands alone."""
        super().__init__(
            undefined=Missing,
            autoescape=False,
            keep_trailing_newline=trim_lines,
            trim_blocks=trim_lines,
            lstrip_blocks=trim_lines,
            finalize=printable,
        )
        self.work = work.Work()
        self.draws: Callable[[], random.Random] | None = None
        del self.globals["lipsum"]
        self.globals.update(zip=self._counted(zip), enumerate=self._counted(enumerate))
        filters.install(self.filters, self.work)
        filters.install_tests(self.tests, self.work)

    def program(self, tree: nodes.Template) -> Any:
        """Compiles a parsed template, with its loops, calls and joins counted."""
        for node in tree.find_all(_NOT_ALLOWED):
            raise SecurityError(f"line {node.lineno}: a template cannot load or extend another")
        tree = Counting().visit(tree)
        tree.set_environment(self)
        return self.from_string(tree)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - Jinja's
        """Calls a function or method for the template, and counts."""
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str | list | tuple | dict | date | time):
            check = checks.METHODS.get(__obj.__name__)
            if isinstance(owner, str):
                require_printable(args)
            given = (
                {name: value for name, value in kwargs.items() if name not in _FOR_THE_CONTEXT} if kwargs else kwargs
            )
            __self.work.spend(check(owner, *args, **given) if check else work.size(owner) + work.text_size(args))
        else:
            __self.work.spend(work.STEP + len(args) + (work.text_size(args) if __obj is dict else 0))
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Computes, unless the result would be too large."""
        self.work.spend(checks.OPERATORS[operator](left, right))
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Jinja's safe `str.format`, for patterns that do not pad without measure."""
        wrapper = super().wrap_str_format(value)
        if wrapper is None:
            return None

        def checked(*args: Any, **kwargs: Any) -> str:
            self.work.spend(checks.check_format(value.__self__, *args, **kwargs))
            given = ((), args[0]) if value.__name__ == "format_map" and args else (args, kwargs)
            _Fields(self).vformat(value.__self__, *given)
            return wrapper(*args, **kwargs)

        return checked

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As Jinja's, without methods of bytes and numbers, and those of texts that make any text from a small one."""
        if isinstance(obj, bytes | bytearray | memoryview | Decimal):
            return False
        if isinstance(obj, int | float):
            return attr == "is_integer"
        if isinstance(obj, str) and attr in ("encode", "translate", "maketrans"):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
        def run(*args: Any, **kwargs: Any) -> Iterator[Any]:
            return self.work.counted(function(*args, **kwargs), function.__name__)

        return run
