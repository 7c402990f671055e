"""The tests' own language model, and llama.cpp to run it."""

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def tiny():
    """The model file; tests that need it are skipped where llama.cpp is not installed."""
    pytest.importorskip("xllamacpp", reason="no llama.cpp: pip install 'ift-builder[local]'")
    return ROOT / "tests" / "data" / "tiny.gguf"
