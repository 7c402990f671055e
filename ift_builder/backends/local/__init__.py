"""The `local` backend: a GGUF file is enough, no server and no key."""

from ift_builder.backends.local.backend import LocalBackend
from ift_builder.backends.local.model_file import ENDING, ModelFile, read

__all__ = ["ENDING", "LocalBackend", "ModelFile", "read"]
