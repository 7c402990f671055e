"""The run folder: the files that a command leaves behind, each whole or not there.

::

    examples.jsonl     the dataset
    dropped.jsonl      every candidate that was not kept, and why
    settings.json      what was asked for
    manifest.json      what happened
    journal.sqlite     each request and its raw answer (only verbs that call a model)
    report.html        pictures
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from ift_builder.errors import RunFolderError, SettingsDifferError
from ift_builder.secrets import redact_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EXAMPLES = "examples.jsonl"
DROPPED = "dropped.jsonl"
SETTINGS = "settings.json"
MANIFEST = "manifest.json"
JOURNAL = "journal.sqlite"
CARD = "README.md"
REPORT = "report.html"

_ANOTHER_FOLDER = "choose another folder with --out"


class RunFolder:
    """One run's folder.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Makes the folder.

        Raises:
            RunFolderError: It cannot be made, or holds a dataset or another file that is no run's.
        """
        self.check(self.settings() or {})
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunFolderError(
                f"cannot make the folder ({error.strerror})", where=str(self.path), hint=_ANOTHER_FOLDER
            ) from error

    def claim(self, settings: Mapping[str, Any], *, free: frozenset[str] = frozenset(), anew: bool = False) -> None:
        """Makes the folder this run's own, or takes it up again if it was started with the same settings.

        Args:
            settings: JSON values by name; everything the result depends on.
            free: Names that may change between sittings, such as how many requests are in flight.
            anew: Whether nothing has come of the folder's run yet, so that any settings will do.

        Raises:
            SettingsDifferError: The folder belongs to a run with other settings; names them.
            RunFolderError: The folder cannot be written.
        """
        if anew:
            _refuse_another_command(self.path, self.settings() or {}, settings)
        else:
            self.check(settings, free=free)
        self.write_json(SETTINGS, settings)

    def check(self, settings: Mapping[str, Any], *, free: frozenset[str] = frozenset()) -> None:
        """What `claim` checks, without writing anything: for commands that write nothing until all is well."""
        earlier = self.settings()
        if earlier is not None:
            _refuse_other_settings(self.path, earlier, settings, free)
            return
        if (self.path / EXAMPLES).exists():
            raise RunFolderError(
                "the folder holds a dataset but no settings.json", where=str(self.path), hint=_ANOTHER_FOLDER
            )
        for name in (CARD, DROPPED, MANIFEST, REPORT):
            if (self.path / name).exists():
                raise RunFolderError(
                    f"the folder holds a {name} that is no run's and would be overwritten",
                    where=str(self.path / name),
                    hint=_ANOTHER_FOLDER,
                )

    def settings(self) -> dict[str, Any] | None:
        """What the run was started with; None for a folder without a run."""
        return self._read_json(SETTINGS)

    def manifest(self) -> dict[str, Any] | None:
        """What happened in the run; None before it has come to an end."""
        return self._read_json(MANIFEST)

    def write_json(self, name: str, value: Any) -> None:
        """Writes a small file for people: indented, whole."""
        with self.whole_file(name) as out:
            out.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

    @contextmanager
    def whole_file(self, name: str) -> Iterator[WholeFile]:
        """A file that appears under its name only when the block ends well; on an error nothing is left of it."""
        target = self.path / name
        scratch = target.with_name(f".{name}.partial")
        is_new = not self.path.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with scratch.open("wb") as raw:
                out = WholeFile(raw)
                yield out
                out.flush()
                raw.flush()
                os.fsync(raw.fileno())
            scratch.replace(target)
            _sync_folder(self.path)
        except OSError as error:
            raise RunFolderError(
                f"cannot write {name} ({error.strerror or error})",
                where=str(self.path),
                hint="make the folder writable, or " + _ANOTHER_FOLDER,
            ) from error
        finally:
            if self.path.is_dir():
                scratch.unlink(missing_ok=True)
                if is_new and not any(self.path.iterdir()):
                    self.path.rmdir()

    def _read_json(self, name: str) -> dict[str, Any] | None:
        path = self.path / name
        try:
            value = orjson.loads(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, orjson.JSONDecodeError) as error:
            raise RunFolderError(f"cannot read {name}: {error}", where=str(path), hint=_ANOTHER_FOLDER) from error
        if not isinstance(value, dict):
            raise RunFolderError(f"{name} is not a JSON object", where=str(path), hint=_ANOTHER_FOLDER)
        return value


def _sync_folder(path: Path) -> None:
    """Makes a rename last through a power cut, where the system can do so."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_BLOCK: Final = 1 << 18
"""Bytes that are taken together: secrets are looked for in many lines as fast as in one."""


class WholeFile:
    """Counts and hashes what is written, so that the manifest can say what the file holds; no secret gets into it.

    Attributes:
        rows: Calls of `write`.
        size: Bytes written, once the file is whole.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._hash = sha256()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self.rows = 0
        self.size = 0

    def write(self, line: bytes, rows: int = 1) -> None:
        """Appends `line`, which holds `rows` rows."""
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        self.rows += rows
        if self._waiting_bytes >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        block = redact_bytes(b"".join(self._waiting))
        self._waiting, self._waiting_bytes = [], 0
        self._raw.write(block)
        self._hash.update(block)
        self.size += len(block)

    def facts(self) -> dict[str, Any]:
        """Rows, bytes and sha256 for the manifest, once the file is whole."""
        return {"rows": self.rows, "bytes": self.size, "sha256": self._hash.hexdigest()}


def _refuse_another_command(path: Path, earlier: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    then, now = earlier.get("command"), settings.get("command")
    if then and now and then != now:
        raise SettingsDifferError(
            f"the folder holds a run of `{then}`, not of `{now}`", where=str(path), hint=_ANOTHER_FOLDER
        )


def _refuse_other_settings(
    path: Path, earlier: Mapping[str, Any], settings: Mapping[str, Any], free: frozenset[str]
) -> None:
    _refuse_another_command(path, earlier, settings)
    differing = sorted(
        name
        for name in earlier.keys() | settings.keys()
        if name not in free and earlier.get(name) != settings.get(name)
    )
    if differing:
        changes = "; ".join(_change(name, earlier.get(name), settings.get(name)) for name in differing)
        raise SettingsDifferError(
            f"the folder holds a run with other settings ({changes})",
            where=str(path),
            hint="run it with the same settings to continue it, or " + _ANOTHER_FOLDER,
        )


def _change(name: str, then: Any, now: Any) -> str:
    """A differing setting in words; of templates the names, which tell more than their hashes."""
    if name == "templates" and isinstance(then, dict) and isinstance(now, dict):
        differing = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
        return f"templates: other then than now ({', '.join(differing)})"
    return f"{name}: {then!r} then, {now!r} now"
