"""Real trainers and validators take what `export` writes and lose no row; see README.md here for how to set them up."""

import os
import subprocess
from pathlib import Path

import orjson
import pytest

from tests.small_runs import conversation, example, rich, write_run

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROWS = 240


@pytest.fixture(scope="module")
def python():
    interpreter = os.environ.get("IFT_CONSUMERS_PYTHON")
    if not interpreter:
        pytest.skip("IFT_CONSUMERS_PYTHON names no interpreter with the trainers; see tests/consumers/README.md")
    return interpreter


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Rows of all kinds, so that most columns are empty in some of them."""
    kinds = (example, rich, conversation)
    rows = [kinds[number % 3](number) for number in range(ROWS)]
    return write_run(tmp_path_factory.mktemp("consumers") / "run", rows)


@pytest.fixture
def export(run, tmp_path, ift_build):
    def call(target, *options):
        ran = ift_build("export", run, "--to", target, "--validation", "0.1", "--out", tmp_path / "out", *options)
        assert ran.code == 0, ran.err
        return tmp_path / "out"

    return call


@pytest.fixture
def consume(python, tmp_path):
    def call(script, *arguments):
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
        ran = subprocess.run(
            [python, HERE / script, *arguments], capture_output=True, text=True, env=environment, check=False
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        print(ran.stdout.splitlines()[-1])
        return orjson.loads(ran.stdout.splitlines()[-1])

    return call


SPLITS = {"train": ROWS - ROWS // 10, "validation": ROWS // 10}


@pytest.mark.parametrize("target", ["sharegpt", "messages", "prompt-completion", "text", "openai", "axolotl", "hf"])
def test_datasets_loads_all_rows(target, export, consume):
    assert consume("load_datasets.py", export(target))["rows"] == SPLITS


@pytest.mark.parametrize("exemplars", ["inline", "turns"])
@pytest.mark.parametrize("target", ["messages", "prompt-completion", "text", "hf"])
def test_trl_trains_on_all_rows(target, exemplars, export, consume):
    report = consume("train_trl.py", export(target, "--exemplars", exemplars, "--rationale", "think"))

    assert report["rows"] == SPLITS["train"]
    assert len(report["losses"]) == 3


@pytest.mark.parametrize("exemplars", ["inline", "turns"])
def test_llama_factory_converts_all_rows(exemplars, export, consume):
    folder = export("llama-factory", "--exemplars", exemplars, "--system", "Be brief.")

    assert consume("convert_llama_factory.py", folder)["rows"] == {
        f"{name}.jsonl": rows for name, rows in SPLITS.items()
    }


@pytest.mark.parametrize("target", ["openai", "messages", "prompt-completion", "text"])
def test_the_validator_of_together_passes_files_without_ids(target, export, consume):
    reports = consume("validate_together.py", export(target, "--ids", "sidecar", "--exemplars", "turns"))

    assert {name: (report["passed"], report["num_samples"]) for name, report in reports.items()} == {
        name: (True, rows) for name, rows in SPLITS.items()
    }


@pytest.mark.parametrize("target", ["alpaca", "messages", "hf"])
def test_mlcroissant_reads_all_records(target, python, consume, tmp_path, run):
    plain = write_run(tmp_path / "run", [rich(number) for number in range(ROWS)])
    command = [python, "-m", "ift_builder", "export", plain, "--to", target, "--validation", "0.1", "--croissant"]
    subprocess.run([*command, "--out", tmp_path / "out"], check=True, cwd=HERE.parent.parent)

    assert consume("read_croissant.py", tmp_path / "out")["rows"] == SPLITS
