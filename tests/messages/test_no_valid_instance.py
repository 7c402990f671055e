"""A task that is dropped for want of a valid instance says what its instances failed of."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from tests.files import rows_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run as call

    folder = tmp_path_factory.mktemp("runs") / "demo"
    assert call(ift_build, ["bootstrap", "--model", "demo", "--target", "15", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def dropped(run):
    rows = rows_of(run / "dropped.jsonl")
    found = [row for row in rows if row["reason"] == "no-valid-instance"]
    assert found
    return rows, found


def test_the_record_counts_the_reasons_of_the_tasks_own_instances(dropped):
    rows, found = dropped
    for task in found:
        reasons = Counter(row["reason"] for row in rows if row["evidence"].get("task") == task["id"])
        assert task["evidence"] == {"screen": "instances", "instances": dict(reasons)}


def test_show_tells_them(run, dropped, ift_build):
    _, found = dropped
    told = ift_build("show", run, found[0]["id"]).out
    for reason, count in found[0]["evidence"]["instances"].items():
        assert f"{reason} {count}" in told


def test_the_report_tells_them(run, dropped):
    page = (run / "report.html").read_text(encoding="utf-8")
    _, found = dropped
    shown = "\n".join(f"{reason}: {count}" for reason, count in found[0]["evidence"]["instances"].items())
    assert orjson.dumps(["instances", shown]).decode() in page
