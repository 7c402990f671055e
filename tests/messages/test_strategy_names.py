"""`--strategy` offers what can be opened, and nothing else."""

from __future__ import annotations

import importlib.util

import pytest

from ift_builder import assets
from ift_builder.cli import growing_options
from ift_builder.strategy_names import REGISTRY


def test_a_template_folder_without_a_line_in_the_registry_is_not_offered(monkeypatch):
    monkeypatch.setattr(assets, "names", lambda *_: ["self_instruct", "orphan"])
    spec = importlib.util.spec_from_file_location("fresh", growing_options.__file__)
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)

    (strategy,) = [p for p in fresh.grown(lambda: None).__click_params__ if p.name == "strategy"]
    assert list(strategy.type.choices) == list(REGISTRY)


@pytest.mark.parametrize("name", ["orphan", "self_instruct"])
def test_an_unknown_strategy_is_a_matter_of_usage_and_those_that_exist_are_named(ift_build, tmp_path, name):
    ran = ift_build("bootstrap", "--model", "demo", "--strategy", name, "--out", tmp_path / "run")
    assert ran.code == 2
    assert "self-instruct" in ran.err
