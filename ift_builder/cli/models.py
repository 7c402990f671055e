"""`ift-build models`: a line for each way to a model, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ift_builder.cli import event_loop, options
from ift_builder.cli.console import Mark

if TYPE_CHECKING:
    from ift_builder.cli.console import Console
    from ift_builder.models import Reach

_NAMED = 5
"""Models of a server that are named; `--json` has them all."""


@click.command(name="models", short_help="see which models can be reached from here")
@click.option(
    "--base-url",
    help="A server to ask, such as http://localhost:8000/v1.  [default: OPENAI_BASE_URL, or the OpenAI API]",
)
@options.shared
@click.pass_obj
def command(console: Console, /, base_url: str | None, seed: int) -> None:  # noqa: ARG001 - every command has --seed
    """See which models `--model` can reach from here: the scripted one, model files, servers; and what to do.

    Servers are asked for their list of models only, and those at the usual ports of this machine without a key.

    \b
    Examples:
      ift-build models
      ift-build models --base-url http://localhost:8000/v1 --json
    """
    from ift_builder.models import reachable

    found = event_loop.run(lambda: reachable(base_url))
    for reach in found:
        console.say(*_line(reach))
    console.result({"ok": True, "backends": found})


def _line(reach: Reach) -> tuple[str | Mark, ...]:
    mark = Mark("ready  ", "green") if reach.ready else Mark("missing", "yellow")
    named = ", ".join(reach.models[:_NAMED]) + (", …" if len(reach.models) > _NAMED else "")
    what = f"{reach.what} ({named})" if named else reach.what
    return f"{reach.backend:<6}  ", mark, f"  {what} → {reach.todo}"
