"""The ways of growing: each is registered once and found by its name."""

import pytest

from ift_builder import assets
from ift_builder.bootstrap.strategies import REGISTRY, Manner, load


def test_each_strategy_has_a_folder_of_prompts_with_its_name():
    folders = assets.names("templates", "prompts", "bootstrap")

    assert sorted(REGISTRY) == [name.replace("_", "-") for name in folders]


@pytest.mark.parametrize("name", REGISTRY)
def test_a_strategy_is_called_what_it_is_registered_as(name):
    assert load(name, Manner("m")).name == name
