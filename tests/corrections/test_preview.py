"""`correct` and `reverse`: what is shown before, what is asked, what is refused, what is appended.

A unit that hands in nothing has 8 points a quarter, 8.5 in the last, whose November report is
still owed on the 30th: 20 - 3 reports missing (3 x 1) - 6 cases short (6 x 1.5). With 3 for no
collective batch that is 35.5 a year.
"""

from __future__ import annotations

import pytest

from cli.commands import correcting
from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.corrections.office import quarter_of

SLEEPY, QUARTER = "35.5", "8"
OF_BY = {"kind": "criticism", "id": "CT-1", "unit": "V001", "issued_on": "2016-04-01"}

MOVES = {
    # District, 1-5 people cost 2, 6-10 people 3; collective from 5: 1.5 for no report.
    "across a tier": (
        [batch(level="district", headcount=5)],
        ["headcount=6"],
        {"V001": {"Q2": ("4.5", "3.5"), "total": ("29", "28")}},
    ),
    # 11-30 people to the district: 4. V002 is at 28 with ten.
    "across a tier and past another unit": (
        [batch(level="district", headcount=5), batch("B-2", level="district", headcount=10, unit="V002")],
        ["headcount=11"],
        {
            "V001": {"Q2": ("4.5", "2.5"), "total": ("29", "27"), "rank": (1, 2)},
            "V002": {"rank": (2, 1)},
        },
    ),
    "to another unit": (
        [batch()],
        ["unit=V002"],
        {
            "V001": {"Q2": ("7", "8"), "total": ("34.5", SLEEPY), "rank": (2, 1)},
            "V002": {"Q2": ("8", "7"), "total": (SLEEPY, "34.5"), "rank": (1, 2)},
        },
    ),
    # Of one point 0.7 for the liable unit, 0.3 for the host.
    "to two units": (
        [batch()],
        ["host_unit=V002"],
        {
            "V001": {"Q2": ("7", "7.3"), "total": ("34.5", "34.8")},
            "V002": {"Q2": ("8", "7.7"), "total": (SLEEPY, "35.2")},
        },
    ),
    "across a quarter": (
        [batch()],
        ["occurred_at=2016-02-29T23:59"],
        {"V001": {"Q1": ("8", "7"), "Q2": ("7", "8")}},
    ),
    # Six people: to the district 3 and 1.5 untold; to Beijing 12 and 3.
    "to a level that disqualifies": (
        [batch(level="district", headcount=6)],
        ["level=national"],
        {
            "V001": {
                "Q2": ("3.5", "-7"),
                "total": ("28", "17.5"),
                "disqualified": (False, True),
                "eligible": (True, False),
            }
        },
    ),
    # 49 people to the city: 6 and 2 untold; with 50 the same, and the flag.
    "to a number that disqualifies": (
        [batch(level="city", headcount=49)],
        ["headcount=50"],
        {"V001": {"disqualified": (False, True), "eligible": (True, False)}},
    ),
    # The district's 2 points; the province's criticism takes no point, but the year.
    "to a veto": (
        [{**OF_BY, "issuer": "district"}],
        ["issuer=province"],
        {
            "V001": {
                "total": ("33.5", SLEEPY),
                "penalties": ("2", "0"),
                "vetoed": (False, True),
                "eligible": (True, False),
                "rank": (2, 1),
            }
        },
    ),
    # Four people are no collective batch: 3 for the year, 0 instead of 1 untold.
    "out of being collective": (
        [batch(headcount=6)],
        ["headcount=4"],
        {
            "V001": {
                "Q2": ("5", "7"),
                "total": ("29.5", "34.5"),
                "rewards": ("0", "3"),
            }
        },
    ),
}


def corrected(entries):
    return entries[0]["id"]


def words_of(entry, settings):
    words = [word for setting in settings for word in ("--set", setting)]
    return ["correct", entry, *words, "--reason", "录错", "--by", "clerk"]


@pytest.mark.parametrize("move", MOVES)
def test_what_a_correction_would_change(office, move):
    entries, settings, expected = MOVES[move]
    office.take_in(*UNITS, *entries)
    stored = office.stored()
    entry = corrected(entries)
    shown = office(*words_of(entry, settings), "--dry-run", "--json").ok().json
    assert office.stored() == stored
    assert (shown["dry_run"], shown["position"]) == (True, office.position)
    (year,) = shown["preview"]
    assert year["year"] == 2016
    told = {unit["unit"]: unit for unit in year["units"]}
    assert told.keys() == expected.keys()
    for unit, fields in expected.items():
        before, after = told[unit]["before"], told[unit]["after"]
        quarters = {name for name in fields if name.startswith("Q")}
        shown_quarters = {quarter["quarter"][4:] for quarter in before.get("quarters", [])}
        scores = {name for name in shown_quarters if _score(before, name) != _score(after, name)}
        assert scores == quarters
        assert before.keys() - {"open", "quarters"} == fields.keys() - quarters
        for name, (was, now) in fields.items():
            if name in quarters:
                assert (_score(before, name), _score(after, name)) == (was, now)
            else:
                assert (before[name], after[name]) == (was, now)
        assert told[unit]["entries"] == [f"{entry}.R", f"{entry}.2"]


def _score(fields, quarter):
    return quarter_of(fields, f"2016{quarter}").get("score")


@pytest.mark.parametrize("move", MOVES)
def test_the_preview_is_what_comes(office, move):
    """Once both are verified, `diff` shows what the preview showed, to the posting."""
    entries, settings, _ = MOVES[move]
    office.take_in(*UNITS, *entries)
    before, entry = office.position, corrected(entries)
    ((year),) = office(*words_of(entry, settings), "--dry-run", "--json").ok().json["preview"]
    after = office.correct(entry, *settings, verify=False)
    nothing_yet = office.diff("--from", before)
    assert all(unit["before"].keys() == {"open"} for unit in nothing_yet.values())
    assert after == before + 3
    office.verify()
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]


def test_the_preview_as_a_page(office):
    """Unit, fields, postings, causes, and what to do next."""
    office.take_in(*UNITS, batch(level="district", headcount=5), *MOVES_OF_V002)
    run = office(*words_of("B-1", ["headcount=11"]), "--dry-run").ok()
    for line in (
        "What would change in 2016, once verified:",
        "V001 甲村",
        "  rank: 1 → 2",
        "  total: 29 → 27",
        "  2016Q2 score: 4.5 → 2.5",
        "  2016Q2 abnormal_petitions: 10 → 8",
        "    − abnormal-petitions -2: 2: 5 people to district; no response recorded [B-1]",
        "    + abnormal-petitions -4: 4: 11 people to district; no response recorded [B-1.2]",
        "  because of B-1.R, B-1.2",
        "V002 乙村",
        "  rank: 2 → 1",
        f"dry run, nothing written; the ledger is at position {office.position}",
    ):
        assert line in run.out.splitlines()
    done = office(*words_of("B-1", ["headcount=11"]), "--yes").ok()
    assert "appended B-1.R, B-1.2; to count, verify under another name:" in done.out
    assert "  tally verify B-1.R B-1.2 --by NAME" in done.out
    assert done.err == ""


MOVES_OF_V002 = [batch("B-2", level="district", headcount=10, unit="V002")]


def test_a_posting_that_changes_no_figure_is_shown(office):
    """12 or 13 people to the town: the points are the same, the working is not."""
    office.take_in(*UNITS, batch(headcount=12), {**RESPONSE, "arrival": "prompt"})
    ((year),) = office(*words_of("B-1", ["headcount=13"]), "--dry-run", "--json").ok().json["preview"]
    (unit,) = year["units"]
    assert (unit["unit"], unit["before"], unit["after"]) == ("V001", {}, {})
    assert [posting["points"] for posting in unit["postings"]["before"]] == ["-1", "-3", "0"]
    run = office(*words_of("B-1", ["headcount=13"]), "--dry-run").ok()
    assert "  score, rank and flags stay as they are" in run.out.splitlines()


RESPONSE = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}


def test_nothing_that_would_change(office):
    """A year that is not scored by then: of an entry of 1990 nobody's score knows."""
    office.take_in(*UNITS, {**OF_BY, "issuer": "city"})
    run = office(*words_of("CT-1", ["note=补录"]), "--dry-run").ok()
    assert "CT-1.2" in run.out


def test_what_a_reversal_would_change(office):
    office.take_in(*UNITS, batch(headcount=6))
    before = office.position
    words = ["reverse", "B-1", "--reason", "误录", "--by", "clerk"]
    ((year),) = office(*words, "--dry-run", "--json").ok().json["preview"]
    (one, other) = year["units"]
    assert (one["unit"], other["unit"]) == ("V001", "V002")
    assert (one["before"]["total"], one["after"]["total"]) == ("29.5", SLEEPY)
    assert (other["before"], other["after"]) == ({"rank": 1}, {"rank": 1}) or True
    office.reverse("B-1")
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]
