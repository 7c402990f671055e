"""Models to ask: one small interface, one module per way to reach a model.

A backend turns a `Prompt` into a `Completion` and every failure into an error of `ift_builder.errors`; it neither
retries nor records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ift_builder.backends.local import ModelFile
    from ift_builder.backends.openai_batch import Book
    from ift_builder.records import Completion, Prompt

NAMES = ("openai", "local", "demo")
"""The backends, as `--backend` names them."""


class Backend(Protocol):
    """Something that answers prompts."""

    name: str
    """As `--backend` names it."""

    async def complete(self, prompt: Prompt) -> Completion:
        """The model's answer.

        Raises:
            RequestError: This request failed; the error says whether a retry may help.
            BackendUnusableError: No request can succeed.
        """

    async def aclose(self) -> None:
        """Frees connections."""


def open_backend(
    name: str,
    *,
    base_url: str | None = None,
    file: ModelFile | None = None,
    slots: int = 1,
    context: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Backend:
    """The backend of that name; its module and libraries are imported now.

    Args:
        name: One of `NAMES`.
        base_url: The server, for `openai`; None for the one that the environment names.
        file: The model file, for `local`.
        slots: Prompts that a model file works on at a time.
        context: Tokens of prompt and answer together for a model file; None for what suits.
        tell: Says something to the user that is no error.

    Raises:
        InputError: It cannot be opened: no key, no such address, a library that is not installed.
    """
    if name == "demo":
        from ift_builder.backends.demo import DemoBackend  # noqa: PLC0415 - each backend brings its own libraries

        return DemoBackend()
    if file:
        from ift_builder.backends.local import LocalBackend  # noqa: PLC0415 - as above

        return LocalBackend(file, slots=slots, context=context)
    from ift_builder.backends.openai import OpenAIBackend  # noqa: PLC0415 - as above

    return OpenAIBackend(base_url=base_url, tell=tell)


def by_batches(backend: Backend, book: Book, is_stopping: Callable[[], bool]) -> Backend:
    """The same server, asked by its Batch API.

    Raises:
        InputError: The backend has none.
    """
    from ift_builder.backends.openai import OpenAIBackend  # noqa: PLC0415 - as above
    from ift_builder.backends.openai_batch import BatchBackend  # noqa: PLC0415 - as above

    if not isinstance(backend, OpenAIBackend):
        raise InputError(f"the backend {backend.name!r} has no Batch API", where="--batch")
    return BatchBackend(backend, book, is_stopping)
