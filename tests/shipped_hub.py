"""The datasets of all shipped template files on the hub of `tests.hub`: their sample rows, as the real ones have them.

`python -m tests.shipped_hub QUESTIONS` opens what each line of the file asks for and answers with a line of JSON: it
runs in a process of its own, because the hub's client reads HF_ENDPOINT when it is imported.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import datasets
import orjson

from ift_builder.errors import IftError
from ift_builder.rendering import catalogue, hub_names
from tests.files import rows_of
from tests.hub import CONVERTED

if TYPE_CHECKING:
    from ift_builder.formats.template_set import TemplateSet

ROWS = Path(__file__).parent / "templates" / "rows"

SCRIPTS = ("piqa", "social_i_qa", "cosmos_qa", "trec", "daily_dialog", "e2e_nlg")
"""Files whose dataset is a script that the hub has converted."""

UNCONVERTED = ("banking77",)
"""Files whose dataset is a script that it has not."""


def config_of(file: TemplateSet) -> str:
    """The configuration that is read unasked."""
    return file.configs[0] if file.configs else {"mmlu": "all"}.get(file.name, "default")


def build(root: Path) -> None:
    """Writes all datasets below `root`."""
    datasets.disable_progress_bars()
    cards: dict[str, list] = {}
    for file in catalogue.shipped().values():
        rows = _parquet(file)
        for config in file.configs or (config_of(file),):
            splits = file.access.splits_of(config)
            for split in splits:
                path = _folder(root, file) / config / split / "0000.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(rows)
            data_files = [{"split": split, "path": f"{config}/{split}/*.parquet"} for split in splits]
            cards.setdefault(file.dataset, []).append({"config_name": config, "data_files": data_files})
        facts = {"pretty_name": file.name, "configs": cards[file.dataset]}
        if file.licence != "unknown":
            facts["license"] = file.licence.lower()
        if file.name in (*SCRIPTS, *UNCONVERTED):
            del facts["configs"]
            write_script(root / file.dataset)
        (root / file.dataset / "README.md").write_text(f"---\n{orjson.dumps(facts).decode()}\n---\n")


def write_script(folder: Path) -> None:
    """Makes a dataset one that is only a script."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{folder.name}.py").write_text("raise SystemExit('this must never run')")


def _folder(root: Path, file: TemplateSet) -> Path:
    if file.name in UNCONVERTED:
        return root / file.access.also[0]
    return root / CONVERTED / file.dataset if file.name in SCRIPTS else root / file.dataset


def _parquet(file: TemplateSet) -> bytes:
    rows = datasets.Dataset.from_list(rows_of(ROWS / f"{file.name}.jsonl"))
    for column in file.columns:
        if column.classes and all(isinstance(value, int) for value in rows[column.name]):
            rows = rows.cast_column(column.name, datasets.ClassLabel(names=list(column.classes)))
    out = BytesIO()
    rows.to_parquet(out)
    return out.getvalue()


def main() -> None:
    """Opens what is asked for."""
    for question in Path(sys.argv[1]).read_bytes().splitlines():
        asked = orjson.loads(question)
        try:
            found = hub_names.open_dataset(**asked)
            facts = ("name", "config", "split", "revision", "licence", "notes")
            rows = [row for batch in found.batches(list(found.columns)) for row in batch.columns(list(found.columns))]
            answer = {**{name: getattr(found, name) for name in facts}, "values": sum(map(len, rows))}
            answer["templates"] = [file.name for file in catalogue.for_dataset([found.name], found.config)]
        except IftError as error:
            answer = {"error": error.what, "where": error.where, "hint": error.hint}
        sys.stdout.write(orjson.dumps(answer).decode() + "\n")


if __name__ == "__main__":
    main()
