"""The command that a run's card gives makes the run again."""

import json
import shlex

import pytest

from ift_builder import jsonl
from ift_builder.formats import seed_tasks, use_cases
from ift_builder.runs import CARD, SETTINGS
from tests.bootstrap.test_command import bytes_of
from tests.files import rows_of


def first(count, path, out):
    """The first rows of a file, in a file of their own."""
    out.write_bytes(jsonl.join(rows_of(path)[:count]))
    return out


@pytest.fixture
def files(tmp_path):
    """What the names in capitals stand for."""
    (tmp_path / "subject.txt").write_text("The work of a `small` bakery,\nand its ovens.")
    return {
        "SEEDS.jsonl": first(40, seed_tasks.shipped(), tmp_path / "seeds.jsonl"),
        "DATASET": first(5, seed_tasks.shipped("unnatural_tasks.jsonl"), tmp_path / "dataset.jsonl"),
        "USE_CASES.jsonl": first(30, use_cases.shipped(), tmp_path / "cases.jsonl"),
        "SUBJECT.txt": tmp_path / "subject.txt",
        "FOLDER": tmp_path / "again",
    }


GIVEN = {
    "usual": [],
    "files": ["--seeds", "SEEDS.jsonl", "--from", "DATASET", "--domain", "SUBJECT.txt"],
    "focus": ["--domain", "the baker's work", "--language", "ja", "--language", "pt-BR", "--language", "de"],
    "shares": ["--language", "de=0.7", "--language", "ja=0.2"],
    "one language": ["--language", "de=3"],
    "thresholds": [
        *("--similarity", 0.6, "--tokenizer", "rouge", "--min-words", 5, "--max-words", 60, "--patience", 90),
        *("--forbid", "two words", "--forbid", "poem", "--allow", "map", "--no-screen", "opening", "--seed", 7),
    ],
    "unnatural": ["--strategy", "unnatural", "--paraphrase", 2, "--api", "completions"],
    "use cases": ["--strategy", "use-cases", "--use-cases", "USE_CASES.jsonl"],
    "unlabelled": ["--unlabelled-answers", "keep"],
    "rounds": ["--strategy", "evolve", "--from", "DATASET", "--rounds", 2],
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_with_its_files_it_comes_to_the_same_settings_and_rows(tmp_path, ift_build, files, given):
    run, again = tmp_path / "run", files["FOLDER"]
    options = [files.get(option, option) for option in given]
    first_run = ift_build("bootstrap", "--model", "demo", "--target", 12, "--out", run, "--no-report", *options)
    card = (run / CARD).read_text(encoding="utf-8")
    command = shlex.split(card.partition("```sh\n")[2].partition("```")[0].replace("\\\n", " "))
    assert first_run.code == 0
    assert command[0] == "ift-build"
    assert ift_build(*(files.get(word, word) for word in command[1:]), "--no-report").code == 0

    assert bytes_of(again) == bytes_of(run)
    assert json.loads((again / SETTINGS).read_text()) == json.loads((run / SETTINGS).read_text())


def test_no_address_of_a_server_stands_in_a_card():
    from ift_builder.bootstrap import Plan, again

    plan = Plan(seeds=seed_tasks.shipped(), model="m", base_url="http://host.internal:8000/v1")

    assert "--base-url URL" in again.command(plan)
    assert "host.internal" not in again.command(plan)
