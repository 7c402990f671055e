"""The errors that a user can meet, each with what happened, where, and what to do about it.

::

    IftError                    anything we tell the user about; exit code 1
    ├── InputError              a file or value that the user gave is not what it should be
    ├── TemplateError           a template is broken, reaches for what it may not, or works without end
    ├── RunFolderError          the run folder cannot be used as it is
    │   ├── SettingsDifferError     a resume with other settings
    │   ├── RunBusyError            another process is at work in it
    │   └── JournalError            the journal is damaged or of another version
    └── BackendError            the model's side failed
        ├── BackendUnusableError    no request can succeed: key, model name, address
        └── RequestError            one request failed; `retryable` says whether asking again may help

Everything else that escapes is a bug of ours: exit code 3, with a log file.
"""

from __future__ import annotations

from typing import Final

from ift_builder.secrets import redact

CONTEXT_OVERFLOW: Final = "context-overflow"
"""The reason of a `RequestError` whose prompt does not fit into the model's context."""

NO_TOKENS: Final = (0, 0)
"""The tokens of a request that the server turned away, or never got."""


class IftError(Exception):
    """Something the user can act on.

    What others said may stand in it: secrets are taken out here, for all errors.

    Attributes:
        what: One sentence that says what is wrong.
        where: File, line, row or step; empty where there is no such place.
        hint: What to do about it; empty where nothing sensible can be said.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = redact(what), redact(where), redact(hint)
        super().__init__(self.what)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class InputError(IftError):
    """A file or value that the user gave is not what it should be."""


class TemplateError(IftError):
    """A template is broken, reaches for what it may not touch, or works without end."""


class RunFolderError(IftError):
    """The run folder cannot be used as it is."""


class SettingsDifferError(RunFolderError):
    """The folder holds a run that was started with other settings."""


class RunBusyError(RunFolderError):
    """Another process is at work in the run folder."""


class JournalError(RunFolderError):
    """The journal cannot be read or written; nothing in it was changed."""


class BackendError(IftError):
    """The model's side failed."""


class BackendUnusableError(BackendError):
    """No request can succeed as things stand: a wrong key, an unknown model, an address where nobody answers."""


class RequestError(BackendError):
    """One request failed.

    Attributes:
        reason: A short fixed name for statistics, such as `rate-limited` or `timeout`.
        retryable: Whether asking the same again may help.
        retry_after: Seconds that the server asked us to wait, or None.
        tokens: Those of the request and of the answer: as the server counted them, or `NO_TOKENS`; None where nobody
            knows, so that the request may have cost as much as one can.
    """

    def __init__(
        self,
        what: str,
        *,
        reason: str,
        retryable: bool,
        retry_after: float | None = None,
        tokens: tuple[int, int] | None = None,
        where: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        self.tokens = tokens
