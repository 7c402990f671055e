"""Writes small GGUF files, real in their head and empty of sense in their tensors."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ALIGNMENT = 32
CHAT = {
    "general.architecture": "llama",
    "general.name": "Small Talk",
    "llama.context_length": 2048,
    "tokenizer.ggml.tokens": ["<s>", "a", "b"],
    "tokenizer.ggml.scores": [0.0, 1.5],
    "tokenizer.chat_template": "{{ messages }}",
    "general.quantized": True,
}


def text(value: str) -> bytes:
    content = value.encode()
    return struct.pack("<Q", len(content)) + content


def value_of(value: Any) -> bytes:
    """A metadata value with its type's number."""
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case str():
            return struct.pack("<I", 8) + text(value)
        case [str(), *_]:
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
        case [float(), *_]:
            return struct.pack("<IIQ", 9, 6, len(value)) + struct.pack(f"<{len(value)}f", *value)
    raise TypeError(value)


def gguf_bytes(metadata: dict[str, Any], tensors: tuple[bytes, ...] = (b"\1" * 96, b"\2" * 40), version: int = 3):
    """A whole file."""
    infos, body = b"", b""
    for number, content in enumerate(tensors):
        infos += text(f"tensor.{number}") + struct.pack("<IQIQ", 1, len(content), 24, len(body))
        body += content + bytes(-len(content) % ALIGNMENT)
    entries = b"".join(text(key) + value_of(value) for key, value in metadata.items())
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata)) + entries + infos
    return head + bytes(-len(head) % ALIGNMENT) + body


def write(path: Path, metadata: dict[str, Any] = CHAT, **more: Any) -> Path:
    path.write_bytes(gguf_bytes(metadata, **more))
    return path
