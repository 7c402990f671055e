"""The street door: `ift-build` and its verbs, one module each, imported when they are asked for."""

from __future__ import annotations

from importlib import import_module

import click

from ift_builder import __version__
from ift_builder.cli import streams
from ift_builder.cli.boundary import run_and_exit

COMMANDS = {
    "models": "see which models can be reached from here",
    "bootstrap": "grow a dataset from seed tasks with a language model",
    "convert": "convert datasets through instruction templates",
    "templates": "look at templates: list, show, lint, preview",
    "dedupe": "drop near-duplicates from any JSONL file",
    "screen": "judge a run's recorded candidates again under other thresholds",
    "check": "find what is wrong with a run or any dataset file",
    "export": "write a run as files that trainers take as they are",
    "report": "make a page of pictures and sample rows of a run",
    "show": "tell where an example comes from, or why a candidate was dropped",
}
"""Verb to its line in `--help`; the verb's module has the same name. Order is that of the work."""


class LazyGroup(click.Group):
    """A group that imports a verb's module only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb's command, imported now; None for an unknown verb."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"ift_builder.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Lists the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="ift-build")
def ift_build() -> None:
    """Build instruction-tuning datasets: every row explains itself, nothing paid for is lost.

    \b
    Examples:
      ift-build bootstrap --model demo --target 100 --out outputs/demo
      ift-build show outputs/demo
    """


def main() -> None:
    """The console script."""
    streams.prepare()
    run_and_exit(ift_build)
