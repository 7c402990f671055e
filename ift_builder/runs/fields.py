"""Values of a JSON file that a run left, asked for by type: who changed it by hand is told so, in one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

from ift_builder.errors import RunFolderError
from ift_builder.runs.names import MANIFEST
from ift_builder.runs.problems import ANOTHER_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LARGEST: Final = 64 * 2**20
"""Bytes above which a JSON file is none of a run: those with thousands of templates have some megabytes."""

_KINDS: Final[dict[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def read(path: Path) -> Fields | None:
    """The object in a JSON file; None where there is no such file.

    Raises:
        RunFolderError: It cannot be read, or holds something else.
    """
    try:
        if path.exists() and not path.is_file():
            raise RunFolderError(f"{path.name} is no file", where=str(path), hint=ANOTHER_FOLDER)
        with path.open("rb") as file:
            value = orjson.loads(file.read(_LARGEST + 1))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        what = error.strerror or str(error)
        raise RunFolderError(f"cannot read {path.name} ({what})", where=str(path), hint=ANOTHER_FOLDER) from error
    except orjson.JSONDecodeError as error:
        raise RunFolderError(f"{path.name} is not valid JSON: {error}", where=str(path), hint=_hint(path)) from error
    if not isinstance(value, dict):
        raise RunFolderError(f"{path.name} is not a JSON object", where=str(path), hint=_hint(path))
    return Fields(value, path)


def not_as_left(path: Path, detail: str) -> RunFolderError:
    """The error for a file in which a value is missing or is of another type."""
    return RunFolderError(f"the file is not as the run left it ({detail})", where=str(path), hint=_hint(path))


def _hint(path: Path) -> str:
    if path.name == MANIFEST:
        return "was it changed by hand? Put it right, or take it away and run the command of the run again"
    return f"was it changed by hand? Put it right, or {ANOTHER_FOLDER}"


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with the file that it stands in."""

    values: Mapping[str, Any]
    """As JSON has them."""

    path: Path
    """The file."""

    name: str = ""
    """The object's place in the file; `""` for the whole."""

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """A text; `default` where there is none."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else self._refuse(name, "text")

    def number(self, name: str, default: float = 0.0) -> float:
        """A number."""
        value = self.values.get(name, default)
        if type(value) not in (int, float):  # true and false are numbers to Python, not to us
            self._refuse(name, "a number")
        return float(value)

    def count(self, name: str, default: int = 0) -> int:
        """A whole number that is not below zero."""
        value = self.values.get(name, default)
        return value if type(value) is int and value >= 0 else self._refuse(name, "a count")

    def number_or_none(self, name: str) -> float | None:
        """A number, or None where there is none or null."""
        return None if self.values.get(name) is None else self.number(name)

    def count_or_none(self, name: str) -> int | None:
        """A count, or None where there is none or null."""
        return None if self.values.get(name) is None else self.count(name)

    def flag(self, name: str) -> bool:
        """True or false; false where there is none."""
        value = self.values.get(name, False)
        return value if isinstance(value, bool) else self._refuse(name, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; an empty one where there is none."""
        values = self.values.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self._refuse(name, "a list of texts")
        return tuple(values)

    def object(self, name: str) -> Fields:
        """An object; an empty one where there is none."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self._refuse(name, "an object")
        return Fields(value, self.path, self._place(name))

    def objects(self, name: str) -> list[Fields]:
        """A list of objects."""
        values = self.values.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self._refuse(name, "a list of objects")
        return [Fields(value, self.path, self._place(name)) for value in values]

    def _place(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name

    def _refuse(self, name: str, expected: str) -> NoReturn:
        found = _KINDS.get(type(self.values.get(name)), "something else")
        detail = f"`{self._place(name)}` must be {expected}, found {found}"
        raise not_as_left(self.path, detail)
