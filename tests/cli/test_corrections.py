"""`tally corrections`: who took back what, and what it moved, worked out from the regulation.

Neither village hands in anything: through 2016-05-31 each loses 3 screening reports (−1 each) and
3 case reports (−3 each) in either quarter, so that 20 − 12 = 8 are left: 16 in all. B-1, abnormal,
of three people to the town, costs V001 one point in Q2: 15. Corrected to the district it costs
two: 14. Taken back it costs none: 16, and V001 shares the first place.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cli.entries import UNITS, batch
from tests.corrections.office import END, office

AT_THE_END = ("--year", "2016", *END)
WORDS = ("corrections", *AT_THE_END)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The bulletin of Q2 goes out; B-1 is corrected, B-1.2 taken back, B-2 corrected unverified."""
    tally = office(tmp_path_factory.mktemp("corrections"))
    tally.take_in(*UNITS, batch())
    tally.publish("2016Q2", *END)
    tally.correct("B-1", "level=district")
    tally.reverse("B-1.2")
    tally.take_in(batch("B-2", unit="V002"))
    tally.correct("B-2", "abnormal=false", verify=False)
    return tally


def corrections(made, *words):
    return made(*WORDS, *words, "--json").ok().json["corrections"]


def test_tells_who_took_back_what_and_what_took_its_place(made):
    first, second, third = corrections(made)
    assert (first["entry"], first["unit"], first["name"], first["dated"]) == (
        "B-1", "V001", "甲村", "2016-03-05",
    )  # fmt: skip
    assert (first["reversal"], first["reason"], first["reversed"]["by"]) == (
        "B-1.R",
        "录错",
        "clerk",
    )
    assert first["verified"]["by"] == "head"
    [replacement] = first["replacements"]
    assert replacement["id"] == "B-1.2"
    assert replacement["changes"] == [{"field": "level", "from": "town", "to": "district"}]
    assert (second["entry"], second["reason"], second["replacements"]) == ("B-1.2", "误录", [])
    assert third["verified"] is None


def test_names_the_editions_that_counted_the_entry(made):
    """The bulletin counted B-1, and not what was recorded later."""
    assert [one["published_in"] for one in corrections(made)] == [["2016Q2#1"], [], []]


def q2(score, petitions):
    return {
        "period": "2016Q2",
        "score": score,
        "sections": {"basic_work": "-4", "abnormal_petitions": petitions},
        "beside": {"rewards": "0", "penalties": "0"},
    }


def test_tells_what_each_moved(made):
    first, second, third = (one["moved"] for one in corrections(made))
    assert first == [
        {
            "unit": "V001",
            "name": "甲村",
            "before": {"total": "15", "periods": [q2("7", "11")]},
            "after": {"total": "14", "periods": [q2("6", "10")]},
        }
    ]
    assert second == [
        {
            "unit": "V001",
            "name": "甲村",
            "before": {"rank": 2, "total": "14", "periods": [q2("6", "10")]},
            "after": {"rank": 1, "total": "16", "periods": [q2("8", "12")]},
        }
    ]
    # Once verified it would give V002 back its point, and the shared first place.
    assert [(one["unit"], one["before"]["rank"], one["after"]["rank"]) for one in third] == [
        ("V002", 2, 1)
    ]
    assert [one["total"] for one in (third[0]["before"], third[0]["after"])] == ["15", "16"]


def test_knows_what_was_known_then(made):
    """Before anybody verified the correction it would have moved the same."""
    first = corrections(made)[0]
    before = first["verified"]["position"] - 1
    [then] = corrections(made, "--as-of", str(before))
    assert then["verified"] is None
    assert then["moved"] == first["moved"]
    assert corrections(made, "--as-of", str(first["reversed"]["position"] - 2)) == []


def test_a_correction_whose_reversal_nobody_verified_is_not_in_effect(tmp_path):
    """B-1 costs 1 and B-1.2 costs 2: both count, 16 − 3 = 13, until B-1 is taken back: 14."""
    tally = office(tmp_path)
    tally.take_in(*UNITS, batch())
    tally.correct("B-1", "level=district", verify=False)
    tally.verify("B-1.2")
    [one] = corrections(tally)
    assert totals(one) == ("13", "14")
    assert "the entry and its replacement both count until then" in tally(*WORDS).ok().out
    tally.verify("B-1.R")
    [one] = corrections(tally)
    assert totals(one) == ("15", "14")
    assert "both count" not in tally(*WORDS).ok().out


def test_what_corrections_moved_adds_up_where_an_entry_is_replaced_again(tmp_path):
    """B-1 cost 1, B-1.2 costs 2, then B-1.3 costs 1 in the place of both: 15, 14, 15."""
    tally = office(tmp_path)
    tally.take_in(*UNITS, batch())
    tally.correct("B-1", "level=district")
    tally.reverse("B-1.2")
    tally.take_in(batch("B-1.3", matter="XF-B-1", headcount=4, replaces="B-1"))
    first, second = corrections(tally)
    assert [totals(first), totals(second)] == [("15", "14"), ("14", "15")]
    assert [one["id"] for one in first["replacements"]] == ["B-1.2"]
    assert [one["id"] for one in second["replacements"]] == ["B-1.3"]


def totals(one):
    """Return the total of the one unit that a correction moved, before and after."""
    [unit] = (unit for unit in one["moved"] if unit["unit"] == "V001")
    return unit["before"]["total"], unit["after"]["total"]


def test_selects_by_id_and_by_unit(made):
    assert [one["entry"] for one in corrections(made, "--unit", "乙村")] == ["B-2"]
    for name in ("B-1", "B-1.R"):
        words = "corrections", name, *AT_THE_END, "--json"
        found = made.reading(*words).ok().json["corrections"]
        assert [one["entry"] for one in found] == ["B-1"]
    # B-1.2 replaces one and was taken back itself.
    found = made.reading("corrections", "B-1.2", *AT_THE_END, "--json").ok().json
    assert len(found["corrections"]) == 2
    refused = made("corrections", "V001", *AT_THE_END).refused()
    assert "V001 was not taken back, nor does it take back" in refused.err
    refused = made("corrections", "B-99", *AT_THE_END).refused()
    assert "B-99 is not in this ledger" in refused.err
    for unit, why in (("V099", "is not in this ledger"), ("B-1", "is of kind")):
        assert why in made("corrections", "--unit", unit, *AT_THE_END).refused().err


def test_prints_each_and_writes_a_row_for_each(made):
    out = made.reading(*WORDS).ok().out
    assert "replaced by B-1.2: level: town → district" in out
    assert "counted in 2016Q2#1" in out
    assert "V001 甲村: total 15 → 14, 2016Q2 score 7 → 6" in out
    assert "not verified yet: the entry counts until then" in out
    assert out.endswith("3 corrections\n")
    head, *rows = made.reading(*WORDS, "--format", "csv").ok().out.splitlines()
    points = head.split(",").index("points_moved")
    assert [row.split(",")[points] for row in rows] == ["1", "2", "1"]


def test_bounds_the_work_and_says_so(made, monkeypatch):
    monkeypatch.setattr("projections.moved.WORK", 1)
    found = made(*WORDS, "--json").ok().json
    assert found["not_computed"] == 2
    assert [one["unknown"] for one in found["corrections"]] == [
        "not_computed", "not_computed", None,
    ]  # fmt: skip
    assert "What 2 of them moved is not computed" in made(*WORDS).ok().out
    assert made(*WORDS, "--full", "--json").ok().json["not_computed"] == 0


def test_says_why_what_it_moved_cannot_be_told(tmp_path):
    """The year had no measure when the correction was verified."""
    tally = office(tmp_path)
    tally.take_in(*UNITS)
    early = batch(occurred_at="2015-03-05T09:30:00+08:00")
    tally.at("2016-01-05T09:00:00", early)
    tally.reverse("B-1")
    tally.adopt(2015)
    words = "corrections", "--year", "2015", "--through", "2015-05-31"
    [one] = tally(*words, "--json").ok().json["corrections"]
    assert one["moved"] is None
    assert one["unknown"].startswith("year 2015 has no measure")
    assert "year 2015 has no measure" in tally(*words).ok().out


def test_moved_is_the_difference_that_diff_shows(demo):
    """Of a correction of the sample year whose two parts were verified one after the other."""
    [one] = demo.reading("corrections", "B-2016-0044", "--json").ok().json["corrections"]
    parts = [one["verified"], one["replacements"][0]["verified"]]
    first, last = sorted(ref["position"] for ref in parts)
    assert last == first + 1
    words = "diff", "--year", "2016", "--from", first - 1, "--to", last
    units = demo.reading(*words, "--json").ok().json["units"]
    shown = {
        unit["unit"]: [
            {name: value for name, value in unit[side].items() if name != "open"}
            for side in ("before", "after")
        ]
        for unit in units
    }
    moved = {unit["unit"]: [unit["before"], unit["after"]] for unit in one["moved"]}
    assert moved == {unit: sides for unit, sides in shown.items() if any(sides)}
    assert len(moved) > 10


def test_every_reversal_of_the_sample_year_is_listed_once(demo):
    entries = demo.reading("list", "reversal", "--json").ok().json["entries"]
    found = demo.reading("corrections", "--json").ok().json["corrections"]
    assert Counter(one["reversal"] for one in found) == Counter(one["id"] for one in entries)
