"""Scores under a draft, and what changed since the bulletin of a year."""

from __future__ import annotations

import pytest

from ledger.application import Ledger
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


@pytest.fixture
def two_measures(nothing):
    """Return `tally` on a ledger of a township (2018) and a village (2019), by two measures."""
    nothing("init", "--measure", RIVERS, "--year", "2018").ok()
    basis = ["--year", "2019", "--basis", "通知", "--by", "clerk"]
    nothing("measure", "adopt", "qianlianghu-2016", *basis).ok()
    nothing("verify", "measure:2019", "--by", "head").ok()
    nothing.take_in(
        {"kind": "unit", "id": "T1", "name": "甲镇", "type": "township"},
        {"kind": "unit", "id": "V1", "name": "乙村", "type": "village"},
        {"kind": "prosecution", "id": "P-1", "unit": "T1", "decided_on": "2018-05-01"},
    )
    return nothing


def test_units_of_a_type_that_the_measure_does_not_declare_are_not_scored(two_measures):
    run = two_measures("score", "--year", "2019", "--json").ok()
    assert [one["unit"] for one in run.json["units"]] == ["V1"]
    assert "qianlianghu-2016 does not assess units of the type township; 1 left out" in run.err
    rivers = two_measures("score", "--year", "2018", "--json").ok()
    assert [one["unit"] for one in rivers.json["units"]] == ["T1"]
    err = two_measures("score", "--year", "2019", "--unit", "T1").refused().err
    assert "T1 is of type township, which the measure qianlianghu-2016 does not assess" in err


@pytest.mark.parametrize("command", ["record", "import"])
def test_an_entry_that_no_clause_of_its_year_reads_is_accepted_with_a_warning(
    two_measures, command
):
    """A prosecution of 2019, under a measure without rivers: the latest year stays 2018."""
    words = ["prosecution", "--id", "P-2", "--unit", "T1", "--decided-on", "2019-05-01"]
    if command == "import":
        entry = {"kind": "prosecution", "id": "P-2", "unit": "T1", "decided_on": "2019-05-01"}
        words = [two_measures.file("one.jsonl", entry)]
    run = two_measures(command, *words, "--by", "clerk").ok()
    warning = (
        "no clause of the measure of 2019 reads prosecution: 1 recorded without effect on any score"
    )
    assert warning in run.out + run.err
    two_measures("verify", "P-2", "--by", "head").ok()
    assert two_measures("score", "--json").ok().json["year"] == 2018
    more = {"kind": "prosecution", "id": "P-3", "unit": "T1", "decided_on": "2018-06-01"}
    assert "no clause" not in str(two_measures.take_in(more))


def test_a_year_beyond_the_ledgers_end_names_its_bulletin(rivers):
    """The ledger is shorter than 2018 events; 2019 has no measure."""
    by_edition = rivers("diff", "--from", "2018#1", "--json").ok().json
    assert rivers("diff", "--from", "2018", "--json").ok().json == by_edition
    refused = rivers("diff", "--from", "2019").refused()
    assert refused.err == (
        f"tally: --from: the ledger ends at position {rivers.position}, and a year is not a time; "
        "write a day, as 2019-12-31\n"
    )
    assert "2018Q1 is not a period of the measure; one of 2018" in (
        rivers("diff", "--from", "2018Q1").refused().err
    )


def test_a_position_stays_a_position_although_a_year_has_this_number(rivers, monkeypatch):
    monkeypatch.setattr(Ledger, "position", lambda ledger: ledger.store.position() + 2018)
    run = rivers("diff", "--from", "2018", "--to", rivers.position)
    assert "position 2018 is later than --to" in run.refused().err
    assert "2018 is read as a position; for the published year write 2018#1" in run.err


def test_only_the_day_of_the_bulletin_differs_from_an_earlier_one(nothing):
    """Both summaries of the year are missing: the first cost a point before the bulletin too.

    A score by an office names its year, and counts from its last day on.
    """
    nothing("init", "--measure", RIVERS, "--year", "2018").ok()
    score = {"kind": "score", "id": "S-1", "unit": "T1", "year": 2018, "item": "1"}
    nothing.take_in(
        {"kind": "unit", "id": "T1", "name": "甲镇", "type": "township"},
        {**score, "points": "4", "office": "river_office"},
    )
    nothing("publish", "2018", "--by", "office", "--through", "2018-11-30").ok()
    (unit,) = nothing("diff", "--from", "2018#1", "--json").ok().json["units"]
    postings = [
        [(one["clause"], one["points"]) for one in unit["postings"][side]]
        for side in ("before", "after")
    ]
    # Item 21 gives its 4 points to a township without reservoirs once the year is over.
    assert postings == [[], [("item-1", "4"), ("item-21", "4"), ("item-24.2", "-1")]]
    assert unit["entries"] == ["S-1"]


def test_differences_have_the_titles_of_the_measure_in_chinese(rivers, monkeypatch):
    """4 at item 12 without bad water, 4 at 21 without reservoirs, and 3 for the prosecution."""
    rivers("reverse", "P-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    rivers("verify", "--all", "--by", "head").ok()
    monkeypatch.setenv("TALLY_LANG", "zh")
    page = rivers("diff", "--from", "2018").ok().out
    assert "  四、行动升级，推进突出问题专项整治: 11 → 8\n" in page
    assert "    − 查处破坏渔业资源案件 3: " in page
    assert "考核期" not in page
