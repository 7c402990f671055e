"""The head of a GGUF file: read where it is whole, refused with a reason where it is not."""

import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ift_builder.backends.local import gguf
from ift_builder.errors import InputError
from tests.backends.local.gguf_files import CHAT, gguf_bytes, write

WHOLE = gguf_bytes(CHAT)


def read(folder, content):
    path = folder / "m.gguf"
    path.write_bytes(content)
    return gguf.read(path)


@pytest.mark.parametrize("version", gguf.VERSIONS)
def test_a_head_has_the_metadata_and_where_the_tensors_begin(tmp_path, version):
    tensors = (b"first" * 20, b"second" * 9, b"third")
    content = gguf_bytes(CHAT, tensors, version)
    head = read(tmp_path, content)

    assert head.metadata == {**CHAT, "tokenizer.ggml.tokens": 3, "tokenizer.ggml.scores": 2}
    assert [content[start:].startswith(tensor) for start, tensor in zip(head.tensors, tensors, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("content", [b"", b"GGU", b"<!DOCTYPE html>", b"version https://git-lfs.github.com/spec/v1\n"])
def test_what_does_not_begin_as_gguf_is_no_model_file(tmp_path, content):
    with pytest.raises(InputError, match="no model file") as caught:
        read(tmp_path, content)
    assert "m.gguf" in caught.value.where


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path):
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(InputError, match="cannot read the model file") as caught:
            gguf.read(path)
        assert caught.value.hint


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(4, len(WHOLE) - 64))
def test_a_file_that_is_cut_before_its_last_tensor_is_said_to_be_cut(tmp_path, at):
    with pytest.raises(InputError, match="cut off"):
        read(tmp_path, WHOLE[:at])


def test_an_unknown_version_is_named(tmp_path):
    with pytest.raises(InputError, match="version 1 "):
        read(tmp_path, gguf_bytes(CHAT, version=1))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(4, 200), junk=st.binary(min_size=1, max_size=12))
def test_damage_anywhere_is_an_error_of_ours_or_none(tmp_path, at, junk):
    with suppress(InputError):
        read(tmp_path, WHOLE[:at] + junk + WHOLE[at + len(junk) :])


def test_an_array_of_arrays_is_refused_rather_than_followed(tmp_path):
    nested = struct.pack("<Q", 1) + b"k" + struct.pack("<IIQ", 9, 9, 1) * 5000
    with pytest.raises(InputError, match="unknown type"):
        read(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + nested)


def test_a_file_on_the_disk_is_as_it_is_written(tmp_path):
    assert gguf.read(write(tmp_path / "m.gguf")).metadata["general.name"] == "Small Talk"


def test_a_text_or_a_count_that_no_model_has_is_damage_and_is_not_read(tmp_path):
    """A file of holes takes no room on the disk, and would take all of the memory."""
    counts = struct.pack("<IQQ", 3, 1, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<IQ", 8, 1 << 31)
    with (tmp_path / "m.gguf").open("wb") as file:
        file.write(b"GGUF" + counts)
        file.truncate(1 << 32)
    with pytest.raises(InputError, match="a text of"):
        gguf.read(tmp_path / "m.gguf")
    with pytest.raises(InputError, match="entries of metadata"):
        read(tmp_path, b"GGUF" + struct.pack("<IQQ", 3, 1, 1 << 40))
