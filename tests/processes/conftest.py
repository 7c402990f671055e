"""Inputs that keep a command at work for some seconds."""

import pytest

from ift_builder.cli import ift_build
from ift_builder.cli.boundary import run
from tests.convert.conftest import TEMPLATES
from tests.dedupe.test_dedupe import real_looking

TEMPLATE = """
dataset: mine
licence: CC0-1.0
languages: [en]
task: {name: mine, category: reasoning}
columns: {instruction: text, n: number}
templates:
  plain:
    instruction: "{{ instruction }}"
    output: "{{ n }}"
"""


@pytest.fixture(scope="session")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "t.yaml").write_text(TEMPLATES)
    (folder / "reviews.jsonl").write_bytes(b'{"text": "x", "label": 1}\n' * 300_000)
    (folder / "texts.jsonl").write_bytes(real_looking(60_000))
    (folder / "m.yaml").write_text(TEMPLATE)
    (folder / "fewer.jsonl").write_bytes(real_looking(15_000))
    arguments = ["convert", folder / "fewer.jsonl", "--template", folder / "m.yaml", "--out", folder / "run"]
    assert run(ift_build, [*map(str, arguments), "--no-report", "--quiet"]) == 0
    return folder


@pytest.fixture
def at_work(inputs, tmp_path):
    """The arguments of a command that is at work for some seconds, with so many workers."""
    out = ("--out", tmp_path / "out", "--quiet")
    return {
        "convert": ("convert", inputs / "reviews.jsonl", "--template", inputs / "t.yaml", "--workers", 2, *out),
        "dedupe": ("dedupe", inputs / "texts.jsonl", "--workers", 2, *out),
    }
