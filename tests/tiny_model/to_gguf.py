"""Writes the trained model as a GGUF file, its matrices in blocks of eight-bit numbers (Q8_0)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import gguf

from tests.tiny_model.layout import CHAT_TEMPLATE, CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.tiny_model.model import TinyLlama
    from tests.tiny_model.tokens import Vocabulary

_NAME = "ift-builder tiny"
_LICENCE = "apache-2.0"


def write(model: TinyLlama, vocabulary: Vocabulary, path: Path, notes: Mapping[str, str]) -> None:
    """Writes the file.

    Args:
        model: What was trained.
        vocabulary: Its entries.
        path: Where to.
        notes: Further words for the file's header, by name.
    """
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(_NAME)
    writer.add_license(_LICENCE)
    for name, note in notes.items():
        writer.add_string(f"ift_builder.{name}", note)
    _write_shape(writer, model)
    _write_vocabulary(writer, vocabulary)
    _write_weights(writer, model)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_shape(writer: gguf.GGUFWriter, model: TinyLlama) -> None:
    shape = model.shape
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.blocks)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_vocab_size(shape.tokens)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)


def _write_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    bpe = vocabulary.bpe
    entries = [bpe.id_to_token(number) for number in range(bpe.get_vocab_size())]
    types = [gguf.TokenType.CONTROL if entry in CONTROL else gguf.TokenType.NORMAL for entry in entries]
    writer.add_tokenizer_model("gpt2")  # GGUF's word for byte-level BPE
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*entries, *vocabulary.lines])
    writer.add_token_types([*types, *[gguf.TokenType.USER_DEFINED] * len(vocabulary.lines)])
    writer.add_token_merges(_merges(vocabulary))
    writer.add_bos_token_id(vocabulary.id("<|start|>"))
    writer.add_eos_token_id(vocabulary.id("<|end|>"))
    writer.add_add_bos_token(value=True)
    writer.add_chat_template(CHAT_TEMPLATE)


def _merges(vocabulary: Vocabulary) -> list[str]:
    return [" ".join(pair) for pair in json.loads(vocabulary.bpe.to_str())["model"]["merges"]]


def _write_weights(writer: gguf.GGUFWriter, model: TinyLlama) -> None:
    for name, parameter in model.state_dict().items():
        weights = parameter.float().contiguous().numpy()
        if weights.ndim == 1:
            writer.add_tensor(name, weights)
        else:
            blocks = gguf.quants.quantize(weights, gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, blocks, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
