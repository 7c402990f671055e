"""What a person sees when a run has ended: what was kept, what was dropped and why, and where it all is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ift_builder.cli.console import Console
    from ift_builder.runs import Counts, DatasetCounts, Manifest

_MOST_LINES = 12
"""Templates of several datasets that are listed one by one; beyond them a line stands for a dataset."""


def levels(console: Console, title: str, counts: Mapping[str, Counts]) -> None:
    """A table with a line per level (`tasks`, `instances`, …): seen, kept, dropped, and why."""
    if any(level.beyond_cap for level in counts.values()):
        heads = ("", "seen", "kept", "dropped", "beyond the cap", "why")
        capped = [(*_level(name, level)[:4], level.beyond_cap, _why(level)) for name, level in counts.items()]
        console.table(title, heads, capped)
        return
    rows = [_level(name, level) for name, level in counts.items()]
    console.table(title, ("", "seen", "kept", "dropped", "why"), rows)


def export(console: Console, path: Path, manifest: Mapping[str, Any]) -> None:
    """The end of an export."""
    files = manifest["files"]
    groups = manifest.get("groups", {})
    described = {
        "README.md": "dataset card: datasets.load_dataset takes the folder as it is",
        "ids.jsonl": "the record behind each row",
        "dataset_info.json": "registers the files with LLaMA-Factory: --dataset_dir is this folder",
        "axolotl.yaml": "lines for axolotl's configuration",
        "croissant.json": "metadata in Croissant",
        "export.json": "what was asked for, what the run was, hashes of the files",
    }
    rows = [
        (name, f"{facts['rows']:,} rows" + (f" of {groups[split]:,} groups" if split in groups else ""))
        for name, facts in files.items()
        if "rows" in facts and (split := Path(name).stem)
    ]
    if any(name.startswith("saved/") for name in files):
        rows.append(("saved", "the same for datasets.load_from_disk"))
    here = {*files, "export.json"}
    if manifest["exemplars_left_out"]:
        console.say(
            f"{manifest['exemplars_left_out']:,} exemplars left out of training prompts: they are held-out rows."
        )
    places(console, path, [*rows, *((name, what) for name, what in described.items() if name in here)])


def convert(console: Console, path: Path, manifest: Manifest) -> None:
    """The end of a conversion."""
    for note in (note for dataset in manifest.datasets for note in dataset.notes):
        console.notice(f"note: {note}")
    of = "dataset" if _is_long(manifest.datasets) else "template"
    levels(console, f"What became of the rows that met each {of}", _of_templates(manifest.datasets))
    console.say(f"{manifest.extra['rows']:,} rows read in {manifest.seconds:.1f} s.")
    if manifest.levels["renderings"].beyond_cap:
        console.say("`seen` counts a row once for each template that it met; the cap keeps a share of those.")
    if mapped := manifest.levels["renderings"].mapped:
        columns = ", ".join(f"{column} {count:,}" for column, count in mapped.items())
        console.say(f"Values that the data spells in another way were mapped as the templates say: {columns}.")
    if manifest.extra["short_of_exemplars"]:
        console.say(
            f"{manifest.extra['short_of_exemplars']:,} examples have fewer exemplars than asked for: "
            "--exemplar-budget has no room for more, or too few other rows fit."
        )
    files = manifest.files
    examples = next(name for name in files if name.startswith("examples"))
    places(
        console,
        path,
        [
            (examples, f"{files[examples].rows:,} examples"),
            ("dropped.jsonl", f"{files['dropped.jsonl'].rows:,} dropped rows, each with its reason"),
            *report_line(path),
        ],
    )


def places(console: Console, path: Path, files: Sequence[tuple[str, str]]) -> None:
    """The files of a run and what is in each."""
    width = max(len(str(path / name)) for name, _ in files)
    console.say()
    for name, what in files:
        console.say(f"  {path / name!s:<{width}}  {what}")
    console.say()


def _is_long(datasets: Sequence[DatasetCounts]) -> bool:
    return len(datasets) > 1 and sum(len(dataset.templates) for dataset in datasets) > _MOST_LINES


def _of_templates(datasets: Sequence[DatasetCounts]) -> dict[str, Counts]:
    """The counts by template, or by dataset where that would be a long table."""
    if _is_long(datasets):
        names = Counter(dataset.name for dataset in datasets)
        return {
            dataset.name + f" {dataset.config}" * (names[dataset.name] > 1): _together(list(dataset.templates.values()))
            for dataset in datasets
        }
    return {
        _line_name(dataset.name, name, many=len(datasets) > 1): level
        for dataset in datasets
        for name, level in dataset.templates.items()
    }


def _line_name(dataset: str, template: str, *, many: bool) -> str:
    """A template's name with its dataset's, which often is the first part of it already."""
    file = template.partition("#")[0]
    if not many or file == dataset:
        return template
    return f"{dataset}{template.removeprefix(file)}" if dataset.rpartition("/")[2] == file else f"{dataset} {template}"


def _together(levels: Sequence[Counts]) -> Counts:
    from ift_builder.runs import Counts

    dropped: Counter[str] = Counter()
    for level in levels:
        dropped.update(level.dropped)
    seen, kept = sum(level.seen for level in levels), sum(level.kept for level in levels)
    return Counts(seen, kept, dict(sorted(dropped.items())), beyond_cap=sum(level.beyond_cap or 0 for level in levels))


def _level(name: str, level: Counts) -> tuple[str, int, int, int, str]:
    return name, level.seen, level.kept, level.total_dropped, _why(level)


def _why(level: Counts) -> str:
    reasons = [f"{reason} {count:,}" for reason, count in level.dropped.items()]
    still_open = [f"{level.open:,} still open"] if level.open else []
    return ", ".join([*reasons, *still_open])


def report_line(path: Path) -> list[tuple[str, str]]:
    """The line of `places` for the page of pictures, where there is one."""
    there = (path / "report.html").exists()
    return [("report.html", "pictures and sample rows: open it in a browser")] if there else []
