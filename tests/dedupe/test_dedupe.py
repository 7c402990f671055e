"""`ift-build dedupe`: rows without near-duplicates come out as they went in, and the others are not lost."""

import json
from collections import deque
from random import Random

import orjson
import pytest

from ift_builder.dedupe import judging
from ift_builder.formats import schemas
from tests.files import rows_of

ROWS = (
    b'{"instruction": "Write a short story about a dog.",  "n": 1.50, "big": 123456789012345678901234567890}\n'
    b'{"instruction":"Write a short story about a cat.","note":"\\u00e9"}\r\n'
    b"\n"
    b'{"instruction":"Name three rivers in Africa."}\n'
    b'{"instruction":"Write a short story about a dog!", "big": 123456789012345678901234567890}'
)


@pytest.fixture
def dedupe(ift_build, tmp_path):
    """Runs `dedupe` on some bytes, into `tmp_path / "out"`."""

    def call(content, *more):
        (tmp_path / "rows.jsonl").write_bytes(content)
        return ift_build("dedupe", tmp_path / "rows.jsonl", "--out", tmp_path / "out", *more)

    return call


def real_looking(count, seed=0):
    """Rows of which about a third are near-duplicates of another."""
    rng = Random(seed)
    verbs, nouns = ["Write", "Compose", "Explain", "Find"], [f"noun{number}" for number in range(15)]
    texts = [
        f"{rng.choice(verbs)} a {' with '.join(rng.choices(nouns, k=2))} and the {' in '.join(rng.choices(nouns, k=2))}"
        for _ in range(count)
    ]
    return b"".join(orjson.dumps({"instruction": text, "n": n}) + b"\n" for n, text in enumerate(texts))


def test_kept_rows_are_the_same_bytes_and_the_first_of_alike_rows_is_kept(dedupe, tmp_path):
    ran = dedupe(ROWS)

    lines = ROWS.splitlines(keepends=True)
    assert ran.code == 0
    assert (tmp_path / "out" / "examples.jsonl").read_bytes() == lines[0] + lines[3]


def test_a_dropped_row_has_its_nearest_its_f_and_the_whole_row(dedupe, tmp_path):
    dedupe(ROWS)
    rows = rows_of(tmp_path / "out" / "dropped.jsonl")

    assert [schemas.complaint("dropped", row) for row in rows] == ["", ""]
    assert rows[0]["level"] == "row"
    assert rows[0]["reason"] == "near-duplicate"
    assert rows[0]["text"] == "Write a short story about a cat."
    assert rows[0]["evidence"] == {
        "line": 2,
        "of_line": 1,
        "text": "Write a short story about a dog.",
        "rouge_l": 6 / 7,
        "threshold": 0.7,
        "row": {"instruction": "Write a short story about a cat.", "note": "é"},
    }
    assert (rows[0]["source"]["method"], rows[0]["source"]["dataset"]) == ("dedupe", "rows.jsonl")
    assert [row["source"]["row"] for row in rows] == [1, 3]  # rows count from 0, blank lines do not
    assert [row["evidence"]["line"] for row in rows] == [2, 5]


def test_a_dropped_row_keeps_every_digit(dedupe, tmp_path):
    dedupe(ROWS)

    assert b"123456789012345678901234567890" in (tmp_path / "out" / "dropped.jsonl").read_bytes()


def test_the_counts_add_up_on_screen_in_the_manifest_and_in_json(dedupe, tmp_path):
    ran = dedupe(ROWS, "--json")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())

    assert ran.result["ok"]
    assert ran.result["rows"] == manifest["rows"] == {"seen": 4, "kept": 2, "dropped": {"near-duplicate": 2}}
    assert manifest["files"]["examples.jsonl"]["rows"] == 2
    assert "near-duplicate 2" in ran.err


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--similarity", "0.9"], 3),
        (["--similarity", "1"], 4),
        (["--tokenizer", "rouge"], 2),
    ],
)
def test_options_reach_the_screen(dedupe, options, kept):
    assert dedupe(ROWS, "--json", *options).result["rows"]["kept"] == kept


def test_another_field_may_be_compared(dedupe):
    rows = b'{"q": "one two three", "instruction": 1}\n{"q": "one two three", "instruction": 2}\n'

    assert dedupe(rows, "--json", "--field", "q").result["rows"]["kept"] == 1


def test_an_empty_file_gives_an_empty_dataset(dedupe, tmp_path):
    ran = dedupe(b"")

    assert ran.code == 0
    assert (tmp_path / "out" / "examples.jsonl").read_bytes() == b""


@pytest.mark.parametrize("workers", [2, 3])
def test_the_result_does_not_depend_on_the_number_of_workers(dedupe, ift_build, tmp_path, monkeypatch, workers):
    monkeypatch.setattr(judging, "BLOCK", 50)
    rows = real_looking(500)
    alone = dedupe(rows)
    team = ift_build("dedupe", tmp_path / "rows.jsonl", "--out", tmp_path / "team", "--workers", workers)

    assert (alone.code, team.code) == (0, 0)
    for name in ("examples.jsonl", "dropped.jsonl"):
        assert (tmp_path / "team" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert 50 < len(rows_of(tmp_path / "out" / "dropped.jsonl")) < 450


@pytest.mark.parametrize("size", [0, 1, 49, 50, 51, 100, 101, 149])
def test_a_team_leaves_no_row_out_whatever_the_number_of_blocks(monkeypatch, size):
    """The traffic alone, with workers in this process."""

    class Here:
        def __init__(self, count):
            self.judges = [judging._judge(0.7, "unicode") for _ in range(count)]
            self.answers = [deque() for _ in range(count)]

        def __len__(self):
            return len(self.judges)

        def submit(self, number, task):
            self.answers[number].append(self.judges[number](task))

        def receive(self, number):
            return self.answers[number].popleft()

    monkeypatch.setattr(judging, "BLOCK", 50)
    rows = [
        judging.Row(n, b"", orjson.loads(line)["instruction"]) for n, line in enumerate(real_looking(size).splitlines())
    ]
    team = judging._Team(Here(2), 0.7, "unicode")

    assert list(team.judged(rows)) == list(judging.judged(rows, 0.7, "unicode", 1))


def test_the_same_command_may_be_run_again(dedupe, tmp_path):
    dedupe(ROWS)
    first = (tmp_path / "out" / "dropped.jsonl").read_bytes()

    assert dedupe(ROWS).code == 0
    assert (tmp_path / "out" / "dropped.jsonl").read_bytes() == first


@pytest.mark.parametrize("change", [["--similarity", "0.5"], ["--tokenizer", "rouge"], "content"])
def test_other_settings_are_refused_and_what_is_there_stays(dedupe, tmp_path, change):
    dedupe(ROWS)
    before = (tmp_path / "out" / "examples.jsonl").read_bytes()
    ran = dedupe(ROWS + b"\n{}", "--quiet") if change == "content" else dedupe(ROWS, *change)

    assert ran.code == 1
    assert "other settings" in ran.err
    assert (tmp_path / "out" / "examples.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"instruction": 3}', ("is no text but int", "--field")),
        (b'{"instruction": null}', ("is no text but NoneType", "--field")),
        (b'{"prompt": "x", "answer": "y"}', ("no field `instruction`", "prompt, answer")),
        (b'{"instruction": "x"', ("not valid JSON",)),
        (b'["x"]', ("expected a JSON object",)),
        (b'{"instruction": "\xff"}', ("not valid JSON",)),
    ],
)
def test_a_bad_row_is_named_by_file_and_line_and_nothing_is_written(dedupe, tmp_path, line, words):
    ran = dedupe(b'{"instruction": "one"}\n\n' + 2 * (line + b"\n"))

    assert ran.code == 1
    assert "rows.jsonl:3" in ran.err
    assert "hint:" in ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err
    assert not (tmp_path / "out").exists()


def test_a_bad_row_is_named_with_workers_too(dedupe, tmp_path):
    ran = dedupe(b'{"instruction": "one"}\n{"instruction": \n', "--workers", 2)

    assert ran.code == 1
    assert "rows.jsonl:2" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_without_text_in_the_field_are_dropped_whole_and_counted(dedupe, tmp_path, workers):
    odd = [b'{"instruction": null, "n": 1.50}', b'{"n": 2}', b'{"instruction": ["a"]}']
    ran = dedupe(ROWS + b"\n" + b"\n".join(odd) + b"\n", "--json", "--workers", workers)
    dropped = [row for row in rows_of(tmp_path / "out" / "dropped.jsonl") if row["reason"] == "no-text"]

    assert ran.code == 0
    assert ran.result["rows"] == {"seen": 7, "kept": 2, "dropped": {"near-duplicate": 2, "no-text": 3}}
    assert [row["evidence"]["row"] for row in dropped] == [json.loads(line) for line in odd]
    assert [row["evidence"]["line"] for row in dropped] == [6, 7, 8]
    assert [schemas.complaint("dropped", row) for row in dropped] == ["", "", ""]


def test_a_field_that_most_rows_lack_is_an_error_only_at_the_beginning_of_a_file(dedupe):
    good = b"".join(b'{"instruction": "text%d"}\n' % n for n in range(600))
    without = b'{"n": 1}\n' * 700

    assert dedupe(good + without).code == 0
    assert dedupe(without + good).code == 1


def test_datasets_loads_the_result_by_its_card(dedupe, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    dedupe(b'{"instruction": "one"}\n{"instruction": "one"}\n{"instruction": "two"}\n')
    loaded = datasets.load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))

    assert loaded["instruction"][:] == ["one", "two"]


def test_a_missing_file_is_one_clear_error(ift_build, tmp_path):
    ran = ift_build("dedupe", tmp_path / "none.jsonl", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "cannot read the file" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options", [["--similarity", "0"], ["--similarity", "1.1"], ["--workers", "0"], ["--tokenizer", "x"]]
)
def test_options_out_of_range_are_usage_errors(dedupe, options):
    assert dedupe(ROWS, *options).code == 2


def test_a_folder_that_holds_another_dataset_is_left_alone(dedupe, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "examples.jsonl").write_text("mine")

    assert dedupe(ROWS).code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["examples.jsonl"]


def test_real_instructions_end_to_end(ift_build, fixtures, tmp_path):
    ran = ift_build("dedupe", fixtures / "near_duplicate" / "instructions.jsonl", "--out", tmp_path / "out", "--json")

    assert ran.result["rows"]["seen"] == 3146
    assert ran.result["rows"]["kept"] == len(rows_of(tmp_path / "out" / "examples.jsonl"))
    assert ran.result["rows"]["dropped"]["near-duplicate"] == len(rows_of(tmp_path / "out" / "dropped.jsonl")) > 50


def test_ctrl_c_writes_nothing_and_says_so(dedupe, tmp_path, monkeypatch):
    from ift_builder.screening.near_duplicate import NearDuplicates

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(NearDuplicates, "nearest", interrupted)
    ran = dedupe(ROWS)

    assert (ran.code, ran.err.strip()) == (130, "interrupted: nothing was written")
    assert not (tmp_path / "out").exists()
