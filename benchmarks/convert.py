"""How fast `ift-build convert` is, next to what it is built on and what it replaces: rows per CPU second on one core.

    python benchmarks/convert.py [--rows 100000] [--memory 100000 2000000] [--json]

The same rows and the same template go through

* `ift-build convert`, end to end: parquet file in, examples.jsonl with ids, provenance, counts and hashes out;
* bare Jinja: the precompiled template's `render` on rows that are Python mappings already, options made beforehand,
  nothing written;
* `datasets.map` with the identity, which reads and writes rows and does nothing else;
* PromptSource's `Template.apply` per row: the library itself where it is installed, otherwise the same steps (copy the
  row with its pipes replaced, compile the text with a truncation in every expression, compile and render the choices,
  render, split), on fewer rows.

`--memory` converts files of so many rows, each in a process of its own, and says how much memory it took at most.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import resource
import tempfile
import time
from pathlib import Path

import jinja2

CHOICES = "World politics ||| Sports ||| Business ||| Science and technology"
TEXT = """{{ text }}
Which of these four sections should print this: {{ answer_choices[:-1] | join(", ") }} or {{ answer_choices[-1] }}?
|||
{{ answer_choices[label] }}"""
TRUNCATE_AT = 2048
APPLY_SHARE = 50
"""`Template.apply` gets one row in so many."""

PIPE, PROTECTED = "|||", "9f2c61d05c7e4b0e8a3d"


def make_rows(path: Path, rows: int) -> None:
    """A parquet file of short news: about 240 characters a row, as AG News has."""
    import pyarrow as pa
    from pyarrow import parquet

    draw = random.Random(7)
    words = ["".join(draw.choice("aeioubcdfglmnprst") for _ in range(draw.randrange(2, 9))) for _ in range(3000)]
    schema = pa.schema([("text", pa.string()), ("label", pa.int64())])
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, 50_000):
            count = min(50_000, rows - start)
            texts = [" ".join(draw.choices(words, k=40)).capitalize() + "." for _ in range(count)]
            labels = [draw.randrange(4) for _ in range(count)]
            writer.write_table(pa.table({"text": texts, "label": labels}, schema=schema))


def make_template(path: Path) -> None:
    """The template, as PromptSource writes it."""
    fields = {"answer_choices": CHOICES, "id": "1-1", "jinja": TEXT, "name": "section", "reference": ""}
    entry = "".join(f"    {field}: {json.dumps(value)}\n" for field, value in fields.items())
    metadata = "    metadata: !TemplateMetadata {choices_in_prompt: true, metrics: [Accuracy], original_task: true}\n"
    path.write_text(f"dataset: news\ntemplates:\n  1-1: !Template\n{entry}{metadata}")


def ours(data: Path, template: Path, out: Path) -> None:
    """`ift-build convert`, end to end."""
    from ift_builder.convert import Plan, convert

    plan = Plan(datasets=(str(data),), templates=(str(template),))
    convert(plan, out, workers=1, on_progress=lambda *_: None)


def bare(rows: list[dict]) -> None:
    """The precompiled template on rows in memory."""
    choices = [choice.strip() for choice in CHOICES.split(PIPE)]
    render = jinja2.Environment().from_string(TEXT).render  # the bare loop escapes nothing either
    for row in rows:
        render(**row, answer_choices=choices).split(PIPE)


def identity(data: Path, cache: Path) -> None:
    """`datasets.map`, doing nothing."""
    import datasets

    datasets.disable_progress_bars()
    found = datasets.Dataset.from_parquet(str(data), cache_dir=str(cache))
    begun = time.process_time()
    found.map(lambda row: row, load_from_cache_file=False)
    identity.seconds = time.process_time() - begun


def apply(rows: list[dict]) -> str:
    """`Template.apply` on each row; tells whose it was."""
    try:
        from promptsource.templates import Template
    except ImportError:
        for row in rows:
            apply_again(row)
        return "re-implemented"
    template = Template("section", TEXT, "", answer_choices=CHOICES)
    for row in rows:
        template.apply(row)
    return "promptsource"


def apply_again(row: dict) -> list[str]:
    """The steps of `Template.apply`, in its order."""
    text = TEXT.replace("}}", f" | string | truncate({TRUNCATE_AT}) }}}}")
    compiled = ENVIRONMENT.from_string(text)
    protected = {key: value.replace(PIPE, PROTECTED) if isinstance(value, str) else value for key, value in row.items()}
    choices = ENVIRONMENT.from_string(CHOICES).render(**protected).split(PIPE)
    protected["answer_choices"] = [choice.strip().replace(PROTECTED, PIPE) for choice in choices]
    rendered = compiled.render(**protected)
    return [part.replace(PROTECTED, PIPE).strip() for part in rendered.split(PIPE)]


ENVIRONMENT = jinja2.Environment(loader=jinja2.BaseLoader())


def stages(data: Path, template: Path) -> dict[str, float]:
    """Where the time of a conversion goes: CPU seconds of its parts, each measured alone."""
    from ift_builder.convert.dataset_jobs import Plan, jobs
    from ift_builder.convert.renderer import Renderer
    from ift_builder.records import line_of

    (job,) = jobs(Plan(datasets=(str(data),), templates=(str(template),)))
    renderer = Renderer(job.recipe)
    found: dict[str, float] = {}

    begun = time.process_time()
    columns = [batch.columns(job.columns) for batch in job.dataset.batches(job.columns)]
    found["reading parquet into Python values"] = time.process_time() - begun

    compiled, names = renderer.templates[0].compiled, renderer.templates[0].names
    order = [job.columns.index(variable.column.name) for variable in renderer.templates[0].variables]
    rows = [row for batch in columns for row in zip(*[batch[place] for place in order], strict=True)]
    begun = time.process_time()
    drafts = [compiled.draft(zip(names, row, strict=True), number) for number, row in enumerate(rows)]
    found["rendering"] = time.process_time() - begun

    bound = renderer.templates[0]
    begun = time.process_time()
    for number, draft in enumerate(drafts):
        line_of(
            {
                "id": "",
                "instruction": draft.instruction,
                "input": draft.input,
                "output": draft.output,
                "source": {**bound.source, "row": number},
                "rationale": draft.rationale,
                "options": draft.options,
                "references": (),
                "exemplars": (),
                "history": (),
                "system": "",
                "task": bound.task,
            }
        )
    found["ids and JSON"] = time.process_time() - begun
    return found


def timed(work, *arguments) -> float:
    """CPU seconds of this process."""
    begun = time.process_time()
    work(*arguments)
    return time.process_time() - begun


def peak(data: Path, template: Path, out: Path, answer) -> None:
    """Converts in a process of its own and answers with its largest resident size, in bytes."""
    ours(data, template, out)
    status = Path("/proc/self/status")
    if status.exists():  # the kernel's other count, ru_maxrss, begins with the parent's
        answer.put(int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) * 1024)
    else:
        answer.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def memory(folder: Path, template: Path, sizes: list[int]) -> dict[str, int]:
    """Peak memory by number of rows."""
    context = multiprocessing.get_context("spawn")
    found = {}
    for rows in sizes:
        data = folder / f"rows-{rows}.parquet"
        make_rows(data, rows)
        answer = context.Queue()
        process = context.Process(target=peak, args=(data, template, folder / f"out-{rows}", answer))
        process.start()
        found[f"{rows:,} rows"] = answer.get()
        process.join()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--memory", type=int, nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, template = folder / "rows.parquet", folder / "templates.yaml"
        make_rows(data, asked.rows)
        make_template(template)
        report = measure(asked.rows, folder, data, template)
        report["peak memory, MB"] = {
            size: round(size_bytes / 1e6) for size, size_bytes in memory(folder, template, asked.memory).items()
        }
    print(json.dumps(report) if asked.json else as_text(report))


def measure(count: int, folder: Path, data: Path, template: Path) -> dict:
    """All paths over the same rows."""
    from pyarrow import parquet

    rows = parquet.read_table(data).to_pylist()
    ours(data, template, folder / "warm")  # imports are paid once
    seconds = {"ift-build convert, end to end": timed(ours, data, template, folder / "out")}
    seconds["bare precompiled Jinja"] = timed(bare, rows)
    identity(data, folder / "cache")
    seconds["datasets.map, identity"] = identity.seconds
    rate = {path: count / spent for path, spent in seconds.items()}
    few = rows[::APPLY_SHARE]
    begun = time.process_time()
    whose = apply(few)
    rate[f"Template.apply per row ({whose})"] = len(few) / (time.process_time() - begun)
    mine = rate["ift-build convert, end to end"]
    return {
        "rows": count,
        "rows per CPU second": {path: round(value) for path, value in rate.items()},
        "ift-build convert is so many times as fast": {path: round(mine / value, 2) for path, value in rate.items()},
        "where its CPU seconds go": {part: round(spent, 3) for part, spent in stages(data, template).items()}
        | {"all": round(seconds["ift-build convert, end to end"], 3)},
    }


def as_text(report: dict) -> str:
    """For people."""
    lines = []
    for title, content in report.items():
        if isinstance(content, dict):
            lines += ["", title, *(f"  {name:<45} {value:>12,}" for name, value in content.items())]
        else:
            lines.append(f"{title}: {content:,}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
