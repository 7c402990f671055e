"""No command writes into a folder that is not its own."""

import shutil
from itertools import permutations

import orjson
import pytest

from tests.runs.conftest import WRITING, files_of


@pytest.mark.parametrize(("there", "now"), list(permutations(WRITING, 2)))
def test_no_command_writes_into_the_folder_of_another(there, now, inputs, copy_of, ift_build):
    folder = copy_of(there)
    before = files_of(folder)
    ran = ift_build(*inputs.arguments(now, folder))

    assert ran.code == 1
    assert f"a run of `{there}`, not of `{now}`" in ran.err
    assert files_of(folder) == before


@pytest.mark.parametrize("there", WRITING)
def test_every_command_names_itself_in_its_settings(there, inputs):
    name = "export.json" if there == "export" else "settings.json"
    content = orjson.loads((inputs.made(there) / name).read_bytes())
    settings = content["settings"] if there == "export" else content

    assert settings["command"] == there
    assert "verb" not in settings


@pytest.mark.parametrize("there", WRITING)
def test_report_writes_nothing_into_a_run_but_its_page(there, inputs, copy_of, ift_build):
    folder = copy_of(there)
    before = files_of(folder)
    ran = ift_build("report", folder)
    after = files_of(folder)
    page = after.pop("report.html", None)

    assert after == before
    assert ran.code == (1 if there == "export" else 0)
    assert (page is None) == (there == "export")


@pytest.mark.parametrize("content", [b'{"verb": "convert", "version": "0.1.0"}', b'{"version": "0.1.0"}', b"{}"])
@pytest.mark.parametrize("now", WRITING)
def test_settings_of_an_earlier_version_or_of_nobody_keep_a_folder_too(content, now, inputs, tmp_path, ift_build):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "settings.json").write_bytes(content)
    if now == "convert" and b"verb" in content:
        pytest.skip("its own")
    ran = ift_build(*inputs.arguments(now, folder))

    assert ran.code == 1
    assert files_of(folder) == {"settings.json": content}


@pytest.mark.parametrize(
    "name", ["examples.jsonl", "examples-00000-of-00002.parquet", "journal.sqlite", "manifest.json", "train.csv"]
)
@pytest.mark.parametrize("now", WRITING)
def test_a_folder_with_files_of_unknown_origin_is_refused(name, now, inputs, tmp_path, ift_build):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).write_bytes(b"precious")
    ran = ift_build(*inputs.arguments(now, folder))

    assert ran.code == 1
    assert name in ran.err
    assert files_of(folder) == {name: b"precious"}


def test_a_folder_with_notes_in_it_is_taken(inputs, tmp_path, ift_build):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("Try again with more seeds.")

    assert ift_build(*inputs.arguments("dedupe", folder)).code == 0
    assert (folder / "notes.txt").exists()


@pytest.mark.parametrize("around", WRITING)
@pytest.mark.parametrize("now", WRITING)
def test_a_folder_inside_another_run_is_refused(around, now, inputs, copy_of, ift_build):
    folder = copy_of(around)
    before = files_of(folder)
    ran = ift_build(*inputs.arguments(now, folder / "deep" / "er"))

    assert ran.code == 1
    assert f"inside a run of `{around}`" in ran.err
    assert files_of(folder) == before
    assert not (folder / "deep").exists()


def test_a_link_into_another_run_is_no_way_around(inputs, copy_of, tmp_path, ift_build):
    folder = copy_of("convert")
    (tmp_path / "link").symlink_to(folder)

    assert ift_build(*inputs.arguments("dedupe", tmp_path / "link" / "in")).code == 1


def test_settings_of_another_program_above_the_folder_are_none_of_ours(inputs, tmp_path, ift_build):
    (tmp_path / "settings.json").write_text('{"command": "serve", "version": "2"}')

    assert ift_build(*inputs.arguments("dedupe", tmp_path / "out")).code == 0


def test_a_run_that_lies_inside_another_since_long_can_go_on(inputs, copy_of, ift_build):
    inside = shutil.copytree(inputs.made("bootstrap"), copy_of("convert") / "inside")

    assert ift_build(*inputs.arguments("bootstrap", inside)).code == 0


def test_what_is_refused_leaves_no_folder_behind(inputs, copy_of, ift_build):
    inside = copy_of("convert") / "new"

    assert ift_build(*inputs.arguments("dedupe", inside)).code == 1
    assert not inside.exists()
