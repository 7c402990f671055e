"""The datasets of all shipped template files, as a hub has them."""

import pytest

from tests import shipped_hub


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """The folder of `tests.hub`; no test changes it."""
    folder = tmp_path_factory.mktemp("shipped")
    shipped_hub.build(folder)
    return folder
