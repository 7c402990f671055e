"""Run folders: the only code that knows what is in them.

::

    examples.jsonl     the dataset, or examples-00000-of-0000N.parquet
    dropped.jsonl      every candidate that was not kept, and why
    settings.json      what was asked for
    manifest.json      what happened
    journal.sqlite     each request and its raw answer (only commands that call a model)
    README.md          the dataset card
    report.html        pictures

`writing` is the one way to write such a folder, `open_run` the one way to read it. `owner` says whose a folder is,
`lock` keeps it for one process, `staging` puts all new files in the place of the old ones at once.

>>> with writing(folder, "dedupe") as run:
...     run.claim(settings)
...     with run.rows() as kept:
...         kept.write(line)
...     run.finish(manifest, render_card)
>>> open_run(folder).manifest.status
<Status.COMPLETE: 'complete'>
"""

from ift_builder.runs.data_files import data_files
from ift_builder.runs.fields import not_as_left
from ift_builder.runs.lock import check_free
from ift_builder.runs.manifest import Counts, DatasetCounts, FileFacts, Manifest, Model, Requests, Status
from ift_builder.runs.names import CARD, DROPPED, EXAMPLES, EXPORT, JOURNAL, MANIFEST, REPORT, SETTINGS
from ift_builder.runs.reading import GO_ON, NOT_ENDED, Run, find_run, open_run
from ift_builder.runs.reporting import put_report
from ift_builder.runs.rows_file import RowsFile
from ift_builder.runs.settings import Settings
from ift_builder.runs.writing import RunWriter, writing

__all__ = [
    "CARD",
    "DROPPED",
    "EXAMPLES",
    "EXPORT",
    "GO_ON",
    "JOURNAL",
    "MANIFEST",
    "NOT_ENDED",
    "REPORT",
    "SETTINGS",
    "Counts",
    "DatasetCounts",
    "FileFacts",
    "Manifest",
    "Model",
    "Requests",
    "RowsFile",
    "Run",
    "RunWriter",
    "Settings",
    "Status",
    "check_free",
    "data_files",
    "find_run",
    "not_as_left",
    "open_run",
    "put_report",
    "writing",
]
