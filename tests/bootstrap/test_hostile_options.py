"""Options, configurations and model files that no run can use get a message, not a crash."""

import struct

import pytest

from tests.conftest import ROOT

TINY = ROOT / "tests" / "data" / "tiny.gguf"


@pytest.mark.parametrize(
    "options",
    [
        ["--model", "\udcff"],
        ["--domain", "\udcff"],
        ["--forbid", "a\udcff"],
        ["--strategy", "evolve", "--rounds", "99999999999999999999"],
        ["--strategy", "unnatural", "--paraphrase", "99999999999999999999"],
        ["--target", "99999999999999999999"],
        ["--language", "de=1e308", "--language", "ja=1e308"],
        ["--domain", "."],
    ],
)
def test_a_value_that_no_run_can_have_is_a_usage_error(ift_build, tmp_path, options):
    ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "run", *options)

    assert ran.code == 2
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("entry", ["from: [a]", "language: [[de]]"])
def test_a_configuration_with_a_value_of_another_kind_is_a_usage_error_that_names_the_entry(ift_build, tmp_path, entry):
    (tmp_path / "c.yaml").write_text(f"{entry}\n")
    ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "run", "--config", tmp_path / "c.yaml")

    assert ran.code == 2
    assert f"c.yaml: {entry.partition(':')[0]}" in ran.err


def test_a_dataset_behind_links_in_a_circle_is_named(ift_build, tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    ran = ift_build("bootstrap", "--model", "demo", "--out", tmp_path / "run", "--from", loop)

    assert ran.code == 1
    assert str(loop) in ran.err


@pytest.mark.parametrize("context", [0, 1, 2**32 - 1])
def test_a_model_file_whose_context_would_end_llama_cpp_is_refused(ift_build, tmp_path, context):
    content = TINY.read_bytes()
    at = content.index(b"context_length") + len(b"context_length") + 4
    path = tmp_path / "odd.gguf"
    path.write_bytes(content[:at] + struct.pack("<I", context) + content[at + 4 :])
    ran = ift_build("bootstrap", "--model", path, "--api", "completions", "--out", tmp_path / "run")

    assert ran.code == 1
    assert "tokens at once" in ran.err


def test_a_model_file_without_tensors_is_refused(ift_build, tmp_path):
    path = tmp_path / "none.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    ran = ift_build("bootstrap", "--model", path, "--api", "completions", "--out", tmp_path / "run")

    assert ran.code == 1
    assert "no tensors" in ran.err
