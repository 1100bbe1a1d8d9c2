"""Each page shows the scores that conftest works out by hand."""

from __future__ import annotations

import pytest

from cli.session import session
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.pages.conftest import SCRIPT, client_of


def test_ranking_shows_every_part_of_every_score(client):
    page = client.page("/ranking")
    assert page.row("V002")[:11] == [
        *("1", "V002 乙村", "village"),
        *("20", "20", "", "", "0", "2", "0", "42"),
    ]
    assert page.row("V001")[:11] == [
        *("2", "V001 甲村", "village"),
        *("20", "18 (19)", "", "", "0", "0", "0", "38"),
    ]
    assert page.row("C/1")[3:11] == ["8", "8", "", "", "0", "0", "2", "14"]
    assert page.row("V001")[12:] == ["vetoed", "3"]
    bars = [one["aria-label"] for tag, one in page.tags if one.get("class") == "bar"]
    whole = "Basic work −8, Abnormal petitions 24, Year-end inspection 0, Rewards 0, Penalties −2"
    assert bars[2] == whole


def test_bars_share_one_scale_with_losses_left_of_zero(client):
    page = client.page("/ranking")
    rects = [one for tag, one in page.tags if tag == "rect" and "x" in one]
    # The scale of 300 spans 10 points of losses and 42 of gains: zero is at 10/52.
    first, *_ = rects
    assert (first["class"], first["x"]) == ("part-1", f"{10 / 52 * 300:.1f}")
    assert first["width"] == f"{16 / 52 * 300:.1f}"
    penalties = next(one for one in rects if one["class"] == "part-loss")
    assert (penalties["x"], penalties["width"]) == ("0.0", f"{2 / 52 * 300:.1f}")


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"type": "community"}, ["C/1"]),
        ({"flag": "vetoed"}, ["V001"]),
        ({"flag": "published"}, ["V001"]),
        ({"flag": "eligible", "type": "village"}, ["V002"]),
        ({"q": " 甲 "}, ["V001"]),
        ({"q": "v00"}, ["V002", "V001"]),
        ({"q": "nobody"}, []),
    ],
)
def test_server_filters_the_ranking_by_hiding_rows(client, parameters, shown):
    page = client.page("/ranking", **parameters)
    rows = [one for tag, one in page.tags if tag == "tr" and "data-type" in one]
    names = [row[1].split()[0] for row in page.cells() if row[0].isdigit()]
    assert len(rows) == 3
    assert [name for name, row in zip(names, rows, strict=True) if "hidden" not in row] == shown


def test_unit_page_shows_the_sum_the_periods_and_the_flags(client):
    page = client.page("/unit", id="V001")
    assert "Rank 2 / 3 · Total 38 points · not eligible for awards" in page.text
    assert "20 + 18 + 0 + 0 − 0 = 38" in page.text
    assert ["2016Q1", "20", "8", "12", "0", "0", ""] in page.cells()
    published = "edition 1, through 2016-05-31: score 19, Abnormal petitions 11"
    assert ["2016Q2", "18", "8", "10", "0", "0", published] in page.cells()
    line = next(one for tag, one in page.tags if one.get("class") == "line")
    assert line["aria-label"] == "2016Q1 20, 2016Q2 18"
    assert "vetoed 三（三）2 Criticism" in page.text
    assert "凡因单位信访问题受到省级以上通报批评的实行“一票否决”" in page.text
    assert "Nobody has verified the entry yet (核定): it does not count." in page.text


def chart_texts(page):
    """Return (class, y, dy) of the texts in the line chart."""
    texts = [attributes for tag, attributes in page.tags if tag == "text"]
    return [(text["class"], float(text["y"]), text.get("dy")) for text in texts]


def test_line_chart_has_round_grid_values_and_labels_off_the_line(tmp_path):
    """Three quarters of 20 and one of −25 give a grid line every 10 points."""
    town = Tally(tmp_path)
    town("init").ok()
    months = ("2015-12", *(f"2016-{month:02}" for month in range(1, 12)))
    beijing = {"level": "national", "headcount": 9}
    town.take_in(
        *UNITS[:1],
        *reports("V001", *months),
        # Three batches of 12 points, 3 points each for the missing report: 20 − 36 − 9 = −25.
        *(batch(f"B-{n}", **beijing, occurred_at=f"2016-07-0{n}T09:00") for n in (1, 2, 3)),
    )
    with session(town.url) as opened:
        page = client_of(opened).page("/unit", through_may=False, id="V001", year="2016")
    line = next(one for tag, one in page.tags if one.get("class") == "line")
    assert line["aria-label"] == "2016Q1 20, 2016Q2 20, 2016Q3 −25, 2016Q4 20"
    texts = chart_texts(page)
    # The y axis goes from 168 up to 24 in five steps of 28.8.
    assert [y for kind, y, _ in texts if kind == "axis"] == [168, 139.2, 110.4, 81.6, 52.8, 24]
    labels = [(kind, y, dy) for kind, y, dy in texts if kind.startswith("value")]
    below = ("value low", 153.6, "9")
    assert labels == [("value", 24, "-9"), ("value", 24, "-9"), below, ("value", 24, "-9")]


def test_period_page_lists_postings_from_opening_to_closing(client):
    page = client.page("/period", unit="V001", period="2016Q2")
    assert "2016-03-01 – 2016-05-31 · Score 18" in page.text
    assert "Opens at 20" in page.text
    assert "Closes at 18" in page.text
    assert "−2 三（一）2 Abnormal petitions 3 people to district" in page.text
    assert "abnormal-petitions.B-1.2" in page.ids
    assert page.text.count("进京赴省上访，6人以下每批次扣4分、3分") == 1
    assert "An abnormal batch costs points by level and headcount" in page.text
    quoted = "“到市、区、镇上访6人以下，每批次分别扣3分、2分、1分”"
    assert ["−2 points", "abnormal batch (level district, headcount 1-5)", "三（一）2", quoted] in (
        page.cells()
    )


def test_a_posting_contains_its_entries_with_their_history(client, town):
    page = client.page("/period", unit="V001", period="2016Q2")
    assert "petition batch B-1.2 verified: counts" in page.text
    assert "replaces B-1." in page.text
    happened = [(row[1], row[3]) for row in page.cells() if len(row) == 5 and "recorded" in row]
    assert ("recorded", "clerk") in happened
    objected = next(row for row in page.cells() if len(row) == 5 and row[1] == "objected")
    assert objected[0] == str(town.corrected + 1)
    assert objected[4].startswith("objection: B-1.2.O; unit: V001 甲村; to: B-1.2; reason: 有异议")


def test_period_page_lists_zero_postings_and_missing_reports(client):
    page = client.page("/period", unit="C/1", period="2016Q1")
    assert "−1 三（一）1（1） Dispute screening 2015-12: missing" in page.text
    assert "No entry." in page.text
    page = client.page("/period", unit="V002", period="2016Q1")
    assert "0 三（一）1（1） Dispute screening 2015-12: in on 2015-12-20" in page.text


def test_period_page_lists_rewards_apart_from_the_score(client):
    page = client.page("/period", unit="V002", period="2016Q2")
    assert (
        "Closes at 20 points Beside the period, added once to the year Points"
        "Clause, working and entries +2 三（三）1（2）" in page.text
    )


def test_entry_page_shows_the_history_of_a_replaced_entry(client, town):
    page = client.page("/entry", id="B-1")
    assert "petition batch B-1 taken back: does not count replaced by B-1.2." in page.text
    events = [(row[0], row[1], row[4]) for row in page.cells() if row[0].isdigit()]
    reason = "by entry: B-1.R; reason: 级别更正; in effect: yes"
    assert [event for _, event, _ in events] == ["recorded", "verified", "reversed"]
    assert events[2] == (str(town.published + 4), "reversed", reason)
    assert "No posting and no flag of the year shown." in page.text


def test_entry_page_links_to_the_postings_it_led_to(client):
    page = client.page("/entry", id="B-1.2")
    assert "Effect on scores −2 甲村 2016Q2 三（一）2 Abnormal petitions 3 people" in page.text
    assert "Postings of 0 points: 1" in page.text
    there = "/period?through=2016-05-31&unit=V001&period=2016Q2#abnormal-petitions.B-1.2"
    assert there in page.links
    assert "vetoed 甲村 2016Q2" in client.page("/entry", id="CT-1").text


def test_an_objection_has_a_page(client):
    page = client.page("/entry", id="B-1.2.O")
    assert "objection B-1.2.O awaits a decision" in page.text


def test_open_page_lists_the_open_points_of_all_units(client):
    rows = [row for row in client.page("/open").cells() if len(row) == 4]
    assert ["V001 甲村", "incomplete", "B-1.2", "三（一）2 Abnormal petitions"] in rows
    assert ["V001 甲村", "unverified", "B-9", "三（一）2 Abnormal petitions"] in rows
    assert ["V001 甲村", "objection", "B-1.2.O", "三（一）2 Abnormal petitions"] in rows
    assert len(rows) == 4


def test_clauses_page_shows_each_text_with_totals_and_readings(client):
    page = client.page("/clauses")
    assert "三（一）2 非正常上访工作 Abnormal petitions 进京赴省上访" in page.text
    assert "−2 points, 1 posting or flag of 1 unit" in page.text
    # C/1: six months missing.
    assert "−6 points, 6 postings or flags of 1 unit 12 postings of 0 points" in page.text
    assert "thirty_people = 11-30 (default)" in page.text


def test_clause_page_lists_findings_by_unit(client):
    page = client.page("/clause", id="case-reports")
    assert "−18 points, 6 postings or flags of 1 unit · 12 postings of 0 points" in page.text
    assert "2 units without any" in page.text
    assert next(row for row in page.cells() if row[0].startswith("C/1"))[1] == "−18"
    assert "vetoed" in client.page("/clause", id="criticism").text


def test_differences_from_an_edition_compare_its_period(client, town):
    page = client.page("/differences", **{"from": "2016Q2"})
    assert "compared: the figures of the 2016Q2 bulletin" in page.text
    assert ["2016Q2 score", "19", "18"] in page.cells()
    assert "before −1 2016Q2 三（一）2 Abnormal petitions" in page.text
    assert "now −2 2016Q2 三（一）2 Abnormal petitions" in page.text
    assert "B-1.R" in page.text
    assert "V002" not in page.text
    row = next(row for row in client.page("/differences").cells() if row[0] == "2016Q2#1")
    assert row[:4] == ["2016Q2#1", str(town.imported), "2016-05-31", str(town.published)]


def test_differences_name_fields_and_open_points_in_words(client, town):
    """Of the open points only those that are new or gone are listed."""
    parameters = {"from": str(town.imported), "to": str(town.corrected)}
    rows = client.page("/differences", **parameters).cells()
    assert ["2016Q2 Abnormal petitions", "11", "10"] in rows
    assert ["Open points", "incomplete B-1", "incomplete B-1.2"] in rows
    rows = client.page("/differences", lang="zh", **parameters).cells()
    assert ["2016Q2 非正常上访工作", "11", "10"] in rows
    assert ["总分", "39", "38"] in rows
    assert ["待办事项", "材料不全 B-1", "材料不全 B-1.2"] in rows
    rows = client.page("/differences", lang="zh", **{"from": "1", "to": str(town.imported)}).cells()
    assert ["否决事项", "—", "一票否决"] in rows


def test_differences_compare_positions_and_editions(client, town):
    page = client.page("/differences", **{"from": str(town.imported), "to": str(town.published)})
    assert "Nothing changed." in page.text
    page = client.page("/differences", **{"from": str(town.imported), "to": str(town.corrected)})
    assert ["total", "39", "38"] in page.cells()
    assert "because of B-1.R B-1.2" in page.text
    page = client.page("/differences", **{"from": "2016Q2#1", "to": str(town.corrected)})
    assert ["2016Q2 score", "19", "18"] in page.cells()


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/", {}),
        ("/unit", {"id": "C/1"}),
        ("/period", {"unit": "C/1", "period": "2016Q1"}),
        ("/period", {"unit": "V001", "period": "2016Q2"}),
        ("/entry", {"id": "B-1"}),
        ("/entry", {"id": "B-1.2.O"}),
        ("/entry", {"id": "C/1"}),
        ("/clause", {"id": "yellow-card"}),
        ("/differences", {"from": "1"}),
    ],
)
def test_a_script_in_a_text_is_escaped(client, path, parameters):
    response = client.get(path, through="2016-05-31", **parameters)
    assert response.status_code == 200
    assert SCRIPT not in response.text
    assert "&lt;script&gt;document.title=" in response.text
    assert response.text.count("<script") == 1


def test_chinese_text_has_its_lang_attribute(client):
    html = client.get("/period", unit="V001", period="2016Q2", through="2016-05-31").text
    assert '<html lang="en">' in html
    assert '<span lang="zh-CN">甲村</span>' in html
    assert '<p lang="zh-CN">进京赴省上访' in html
    html = client.get("/period", unit="V001", period="2016Q2", lang="zh").text
    assert '<html lang="zh-CN">' in html
    assert "An abnormal batch" not in html  # glosses are for English pages alone


def test_every_page_states_its_day_and_position(client, town):
    for path, parameters in [
        ("/", {}),
        ("/unit", {"id": "V001"}),
        ("/entry", {"id": "B-1"}),
        ("/open", {}),
        ("/margins", {}),
        ("/sensitivity", {}),
        ("/clauses", {}),
        ("/differences", {}),
        ("/bulletin", {"period": "2016Q2"}),
        ("/corrections", {}),
        ("/audit", {}),
    ]:
        html = " ".join(client.get(path, through="2016-05-31", **parameters).text.split())
        assert "through <strong>2016-05-31</strong>" in html
        assert f"as known at position <strong>{town.last}</strong>" in html
        assert 'name="as_of"' in html
        assert 'type="date" name="through" value="2016-05-31"' in html
