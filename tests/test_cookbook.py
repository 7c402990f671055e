"""Every command of the cookbook runs as it stands, in its order, and does what its recipe promises."""

import re
import shlex

import pytest

from ift_builder.bootstrap.strategies import REGISTRY
from tests.conftest import ROOT
from tests.files import rows_of

COOKBOOK = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPES = {
    recipe.partition("\n")[0]: re.findall(r"^ift-build (.*)$", recipe, re.MULTILINE)
    for recipe in COOKBOOK.split("\n## ")[1:]
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_commands_of_a_recipe_run_as_they_stand(recipe, ift_build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert RECIPES[recipe]
    for command in RECIPES[recipe]:
        arguments = shlex.split(command)
        ran = ift_build(*arguments, "--no-report")
        assert ran.code == 0, ran
        assert rows_of(tmp_path / arguments[arguments.index("--out") + 1] / "examples.jsonl")


def test_each_strategy_has_a_recipe():
    assert [name for name in REGISTRY if name != "self-instruct" and f"--strategy {name}" not in COOKBOOK] == []
