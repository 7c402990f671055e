"""The page in a real browser: nothing on the console, every chart drawn, rows found and told, hostile text harmless."""

from collections import Counter

import pytest

from ift_builder import jsonl
from ift_builder.records import Dropped, Source
from tests.files import rows_of
from tests.report.conftest import LAPTOP, PHONE
from tests.small_runs import example, rich, write_run

HOSTILE = (
    "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 2'>\u2028{{ 7 * 7 }} &lt;b&gt;"
)
_CHARTS = "return [...document.querySelectorAll('.chart')].map((chart) => [chart.dataset.chart, {}])"
_MARKS = "chart.querySelectorAll('.main-svg path, .main-svg rect').length"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_every_chart_of_a_demo_run_is_drawn_and_the_console_stays_silent(demo, browser, size, scheme):
    browser.open(demo / "report.html", size, scheme)

    drawn = browser.ask(_CHARTS.format(_MARKS))
    assert {name for name, _ in drawn} == {
        *("funnel", "pool", "yield", "near_duplicates", "verbs", "tally", "length", "nearness", "tokens"),
    }
    assert all(marks > 5 for _, marks in drawn), drawn
    assert browser.console() == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_nothing_sticks_out_of_the_screen(demo, browser, size):
    browser.open(demo / "report.html", size)

    assert browser.ask("return document.documentElement.scrollWidth") <= size[0]


def test_the_charts_follow_when_the_colours_change(demo, browser):
    ink = "return getComputedStyle(document.querySelector('.chart .xtick text')).fill"
    browser.open(demo / "report.html", scheme="light")
    by_day = browser.ask(ink)
    browser.prefer("dark")

    browser.wait_for(f"const now = (() => {{ {ink} }})(); return now !== '{by_day}'")


def test_the_search_box_finds_rows_by_all_their_words_in_any_order_and_case(demo, browser):
    browser.open(demo / "report.html")
    before = len(browser.rows())
    browser.choose("search", "EUROS how")
    found = browser.rows()

    assert 0 < len(found) < before
    rows = browser.ask("return JSON.parse(document.getElementById('rows-data').textContent)")
    texts = [" ".join(text for _, text, _ in row["texts"]).lower() for row in rows]
    assert browser.ask("return document.getElementById('matches').textContent").startswith(
        f"{sum('euros' in text and 'how' in text for text in texts)} of "
    )


def test_a_search_without_a_match_shows_no_row_and_says_so(demo, browser):
    browser.open(demo / "report.html")
    browser.choose("search", "no row has these words in it: xyzzy")

    assert browser.rows() == []
    assert browser.ask("return document.getElementById('matches').textContent").startswith("0 of ")


def test_an_outcome_shows_its_rows_alone_and_every_reason_has_one(demo, browser):
    browser.open(demo / "report.html")

    for reason in {row["reason"] for row in rows_of(demo / "dropped.jsonl")}:
        browser.choose("outcome", f"dropped: {reason}")
        found = browser.rows()
        assert found
        assert all(row.startswith(reason) for row in found)


def test_more_rows_come_on_request(demo, browser):
    browser.open(demo / "report.html")
    before = len(browser.rows())
    browser.ask("document.getElementById('more').click()")

    assert len(browser.rows()) == 2 * before


def test_a_row_tells_its_story(demo, browser):
    dropped = [row for row in rows_of(demo / "dropped.jsonl") if row["level"] == "task"]
    rarest = Counter(row["reason"] for row in dropped).most_common()[-1][0]  # all of these are in the sample
    row = next(row for row in dropped if row["reason"] == rarest)
    browser.open(demo / "report.html")
    browser.choose("search", row["id"])
    browser.ask("document.querySelector('#table details').open = true")
    browser.wait_for("return document.querySelector('#table .story')")
    story = browser.ask("return document.querySelector('#table .story').textContent")

    assert row["text"] in story
    assert row["reason"] in story
    assert all(key in story for key in row["source"]["prompts"])
    assert "propose" in story


def test_hostile_text_is_shown_as_text_wherever_it_stands(tmp_path, browser, ift_build):
    hostile = example(instruction=HOSTILE, input=HOSTILE, output=HOSTILE, source=Source("convert", dataset=HOSTILE))
    run = write_run(tmp_path / "<b>run", [hostile, *(rich(number) for number in range(3))])
    source = Source("convert", dataset=HOSTILE, template=HOSTILE)
    evidence = {HOSTILE: [HOSTILE]}
    dropped = Dropped.of(level="row", reason=HOSTILE, text=HOSTILE, evidence=evidence, source=source)
    (run / "dropped.jsonl").write_bytes(jsonl.dumps(dropped))
    assert ift_build("report", run).code == 0
    browser.open(run / "report.html")
    browser.ask("document.querySelectorAll('#table details').forEach((row) => { row.open = true; })")
    browser.wait_for("return document.querySelectorAll('#table .story').length === 5")

    assert browser.ask("return window.harmed") is None
    assert browser.ask("return document.querySelectorAll('img, main script, #table b').length") == 0
    texts = browser.ask("return [...document.querySelectorAll('#table pre')].map((text) => text.textContent)")
    assert texts.count(HOSTILE) == 4
    assert browser.ask("return document.querySelector('h1').textContent") == "<b>run"
    assert browser.console() == []


def test_a_page_of_a_run_without_journal_draws_what_there_is(tmp_path, browser, ift_build):
    run = write_run(tmp_path / "run", [example(number, instruction=f"Sort list {number}.") for number in range(30)])
    assert ift_build("report", run).code == 0
    browser.open(run / "report.html")

    drawn = browser.ask(_CHARTS.format(_MARKS))
    assert {name for name, _ in drawn} == {"verbs", "length"}
    assert all(marks for _, marks in drawn)
    assert "No model was asked in this run" in browser.ask("return document.body.textContent")
    assert browser.console() == []
