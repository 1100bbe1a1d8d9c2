"""`tally costs`: points lost and gained under each clause, worked out from the regulation.

Two villages hand in nothing through 2016-05-31: 6 screening reports (−1 each) and 6 case reports
(−3 each) are missing of either: 12 and 36 points. B-1 costs V001 one point. V002 is commended by
the city: +2. Lost 49 in all.
"""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally

WORDS = ("costs", "--year", "2016", "--through", "2016-05-31")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    tally = Tally(tmp_path_factory.mktemp("costs")).founded()
    praise = {"kind": "commendation", "id": "CM-1", "unit": "V002", "level": "city"}
    tally.take_in(*UNITS, batch(), {**praise, "issued_on": "2016-04-01"})
    return tally


def test_sums_by_clause_with_shares(made):
    found = made.reading(*WORDS, "--json").ok().json
    assert (found["lost"], found["gained"], found["unit"]) == ("49", "2", None)
    names = ("clause", "lost", "lost_share", "units_lost", "postings_lost", "gained")
    assert [tuple(row[name] for name in names) for row in found["clauses"]] == [
        ("case-reports", "36", "0.7347", 2, 12, "0"),
        ("screening", "12", "0.2449", 2, 12, "0"),
        ("abnormal-petitions", "1", "0.0204", 1, 1, "0"),
        ("commendation", "0", "0", 0, 0, "2"),
    ]
    assert found["clauses"][-1]["gained_share"] == "1"


def test_of_one_unit(made):
    found = made.reading(*WORDS, "--unit", "乙村", "--json").ok().json
    assert (found["unit"], found["lost"]) == ("V002", "24")
    assert [row["lost"] for row in found["clauses"]] == ["18", "6", "0"]


def test_prints_the_costliest_first(made):
    out = made.reading(*WORDS).ok().out
    assert out.index("Monthly case reports") < out.index("Dispute screening")
    assert "73.5%" in out
    rows = made.reading(*WORDS, "--format", "csv").ok().out.splitlines()
    assert rows[1].startswith("case-reports,三（一）1（2）,信访事项办理情况月报,36,0.7347,2,12,0,")


def test_lost_and_gained_add_up_to_all_postings(demo):
    """And to the totals: 20 points a quarter for each of the 46 units beside them."""
    found = demo.reading("costs", "--json").ok().json
    units = demo.reading("score", "--json").ok().json["units"]
    opened = 20 * sum(len(unit["periods"]) for unit in units)
    total = sum(float(unit["total"]) for unit in units)
    assert round(opened + float(found["gained"]) - float(found["lost"]), 6) == round(total, 6)
