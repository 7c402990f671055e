"""One reader, one answer: all commands that are given a run say the same of it."""

import orjson
import pytest

from ift_builder.errors import RunFolderError
from ift_builder.runs import GO_ON, NOT_ENDED, SETTINGS, open_run
from ift_builder.show import progress
from tests.files import rows_of
from tests.runs.conftest import files_of

NOT_WHOLE = "the run is not whole: 1 parquet files, where their names speak of 2"


@pytest.fixture
def half(inputs, tmp_path, ift_build):
    """A run in two parquet files of which one is missing, with and without a manifest that tells of both."""
    from pyarrow import parquet

    run = tmp_path / "half"
    assert ift_build(*inputs.arguments("convert", run), "--file-format", "parquet").code == 0
    (whole,) = run.glob("examples-*.parquet")
    table = parquet.read_table(whole)
    whole.unlink()
    parquet.write_table(table.slice(0, 3), run / "examples-00000-of-00002.parquet")
    manifest = orjson.loads((run / "manifest.json").read_bytes())
    facts = manifest["files"].pop(whole.name)
    both = {f"examples-0000{number}-of-00002.parquet": {**facts, "rows": 3} for number in (0, 1)}
    manifest["files"].update(both)
    return run, manifest


@pytest.mark.parametrize("with_manifest", [True, False])
def test_all_commands_say_the_same_of_a_run_that_lacks_a_parquet_file(half, with_manifest, tmp_path, ift_build):
    run, manifest = half
    if with_manifest:
        (run / "manifest.json").write_bytes(orjson.dumps(manifest))
    else:
        (run / "manifest.json").unlink()
    said = open_run(run).missing
    assert said.startswith("the run is not whole: 1 ")
    shown, reported = ift_build("show", run), ift_build("report", run)
    exported = ift_build("export", run, "--to", "messages", "--out", tmp_path / "out")
    grown = ift_build("bootstrap", "--model", "demo", "--from", run, "--out", tmp_path / "grown")
    checked = ift_build("check", run, "--all")

    assert [ran.code for ran in (shown, reported, exported, grown, checked)] == [0, 0, 1, 1, 1]
    for ran in (shown, reported, exported, grown):
        assert said in ran.err
    assert f"F013 error incomplete-run: {said}" in checked.out
    assert said in (run / "report.html").read_text()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["examples.jsonl"])
def test_a_run_whose_examples_are_gone_is_not_whole(name, copy_of, tmp_path, ift_build):
    run = copy_of("bootstrap")
    (run / name).unlink()
    said = open_run(run).missing

    assert said == f"the run is not whole: 1 of its 1 files of examples are missing ({name})"
    for command in (["export", run, "--to", "messages", "--out", tmp_path / "out"], ["report", run], ["check", run]):
        ran = ift_build(*command)
        assert ran.code == 1
        assert said in ran.err


@pytest.fixture
def killed(inputs, copy_of):
    """A run of `bootstrap` as a kill leaves it before there are rows: with settings and a journal."""
    run = copy_of("bootstrap")
    for path in run.iterdir():
        if path.name not in ("settings.json", "journal.sqlite"):
            path.unlink()
    return run


def test_all_commands_say_the_same_of_a_run_that_has_not_come_to_an_end(killed, tmp_path, ift_build):
    before = files_of(killed)
    shown = ift_build("show", killed)
    refused = [
        ift_build("report", killed),
        ift_build("check", killed),
        ift_build("export", killed, "--to", "messages", "--out", tmp_path / "out"),
        ift_build("screen", killed, "--out", tmp_path / "out"),
        ift_build("bootstrap", "--model", "demo", "--from", killed, "--out", tmp_path / "grown"),
    ]

    assert shown.code == 0
    assert NOT_ENDED in shown.err
    for ran in refused:
        assert ran.code == 1
        assert NOT_ENDED in ran.err
        assert GO_ON in ran.err
    assert files_of(killed) == before


def test_a_run_that_was_killed_before_it_had_settings_begins_again(inputs, tmp_path, ift_build):
    from ift_builder.journal import open_for_run

    with open_for_run(tmp_path / "journal.sqlite"):
        pass

    assert ift_build(*inputs.arguments("bootstrap", tmp_path)).code == 0


def test_answers_without_settings_are_kept_and_not_mixed_with_others(killed, inputs, ift_build):
    (killed / "settings.json").unlink()
    before = open_run(killed)
    ran = ift_build(*inputs.arguments("bootstrap", killed))

    assert ran.code == 1
    assert "of unknown origin (journal.sqlite) but no settings.json" in ran.err
    assert progress(open_run(killed)) == progress(before)
    assert progress(before).answered > 0


def test_what_is_there_of_an_unfinished_run_is_shown(killed, inputs, ift_build):
    glance = ift_build("show", killed, "--json").result

    assert glance["answered"] > 0
    assert glance["unfinished"] == NOT_ENDED
    kept = rows_of(inputs.made("bootstrap") / "examples.jsonl")[0]["task"]["name"]
    (story,) = ift_build("show", killed, kept, "--json").result["stories"]
    assert story["kept"] is None
    assert story["record"]["text"]
    assert story["exchanges"][0]["outcome"]["text"]
    assert story["verdicts"]
    assert "has not come to an end" in ift_build("show", killed, kept).out


def test_the_same_command_completes_an_unfinished_run(killed, inputs, ift_build):
    ran = ift_build(*inputs.arguments("bootstrap", killed), "--json")

    assert ran.result["requests"]["this_sitting"]["asked"] == 0
    for name in ("examples.jsonl", "dropped.jsonl"):
        assert (killed / name).read_bytes() == (inputs.made("bootstrap") / name).read_bytes()


@pytest.mark.parametrize("status", ["budget", "interrupted"])
def test_a_run_that_was_stopped_early_is_whole_and_said_to_be_stopped(status, copy_of, tmp_path, ift_build):
    run = copy_of("bootstrap")
    manifest = orjson.loads((run / "manifest.json").read_bytes())
    (run / "manifest.json").write_bytes(orjson.dumps({**manifest, "status": status}))
    said = f"the run was stopped before its end ({status})"

    assert said in ift_build("show", run).err
    assert said in ift_build("check", run, "--all").out
    exported = ift_build("export", run, "--to", "messages", "--out", tmp_path / "out")
    assert exported.code == 0
    assert said in exported.err
    assert said in ift_build("check", tmp_path / "out", "--all").out
    assert ift_build("screen", run, "--out", tmp_path / "judged", "--no-report").code == 0


def test_a_folder_with_nothing_in_it_holds_no_run(tmp_path):
    with pytest.raises(RunFolderError, match="there is no run here"):
        open_run(tmp_path)


@pytest.mark.parametrize("command", ["show", "check", "export"])
def test_a_reader_completes_the_moves_of_a_killed_process_first(command, inputs, copy_of, tmp_path, ift_build):
    run = copy_of("bootstrap")
    move = run / ".ift-build-move"
    move.mkdir()
    names = ["examples.jsonl", "manifest.json"]
    for name in names:
        (run / name).rename(move / name)
    (move / "moves.json").write_bytes(orjson.dumps({"put": names, "remove": []}))
    more = ["--to", "messages", "--out", tmp_path / "out"] if command == "export" else []
    ran = ift_build(command, run, *more)

    assert ran.code == 0
    assert files_of(run) == files_of(inputs.made("bootstrap"))


def test_settings_are_asked_for_by_type(copy_of):
    settings = open_run(copy_of("dedupe")).settings

    assert (settings.command, settings.text("field")) == ("dedupe", "instruction")
    with pytest.raises(RunFolderError, match="`similarity` must be text, found a number") as caught:
        settings.text("similarity")
    assert caught.value.where.endswith(SETTINGS)
