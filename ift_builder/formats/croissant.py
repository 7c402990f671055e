"""Croissant: the dataset's metadata in MLCommons' vocabulary, which search engines and loaders understand.

Made with the library `mlcroissant`, an extra: it brings pandas, scipy and rdflib along. It needs no network.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final

import orjson

from ift_builder.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

FILE: Final = "croissant.json"
VERSION: Final = "http://mlcommons.org/croissant/1.0"

_ENCODINGS: Final = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}


def refuse_without_library() -> None:
    """Raises InputError where `mlcroissant` is not installed."""
    _library()


def metadata(
    *,
    name: str,
    description: str,
    licences: Sequence[str],
    languages: Sequence[str],
    cite_as: str,
    published: date,
    version: str,
    columns: Mapping[str, Any],
    files: Mapping[str, tuple[str, Mapping[str, Any]]],
) -> bytes:
    """The content of `croissant.json`.

    Args:
        name: The dataset's name.
        description: A paragraph.
        licences: Names or addresses.
        languages: BCP-47 codes.
        cite_as: A citation, in BibTeX.
        published: The day of publication.
        version: The dataset's version, as in 1.0.0.
        columns: Column to type, as `sources.saving` has them.
        files: By split, the file's path and its facts (`bytes`, `sha256`).
    """
    library = _library()
    distribution = [
        library.FileObject(
            id=path,
            name=path,
            content_url=path,
            content_size=f"{facts['bytes']} B",
            encoding_formats=[_ENCODINGS[path.rpartition(".")[2]]],
            sha256=facts["sha256"],
        )
        for path, facts in files.values()
    ]
    record_sets = [
        library.RecordSet(
            id=split,
            name=split,
            fields=[_field(library, split, path, [column], shape) for column, shape in columns.items()],
        )
        for split, (path, _) in files.items()
    ]
    whole = library.Metadata(
        name=name,
        description=description,
        license=list(licences) or None,
        in_language=list(languages) or None,
        cite_as=cite_as,
        date_published=datetime(published.year, published.month, published.day, tzinfo=timezone.utc),
        version=version,
        conforms_to=VERSION,
        distribution=distribution,
        record_sets=record_sets,
    )
    return orjson.dumps(whole.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _field(library: Any, split: str, path: str, place: list[str], shape: Any) -> Any:
    """A column, or a part of one; a part of a record or of a list of records is found by its JSON path."""
    inner = shape[0] if isinstance(shape, list) else shape
    common: dict[str, Any] = {"id": "/".join([split, *place]), "name": "/".join([split, *place])}
    if isinstance(shape, list):
        common["repeated"] = True
    if isinstance(inner, dict):
        parts = [_field(library, split, path, [*place, part], of) for part, of in inner.items()]
        return library.Field(**common, sub_fields=parts)
    transforms = [library.Transform(json_path=".".join(place[1:]))] if place[1:] else []
    source = library.Source(file_object=path, extract=library.Extract(column=place[0]), transforms=transforms)
    kind = {"string": library.DataType.TEXT, "int64": library.DataType.INTEGER}[inner]
    return library.Field(**common, data_types=[kind], source=source)


def _library() -> Any:
    try:
        import mlcroissant  # noqa: PLC0415 - heavy
    except ImportError as error:
        raise InputError(
            "Croissant metadata needs the library mlcroissant, which is not installed",
            hint='pip install "ift-builder[croissant]"',
        ) from error
    return mlcroissant
