"""Nothing that others wrote steers the terminal: what would is shown as an escape that one can read."""

import io
import sys
import unicodedata

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder.cli.console import Console, Mark
from ift_builder.cli.model_text import visible, visible_json
from tests.files import rows_of
from tests.small_runs import example, write_run

STEERING = "\x00\x07\x08\r\x1b[2J\x1b]0;title\x07\x7f\x85\x9b31m\u2028\u2029\u202a\u202e\u2066\u2069"
"""C0 and C1 controls, sequences that clear the screen and set its title, and orders of reading."""

TEXTS = st.text(st.characters() | st.sampled_from(STEERING))


def steers(text: str) -> list[str]:
    """What in the text a terminal would obey, but for line breaks and tabs."""
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return [
        one
        for one in text
        if (unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") and one not in "\n\t")
        or unicodedata.bidirectional(one) in turning
    ]


@given(TEXTS)
def test_no_text_steers_and_all_else_of_it_stays(text):
    shown = visible(text)

    assert steers(shown) == []
    if not steers(text):
        assert shown == text


def test_what_would_steer_is_shown_as_an_escape():
    assert visible("a\x1b[31mb\x9bc\u202ed\re\nf\tg\udcff") == "a\\x1b[31mb\\x9bc\\u202ed\\x0de\nf\tg\\udcff"


@given(st.recursive(st.text(st.characters(codec="utf-8") | st.sampled_from(STEERING)), st.lists))
def test_json_lines_mean_the_same_and_steer_nothing(value):
    line = visible_json(orjson.dumps(value).decode())

    assert orjson.loads(line) == value
    assert steers(line) == []


@pytest.fixture
def said(capsys):
    """What the console was heard to say: both streams."""

    def listen(*, json=False):
        console = Console()
        console.json = json
        return console, lambda: "".join(capsys.readouterr())

    return listen


WAYS = {
    "say": lambda console: console.say(STEERING),
    "say in colour": lambda console: console.say("a", Mark(STEERING, "green")),
    "notice": lambda console: console.notice(STEERING),
    "problem": lambda console: console.problem(STEERING, where=STEERING, hint=STEERING),
    "table": lambda console: console.table(STEERING, (STEERING, "b"), [(STEERING, 1), ("[/bold]", 2)]),
    "result": lambda console: console.result({STEERING: STEERING}),
    "line of JSON": lambda console: console.json_line({STEERING: [STEERING]}),
}


@pytest.mark.parametrize("json", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_no_way_to_say_something_lets_text_steer(way, json, said):
    console, heard = said(json=json)
    WAYS[way](console)

    assert steers(heard()) == []


def test_progress_lines_do_not_steer(said, monkeypatch):
    monkeypatch.setattr("ift_builder.cli.console.PLAIN_LINE_EVERY", 0)
    console, heard = said()
    with console.progress(STEERING, 3) as progress:
        progress.update(1, f"[/bold] {STEERING}")
    spoken = heard()

    assert "[/bold]" in spoken
    assert steers(spoken) == []


def test_a_progress_bar_does_not_steer_and_takes_no_markup_from_its_note(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    with Console().progress("tasks", 3) as progress:
        progress.update(1, "[/bold] \x1b]0;title\x07 \u202e")

    assert "[/bold] \\x1b]0;title\\x07 \\u202e" in terminal.getvalue()
    assert "\u202e" not in terminal.getvalue()
    assert "\x1b]0;title" not in terminal.getvalue()


# By name: where such text came from


@pytest.mark.parametrize("place", ["status 400", "status 404", "error in 200", "refusal"])
def test_escape_sequences_in_error_bodies_do_not_reach_the_terminal(place, ift_build, tmp_path, monkeypatch):
    from tests.secrets.echo_server import echoing

    monkeypatch.setenv("OPENAI_API_KEY", "none")
    run = ("--out", tmp_path / "run", "--max-requests", 6, "--no-report")
    with echoing(place, [lambda _: STEERING]) as url:
        ran = ift_build("bootstrap", "--model", "m", "--base-url", url, "--target", 3, *run)
    ran_later = ift_build("show", tmp_path / "run")
    dropped = rows_of(tmp_path / "run" / "dropped.jsonl") if ran.code == 0 else []
    story = ift_build("show", tmp_path / "run", dropped[0]["id"]) if dropped else ran_later

    assert [steers(one.out + one.err) for one in (ran, ran_later, story)] == [[], [], []]
    assert "\\x1b[2J" in ran.err + story.out


def test_escape_sequences_in_field_names_do_not_reach_the_terminal(ift_build, tmp_path):
    (tmp_path / "odd.jsonl").write_bytes(orjson.dumps({f"name {STEERING}": 1, "text": "x"}) + b"\n")
    ran = [
        ift_build("check", tmp_path / "odd.jsonl", "--all"),
        ift_build("check", tmp_path / "odd.jsonl", "--all", "--json"),
        ift_build("dedupe", tmp_path / "odd.jsonl", "--field", "absent", "--out", tmp_path / "out"),
        ift_build("templates", "preview", tmp_path / "odd.jsonl"),
    ]

    assert [steers(one.out + one.err) for one in ran] == [[]] * len(ran)
    assert "\\x1b[2J" in "".join(one.out + one.err for one in ran)


def test_escape_sequences_in_file_names_do_not_reach_the_terminal(ift_build, tmp_path):
    name = STEERING.replace("\x00", "")
    (tmp_path / f"{name}.jsonl").write_text("{\n")
    run = write_run(tmp_path / name, [example()])
    ran = [
        ift_build("check", tmp_path / f"{name}.jsonl", "--all"),
        ift_build("check", tmp_path / f"missing {name}.jsonl"),
        ift_build("convert", tmp_path / f"missing {name}.jsonl", "--out", tmp_path / "out"),
        ift_build("show", run),
        ift_build("show", tmp_path / f"missing {name}"),
        ift_build("export", run, "--to", "text", "--out", tmp_path / f"out {name}"),
        ift_build("export", run, "--to", name, "--out", tmp_path / "out"),
    ]

    assert [steers(one.out + one.err) for one in ran] == [[]] * len(ran)


def test_a_wrong_command_line_that_click_quotes_does_not_steer(ift_build):
    ran = [
        ift_build("models", STEERING.replace("\x00", "")),
        ift_build("models", f"--{STEERING}"),
        ift_build(STEERING),
        ift_build("bootstrap", "--api", STEERING, "--json"),
        ift_build("bootstrap", "--target", STEERING),
    ]

    assert [steers(one.out + one.err) for one in ran] == [[]] * len(ran)
    assert {one.code for one in ran} == {2}
    assert "\\x1b[2J" in ran[2].err
