"""The parameters of an address decide what a page shows; wrong ones give an error page."""

from __future__ import annotations

import pytest

from tests.pages.html_page import HtmlPage


def test_as_of_a_position_shows_the_earlier_state(client, town):
    page = client.page("/ranking", as_of=str(town.imported))
    assert page.row("V001")[3:5] == ["20", "19"]
    response = client.get("/ranking", as_of=str(town.imported)).text
    assert f"An earlier state: the ledger is at position {town.last} now." in response
    assert client.get("/ranking", as_of=str(town.last)).text.count("An earlier state") == 0


def test_as_of_a_time_shows_the_state_of_that_time(client, town):
    page = client.page("/ranking", as_of="2020-01-01")
    assert "No unit counts in this state." in page.text
    assert client.page("/ranking", as_of="2199-01-01").row("V001")[4] == "18 (19)"
    assert town.last > 0


def test_as_of_before_a_correction_shows_the_entry_uncorrected(client, town):
    page = client.page("/entry", id="B-1", as_of=str(town.published))
    assert "petition batch B-1 verified: counts" in page.text
    assert "replaced" not in page.text
    text = client.error(404, "/entry", id="B-1.2", as_of=str(town.published))
    assert f"B-1.2 is not in this ledger (as of position {town.published})" in text


def test_through_an_earlier_day_counts_only_what_had_happened(client):
    page = client.page("/ranking", through="2016-02-29")
    # V002 is commended in April.
    assert page.row("V002")[3:5] == ["20", ""]
    assert page.row("V002")[10] == "20"
    assert page.row("C/1")[3] == "8"


def test_provisional_counts_unverified_entries(client):
    page = client.page("/ranking", provisional="1")
    assert page.row("V001")[4] == "17 (19)"
    assert "not verified yet: counted provisionally" in (
        client.page("/entry", id="B-9", provisional="1").text
    )


def test_links_and_forms_carry_the_query_on(client, town):
    page = client.page("/ranking", as_of=str(town.imported), provisional="1", lang="zh")
    link = next(link for link in page.links if link.startswith("/unit?"))
    for parameter in (f"as_of={town.imported}", "through=2016-05-31", "provisional=1", "lang=zh"):
        assert parameter in link
    hidden = [one for tag, one in page.tags if tag == "input" and one.get("type") == "hidden"]
    assert {"type": "hidden", "name": "lang", "value": "zh"} in hidden


def test_a_link_to_another_year_drops_the_day(client):
    page = client.page("/ranking", through_may=False, year="2015", through="2015-06-30")
    assert "Ranking 2015" in page.text
    assert page.row("V001")[0] == "1"
    elsewhere = next(link for link in page.links if "year=2016" in link)
    assert elsewhere == "/?year=2016"


def test_lang_in_the_address_overrides_the_default(client):
    assert "2016年度排名" in client.page("/ranking", lang="zh").text
    assert "Ranking 2016" in client.page("/ranking").text


@pytest.mark.parametrize(
    ("path", "parameters", "words"),
    [
        ("/", {"through": "yesterday"}, "through: 'yesterday' is not a valid date; write YYYY"),
        ("/", {"as_of": "some time"}, "as known on: 'some time' is neither a position nor"),
        ("/", {"as_of": "99999"}, "as known on: the ledger ends at position"),
        ("/", {"year": "16"}, "year: '16' is not an assessment year from 1901 to 2199; write"),
        ("/", {"lang": "fr"}, "lang: 'fr' is not a language of the pages; write en or zh"),
        ("/unit", {}, "id: is missing from the address"),
        (
            "/period",
            {"unit": "V001", "period": "Q2"},
            "period: 'Q2' is not a period or a year; write 2016Q2 or 2016",
        ),
        ("/differences", {"from": "soon"}, "from: 'soon' is neither a position nor a time nor a"),
        ("/differences", {"from": "2016Q1"}, "from: 2016Q1 was not published"),
        ("/differences", {"from": "2016Q2#2"}, "from: 2016Q2 has the editions 1 to 1"),
        (
            "/differences",
            {"from": "9", "to": "3"},
            "from: position 9 is after “to”, position 3; exchange the two",
        ),
    ],
)
def test_a_malformed_parameter_is_400_and_says_what_to_write(client, path, parameters, words):
    text = client.error(400, path, **parameters)
    assert text.startswith("400 Bad Request")
    assert words in text
    assert "or start again" in text


@pytest.mark.parametrize(
    ("path", "parameters", "words"),
    [
        ("/unit", {"id": "V999"}, "unit: V999 is not in this ledger"),
        ("/unit", {"id": "B-1"}, "unit: B-1 is of kind petition_batch, not a unit"),
        ("/entry", {"id": "nothing"}, "nothing is not in this ledger (as of position"),
        ("/entry", {"id": "2016Q2"}, "2016Q2 is not in this ledger"),
        ("/clause", {"id": "nonsense"}, "no clause 'nonsense'; one of screening, case-reports"),
        (
            "/period",
            {"unit": "V001", "period": "2016Q3", "through": "2016-05-31"},
            "2016Q3 has not begun on 2016-05-31",
        ),
        ("/nowhere", {}, "There is no page at this address."),
        ("/static/none.css", {}, "There is no page at this address."),
        ("/static/../app.py", {}, "There is no page at this address."),
        ("/static/%2e%2e/app.py", {}, "There is no page at this address."),
    ],
)
def test_an_unknown_id_or_path_is_404(client, path, parameters, words):
    text = client.error(404, path, **parameters)
    assert text.startswith("404 Not Found")
    assert words in text


def test_a_script_in_an_address_is_escaped(client):
    response = client.get("/unit", id="<script>alert(1)</script>")
    assert response.status_code == 404
    assert "<script>" not in response.text
    response = client.get("/ranking", q='"><script>alert(1)</script>', through="2016-05-31")
    assert "<script>alert" not in response.text
    assert HtmlPage(response.text).row("V001")


def test_error_pages_are_in_the_language_of_the_address(client):
    assert "404 未找到" in client.error(404, "/unit", id="V999", lang="zh")
