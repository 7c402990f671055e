"""A model file is known by its content, wherever it lies and whatever it is called."""

import pytest

from ift_builder.backends.local import read
from ift_builder.errors import InputError
from tests.backends.local.gguf_files import CHAT, write

TENSORS = (b"\1" * 9000, b"\2" * 9000, b"\3" * 9000)


def test_name_and_place_of_the_file_do_not_count(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    here = read(write(tmp_path / "a.gguf", tensors=TENSORS), "chat")
    there = read(write(tmp_path / "elsewhere" / "b.gguf", tensors=TENSORS), "chat")

    assert here.name == there.name
    assert here.name.startswith("Small Talk (gguf:")
    assert here.trained_context == 2048


@pytest.mark.parametrize("changed", range(3))
def test_another_tensor_of_the_same_size_makes_another_model(tmp_path, changed):
    others = tuple(b"\7" * 9000 if number == changed else tensor for number, tensor in enumerate(TENSORS))
    model = read(write(tmp_path / "a.gguf", tensors=TENSORS), "chat")
    other = read(write(tmp_path / "b.gguf", tensors=others), "chat")

    assert model.name != other.name


def test_another_chat_template_makes_another_model(tmp_path):
    model = read(write(tmp_path / "a.gguf"), "chat")
    other = read(write(tmp_path / "b.gguf", {**CHAT, "tokenizer.chat_template": "{{ mess }}"}), "chat")

    assert model.name != other.name


def test_a_file_without_chat_template_is_for_completions(tmp_path):
    path = write(tmp_path / "base.gguf", {"general.architecture": "llama"})

    with pytest.raises(InputError, match="no chat template") as caught:
        read(path, "chat")
    assert "--api completions" in caught.value.hint
    assert read(path, "completions").name.startswith("llama (gguf:")
    assert read(path, "completions").trained_context is None


@pytest.mark.parametrize(
    ("said", "title"),
    [("Evil \x1b[2J\x07 Model\n", "Evil [2J Model"), ("x" * 500, "x" * 60), ("\x00", "unnamed"), ("", "llama")],
)
def test_the_name_in_the_file_cannot_steer_a_terminal(tmp_path, said, title):
    model = read(write(tmp_path / "m.gguf", {**CHAT, "general.name": said}), "chat")

    assert model.name.partition(" (gguf:")[0] == title


def test_a_model_in_several_files_is_known_by_all_of_them(tmp_path):
    first = write(tmp_path / "m-00001-of-00002.gguf")
    with pytest.raises(InputError, match="cannot read") as caught:
        read(first, "chat")
    assert "00002-of-00002" in caught.value.where

    write(tmp_path / "m-00002-of-00002.gguf", {}, tensors=(b"\1" * 64,))
    before = read(first, "chat").name
    write(tmp_path / "m-00002-of-00002.gguf", {}, tensors=(b"\2" * 64,))
    assert read(first, "chat").name != before
