"""The ways of growing by name, without what they load: `--help` names them, `bootstrap.strategies` opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REGISTRY: Final[Mapping[str, str]] = {
    "alpaca": "alpaca:Alpaca",
    "evolve": "evolve:Evolve",
    "self-instruct": "self_instruct:SelfInstruct",
    "structured": "structured:Structured",
    "unnatural": "unnatural:Unnatural",
    "use-cases": "use_cases:UseCases",
}
"""Where each strategy is: its name, and its module and class in `bootstrap`. Its prompts are in the folder of
`templates/prompts/bootstrap` that has the module's name."""
