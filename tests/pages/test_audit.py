"""The pages of an auditor: their figures, sorting, addresses and states. See also the questions."""

from __future__ import annotations

import pytest

from cli.session import session
from tests.pages.conftest import SCRIPT, THROUGH, client_of
from tests.pages.html_page import HtmlPage


def row_of(page, start):
    """Return the first row of a table whose first cell starts with a text."""
    return next(row for row in page.cells() if row and row[0].startswith(start))


def test_a_correction_says_what_it_moved_and_which_edition_counted_the_entry(client):
    """V001 had 20 + 19 = 39; of the district, B-1 costs one point more."""
    row = row_of(client.page("/corrections"), "B-1")
    assert row[1] == "V001 甲村"
    assert row[3:5] == ["clerk", "级别更正"]
    assert row[5] == "B-1.2 level: town → district"
    assert row[6] == "1"
    assert "甲村 total 39 → 38; 2016Q2 score 19 → 18; 2016Q2 Abnormal petitions 11 → 10." in row[7]
    assert "vetoed" not in row[7]
    assert row[8] == "2016Q2#1"
    assert row[9].startswith("verified by head on ")
    assert row[10] == "petition batch"


def test_an_edition_is_beside_the_present_figures_with_what_was_taken_back_since(client):
    page = client.page("/bulletin", period="2016Q2")
    assert "Now other figures for 1 unit." in page.text
    assert row_of(page, "V001")[1:4] == ["19 → 18", "8", "11 → 10"]
    assert row_of(page, "V001")[-1] == "2"
    assert row_of(page, "V002")[1:4] == ["20", "8", "12"]
    assert "级别更正 → B-1.2" in page.text
    assert any(
        link.startswith("/differences?") and "from=2016Q2%231" in link for link in page.links
    )


def test_points_lost_and_gained_are_summed_by_clause(client):
    """C/1 handed in nothing: 18 points for case reports, 6 for screening; 2 of the card, 2 of B-1.

    The city's commendation earns 2.
    """
    page = client.page("/costs")
    rows = [row[:5] for row in page.cells()[1:]]
    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("Monthly case reports", "18", "1"),
        ("Dispute screening", "6", "1"),
        ("Abnormal petitions", "2", "1"),
        ("Yellow cards", "2", "1"),
        ("Commendations", "0", "0"),
    ]
    assert "Lost in all: 28 points; gained: 2 points." in page.text


@pytest.mark.parametrize(
    ("path", "sort", "column"),
    [
        ("/audit", "people.verified", 2),
        ("/audit?list=late", "late.days", 5),
        ("/corrections", "corrections.points", 6),
        ("/costs", "costs.gained", 6),
        ("/bulletin?period=2016Q2", "bulletin.score", 1),
    ],
)
def test_heads_are_links_that_sort_without_a_script(client, path, sort, column):
    mark = "&" if "?" in path else "?"
    up, down = (
        client.page(f"{path}{mark}through={THROUGH}&sort={sign}{sort}", through_may=False)
        for sign in ("", "-")
    )
    table = sort.partition(".")[0]
    assert any(f"sort=-{sort}" in link and link.endswith(f"#{table}") for link in up.links)
    assert any(f"sort={sort}" in link for link in down.links)
    sorted_heads = [tag for tag in up.tags if tag[0] == "th" and "aria-sort" in tag[1]]
    assert [tag[1]["aria-sort"] for tag in sorted_heads] == ["ascending"]
    first, last = (
        [row[column] for row in page.cells() if len(row) > column and row[column][:1].isdigit()]
        for page in (up, down)
    )
    assert sorted(first) == sorted(last)


def test_malformed_addresses_say_what_is_wrong(client):
    assert "no column 'size'" in client.error(400, "/audit", sort="people.size")
    said = client.error(400, "/audit", list="late", sort="days")
    assert "'days' sorts no table of this page" in said
    assert "no list 'x'" in client.error(400, "/audit", list="x")
    assert "'x' is not a" in client.error(400, "/audit", seconds="x")
    for name in ("seconds", "days"):
        assert f"{name}: must be 0 or more" in client.error(400, "/audit", **{name: "-5"})
        client.page("/audit", **{name: "0"})
    for number in ("x", "0", "000", "-1"):
        assert f"'{number}' is not the number of an edition" in client.error(
            400, "/bulletin", period="2016Q2", number=number
        )
    assert "there is no edition 9 of 2016Q2" in client.error(
        404, "/bulletin", period="2016Q2", number="9"
    )
    assert "there is no edition 1 of 2016Q1" in client.error(404, "/bulletin", period="2016Q1")


def test_pages_show_what_was_known_then(client, town):
    """Before the correction was recorded, and before the bulletin went out."""
    page = client.page("/corrections", as_of=str(town.published + 1))
    assert "Nothing was taken back in this state." in page.text
    page = client.page("/bulletin", period="2016Q2", as_of=str(town.published + 1))
    assert "The present figures are the same." in page.text
    assert "There is no edition" in client.error(
        404, "/bulletin", period="2016Q2", as_of=str(town.imported)
    ).replace("there is", "There is")
    page = client.page("/audit", as_of=str(town.imported))
    assert "Taken back after an edition that counted them: 0" in page.text


def test_names_of_the_ledger_are_escaped(client):
    for path in ("/audit", "/corrections", "/costs", "/audit?list=without_papers"):
        html = client.http.get(path).text
        assert SCRIPT not in html


def test_a_withdrawn_edition_is_marked(town, tmp_path):
    tally = town.tally.copy(tmp_path / "withdrawn")
    tally("withdraw", "2016Q2", "--reason", "数据有误", "--by", "head").ok()
    with session(tally.url) as opened:
        client = client_of(opened)
        row = row_of(client.page("/differences"), "2016Q2#1")
        assert row[7].startswith("withdrawn by head on ")
        assert row[7].endswith(": 数据有误")
        page = client.page("/bulletin", period="2016Q2", number="1")
        assert "This edition was withdrawn." in page.text


def test_a_large_ledger_is_counted_on_request(town, monkeypatch):
    monkeypatch.setattr("ledger.read_model.SMALL", 10)
    with session(town.url) as opened:
        client = client_of(opened)
        page = client.page("/audit")
        assert "The ledger is large" in page.text
        [link] = [one for one in page.links if one and "compute=1" in one]
        counted = HtmlPage(client.http.get(link).text)
        assert "Who verified whose entries" in counted.text
        assert "By name" in client.page("/audit").text, "it is kept"


def test_corrections_are_computed_on_request(town, monkeypatch):
    monkeypatch.setattr("cli.pages.views.corrections._WORK_OF_A_PAGE", 1)
    with session(town.url) as opened:
        client = client_of(opened)
        page = client.page("/corrections")
        assert "What 1 of them moved is not computed." in page.text
        assert row_of(page, "B-1")[7] == "not computed"
        [link] = [one for one in page.links if one and "id=B-1.R" in one and "correct" in one]
        assert row_of(HtmlPage(client.http.get(link).text), "B-1")[6] == "1"
        assert row_of(client.page("/corrections"), "B-1")[6] == "1", "it is kept"


def test_chinese_pages_have_no_english_words(client):
    page = client.page("/corrections", lang="zh")
    assert "2016年度更正" in page.text
    assert "级别：到镇 → 到区" in row_of(page, "B-1")[5]
    page = client.page("/audit", lang="zh")
    assert "登记后 60 秒内核定的记录" in page.text
    page = client.page("/bulletin", lang="zh", period="2016Q2")
    assert "通报 2016Q2#1" in page.text


def test_files_of_the_site_say_the_same(site):
    def read(name):
        return HtmlPage((site / "2016" / name).read_text(encoding="utf-8"))

    assert row_of(read("corrections.html"), "B-1")[6] == "1"
    assert row_of(read("bulletins/2016Q2-1.html"), "V001")[1] == "19 → 18"
    assert row_of(read("audit-late.html"), "Id")
    assert any("data-sortable" in attributes for _, attributes in read("costs.html").tags)


def test_a_name_that_is_a_word_is_not_translated(client):
    """“clerk” is a name here, though it is 登记员 as a role."""
    page = client.page("/audit", lang="zh")
    assert {row[0] for row in page.cells() if len(row) == 8} >= {"clerk", "head"}
    assert "登记员" not in page.text
