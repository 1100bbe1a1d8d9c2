"""Scores under a draft, and what changed since the bulletin of a year."""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS, batch

RIVERS = "shicheng-2018-rivers"


@pytest.fixture
def rivers(nothing):
    """Return `tally` on a ledger of one township, whose year 2018 was published."""
    nothing("init", "--measure", RIVERS, "--year", "2018").ok()
    nothing.take_in(
        {"kind": "unit", "id": "T1", "name": "甲镇", "type": "township"},
        {"kind": "prosecution", "id": "P-1", "unit": "T1", "decided_on": "2018-05-01"},
    )
    nothing.publish("2018", "--through", "2018-12-31")
    return nothing


def test_scores_under_a_draft_name_the_draft_and_are_of_the_latest_year(tally):
    tally.take_in(*UNITS, batch())
    adopted = tally("score", "--json").ok().json
    found = tally("score", "--measure", "shengzhou-2010-62", "--json").ok().json
    assert adopted["measure"]["id"] == "qianlianghu-2016"
    assert adopted["measure"]["adopted_at"] == 1
    assert found["measure"]["id"] == "shengzhou-2010-62"
    assert found["measure"]["adopted_at"] is None
    assert (found["year"], found["position"]) == (2016, adopted["position"])


def test_nothing_changed_since_the_bulletin_of_a_year(rivers):
    assert rivers("diff", "--from", "2018#1", "--json").ok().json["units"] == []


def test_a_difference_from_the_bulletin_of_a_year_has_what_the_bulletin_shows(rivers):
    """Item 23 takes the prosecution back: its points were in the total."""
    (published,) = rivers("history", "2018", "--json").ok().json["events"][0]["figures"]
    rivers("reverse", "P-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    rivers("verify", "--all", "--by", "head").ok()
    found = rivers("diff", "--from", "2018#1", "--json").ok().json
    assert (found["period"], found["edition"]) == ("2018", 1)
    (unit,) = found["units"]
    assert unit["before"]["total"] == published["score"]
    (now,) = rivers("score", "--json").ok().json["units"]
    assert unit["after"]["total"] == now["total"] != published["score"]
    assert set(unit["before"]) == {"total", "sections"}
    assert "P-1.R" in unit["entries"]
    assert now["published"]["score"] == published["score"]
