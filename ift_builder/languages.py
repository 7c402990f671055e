"""Languages by their codes: what a code is called in English, and which language a text is written in.

Codes are BCP-47's: a language, and where it matters a script or a region (`de`, `pt-BR`, `zh-Hant`). Names are those of
Unicode's CLDR, as Babel ships them. Languages are told apart by py3langid's own model, which works offline and knows
139 of them; it tells no scripts and no regions apart.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NO_LANGUAGE: Final = "zxx"
"""What the identifier calls code, formulas and other text without a language (ISO 639-2)."""

_NOT_ONE: Final = frozenset({"mul", "und", NO_LANGUAGE})
"""Codes that CLDR has names for but that name no language: several, an unknown one, none."""

_NO_REGION: Final = frozenset({"ZZ", "XA", "XB"})
_NO_SCRIPT: Final = frozenset({"Zinh", "Zxxx", "Zyyy", "Zzzz"})
"""Codes that CLDR has names for but that name no region and no script: unknown, made up for tests, none, any."""

_LABELS: Final = {"fil": "tl", "nb": "no"}
"""Codes that the identifier calls otherwise."""

_VARIETIES: Final = (
    frozenset({"ar", "arz", "ary"}),
    frozenset({"bs", "hr", "sr"}),
    frozenset({"el", "grc"}),
    frozenset({"en", "pcm"}),
    frozenset({"es", "ext", "an"}),
    frozenset({"he", "hbo"}),
    frozenset({"id", "ms"}),
    frozenset({"no", "nn"}),
    frozenset({"uz", "uzs"}),
    frozenset({"zh", "wuu", "yue"}),
)
"""What the identifier has as several languages and a sentence or two cannot tell apart: written forms of one language
and its regional or older varieties."""


@lru_cache(maxsize=256)
def canonical(code: str) -> str:
    """The code as BCP-47 writes it: `PT-br` is `pt-BR`, the retired `iw` is `he`, the region `UK` is `GB`.

    Raises:
        InputError: It is not the code of a language, or its script or region is none.
    """
    from babel.core import get_global, parse_locale  # noqa: PLC0415 - only runs with a language need it

    try:
        language, region, script, *_ = parse_locale(code, sep="-")
    except ValueError:
        language, region, script = "", None, None
    language = language if language in _names() else str(get_global("language_aliases").get(language, ""))
    if language not in _names() or language in _NOT_ONE:
        raise InputError(
            f"{code!r} is not the code of a language",
            hint="give a BCP-47 code, such as de, pt-BR or zh-Hant",
        )
    successors = get_global("territory_aliases").get(region or "", ())
    region = str(successors[0]) if len(successors) == 1 else region
    _check_detail(code, "script", script, _scripts(), f"such as zh-Hant or sr-Latn, or leave it out: {language}")
    _check_detail(code, "region", region, _regions(), f"{_known_region(language)}, or leave it out: {language}")
    return "-".join(filter(None, (language, script, region)))


def _check_detail(code: str, kind: str, detail: str | None, known: dict[str, str], hint: str) -> None:
    if detail and detail not in known:
        raise InputError(f"{detail!r} in {code!r} is not the code of a {kind}", hint=f"give one that exists, {hint}")


def _known_region(language: str) -> str:
    """The region that a language is most spoken in, as an example of a code."""
    from babel.core import get_global  # noqa: PLC0415 - as above

    region = str(get_global("likely_subtags").get(language, "")).rpartition("_")[2]
    return f"such as {language}-{region}" if region in _regions() else "such as es-MX"


@lru_cache(maxsize=256)
def english_name(code: str) -> str:
    """What a language is called in English: `Brazilian Portuguese` for `pt-BR`, `Serbian (Latin)` for `sr-Latn`.

    Raises:
        InputError: It is not the code of a language.
    """
    language, *details = canonical(code).split("-")
    if name := _names().get("_".join((language, *details))):
        return name
    known = {**_scripts(), **_regions()}
    return f"{_names()[language]} ({', '.join(known[detail] for detail in details)})"


def is_told_apart(code: str) -> bool:
    """Whether the identifier knows the language."""
    return _label(code) in _identifier().labels


@lru_cache(maxsize=256)
def same_as(code: str) -> frozenset[str]:
    """What `shares` may call the language of `code`: its own name there, and those that cannot be told from it."""
    label = _label(code)
    return next((varieties for varieties in _VARIETIES if label in varieties), frozenset({label}))


def shares(text: str) -> dict[str, float]:
    """How likely the text is in which language, likeliest first; the values add up to 1.

    Their last digits differ between machines, so that nothing fine should rest on them.
    """
    return dict(_identifier().rank(text))


def identifier() -> str:
    """Which model tells languages apart, for a run's settings: another version may decide otherwise."""
    return f"py3langid {version('py3langid')}"


def _label(code: str) -> str:
    language = canonical(code).partition("-")[0]
    return _LABELS.get(language, language)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - heavy: loads numpy and 60 MB of model

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - as above

    return {str(code): str(name) for code, name in Locale("en").languages.items()}


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - as above

    return {str(code): str(name) for code, name in Locale("en").territories.items() if code not in _NO_REGION}


@lru_cache(maxsize=1)
def _scripts() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - as above

    return {str(code): str(name) for code, name in Locale("en").scripts.items() if code not in _NO_SCRIPT}
