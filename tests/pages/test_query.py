"""What a reader asks for is what is shown; what means nothing is told as a page."""

from __future__ import annotations

import pytest

from tests.pages.html_page import Read


def test_as_known_at_a_position(reader, town):
    page = reader.page("/", as_of=str(town.taken_in))
    assert page.row("V001")[3:5] == ["20", "19"]
    answer = reader.get("/", as_of=str(town.taken_in)).text
    assert f"An earlier state: the ledger is at position {town.last} now." in answer
    assert reader.get("/", as_of=str(town.last)).text.count("An earlier state") == 0


def test_as_known_at_a_time(reader, town):
    page = reader.page("/", as_of="2020-01-01")
    assert "No unit counts in this state." in page.text
    assert reader.page("/", as_of="2199-01-01").row("V001")[4] == "18 (19)"
    assert town.last > 0


def test_an_entry_as_known_before_it_was_corrected(reader, town):
    page = reader.page("/entry", id="B-1", as_of=str(town.published))
    assert "petition batch B-1 verified: counts" in page.text
    assert "replaced" not in page.text
    told = reader.refused(404, "/entry", id="B-1.2", as_of=str(town.published))
    assert f"B-1.2 is not in this ledger (as of position {town.published})" in told


def test_through_an_earlier_day(reader):
    page = reader.page("/", through="2016-02-29")
    # V002's commendation is of April; C/1's February reports are still owed: −0.5 each.
    assert page.row("V002")[3:5] == ["20", ""]
    assert page.row("V002")[10] == "20"
    assert page.row("C/1")[3] == "8.5"


def test_unverified_entries_count_provisionally(reader):
    page = reader.page("/", provisional="1")
    assert page.row("V001")[4] == "17 (19)"
    assert "not verified yet: counted provisionally" in (
        reader.page("/entry", id="B-9", provisional="1").text
    )


def test_what_was_chosen_goes_along_from_page_to_page(reader, town):
    page = reader.page("/", as_of=str(town.taken_in), provisional="1", lang="zh")
    link = next(link for link in page.links if link.startswith("/unit?"))
    for told in (f"as_of={town.taken_in}", "through=2016-05-31", "provisional=1", "lang=zh"):
        assert told in link
    hidden = [told for tag, told in page.tags if tag == "input" and told.get("type") == "hidden"]
    assert {"type": "hidden", "name": "lang", "value": "zh"} in hidden


def test_another_year_is_seen_at_its_own_last_day(reader):
    page = reader.page("/", known=False, year="2015", through="2015-06-30")
    assert "Ranking 2015" in page.text
    assert page.row("V001")[0] == "1"
    elsewhere = next(link for link in page.links if "year=2016" in link)
    assert elsewhere == "/?year=2016"


def test_the_language_of_the_address_wins(reader):
    assert "2016年度排名" in reader.page("/", lang="zh").text
    assert "Ranking 2016" in reader.page("/").text


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/", {"through": "yesterday"}, "through: 'yesterday' is not a valid date; write YYYY"),
        ("/", {"as_of": "some time"}, "as known on: 'some time' is neither a position nor"),
        ("/", {"as_of": "99999"}, "as known on: the ledger ends at position"),
        ("/", {"year": "16"}, "year: '16' is not an assessment year from 1901 to 2199; write"),
        ("/", {"lang": "fr"}, "lang: 'fr' is no language here; write en or zh"),
        ("/unit", {}, "id: is missing from the address"),
        (
            "/quarter",
            {"unit": "V001", "quarter": "Q2"},
            "quarter: 'Q2' is not a quarter; write 2016Q2",
        ),
        ("/differences", {"from": "soon"}, "from: 'soon' is neither a position nor a time nor a"),
        ("/differences", {"from": "2016Q1"}, "from: 2016Q1 was not published"),
        ("/differences", {"from": "2016Q2#2"}, "from: 2016Q2 has the editions 1 to 1"),
        ("/differences", {"from": "9", "to": "3"}, "from: position 9 lies behind “to”, 3"),
    ],
)
def test_what_means_nothing_is_400_and_says_what_to_do(reader, path, asked, words):
    told = reader.refused(400, path, **asked)
    assert told.startswith("400 Bad Request")
    assert words in told
    assert "start again from the ranking" in told


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/unit", {"id": "V999"}, "unit: V999 is not in this ledger"),
        ("/unit", {"id": "B-1"}, "unit: B-1 is a petition_batch, not a unit"),
        ("/entry", {"id": "nothing"}, "nothing is not in this ledger (as of position"),
        ("/entry", {"id": "2016Q2"}, "2016Q2 is not in this ledger"),
        ("/clause", {"id": "nonsense"}, "no clause 'nonsense'; one of screening, case-reports"),
        (
            "/quarter",
            {"unit": "V001", "quarter": "2016Q3", "through": "2016-05-31"},
            "2016Q3 has not begun on 2016-05-31",
        ),
        ("/nowhere", {}, "There is no page of that address."),
        ("/static/none.css", {}, "There is no page of that address."),
        ("/static/../app.py", {}, "There is no page of that address."),
        ("/static/%2e%2e/app.py", {}, "There is no page of that address."),
    ],
)
def test_what_is_not_there_is_404(reader, path, asked, words):
    told = reader.refused(404, path, **asked)
    assert told.startswith("404 Not Found")
    assert words in told


def test_a_script_in_an_address_stays_text(reader):
    answer = reader.get("/unit", id="<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    answer = reader.get("/", q='"><script>alert(1)</script>', through="2016-05-31")
    assert "<script>alert" not in answer.text
    assert Read(answer.text).row("V001")


def test_refusals_speak_chinese_too(reader):
    assert "404 未找到" in reader.refused(404, "/unit", id="V999", lang="zh")
