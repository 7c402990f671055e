"""The JSON Schemas of the file formats, and what a row has against them, in words.

`schemas/<name>.schema.json` is in the package: `seed_task`, `use_case`, `proposed_task`, `example`, `dropped`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from ift_builder import assets

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

NAMES = ("seed_task", "use_case", "proposed_task", "example", "dropped")


def complaint(name: str, row: Any) -> str:
    """What is wrong with `row` under the schema `name`: field, fault, expectation; `""` if nothing is."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - heavy, and most runs have no need of it

    error = best_match(_validator(name).iter_errors(row))
    if error is None:
        return ""
    field = error.json_path.removeprefix("$").lstrip(".")
    expected = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    return "".join(
        [f"field `{field}`: " if field else "", error.message, f" (expected: {expected})" if expected else ""]
    )


def load(name: str) -> dict[str, Any]:
    """The schema as JSON."""
    schema: dict[str, Any] = orjson.loads(assets.path("schemas", f"{name}.schema.json").read_bytes())
    return schema


@cache
def _validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above
    from referencing import Registry, Resource  # noqa: PLC0415 - as above

    resources = ((f"{other}.schema.json", Resource.from_contents(load(other))) for other in NAMES)
    return Draft202012Validator(load(name), registry=Registry().with_resources(resources))
