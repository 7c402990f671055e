"""Keeps secrets out of everything that is kept or shown: the keys, tokens and passwords that this process has read.

Whoever reads a secret registers it: the key and the hub's token where they are read from the environment, passwords
and query parameters where an address is. From then on `redact` replaces it, and each part of 8 characters or more,
in whatever way it is written (see `forms` and `escapes`). It stands where text of others comes in, in `errors` and
`asking`, and at the exits: the terminal, the log, the journal, the files of a run.

What is too short or too ordinary to be a secret is left alone, since replacing it would change data; `forms` has the
rule. Text without a secret costs about 3 ms a megabyte, more where escapes are dense, and nothing where no secret is
registered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ift_builder.secrets import addresses
from ift_builder.secrets.forms import is_secret
from ift_builder.secrets.search import Finder

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REDACTED", "forget", "redact", "redact_bytes", "register", "register_address", "register_environment"]

REDACTED: Final = addresses.REDACTED
"""What stands in a secret's place. JSON, HTML and YAML take it as it is."""

_KEYS: Final = ("OPENAI_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_ADDRESSES: Final = ("OPENAI_BASE_URL", "HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""Variables of the environment that hold secrets, and those with addresses that may."""


class _Known:
    """The secrets of this process."""

    def __init__(self) -> None:
        self.secrets: frozenset[str] = frozenset()
        self.finder: Finder | None = None


_known = _Known()


def register(*values: str) -> None:
    """Takes the values as secrets, as far as they are such."""
    new = _known.secrets.union(value for value in values if is_secret(value))
    if new != _known.secrets:
        _known.secrets, _known.finder = new, Finder(new)


def register_address(url: str) -> None:
    """Takes the user, the password and the parameters of an address as secrets."""
    register(*addresses.secrets_in(url))


def register_environment(environment: Mapping[str, str]) -> None:
    """Takes what the environment holds."""
    register(*(environment.get(name, "").strip() for name in _KEYS))
    for name in _ADDRESSES:
        register_address(environment.get(name, ""))
        register_address(environment.get(name.lower(), ""))


def forget() -> None:
    """Takes nothing as a secret any longer: for the beginning of another command in the same process."""
    _known.secrets, _known.finder = frozenset(), None


def redact(text: str) -> str:
    """The text with `REDACTED` in the place of all that is of a secret."""
    if _known.finder is None or not text:
        return text
    data = text.encode("utf-8", "surrogatepass")
    redacted = redact_bytes(data)
    return text if redacted is data else redacted.decode("utf-8", "surrogatepass")


def redact_bytes(data: bytes) -> bytes:
    """As `redact`, for text in UTF-8. JSON stays JSON; the same object comes back where it holds no secret."""
    spans = _known.finder.spans(data) if _known.finder else []
    if not spans:
        return data
    pieces: list[bytes] = []
    at = 0
    for start, end in spans:
        pieces += data[at:start], REDACTED.encode()
        at = end
    return b"".join([*pieces, data[at:]])
