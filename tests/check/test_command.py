"""`ift-build check`: what it prints, and with which code it ends."""

import orjson
import pytest

from ift_builder.check import RULES
from ift_builder.export import TARGETS
from tests.check.cases import CHAT, EXAMPLE, ask
from tests.small_runs import rich, write_run

GOOD, WARNED, WRONG = ask(), ask("Name a fish.", "I'm sorry, but I cannot assist with that."), ask("Name a river.", "")


def test_good_rows_end_with_0(jsonl, ift_build):
    ran = ift_build("check", jsonl([GOOD]))

    assert ran.code == 0
    assert "1 row, 0 errors, 0 warnings" in ran.out


def test_errors_end_with_1_and_are_no_error_message(jsonl, ift_build):
    ran = ift_build("check", jsonl([GOOD, WRONG]))

    assert ran.code == 1
    assert "G002" in ran.out
    assert "error:" not in ran.err


def test_warnings_end_with_0_unless_strict(jsonl, ift_build):
    path = jsonl([GOOD, WARNED])

    assert ift_build("check", path).code == 0
    assert ift_build("check", path, "--strict").code == 1


def test_the_table_names_rule_count_and_place(jsonl, ift_build):
    ran = ift_build("check", jsonl([GOOD, WARNED, {**WARNED, "instruction": "Name a bird."}]))
    line = next(line for line in ran.out.splitlines() if "G017" in line)

    assert "refusal" in line
    assert " 2 " in line
    assert "rows.jsonl:2" in ran.out


def test_all_tells_every_finding_with_place_and_words(jsonl, ift_build):
    ran = ift_build("check", "--all", jsonl([GOOD, WARNED, {**WRONG, "id": "r3"}]))

    assert ":2: G017 warning refusal: the output begins “I'm sorry" in ran.out
    assert ":3 (id r3): G002 error empty-output: the output is empty" in ran.out


def test_json_ends_with_one_line_that_has_it_all(jsonl, ift_build):
    result = ift_build("check", "--json", jsonl([GOOD, WRONG])).result

    assert (result["ok"], result["rows"], result["errors"], result["counts"]) == (False, 2, 1, {"G002": 1})
    assert result["first"]["G002"][0]["place"].endswith("rows.jsonl:2")


def test_json_with_all_has_a_line_for_each_finding(jsonl, ift_build):
    ran = ift_build("check", "--json", "--all", jsonl([WARNED, WRONG]))

    assert [orjson.loads(line).get("code") for line in ran.out.splitlines()] == ["G017", "G002", None]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "G002"], {"G002": 1}),
        (["--select", "G0"], {"G002": 1, "G017": 1}),
        (["--select", "refusal,empty-output"], {"G002": 1, "G017": 1}),
        (["--ignore", "G017"], {"G002": 1, "D003": 1}),
        (["--ignore", "refusal,same-question", "--ignore", "G002"], {}),
        (["--select", "default,D003"], {"G002": 1, "G017": 1, "D003": 1}),
        (["--select", "all", "--ignore", "G,T010,near-duplicate"], {"D003": 1}),
    ],
    ids=str,
)
def test_rules_are_chosen_by_code_beginning_name_and_word(options, expected, jsonl, ift_build):
    result = ift_build("check", "--json", jsonl([GOOD, WARNED, {**GOOD, "output": ""}]), *options).result

    assert result["counts"] == {code: count for code, count in expected.items() if count}


def test_an_unknown_rule_is_said(jsonl, ift_build):
    ran = ift_build("check", jsonl([GOOD]), "--select", "G99")

    assert ran.code == 1
    assert "'G99'" in ran.err
    assert "--rules" in ran.err


def test_the_rules_can_be_listed(ift_build):
    ran = ift_build("check", "--rules", "--json")

    assert ran.code == 0
    assert list(ran.result["rules"]) == list(RULES)


def test_without_a_path_it_is_a_usage_error(ift_build):
    assert ift_build("check").code == 2


@pytest.mark.parametrize("name", ["absent.jsonl", "notes.txt", "empty"])
def test_a_path_that_cannot_be_read_is_said(name, tmp_path, ift_build):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    ran = ift_build("check", tmp_path / name)

    assert ran.code == 1
    assert name in ran.err
    assert "hint:" in ran.err


def test_the_target_openai_wants_ten_rows(jsonl, ift_build):
    rows = [{"messages": [{"role": "user", "content": f"{n} + 1?"}, CHAT["messages"][1]]} for n in range(10)]

    assert ift_build("check", jsonl(rows[:9]), "--target", "openai", "--json").result["counts"] == {"F010": 1}
    assert ift_build("check", jsonl(rows), "--target", "openai").code == 0


def test_a_demo_run_is_checked_as_a_folder(tmp_path, ift_build):
    ift_build("bootstrap", "--model", "demo", "--target", 20, "--out", tmp_path / "run", "--quiet")
    ran = ift_build("check", tmp_path / "run", "--json")

    assert ran.code == 0
    assert ran.result["rows"] >= 20
    assert ran.result["counts"] == {}


def test_a_run_whose_file_lost_a_line_is_told(tmp_path, ift_build):
    (tmp_path / "examples.jsonl").write_bytes(orjson.dumps(EXAMPLE) + b"\n")
    (tmp_path / "manifest.json").write_bytes(orjson.dumps({"files": {"examples.jsonl": {"rows": 2}}}))

    assert ift_build("check", tmp_path, "--json").result["counts"] == {"F011": 1}


def test_a_folder_of_files_is_checked_without_what_stands_beside_the_data(tmp_path, ift_build):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_bytes(orjson.dumps(GOOD))
    (tmp_path / "b.csv").write_text("instruction,output\nName a river.,Danube\n")
    (tmp_path / "dataset_info.json").write_text("{}")

    assert ift_build("check", tmp_path, "--json").result["rows"] == 2


def test_control_characters_do_not_reach_the_terminal(jsonl, ift_build):
    ran = ift_build("check", "--all", jsonl([ask(output="red \x1b[31m alert"), {"\x1b[31mname": 1}]))

    assert "\x1b" not in ran.out
    assert "U+001B" in ran.out


@pytest.mark.parametrize("target", TARGETS)
def test_what_export_writes_is_checked_by_its_data_files_only_and_is_fine(target, tmp_path, ift_build):
    rows = [rich(number, rationale="") for number in range(20)]
    run = write_run(tmp_path / "run", rows)
    ift_build("export", run, "--to", target, "--validation", "0.2", "--out", tmp_path / "all" / "one", "--quiet")

    for folder in (tmp_path / "all" / "one", tmp_path / "all"):
        ran = ift_build("check", folder, "--json")
        assert (ran.code, ran.result["rows"], ran.result["counts"]) == (0, 20, {})


def test_an_export_whose_file_lost_a_line_is_told(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [rich(number, rationale="") for number in range(5)])
    ift_build("export", run, "--to", "messages", "--out", tmp_path / "out", "--quiet")
    lines = (tmp_path / "out" / "train.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "out" / "train.jsonl").write_bytes(b"".join(lines[:-1]))

    assert ift_build("check", tmp_path / "out", "--json").result["counts"] == {"F011": 1}


def test_an_export_json_of_somebody_else_is_data(tmp_path, ift_build):
    (tmp_path / "export.json").write_bytes(orjson.dumps([GOOD]))

    assert ift_build("check", tmp_path, "--json").result["rows"] == 1


def test_a_run_that_was_stopped_before_its_end_is_told_of_and_of_its_export_too(tmp_path, ift_build):
    ran = ["bootstrap", "--model", "demo", "--target", 30, "--max-requests", 40, "--out", tmp_path / "run", "--quiet"]
    ift_build(*ran)
    exported = ift_build("export", tmp_path / "run", "--to", "messages", "--out", tmp_path / "out")

    assert exported.code == 0
    assert "warning: the run was stopped before its end (budget)" in exported.err
    assert "stopped before its end (budget)" in (tmp_path / "out" / "README.md").read_text()
    for folder in ("run", "out"):
        checked = ift_build("check", tmp_path / folder, "--json")
        assert (checked.code, checked.result["counts"]) == (0, {"F012": 1})


def test_the_table_tells_files_of_one_name_apart(tmp_path, ift_build):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rows.jsonl").write_bytes(orjson.dumps({**WRONG, "instruction": f"Name {folder}."}))
    ran = ift_build("check", tmp_path / "a", tmp_path / "b")

    assert "a/rows.jsonl:1, b/rows.jsonl:1" in " ".join(ran.out.split())


def test_a_configuration_names_options_as_the_command_line_does(tmp_path, jsonl, ift_build):
    (tmp_path / "all.yaml").write_text("all: true\n")
    (tmp_path / "rules.yaml").write_text("rules: true\n")

    assert "G002 error empty-output" in ift_build("check", jsonl([WRONG]), "--config", tmp_path / "all.yaml").out
    assert "empty-output" in ift_build("check", "--config", tmp_path / "rules.yaml").out


def test_ctrl_c_is_said_in_one_line(jsonl, ift_build, monkeypatch):
    from ift_builder import check

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "read", interrupted)
    ran = ift_build("check", jsonl([GOOD]))

    assert (ran.code, ran.err.strip()) == (130, "interrupted: nothing was written")
