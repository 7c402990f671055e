"""`ift-build export` as a user meets it: whole folders, clear refusals, cards that load."""

import os
import shlex
import shutil
from datetime import date
from pathlib import Path

import orjson
import pytest
import yaml

from ift_builder.export import TARGETS
from ift_builder.runs import EXPORT
from tests.files import rows_of
from tests.small_runs import example, rich, write_run


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run", [rich(number) for number in range(12)])


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A run of the demo model, with settings, manifest and card."""
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run as call

    folder = tmp_path_factory.mktemp("runs") / "demo"
    assert call(ift_build, ["bootstrap", "--model", "demo", "--target", "30", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """`datasets` with a cache of its own and no hub."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    return lambda folder: datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))


def files_of(folder):
    """Every file of a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_command_gives_the_same_bytes(target, run, tmp_path, ift_build):
    options = ("--to", target, "--validation", "0.25", "--similarity", "0.9")
    for place in ("one", "two"):
        assert ift_build("export", run, *options, "--out", tmp_path / place).code == 0

    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


@pytest.mark.parametrize("target", TARGETS)
def test_datasets_loads_every_export_by_its_card(target, grown, tmp_path, ift_build, offline):
    ran = ift_build("export", grown, "--to", target, "--validation", "0.2", "--out", tmp_path / "out", "--json")
    loaded = offline(tmp_path / "out")

    assert {name: len(split) for name, split in loaded.items()} == ran.result["rows"]
    assert loaded["train"].column_names == list(TARGETS[target].columns)
    assert sum(ran.result["rows"].values()) == len(rows_of(grown / "examples.jsonl"))


def test_datasets_loads_a_run_that_has_grown_anew_and_so_its_export(tmp_path, ift_build, offline):
    for target in (5, 9):
        ift_build("bootstrap", "--model", "demo", "--target", target, "--out", tmp_path / "run", "--no-report")
        ift_build("export", tmp_path / "run", "--to", "messages", "--out", tmp_path / "out")
        rows = len(rows_of(tmp_path / "run" / "examples.jsonl"))

        assert [offline(tmp_path / name)["train"].num_rows for name in ("run", "out")] == [rows, rows]


def test_datasets_loads_the_run_itself_by_its_card(grown, offline):
    assert offline(grown)["train"]["instruction"][:] == [
        row["instruction"] for row in rows_of(grown / "examples.jsonl")
    ]


def test_the_hubs_client_reads_the_cards_of_run_and_export(grown, tmp_path, ift_build):
    from huggingface_hub import DatasetCard

    ift_build("export", grown, "--to", "messages", "--out", tmp_path / "out")
    for folder in (grown, tmp_path / "out"):
        facts = DatasetCard.load(folder / "README.md").data

        assert (facts.license, facts.task_categories, facts.size_categories) == (
            "unknown",
            ["text-generation"],
            ["n<1K"],
        )


def test_the_run_card_gives_the_command_that_makes_the_run_again(grown, tmp_path, ift_build):
    text = (grown / "README.md").read_text()
    command = text.split("```sh\n")[1].split("```")[0].replace("\\\n", " ").split()
    assert command[0] == "ift-build"
    again = [str(tmp_path / "again") if word == "FOLDER" else word for word in command[1:]]

    assert ift_build(*again).code == 0
    assert (tmp_path / "again" / "examples.jsonl").read_bytes() == (grown / "examples.jsonl").read_bytes()


def test_the_export_cards_command_makes_the_export_again(grown, tmp_path, ift_build):
    options = ("--validation", "0.2", "--similarity", "0.7", "--system", "Be brief, please.", "--rationale", "think")
    ift_build("export", grown, "--to", "messages", "--seed", "5", *options, "--out", tmp_path / "one")
    text = (tmp_path / "one" / "README.md").read_text()
    command = shlex.split(text.split("```sh\n")[-1].split("```")[0])
    places = {"RUN": str(grown), "DIR": str(tmp_path / "two")}

    assert ift_build(*(places.get(word, word) for word in command[1:])).code == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_the_card_tells_sizes_licences_drops_and_how_to_make_it_again(grown, tmp_path, ift_build):
    ift_build("export", grown, "--to", "messages", "--validation", "0.2", "--out", tmp_path / "out")
    text = (tmp_path / "out" / "README.md").read_text()
    header = yaml.safe_load(text.split("---")[1])

    assert header["license"] == "unknown"
    assert header["size_categories"] == ["n<1K"]
    assert [file["split"] for file in header["configs"][0]["data_files"]] == ["train", "validation"]
    for part in ("scripted demonstration model", "| unknown | demo |", "near-duplicate", "| target | 30 |"):
        assert part in text
    assert "ift-build export RUN --to messages --out DIR --seed 0 --validation 0.2" in text


def test_the_cards_licences_are_those_of_the_rows(tmp_path, ift_build):
    from ift_builder.records import Source

    licences = ["MIT", "cc-by-4.0", "Some terms | of our own", ""]
    rows = [example(n, source=Source("convert", dataset="d", row=n, licence=of)) for n, of in enumerate(licences)]
    run = write_run(tmp_path / "run", rows)
    assert ift_build("export", run, "--to", "text", "--out", tmp_path / "out").code == 0
    text = (tmp_path / "out" / "README.md").read_text()

    assert yaml.safe_load(text.split("---")[1])["license"] == ["cc-by-4.0", "mit", "other", "unknown"]
    assert "| Some terms \\| of our own | d | 1 |" in text


def test_an_export_can_be_made_again_in_its_folder(run, tmp_path, ift_build):
    options = ("export", run, "--to", "hf", "--out", tmp_path / "out")
    ift_build(*options)
    before = files_of(tmp_path / "out")
    (tmp_path / "out" / "data" / "train.parquet").write_bytes(b"damaged")

    assert ift_build(*options).code == 0
    assert files_of(tmp_path / "out") == before


def test_a_folder_with_other_files_is_refused_and_stays_as_it_is(run, tmp_path, ift_build):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    ran = ift_build("export", run, "--to", "text", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "thesis.tex" in ran.err
    assert files_of(tmp_path / "out") == {"thesis.tex": b"years of work"}


def test_options_may_stand_in_a_file(run, tmp_path, ift_build):
    (tmp_path / "export.yaml").write_text("to: text\noptions: inline\nvalidation: 0.25\n")
    ran = ift_build("export", run, "--config", tmp_path / "export.yaml", "--out", tmp_path / "out", "--json")

    assert ran.result["settings"]["options"] == "inline"
    assert ran.result["rows"] == {"train": 9, "validation": 3}


def test_the_run_folder_itself_is_refused(run, ift_build):
    ran = ift_build("export", run, "--to", "text", "--out", run)

    assert ran.code == 1
    assert "holds other files (examples.jsonl)" in ran.err


def test_an_export_with_other_options_is_refused_and_they_are_named(run, tmp_path, ift_build):
    ift_build("export", run, "--to", "text", "--out", tmp_path / "out")
    before = files_of(tmp_path / "out")
    ran = ift_build("export", run, "--to", "text", "--rationale", "omit", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "rationale: 'before' then, 'omit' now" in ran.err
    assert files_of(tmp_path / "out") == before


@pytest.mark.parametrize("target", ["messages", "hf"])
@pytest.mark.parametrize("again", [False, True])
def test_an_interrupt_leaves_nothing_half_written(target, again, run, tmp_path, ift_build, monkeypatch):
    out = tmp_path / "out"
    if again:
        ift_build("export", run, "--to", target, "--out", out)
    before = files_of(out) if again else None
    from ift_builder.export.writing import Writer

    write = Writer.write

    def interrupted(self, split, conversation):
        write(self, split, conversation)
        if self.rows[split] == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(Writer, "write", interrupted)
    ran = ift_build("export", run, "--to", target, "--out", out)

    assert ran.code == 130
    assert files_of(out) == before if again else not out.exists()


@pytest.mark.parametrize("target", ["openai", "hf"])
@pytest.mark.parametrize("again", [False, True])
def test_an_interrupt_while_files_are_moved_in_leaves_the_old_or_the_new(
    target, again, run, tmp_path, ift_build, monkeypatch
):
    out, whole = tmp_path / "out", tmp_path / "whole"
    ift_build("export", run, "--to", target, "--out", whole)
    if again:
        shutil.copytree(whole, out)
    replace, outcomes = Path.replace, []
    for moment in range(30):
        moves = []

        def interrupted(path, other, moment=moment, moves=moves):
            moves.append(path)
            if len(moves) == moment + 1:
                raise KeyboardInterrupt
            return replace(path, other)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", interrupted)
            outcomes.append(ift_build("export", run, "--to", target, "--out", out).code)
        if outcomes[-1] == 0:
            break
        assert files_of(out) == files_of(whole)
        if not again:
            shutil.rmtree(out)

    assert outcomes.count(130) >= 4
    assert outcomes[-1] == 0


def test_what_a_killed_process_left_is_no_obstacle(run, tmp_path, ift_build):
    (tmp_path / "out" / ".partial").mkdir(parents=True)
    (tmp_path / "out" / ".partial" / "train.jsonl").write_text("half a li")

    assert ift_build("export", run, "--to", "text", "--out", tmp_path / "out").code == 0
    assert not (tmp_path / "out" / ".partial").exists()


def test_a_folder_that_cannot_be_written_is_said(run, tmp_path, ift_build):
    (tmp_path / "file").write_text("no folder")
    ran = ift_build("export", run, "--to", "text", "--out", tmp_path / "file" / "out")

    assert ran.code == 1
    assert "cannot make the folder" in ran.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"output": ""}, "the output is empty"),
        ({"instruction": None}, "the instruction is empty"),
        ({"output": 7}, "`output` must be text, found int"),
        ({"options": "a, b"}, "`options` must be a list of texts"),
        ({"history": [{"role": "user", "content": "Hi"}]}, "do not alternate"),
        ({"source": {"row": "three"}}, "`row` must be a number"),
        ({"exemplars": ["one"]}, "not an example"),
    ],
)
def test_a_row_that_no_trainer_could_use_is_named(change, said, run, tmp_path, ift_build):
    rows = rows_of(run / "examples.jsonl")
    write_run(run, [*rows[:3], {**rows[3], **change}])
    ran = ift_build("export", run, "--to", "messages", "--out", tmp_path / "out")

    assert ran.code == 1
    assert said in ran.err
    assert "examples.jsonl:4" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_plain_alpaca_file_in_a_folder_is_a_run_too(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [{"instruction": "Say yes.", "input": None, "output": "Yes."}])
    ift_build("export", run, "--to", "alpaca", "--out", tmp_path / "out")

    assert rows_of(tmp_path / "out" / "train.jsonl") == [{"instruction": "Say yes.", "input": "", "output": "Yes."}]


@pytest.mark.parametrize("content", [None, b"", b"\n"])
def test_a_folder_without_examples_is_said(content, tmp_path, ift_build):
    (tmp_path / "run").mkdir()
    if content is not None:
        (tmp_path / "run" / "examples.jsonl").write_bytes(content)
    ran = ift_build("export", tmp_path / "run", "--to", "text", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "there is no run here" in ran.err or "the run has no examples" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def in_parquet(run, tmp_path):
    """The same run in three parquet files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = rows_of(run / "examples.jsonl")
    folder = tmp_path / "parquet"
    folder.mkdir()
    for number in range(3):
        part = rows[number * 4 : number * 4 + 4]
        pq.write_table(pa.Table.from_pylist(part), folder / f"examples-0000{number}-of-00003.parquet")
    return folder


def test_a_run_in_parquet_gives_the_same_rows(in_parquet, run, tmp_path, ift_build):
    for place, source in (("one", run), ("two", in_parquet)):
        assert ift_build("export", source, "--to", "messages", "--out", tmp_path / place).code == 0

    assert (tmp_path / "one" / "train.jsonl").read_bytes() == (tmp_path / "two" / "train.jsonl").read_bytes()


def test_a_missing_or_damaged_parquet_file_is_said(in_parquet, tmp_path, ift_build):
    middle = in_parquet / "examples-00001-of-00003.parquet"
    middle.write_bytes(middle.read_bytes()[:100])
    damaged = ift_build("export", in_parquet, "--to", "text", "--out", tmp_path / "out")
    middle.unlink()
    missing = ift_build("export", in_parquet, "--to", "text", "--out", tmp_path / "out")

    assert (damaged.code, missing.code) == (1, 1)
    assert middle.name in damaged.err
    assert "2 parquet files, where their names speak of 3" in missing.err


def test_a_push_without_a_token_is_refused_before_any_work(run, tmp_path, ift_build, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    ran = ift_build("export", run, "--to", "hf", "--push-to-hub", "me/data", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "HF_TOKEN is not set" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("public", [False, True])
def test_a_push_uploads_the_folder_in_one_go_and_is_private_unless_asked(public, run, tmp_path, ift_build, monkeypatch):
    import huggingface_hub

    calls = []

    class Repo(str):
        __slots__ = ()
        repo_id = "me/data"

    class FakeApi:
        def __init__(self, token):
            calls.append(("token", token))

        def create_repo(self, name, **options):
            calls.append(("create", name, options))
            return Repo("https://hub.invalid/datasets/me/data")

        def upload_folder(self, **options):
            calls.append(("upload", options))

    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(huggingface_hub, "HfApi", FakeApi)
    flags = ["--public"] if public else []
    ran = ift_build("export", run, "--to", "hf", "--push-to-hub", "data", "--out", tmp_path / "out", "--json", *flags)

    assert ran.result["hub"] == "https://hub.invalid/datasets/me/data"
    assert calls[:2] == [
        ("token", "hf_secret"),
        ("create", "data", {"repo_type": "dataset", "private": not public, "exist_ok": True}),
    ]
    assert calls[2][1]["folder_path"] == str(tmp_path / "out")
    assert "hf_secret" not in ran.out + ran.err + "".join(map(str, files_of(tmp_path / "out").values()))


def test_a_name_that_the_hub_cannot_have_is_said_and_the_export_stays(run, tmp_path, ift_build, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ran = ift_build("export", run, "--to", "text", "--push-to-hub", "not a name", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "the hub did not take the dataset" in ran.err
    assert (tmp_path / "out" / "export.json").exists()


def test_croissant_without_its_library_is_refused_with_the_way_to_get_it(run, tmp_path, ift_build, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mlcroissant", None)
    ran = ift_build("export", run, "--to", "text", "--croissant", "--out", tmp_path / "out")

    assert ran.code == 1
    assert 'pip install "ift-builder[croissant]"' in ran.err
    assert not (tmp_path / "out").exists()


def test_the_manifest_lists_every_file_with_its_hash(run, tmp_path, ift_build):
    from hashlib import sha256

    ran = ift_build("export", run, "--to", "hf", "--out", tmp_path / "out", "--json")
    found = files_of(tmp_path / "out")
    found.pop(EXPORT)

    assert {name: facts["sha256"] for name, facts in ran.result["files"].items()} == {
        name: sha256(content).hexdigest() for name, content in found.items()
    }


def test_a_moved_run_gives_the_same_rows(run, tmp_path, ift_build):
    ift_build("export", run, "--to", "text", "--validation", "0.25", "--out", tmp_path / "one")
    shutil.move(run, tmp_path / "elsewhere")
    ift_build("export", tmp_path / "elsewhere", "--to", "text", "--validation", "0.25", "--out", tmp_path / "two")

    for name in ("train.jsonl", "validation.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_interrupted_export_writes_nothing_and_says_so(run, tmp_path, ift_build, monkeypatch):
    from ift_builder.export import rendering

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(rendering.Renderer, "render", interrupted)
    ran = ift_build("export", run, "--to", "messages", "--out", tmp_path / "out")

    assert (ran.code, ran.err.strip()) == (130, "interrupted: nothing was written")
    assert not (tmp_path / "out").exists()


def test_a_single_task_that_must_stay_whole_is_not_blamed_on_the_similarity(run, tmp_path, ift_build):
    options = ("--to", "messages", "--whole-tasks", "--validation", "0.5", "--out", tmp_path / "out")
    ran = ift_build("export", run, *options)

    assert ran.code == 1
    assert "leave out --whole-tasks" in ran.err
    assert "--similarity" not in ran.err


def test_a_configuration_may_name_the_hubs_dataset(run, tmp_path, ift_build, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    (tmp_path / "c.yaml").write_text("push-to-hub: me/demo\n")
    ran = ift_build("export", run, "--to", "hf", "--config", tmp_path / "c.yaml", "--out", tmp_path / "out")

    assert ran.code == 1
    assert "HF_TOKEN" in ran.err


@pytest.fixture
def croissant(run, tmp_path, ift_build, monkeypatch):
    """What the metadata is made from: the library itself is an extra that tests do not need."""
    given = {}
    monkeypatch.setattr("ift_builder.formats.croissant.refuse_without_library", lambda: None)
    monkeypatch.setattr("ift_builder.formats.croissant.metadata", lambda **facts: given.update(facts) or b"{}\n")

    def call(*options):
        ran = ift_build("export", run, "--to", "text", "--croissant", "--out", tmp_path / "out", *options)
        assert ran.code == 0, ran.err
        return given

    return call


def test_croissant_is_told_how_to_cite_the_dataset_when_it_was_published_and_its_version(croissant, run):
    os.utime(run / "examples.jsonl", (1_700_000_000, 1_700_000_000))  # 14 November 2023
    facts = croissant()

    assert (facts["published"], facts["version"]) == (date(2023, 11, 14), "1.0.0")
    assert facts["cite_as"].startswith("@misc{")
    assert "year = {2023}" in facts["cite_as"]
    assert "version = {1.0.0}" in facts["cite_as"]
    assert facts["cite_as"].count("{") == facts["cite_as"].count("}")


def test_the_user_says_when_it_is_published_and_under_which_version(croissant):
    facts = croissant("--published", "2031-02-03", "--dataset-version", "2.1.0")

    assert (facts["published"], facts["version"]) == (date(2031, 2, 3), "2.1.0")
    assert "year = {2031}" in facts["cite_as"]


@pytest.mark.parametrize("option", [("--published", "soon"), ("--dataset-version", "two")])
def test_a_day_or_version_that_is_none_is_a_usage_error(option, run, tmp_path, ift_build):
    assert ift_build("export", run, "--to", "text", "--out", tmp_path / "out", *option).code == 2


def test_croissant_json_has_the_recommended_fields(run, tmp_path, ift_build):
    pytest.importorskip("mlcroissant", reason="no mlcroissant: pip install 'ift-builder[croissant]'")
    ran = ift_build(
        "export", run, "--to", "text", "--croissant", "--published", "2031-02-03", "--out", tmp_path / "out"
    )
    written = orjson.loads((tmp_path / "out" / "croissant.json").read_bytes())

    assert ran.code == 0, ran.err
    assert (written["version"], written["datePublished"][:10]) == ("1.0.0", "2031-02-03")
    assert written["citeAs"].startswith("@misc{")
