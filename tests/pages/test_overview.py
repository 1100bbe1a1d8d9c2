"""The overview of a year, and the waterfall of a unit's; figures by hand (`conftest.build`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from cli.pages.views.charts import histogram
from cli.session import session
from projections.by_month import months_of
from tests.cli.entries import UNITS
from tests.cli.running import Tally
from tests.pages.conftest import client_of


def test_the_overview_says_what_changed_what_is_open_and_who_is_where(client, town):
    page = client.page("/")
    # 42, 38 and 14.
    assert "3 units · median total 38 points · vetoed 1" in page.text
    assert f"{town.last - town.published + 1} events since" in page.text
    assert ["V001 甲村", "2016Q2", "19", "18"] in page.cells()
    assert "/differences?through=2016-05-31&from=2016Q2%231" in page.links
    assert "objection 1" in page.text
    assert "/open?through=2016-05-31&flag=objection" in page.links
    assert "1 V002 乙村 42 2 V001 甲村 38 3 C/1" in page.text
    (chart,) = [one for tag, one in page.tags if one.get("class") == "histogram"]
    # From 10 to 45 in steps of 5.
    assert chart["aria-label"] == "10 to 15: 1; 35 to 40: 1; 40 to 45: 1"


def test_the_year_is_told_by_month_and_level(client, town):
    """The batch of 3 people to the town is one to the district now; another is unverified."""
    page = client.page("/")
    months = ["", "12", *map(str, range(1, 12)), "sum"]
    assert ["", "2015", "2016", ""] in page.cells()
    assert months in page.cells()
    nothing = ["·"] * 3
    district = [*nothing, "1 3", *nothing[:2], *[""] * 6, "1"]
    rows = {row[0]: row for row in page.cells() if row}
    assert rows["district"][1:] == district
    before = client.page("/", as_of=str(town.imported))
    rows = {row[0]: row for row in before.cells() if row}
    assert rows["town"][4] == "1 3"
    assert rows["district"][4] == "·"
    assert "Nothing of this year is published yet." in before.text


def test_a_unit_year_runs_from_opening_to_closing(client):
    """C/1: 40 − 3 − 3 for screening, − 9 − 9 for case reports, − 2 for the yellow card: 14."""
    page = client.page("/unit", id="C/1")
    start = page.cells().index(["Clause", "", "Points", "Balance"])
    assert page.cells()[start : start + 6] == [
        ["Clause", "", "Points", "Balance"],
        ["Opens at", "", "40", "40"],
        ["三（一）1（1） Dispute screening 2016Q1 −3, 2016Q2 −3", "", "−6", "34"],
        ["三（一）1（2） Monthly case reports 2016Q1 −9, 2016Q2 −9", "", "−18", "16"],
        ["Penalties", "", "−2", "14"],
        ["Closes at", "", "14", "14"],
    ]
    assert "/period?through=2016-05-31&unit=C%2F1&period=2016Q1" in page.links


def test_glosses_are_in_english_pages_alone(client):
    paths = [("/clauses", {}), ("/clause", {"id": "screening"}), ("/unit", {"id": "C/1"})]
    for path, parameters in paths:
        assert "Dispute screening" in client.page(path, **parameters).text
        zh = client.page(path, lang="zh", **parameters).text
        assert "矛盾纠纷排查" in zh
        assert "Dispute" not in zh


def test_a_ledger_without_units_says_so(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    with session(tally.url) as opened:
        client = client_of(opened)
        assert "No unit counts in this state." in client.page("/", through_may=False).text
    tally.take_in(*UNITS)
    with session(tally.url) as opened:
        page = client_of(opened).page("/", through_may=False, year="2016", through="2016-02-01")
        assert "2 units · median total" in page.text
        assert "The year by month" not in page.text


def test_a_histogram_counts_every_total_once():
    """Bounds are round and lie around the totals; a total on a bound is in the interval above."""
    one = histogram([Decimal(14)])
    assert [(bar.low, bar.high, bar.units) for bar in one.bins] == [("10", "15", 1)]
    totals = [Decimal(text) for text in ("-3.5", "0", "5", "99.95", "100")]
    found = histogram(totals)
    assert sum(bar.units for bar in found.bins) == len(totals)
    assert found.bins[0].low == "−10"
    assert found.bins[-1].high == "100"
    assert all(one.high == other.low for one, other in pairwise(found.bins))
    assert len(found.bins) <= 16
    assert histogram([]) is None


def test_months_run_over_the_turn_of_a_year():
    assert months_of(date(2015, 12, 1), date(2016, 2, 29)) == [(2015, 12), (2016, 1), (2016, 2)]
