"""`ift-build report`: the file it writes, for every kind of run, and what it says when it cannot."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ift_builder import jsonl
from ift_builder.formats import seed_tasks
from ift_builder.report.page import in_script
from ift_builder.templating import Template, shipped
from tests.files import rows_of
from tests.small_runs import example, write_run


def page(folder) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def figures(folder) -> dict:
    """The values that the page's charts are drawn from."""
    start = '<script id="figures-data" type="application/json">'
    return orjson.loads(page(folder).partition(start)[2].partition("</script>")[0])


def test_the_figures_of_a_demo_run_agree_with_its_files(demo):
    found = figures(demo)
    tasks = {row["task"]["name"] for row in rows_of(demo / "examples.jsonl")}

    assert found["growth"]["tasks"] == found["growth"]["pool"]["y"][-1] == len(tasks) == 1000
    assert sum(found["nearness"]["bars"]) == found["nearness"]["compared"] == found["verbs"]["instructions"]
    assert sum(count for _, count in found["tallies"]["kind"]) == len(rows_of(demo / "examples.jsonl"))
    assert found["tokens"][0]["step"] == "propose"
    totals = orjson.loads((demo / "manifest.json").read_bytes())["requests"]["all_sittings"]
    for name, of in (("requests", "sent"), ("prompt", "prompt_tokens"), ("completion", "completion_tokens")):
        assert sum(step[name] for step in found["tokens"]) == totals[of]


def test_a_run_that_proposes_in_several_ways_has_all_of_its_proposals_in_the_growth(tmp_path, ift_build):
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_bytes(jsonl.join(row for _, row in zip(range(6), rows_of(seed_tasks.shipped()), strict=False)))
    out = ("--seeds", seeds, "--rounds", 4, "--out", tmp_path / "run", "--json")
    ran = ift_build("bootstrap", "--model", "demo", "--strategy", "evolve", *out)
    found = figures(tmp_path / "run")

    assert {step["step"] for step in found["tokens"]} >= {"evolve_in_depth", "evolve_in_breadth"}
    assert found["growth"]["requests"] == ran.result["answers"]["seen"] == 24
    assert found["growth"]["tasks"] == ran.result["tasks"]["kept"]


def test_the_page_asks_nothing_of_the_network(demo):
    text = page(demo)
    own = (
        text.partition('<script id="library"')[0] + text.rpartition('<script id="library"')[2].partition("</script>")[2]
    )

    assert "default-src 'none'" in own
    assert "src=" not in own
    assert 'href="http' not in own
    assert "url(" not in own


def test_the_same_run_gives_the_same_page(demo, ift_build):
    before = page(demo)
    assert ift_build("report", demo).code == 0

    assert page(demo) == before


def test_the_page_is_light_enough_to_send(demo):
    assert (demo / "report.html").stat().st_size < 3_000_000


def test_json_names_the_file(demo, ift_build):
    ran = ift_build("report", demo, "--json")

    assert ran.result["report"] == str(demo / "report.html")


def test_rows_says_how_many_rows_the_page_has(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [example(number) for number in range(20)])
    assert ift_build("report", run, "--rows", 7).code == 0
    rows = page(run).partition('<script id="rows-data" type="application/json">')[2].partition("</script>")[0]

    assert len(orjson.loads(rows)) == 7


def test_other_seeds_are_taken_from_their_file(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [example()])
    (run / "settings.json").write_bytes(b'{"command": "bootstrap", "seeds": "sha256:other"}')
    assert ift_build("report", run).code == 0
    assert figures(run)["nearness"] is None
    assert "--seeds FILE" in page(run)

    task = {
        "id": "1",
        "name": "mood",
        "instruction": example().instruction,
        "instances": [{"input": "", "output": "good"}],
        "is_classification": True,
    }
    (tmp_path / "seeds.jsonl").write_bytes(jsonl.dumps(task))
    assert ift_build("report", run, "--seeds", tmp_path / "seeds.jsonl").code == 0
    assert figures(run)["nearness"]["median"] == 1


def test_a_run_from_data_shows_datasets_and_templates_and_says_what_it_cannot_show(tmp_path, ift_build):
    from ift_builder.records import Source

    sources = [Source("convert", dataset="reviews", template=f"t{number % 2}", row=number) for number in range(6)]
    run = write_run(tmp_path / "run", [example(number, source=source) for number, source in enumerate(sources)])
    dropped = {"seen": 9, "kept": 6, "dropped": {"unlabelled": 2}, "beyond_cap": 1}
    (run / "manifest.json").write_bytes(orjson.dumps({"status": "complete", "rows": 9, "renderings": dropped}))
    (run / "settings.json").write_bytes(b'{"verb": "convert", "templates": {"t0": "", "t1": ""}}')
    assert ift_build("report", run).code == 0
    found = figures(run)

    assert found["tallies"]["template"] == [["t0", 3], ["t1", 3]]
    assert found["tallies"]["dataset"] == [["reviews", 6]]
    assert found["funnel"] == [{"name": "renderings", "seen": 9, "kept": 6, "dropped": [["unlabelled", 2]], "aside": 1}]
    assert found["growth"] is None
    assert "This run did not grow from seed tasks" in page(run)


def test_a_deduplicated_file_of_any_shape_has_a_report(tmp_path, ift_build):
    rows = [{"question": f"{word} the numbers from the list above"} for word in ("Sort", "Add", "Sort", "Multiply")]
    (tmp_path / "questions.jsonl").write_bytes(jsonl.join(rows))
    assert ift_build("dedupe", tmp_path / "questions.jsonl", "--field", "question", "--out", tmp_path / "run").code == 0
    assert ift_build("report", tmp_path / "run").code == 0
    found = figures(tmp_path / "run")

    assert found["verbs"]["instructions"] == len(rows_of(tmp_path / "run" / "examples.jsonl"))
    assert found["funnel"][0]["seen"] == 4


def test_a_run_in_parquet_files_has_the_same_figures(tmp_path, ift_build):
    import pyarrow as pa
    import pyarrow.parquet as pq

    run = write_run(tmp_path / "run", [example(number) for number in range(9)])
    assert ift_build("report", run, "--no-check").code == 0
    before = figures(run)
    pq.write_table(pa.Table.from_pylist(rows_of(run / "examples.jsonl")), run / "examples-00000-of-00001.parquet")
    (run / "examples.jsonl").unlink()
    assert ift_build("report", run, "--no-check").code == 0

    assert figures(run) == before


def test_findings_of_the_check_are_on_the_page_unless_it_is_left_out(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [example(output="As an AI language model, I cannot read."), example(1)])
    assert ift_build("report", run).code == 0
    codes = [finding["code"] for finding in figures(run)["findings"]]

    assert codes
    assert all(f"<b>{code}</b>" in page(run) for code in codes)
    assert str(run) not in page(run)
    assert ift_build("report", run, "--no-check").code == 0
    assert figures(run)["findings"] is None


def test_an_empty_run_has_a_report(tmp_path, ift_build):
    run = write_run(tmp_path / "run", [])

    assert ift_build("report", run).code == 0
    assert "There are no texts to measure" in page(run)


def test_a_folder_without_a_run_is_said(tmp_path, ift_build):
    ran = ift_build("report", tmp_path)

    assert ran.code == 1
    assert "no run here" in ran.err
    assert not (tmp_path / "report.html").exists()


def test_a_run_that_has_not_ended_is_said_to_be_one(tmp_path, ift_build):
    (tmp_path / "settings.json").write_bytes(b'{"command": "bootstrap"}')
    ran = ift_build("report", tmp_path)

    assert ran.code == 1
    assert "not come to an end" in ran.err


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_script_element_says_the_same_and_cannot_end_it(value):
    text = in_script(value)

    assert orjson.loads(text) == value
    assert not any(character in text for character in "<>&\u2028\u2029")


def test_a_pages_template_escapes_what_it_prints_and_a_prompts_template_does_not():
    assert Template("{{ text }}", "here", autoescape=True).render(text="<b> & 'c'") == "&lt;b&gt; &amp; &#39;c&#39;"
    assert Template("{{ text }}", "here").render(text="<b> & 'c'") == "<b> & 'c'"


def test_a_page_that_asks_for_something_missing_is_an_error():
    from ift_builder.errors import TemplateError

    with pytest.raises(TemplateError):
        shipped("report", "report.html.jinja", autoescape=True).render()
