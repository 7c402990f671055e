"""Options that take a number take finite ones only, in every command."""

import click
import pytest

from ift_builder.cli import COMMANDS, ift_build
from ift_builder.cli.numeric import Number, Whole


def _numeric(command, *path):
    """(name, parameter) of all numeric options of a command and those below it."""
    for param in command.params:
        if isinstance(param.type, (click.types.IntParamType, click.types.FloatParamType)):
            yield pytest.param(param, id=" ".join([*path, param.name]))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _numeric(command.get_command(context, name), *path, name)


EVERY = list(_numeric(ift_build))
NO_NUMBERS = ["nan", "inf", "-inf", "1e309", float("nan"), float("inf"), float("-inf"), True]


def test_numeric_options_are_found_in_many_commands():
    assert len({one.id.split()[0] for one in EVERY}) >= len(COMMANDS) // 2
    assert {"bootstrap max_cost", "bootstrap timeout", "check min_rows"} <= {one.id for one in EVERY}


@pytest.mark.parametrize("param", EVERY)
def test_every_numeric_option_of_every_command_takes_finite_numbers_only(param):
    assert isinstance(param.type, (Number, Whole))
    for value in NO_NUMBERS:
        with pytest.raises(click.BadParameter):
            param.type.convert(value, param, None)


def test_a_config_file_with_a_fraction_for_a_count_is_refused_and_not_rounded():
    with pytest.raises(click.BadParameter, match="whole number"):
        Whole(1, 10).convert(2.5, None, None)
    assert Whole(1, 10).convert(2.0, None, None) == 2


@pytest.mark.parametrize("value", ["nan", "inf", "1e309"])
def test_a_budget_of_nan_dollars_is_no_budget(tmp_path, ift_build, value):
    ran = ift_build("bootstrap", "--model", "demo", "--max-cost", value, "--out", tmp_path / "run")

    assert ran.code == 2
    assert "finite" in ran.err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("line", ["max-cost: .nan", "max-cost: .inf", "timeout: -.inf", "target: .inf", "target: 2.5"])
def test_a_config_file_takes_finite_numbers_only(tmp_path, ift_build, line):
    (tmp_path / "options.yaml").write_text(line)
    ran = ift_build("bootstrap", "--model", "demo", "--config", tmp_path / "options.yaml", "--out", tmp_path / "run")

    assert ran.code == 2
    assert not (tmp_path / "run").exists()
