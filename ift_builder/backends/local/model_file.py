"""A model file: what it is, by its content and not by its name or place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from ift_builder.backends.local import gguf
from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ift_builder.records import Api

ENDING: Final = ".gguf"

SHORTEST_CONTEXT: Final = 64
LONGEST_CONTEXT: Final = 2**31
"""Tokens; llama.cpp counts them with 32 bits, and no prompt of ours fits into fewer than the former."""

_SAMPLE: Final = 4_096
"""Bytes hashed of each tensor. Fine-tuning, merging and quantizing change nearly every number of a tensor that they
change at all, so a sample of each tells two models apart; a whole hash would read 40 GB to tell the same."""

_DIGITS: Final = 12
"""Hex digits of the hash that are shown; two models of one name will not share them by chance."""

_LONGEST_NAME: Final = 60
_PART: Final = re.compile(r"(?P<stem>.*)-00001-of-(?P<parts>\d{5})\.gguf")
"""How llama.cpp names the first of several files that hold one model."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that can be used as far as its head tells."""

    path: Path
    """Where it lies."""

    name: str
    """The name in the file with a hash of its content: two files share it if they hold the same model."""

    trained_context: int | None
    """Tokens that the model was trained to see at once; None where the file does not say."""


def read(path: Path, api: Api) -> ModelFile:
    """The model file at `path`, or at it and its further parts.

    Args:
        path: The file, or the first of several.
        api: How it will be asked.

    Raises:
        InputError: It cannot be read, is none, is cut off, has no tensors, no context that can be, or no chat template
            though `api` is `chat`.
    """
    heads = {part: gguf.read(part) for part in _parts(path)}
    metadata = heads[path].metadata
    if api == "chat" and not metadata.get("tokenizer.chat_template"):
        raise InputError(
            "the model file has no chat template, so it is likely a base model",
            where=str(path),
            hint="give --api completions, or a file of the model's chat version",
        )
    if not any(head.tensors for head in heads.values()):
        raise _damaged("it has no tensors", path)
    context = metadata.get(f"{metadata.get('general.architecture')}.context_length")
    if type(context) is not int:
        context = None
    elif not SHORTEST_CONTEXT <= context < LONGEST_CONTEXT:  # llama.cpp would end the whole process
        raise _damaged(f"it says that the model knows {context:,} tokens at once", path)
    return ModelFile(path, f"{_title(metadata)} ({_fingerprint(heads)})", context)


def _parts(path: Path) -> Iterator[Path]:
    match = _PART.fullmatch(path.name)
    if not match:
        yield path
        return
    for number in range(1, int(match["parts"]) + 1):
        yield path.with_name(f"{match['stem']}-{number:05}-of-{match['parts']}{ENDING}")


def _damaged(how: str, path: Path) -> InputError:
    return InputError(
        f"the model file cannot be used: {how}", where=str(path), hint="download it again, or convert it again"
    )


def _title(metadata: dict[str, Any]) -> str:
    """The model's own name; what would steer a terminal is left out."""
    said = metadata.get("general.name") or metadata.get("general.architecture") or "unnamed"
    printable = "".join(character for character in str(said) if character.isprintable())
    return " ".join(printable.split())[:_LONGEST_NAME] or "unnamed"


def _fingerprint(heads: dict[Path, gguf.Head]) -> str:
    """A hash of all heads, which hold the vocabulary and the shapes, of the sizes, and of a sample of each tensor."""
    digest = sha256()
    for path, head in heads.items():
        size = path.stat().st_size
        digest.update(size.to_bytes(8, "little"))
        ends = [*head.tensors[1:], size] if head.tensors else []
        with path.open("rb") as file:
            digest.update(file.read(head.size))
            for start, end in zip(head.tensors, ends, strict=True):
                file.seek(max(start, (start + end - _SAMPLE) // 2))
                digest.update(file.read(min(_SAMPLE, end - start)))
    return f"gguf:{digest.hexdigest()[:_DIGITS]}"
