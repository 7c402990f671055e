"""What is no regular file is refused before it is opened, by every option and argument that takes a file."""

import os
import socket
import stat
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from ift_builder import inputs
from ift_builder.cli import COMMANDS as COMMAND_NAMES
from ift_builder.cli import ift_build as the_command
from ift_builder.errors import InputError
from tests.small_runs import example, write_run

pytestmark = pytest.mark.usefixtures("must_end")

ROW = '{"instruction": "Name a fish.", "input": "", "output": "Eel."}\n'
COMMANDS = {
    "bootstrap --seeds": ("bootstrap", "--model", "demo", "--target", 2, "--out", "out", "--seeds", "SPECIAL.jsonl"),
    "bootstrap --from": ("bootstrap", "--model", "demo", "--target", 2, "--out", "out", "--from", "SPECIAL.jsonl"),
    "bootstrap --use-cases": (
        *("bootstrap", "--model", "demo", "--target", 2, "--out", "out", "--strategy", "use-cases"),
        *("--use-cases", "SPECIAL.jsonl"),
    ),
    "bootstrap --domain": ("bootstrap", "--model", "demo", "--target", 2, "--out", "out", "--domain", "SPECIAL.txt"),
    "bootstrap --config": ("bootstrap", "--model", "demo", "--out", "out", "--config", "SPECIAL.yaml"),
    "bootstrap --model": ("bootstrap", "--target", 2, "--out", "out", "--model", "SPECIAL.gguf"),
    "convert, lines": ("convert", "SPECIAL.jsonl", "--template", "ag_news", "--out", "out"),
    "convert, an array": ("convert", "SPECIAL.json", "--template", "ag_news", "--out", "out"),
    "convert, a table": ("convert", "SPECIAL.tsv", "--out", "out"),
    "convert, parquet": ("convert", "SPECIAL.parquet", "--template", "ag_news", "--out", "out"),
    "convert --template": ("convert", "rows.jsonl", "--template", "SPECIAL.yaml", "--out", "out"),
    "dedupe": ("dedupe", "SPECIAL.jsonl", "--out", "out"),
    "check, lines": ("check", "SPECIAL.jsonl"),
    "check, csv": ("check", "SPECIAL.csv"),
    "check, parquet": ("check", "SPECIAL.parquet"),
    "check, a folder": ("check", "."),
    "templates lint": ("templates", "lint", "SPECIAL.yaml"),
    "templates preview": ("templates", "preview", "SPECIAL.yaml", "--data", "rows.jsonl"),
    "templates preview --data": ("templates", "preview", "ag_news", "--data", "SPECIAL.jsonl"),
}
RUN_COMMANDS = {
    "export": ("export", "run", "--to", "alpaca", "--out", "out"),
    "report": ("report", "run"),
    "show": ("show", "run"),
    "screen": ("screen", "run", "--out", "out"),
    "bootstrap": ("bootstrap", "--model", "demo", "--target", 2, "--out", "run"),
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with rows, in which the commands run; its path is short enough for a socket."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.jsonl").write_text(ROW)
    return tmp_path


@contextmanager
def a_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))
        yield


@contextmanager
def a_pipe(path):
    os.mkfifo(path)
    yield


@contextmanager
def a_device(path):
    path.symlink_to("/dev/zero")
    yield


@pytest.mark.parametrize("special", [a_pipe, a_socket, a_device])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_refuses_it_by_name(command, special, ift_build):
    name = next((str(part) for part in command if "SPECIAL" in str(part)), "SPECIAL.jsonl")
    with special(Path(name)):
        ran = ift_build(*command)

    assert ran.code in (1, 2)
    said = ran.err + ran.out
    assert special.__name__.replace("_", " ") in said
    assert name in said
    assert not Path("out").exists()


@pytest.mark.parametrize("name", ["examples.jsonl", "settings.json", "manifest.json"])
@pytest.mark.parametrize("command", RUN_COMMANDS.values(), ids=RUN_COMMANDS)
def test_a_run_folder_with_a_pipe_in_it_ends_as_an_error(command, name, ift_build):
    write_run(Path("run"), [example()])
    Path("run/settings.json").write_text('{"command": "bootstrap"}')
    Path("run/manifest.json").write_text("{}")
    Path("run", name).unlink()
    os.mkfifo(Path("run", name))

    assert ift_build(*command).code in (0, 1), "it ends, and not as a bug"


@pytest.mark.parametrize("command", ["show", "screen", "bootstrap"])
def test_a_journal_that_is_a_pipe_ends_as_an_error(command, ift_build):
    write_run(Path("run"), [example()])
    Path("run/settings.json").write_text('{"command": "bootstrap"}')
    Path("run/manifest.json").write_text('{"status": "done"}')
    os.mkfifo("run/journal.sqlite")

    assert ift_build(*RUN_COMMANDS[command]).code in (0, 1)


@pytest.mark.parametrize(("command", "option"), [("report", "--seeds"), ("screen", "--seeds"), ("screen", "--from")])
def test_seeds_of_a_run_that_are_a_pipe_are_refused(command, option, ift_build):
    grown = ("--from", "rows.jsonl") if option == "--from" else ()
    assert ift_build("bootstrap", "--model", "demo", "--target", 2, "--out", "run", *grown).code == 0
    os.mkfifo("pipe.jsonl")
    ran = ift_build(command, "run", *(("--out", "out") if command == "screen" else ()), option, "pipe.jsonl")

    assert ran.code == 1
    assert "a pipe" in ran.err


def test_a_pipe_of_the_shell_is_refused_with_what_to_do(ift_build):
    """`<(command)`: a second reading, or a resumed run, would find it empty."""
    reading, writing = os.pipe()
    os.write(writing, ROW.encode())
    os.close(writing)
    try:
        ran = ift_build("bootstrap", "--model", "demo", "--target", 2, "--out", "out", "--seeds", f"/dev/fd/{reading}")
    finally:
        os.close(reading)

    assert ran.code == 1
    assert "into a file first" in ran.err


def test_a_redirected_file_is_a_file():
    """`/dev/stdin` of `command < file` is the file itself."""
    with Path("rows.jsonl").open() as rows:
        inputs.require_regular(Path(f"/dev/fd/{rows.fileno()}"))


def test_a_link_to_a_file_is_a_file():
    Path("link.jsonl").symlink_to("rows.jsonl")
    inputs.require_regular(Path("link.jsonl"))


def test_links_in_a_circle_do_not_hold_up_a_check(ift_build):
    Path("data").mkdir()
    Path("data/rows.jsonl").write_text(ROW)
    Path("data/again").symlink_to(".")
    Path("data/self.jsonl").symlink_to("self.jsonl")

    assert ift_build("check", "data", "--json").result["rows"] == 1


def test_every_kind_of_file_that_is_not_regular_is_refused(monkeypatch):
    for kind in (stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK):
        result = os.stat_result((kind | 0o644, *[0] * 9))
        monkeypatch.setattr(Path, "stat", lambda _, result=result: result)
        with pytest.raises(InputError):
            inputs.require_regular(Path("any"))


def files_taken(command=the_command, name=()):
    """(command, option) for each option or argument of any command that takes a file to read."""
    if isinstance(command, click.Group):
        inner = [(one, command.get_command(click.Context(command), one)) for one in command.commands or COMMAND_NAMES]
        return {found for one, sub in inner for found in files_taken(sub, (*name, one))}
    taken = {one.name for one in command.params if isinstance(one.type, click.Path) and one.type.file_okay}
    return {(" ".join(name), one) for one in taken - {"out", "config"}}


def test_every_option_that_takes_a_file_is_tried_here():
    """`--config` is one option of all commands."""
    assert files_taken() == {
        ("bootstrap", "seeds"),
        ("bootstrap", "dataset"),
        ("bootstrap", "use_cases"),
        ("check", "paths"),
        ("dedupe", "file"),
        ("report", "seeds"),
        ("screen", "dataset"),
        ("screen", "seeds"),
        ("templates lint", "files"),
    }
