"""Super-NaturalInstructions task files: a definition, examples good and bad, and instances, in one JSON object.

Fields may be absent, a definition or output may stand as one text or as a list of texts, and examples without both
an input and an output (upstream writes `-` where there are none) are not examples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ift_builder import assets, inputs
from ift_builder.errors import InputError
from ift_builder.formats import template_yaml
from ift_builder.inputs import json_array
from ift_builder.records import Task

if TYPE_CHECKING:
    from pathlib import Path

    from ift_builder.formats.template_set import TemplateSet

ENCODINGS: Final = ("definition", "positive", "positive_and_negative", "explained")
"""Tk-Instruct's, by the names of their templates; the fifth draws one of them for each row."""

RANDOM_ENCODING: Final = "random"
"""The fifth."""

SEVERAL_LANGUAGES = "mul"
"""BCP-47's code for text in several languages."""

LANGUAGES: Final = {
    "Afrikaans": "af", "Akan": "ak", "Albanian": "sq", "Amharic": "am", "Arabic": "ar", "Armenian": "hy",
    "Assamese": "as", "Bengali": "bn", "Bosnian": "bs", "Bulgarian": "bg", "Burmese": "my", "Catalan": "ca",
    "Central Khmer": "km", "Chinese": "zh", "Croatian": "hr", "Czech": "cs", "Danish": "da", "Dutch": "nl",
    "English": "en", "Estonian": "et", "Filipino": "fil", "Finnish": "fi", "French": "fr", "Galician": "gl",
    "German": "de", "Greek": "el", "Gujarati": "gu", "Haitian": "ht", "Hausa": "ha", "Hebrew": "he", "Hindi": "hi",
    "Hungarian": "hu", "Igbo": "ig", "Indonesian": "id", "Irish": "ga", "Italian": "it", "Japanese": "ja",
    "Kannada": "kn", "Korean": "ko", "Kurdish": "ku", "Lao": "lo", "Latin": "la", "Latvian": "lv", "Lithuanian":
    "lt", "Malay": "ms", "Malayalam": "ml", "Marathi": "mr", "Nepali": "ne", "Norwegian": "no", "Oriya": "or",
    "Panjabi": "pa", "Persian": "fa", "Polish": "pl", "Portuguese": "pt", "Pushto": "ps", "Romanian": "ro",
    "Russian": "ru", "Serbian": "sr", "Sindhi": "sd", "Sinhala": "si", "Slovak": "sk", "Somali": "so", "Spanish":
    "es", "Swahili": "sw", "Swedish": "sv", "Tagalog": "tl", "Tamil": "ta", "Telugu": "te", "Thai": "th", "Turkish":
    "tr", "Ukrainian": "uk", "Urdu": "ur", "Vietnamese": "vi", "Xhosa": "xh", "Yoruba": "yo", "Zulu": "zu",
}  # fmt: skip
"""ISO 639's English names, which the files use, with their BCP-47 codes."""


@dataclass(frozen=True, slots=True)
class TaskFile:
    """One task: its templates and its rows."""

    templates: TemplateSet
    """The encodings, with the task's definition and examples as constants."""

    rows: list[dict[str, Any]]
    """The instances: `input` a text, `output` a list of texts."""


def is_task(content: Any) -> bool:
    """Whether a loaded JSON file is such a task."""
    return isinstance(content, dict) and isinstance(content.get("Instances"), list) and "Definition" in content


def read(path: Path, encoding: str = "definition") -> TaskFile | None:
    """The task in the file; None where the file is JSON of another kind, or larger than a task can be.

    Raises:
        InputError: It is such a file, and its definition or an instance is not as it should be.
    """
    try:
        with inputs.unzipped(path) as file:
            if json_array.begins_array(file):
                return None
        content = inputs.read_json(path)
    except InputError:
        return None
    return parse(content, path, encoding) if is_task(content) else None


def parse(content: dict[str, Any], path: Path, encoding: str) -> TaskFile:
    """As `read`, of a file that is loaded already."""
    definition = "\n".join(_texts(content["Definition"])).strip()
    if not definition:
        raise InputError("the task has no definition", where=str(path))
    shipped = template_yaml.read(assets.path("templates", "formats", "super_natural_instructions.yaml"))
    wanted = ENCODINGS if encoding == RANDOM_ENCODING else (encoding,)
    constants = {
        "definition": definition,
        "positive": _examples(content.get("Positive Examples")),
        "negative": _examples(content.get("Negative Examples")),
    }
    templates = replace(
        shipped,
        name=_name(path),
        licence=", ".join(_texts(content.get("Instance License"))),
        languages=_languages(content),
        task=Task(name=_name(path), category=next(iter(_texts(content.get("Categories"))), "")),
        templates=tuple(text for text in shipped.templates if text.name in wanted),
        constants=constants,
    )
    return TaskFile(templates, [_row(row, number, path) for number, row in enumerate(content["Instances"])])


def _name(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".json")


def _row(row: Any, number: int, path: Path) -> dict[str, Any]:
    if not isinstance(row, dict) or "output" not in row:
        raise InputError(
            "an instance must be an object with `input` and `output`", where=f"{path}, instance {number} (from 0)"
        )
    asked = row.get("input") or ""
    return {"input": asked if isinstance(asked, str) else str(asked), "output": list(_texts(row["output"]))}


def _examples(value: Any) -> list[dict[str, str]]:
    examples = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    whole = [entry for entry in examples if isinstance(entry.get("input"), str) and _texts(entry.get("output"))]
    return [
        {
            "input": entry["input"].strip(),
            "output": _texts(entry["output"])[0].strip(),
            "explanation": str(entry.get("explanation") or "").strip(),
        }
        for entry in whole
    ]


def _languages(content: dict[str, Any]) -> tuple[str, ...]:
    names = {name for field in ("Input_language", "Output_language") for name in _texts(content.get(field))}
    codes = {LANGUAGES.get(name, "") for name in names}
    return (codes.pop() if len(codes) == 1 else SEVERAL_LANGUAGES if codes else "",)


def _texts(value: Any) -> tuple[str, ...]:
    """A text or number, or a list of them, as texts; anything else is none."""
    values = value if isinstance(value, list) else [value]
    return tuple(str(text) for text in values if isinstance(text, str | int | float))
