"""`settings.json`: what was asked of a run, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ift_builder.errors import SettingsDifferError
from ift_builder.runs.fields import Fields, not_as_left
from ift_builder.runs.problems import ANOTHER_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TEXTS: Final = ("version", "strategy", "seeds", "from", "model", "backend", "api", "tokenizer", "field", "file", "run")
"""Settings that are texts wherever they stand; commands, cards and pages rely on it."""

_TOKENIZERS: Final = ("unicode", "rouge")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the result depends on."""

    command: str
    """Whose run it is; `""` where the file does not say."""

    fields: Fields
    """All settings, by the names that they have in the file."""

    @classmethod
    def of(cls, fields: Fields) -> Settings:
        """From its JSON, of this or an earlier version, in which `convert` said `verb`.

        Raises:
            RunFolderError: A value is of another type.
        """
        for name in _TEXTS:
            fields.text(name)
        fields.number_or_none("similarity")
        fields.number("seed")
        for name in ("templates", "run_settings", "languages"):
            fields.object(name)
        if fields.text("tokenizer", "unicode") not in _TOKENIZERS:
            raise not_as_left(fields.path, f"there is no tokenizer {fields.text('tokenizer')!r}")
        command = fields.text("command") or fields.text("verb")
        values = {name: value for name, value in fields.values.items() if name != "verb"}
        return cls(command, Fields({**values, "command": command} if command else values, fields.path))

    @property
    def values(self) -> Mapping[str, Any]:
        """As JSON has them."""
        return self.fields.values

    def text(self, name: str, default: str = "") -> str:
        """A setting that is a text."""
        return self.fields.text(name, default)


def check_same(folder: Path, then: Settings, now: Mapping[str, Any], free: frozenset[str]) -> None:
    """Refuses to go on with other settings than the run was started with, and names those that differ."""
    earlier = then.values
    differing = sorted(
        name for name in earlier.keys() | now.keys() if name not in free and earlier.get(name) != now.get(name)
    )
    if differing:
        changes = "; ".join(_change(name, earlier.get(name), now.get(name)) for name in differing)
        raise SettingsDifferError(
            f"the folder holds a run with other settings ({changes})",
            where=str(folder),
            hint=f"run it with the same settings to continue it, or {ANOTHER_FOLDER}",
        )


def _change(name: str, then: Any, now: Any) -> str:
    """A differing setting in words; of templates the names, which tell more than their hashes."""
    if name == "templates" and isinstance(then, dict) and isinstance(now, dict):
        differing = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
        return f"templates: other then than now ({', '.join(differing)})"
    return f"{name}: {then!r} then, {now!r} now"
