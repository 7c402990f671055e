"""`ift-build templates check`: whether a file of templates and the hub say the same of a dataset."""

import os
import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from ift_builder.rendering import catalogue
from ift_builder.templates import comparing
from tests.conftest import ROOT
from tests.hub import hub

AGREEING = ("ag_news", "piqa", "banking77", "glue_mnli", "mmlu", "anli", "xnli_hi")

MISMATCHES = {
    "the order of classes": ("[World, Sports, Business, Sci/Tech]", "[Sports, World, Business, Sci/Tech]", "World"),
    "the name of a class": ("Sci/Tech]", "Science]", "class 3 of 'label' is 'Sci/Tech' on the hub"),
    "a column": ("  text: text", "  body: text", "no column 'body'"),
    "a type": ("  text: text", "  text: list", "'text' holds text values"),
    "a split": ("[train, test]", "[train, validation]", "train, test on the hub, and train, validation in the file"),
    "a configuration": ("config: default", "config: english", "no configuration 'english'"),
    "the dataset": ("fancyzhx/ag_news", "fancyzhx/no_news", "there is no dataset 'fancyzhx/no_news'"),
}
"""What is wrong in the file, how it came to be, and what is said of it."""


@pytest.fixture(scope="module")
def address(shipped):
    with hub(shipped) as served:
        yield served


@pytest.fixture
def check(address, tmp_path):
    def call(*arguments, endpoint=address):
        own = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ift_builder", "templates", "check", *arguments, "--json"]
        return subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def ag_news(tmp_path):
    """Writes a copy of the shipped file with a change in it."""
    text = (ROOT / "templates" / "datasets" / "ag_news.yaml").read_text()

    def copy(name, before="", after=""):
        assert before in text
        path = tmp_path / f"{name}.yaml"
        path.write_text(text.replace(before, after, 1))
        return str(path)

    return copy


@pytest.fixture
def squad(tmp_path):
    """The shipped file without the licence that the hub names."""
    text = (ROOT / "templates" / "datasets" / "squad.yaml").read_text()
    (tmp_path / "squad.yaml").write_text(text.replace("licence: CC-BY-SA-4.0", "licence: unknown"))
    return str(tmp_path / "squad.yaml")


def test_files_that_agree_with_the_hub_are_said_to(check, ag_news):
    mine = ag_news("ag_news", "compared: ", "compared: 2020-01-01 #")
    ran = check(*AGREEING[1:], mine)
    result = orjson.loads(ran.stdout)

    assert ran.returncode == 0, ran.stderr
    assert (result["ok"], len(result["compared"]), result["differences"]) == (True, len(AGREEING), {})
    assert "agrees with cais/mmlu all at " in ran.stderr
    assert "refs/convert/parquet" in ran.stderr
    assert "legacy-datasets/banking77 is read instead" in ran.stderr


def test_each_mismatch_is_named_and_the_exit_code_is_1(check, ag_news, squad):
    files = {name: ag_news(str(number), *change[:2]) for number, (name, change) in enumerate(MISMATCHES.items())}
    ran = check(*files.values(), squad)
    differences = orjson.loads(ran.stdout)["differences"]

    assert ran.returncode == 1
    assert differences.pop(squad) == ["the licence is cc-by-sa-4.0 on the hub, and unknown in the file"]
    assert differences.keys() == set(files.values())
    for name, (*_, said) in MISMATCHES.items():
        assert any(said in line for line in differences[files[name]]), name


def test_without_a_network_there_is_one_clear_message(check):
    ran = check("ag_news", "squad", endpoint="http://127.0.0.1:9")

    assert ran.returncode == 1
    assert "the hub cannot be reached" in orjson.loads(ran.stdout)["error"]
    assert "Traceback" not in ran.stderr


def test_stamp_writes_the_day_into_the_file_and_changes_nothing_else(ag_news):
    path = Path(ag_news("right"))
    before = path.read_text()
    comparing.stamp(catalogue.find(str(path)), "2031-02-03")

    assert path.read_text() == re.sub("^compared: .*", "compared: 2031-02-03", before, flags=re.MULTILINE)


def test_stamp_dates_a_file_that_had_no_day(ag_news):
    path = Path(ag_news("right", "compared: 2026-11-28\n", ""))
    comparing.stamp(catalogue.find(str(path)), "2031-02-03")

    assert catalogue.find(str(path)).access.compared == "2031-02-03"


def test_the_page_of_the_documentation_is_what_the_templates_say():
    assert (ROOT / "docs" / "datasets.md").read_text() == catalogue.page()
