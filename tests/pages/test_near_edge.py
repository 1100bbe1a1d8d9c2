"""Pages of margins and of readings: the town of conftest, and what is computed beside the pages."""

from __future__ import annotations

from datetime import date
from threading import Event, Lock

import pytest

import cli.pages.app as pages
from cli.language.translating import translator
from cli.pages.books import Books
from cli.pages.computing import AbandonedError, Computation
from cli.pages.links import ServerLinks
from cli.pages.views.margins import margin_rows
from cli.pages.views.page import PageContext
from cli.session import session
from ledger.progress import with_progress
from projections import margin_search, moved
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.pages.conftest import THROUGH, client_of

MONTHS = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")
CASES = [
    [f"CR-V001-{month}", "cases 2", "1", "1 in number", "Monthly case reports", "−1.5", "", ""]
    for month in MONTHS
]
"""三（一）1（2）: at least two cases a month, 1.5 for each that is missing."""
OF_BATCH = ["headcount 3", "5", "2 in number", "Information reports", "−1.5", "", ""]
"""三（一）1（3）: five people to the district are a collective batch: 1.5 if it was unreported."""


def test_a_unit_shows_what_a_small_change_would_move(client):
    rows = client.page("/unit", id="V001").cells()
    found = rows[rows.index(["Entry", "Value", "Would be", "Away", "Clause", "Points", "Rank",
                             "Flags"]) + 1 :]  # fmt: skip
    assert found == [*CASES, ["B-1.2", *OF_BATCH]]


def test_an_entry_shows_what_a_small_change_of_it_would_move(client):
    assert ["V001 甲村", *OF_BATCH] in client.page("/entry", id="B-1.2").cells()
    assert "Near an edge" not in client.page("/entry", id="B-1").article("B-1")


def shown_to_its_account(tally, of_v002):
    """Return what V001's account is shown of its margins, and whether one of them moves a rank.

    V001 has a batch to the city with a minute too many, 三（一）2: 3 × 1 in place of 3 × 0.5:
    20 + 17 = 37. Each case less than two a month costs 1.5.
    """
    tally("init").ok()
    tally.adopt(2015)
    city = batch("B-1", level="city")
    answer = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1",
              "arrival": "prompt", "effective": True, "stay_minutes": 61}  # fmt: skip
    units = [reports(unit, *MONTHS) for unit in ("V001", "V002")]
    tally.take_in(*UNITS, *units[0], *units[1], city, answer, *of_v002)
    with session(tally.url) as opened:
        data = Books(opened, waits=True).year_data(ScoreQuery(None, date(2016, 5, 31)))
        context = PageContext(data, ServerLinks("/unit", {}, {}), translator("en"), "V001")
        found = data.margin_search.value(None).of_unit("V001")
        rows = [(row.entry.text, row.words.would_be, row.points, row.words.rank)
                for row in margin_rows(found, context)]  # fmt: skip
        moving = [one.entry for one in found.margins if one.before.rank != one.after.rank]
    return rows, moving


def test_what_a_unit_is_shown_does_not_differ_by_what_others_have(tmp_path):
    """V002 has 38 with one batch to the district, 36 with two: V001 moves with +1.5 or −1.5."""
    (tmp_path / "above").mkdir()
    (tmp_path / "below").mkdir()
    district = [batch(f"B-{number}", unit="V002", level="district") for number in (2, 3)]
    above, up = shown_to_its_account(Tally(tmp_path / "above"), district[:1])
    below, down = shown_to_its_account(Tally(tmp_path / "below"), district)
    assert "R-1" in up
    assert "R-1" not in down
    assert down
    assert above == below
    assert ("R-1", "60", "+1.5", "") in above


def test_units_near_an_edge_are_listed_and_lead_to_their_own(client):
    page = client.page("/margins")
    assert page.cells()[1:] == [
        ["V002 乙村", "6", "", "", "−1.5"],
        ["V001 甲村", "7", "", "", "−1.5"],
    ]
    assert "Nothing near an edge moves a rank or a flag." in page.text
    assert any("/unit?" in link and link.endswith("#edge") for link in page.links)


def test_readings_are_listed_by_what_they_move(client):
    """三（三）2: V001 is vetoed; ranked behind all others it is third, C/1 second with 14.

    三（一）1（1）: C/1 has six screening reports missing at 1 each, 0.5 each if late: month_end
    lets the last be late still, always all of them.
    """
    page = client.page("/sensitivity")
    assert "no reading moves first place, alone or with another" in page.text
    rows = page.cells()
    moving = [row[1:-1] for row in rows if len(row) == 8 and "".join(row[2:-1])]
    moving = [row for row in moving if row[0] != "other value"]
    assert [row[1:] for row in moving[1:4]] == [
        ["", "2", "", "", ""],
        ["1", "", "", "+3", ""],
        ["1", "", "", "+0.5", ""],
    ]
    codes = [row[0].split()[-1] for row in moving[1:4]]
    assert codes == ["last", "always", "month_end"]
    assert moving[1][0] == "behind all units that are not vetoed last"
    assert ["V001 甲村", "1", "where a vetoed unit ranks veto_rank", "", ""] in rows
    assert ["V001 甲村", "", "2 → 3", ""] in rows


def test_readings_and_their_values_are_named_in_chinese_before_their_codes(client):
    rows = client.page("/sensitivity", lang="zh").cells()
    words = "排在未被否决的单位之后 last"
    assert any(row[1:2] == [words] and row[-1] == "按得分排名，不得评先评优 keep" for row in rows)
    assert ["V001 甲村", "1", "被一票否决的单位如何排名 veto_rank", "", ""] in rows


def test_both_questions_are_answered_by_a_link_of_the_first_page(client):
    links = client.page("/").links
    for path in ("/margins", "/sensitivity"):
        assert f"{path}?through={THROUGH}" in links
    assert any(link.startswith("/sensitivity?") for link in client.page("/measure").links)


def test_a_page_says_that_it_is_being_computed_and_holds_no_other(town, monkeypatch):
    go = Event()

    def slow(search):
        for _ in with_progress([1, 2], "comparing", lambda: 2):
            go.wait(30)
        return margin_search.Margins(search.scores, ())

    monkeypatch.setattr(margin_search, "margins", slow)
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    with session(town.url) as opened:
        client = client_of(opened)
        html = client.http.get("/margins", params={"through": THROUGH}).text
        assert "This is being computed: 0 of 2." in html
        assert f'<a href="/margins?through={THROUGH}">Look again</a>' in html
        assert "甲村" in client.page("/").text
        assert (
            "This is being computed: 0 of 2."
            in client.http.get("/margins", params={"through": THROUGH, "lang": "en"}).text
        )
        go.set()
        assert "No entry is near an edge." in client.page("/margins").text


def test_a_units_page_is_made_while_its_margins_are_computed(town, monkeypatch):
    go, of_unit = Event(), margin_search.MarginSearch.of_unit

    def slow(search, unit):
        go.wait(30)
        return of_unit(search, unit)

    monkeypatch.setattr(margin_search.MarginSearch, "of_unit", slow)
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    with session(town.url) as opened:
        client = client_of(opened)
        page = client.page("/unit", id="V001")
        assert "This is being computed." in page.text
        assert any("/unit?" in link and "id=V001" in link for link in page.links)
        assert "甲村" in client.page("/period", unit="V001", period="2016Q2").text
        monkeypatch.setattr(pages, "PATIENCE", 30)
        go.set()
        assert ["B-1.2", *OF_BATCH] in client.page("/unit", id="V001").cells()


def test_an_entrys_page_is_made_while_its_margins_are_computed(town, monkeypatch):
    go, of_entry = Event(), margin_search.MarginSearch.of_entry

    def slow(search, *given):
        go.wait(30)
        return of_entry(search, *given)

    monkeypatch.setattr(margin_search.MarginSearch, "of_entry", slow)
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    with session(town.url) as opened:
        client = client_of(opened)
        assert "This is being computed." in client.page("/entry", id="B-1.2").text
        monkeypatch.setattr(pages, "PATIENCE", 30)
        go.set()
        assert ["V001 甲村", *OF_BATCH] in client.page("/entry", id="B-1.2").cells()


def test_what_a_correction_moved_is_computed_beside_the_pages(town, monkeypatch):
    """三（一）2: to the district in place of the town, B-1 costs 2 in place of 1."""
    go, compute = Event(), moved.Moves.compute

    def slow(moves, *given, **more):
        if "least" not in more:  # as pages compute within bounds
            go.wait(30)
        return compute(moves, *given, **more)

    monkeypatch.setattr(moved.Moves, "compute", slow)
    monkeypatch.setattr("cli.pages.views.corrections._WORK_OF_A_PAGE", 1)
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    with session(town.url) as opened:
        client = client_of(opened)
        asked = {"id": "B-1", "through": THROUGH}
        html = client.http.get("/corrections", params=asked).text
        assert "This is being computed." in html
        assert "not computed" in client.page("/corrections").text
        go.set()
        assert "not computed" not in client.page("/corrections", id="B-1").text


def test_a_computation_stops_once_its_state_is_dropped():
    begun, go = Event(), Event()

    def count():
        for _ in with_progress(range(5), "comparing", lambda: 5):
            begun.set()
            go.wait(30)

    found = Computation(count, Lock())
    assert begun.wait(30)
    assert found.value(0) is None
    found.abandon()
    go.set()
    with pytest.raises(AbandonedError):
        found.value(30)
    assert found.done == 1


def test_what_waits_for_its_turn_ends_unbegun_once_its_state_is_dropped():
    begun, turn = [], Lock()
    with turn:
        found = Computation(lambda: begun.append("for nobody"), turn)
        found.abandon()
        with pytest.raises(AbandonedError):
            found.value(30)
    assert Computation(lambda: "next", turn).value(30) == "next"
    assert not begun


def test_what_fails_beside_the_pages_is_raised_to_whoever_asks():
    with pytest.raises(ZeroDivisionError):
        Computation(lambda: 1 / 0, Lock()).value(30)
