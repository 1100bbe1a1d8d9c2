"""What `correct` and `reverse` show before they append: changes and causes.

`cases/previews.toml` explains the points.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.entries import UNITS, batch
from tests.corrections.entries import CRITICISM, LATE, OVERSTAY_RULING
from tests.corrections.office import correct_words, quarter_of, reverse_words

PREVIEWS = {
    case["name"]: case
    for case in tomllib.loads(
        (Path(__file__).parent / "cases" / "previews.toml").read_text(encoding="utf-8")
    )["case"]
}
DEFAULTS = {"petition_batch": batch(), "criticism": CRITICISM}
PROMPT = {**LATE, "arrival": "prompt", "effective": False}

SPECIAL_PERIOD = {
    "kind": "special_period",
    "id": "SP-1",
    "level": "district",
    "starts_on": "2015-11-20",
    "ends_on": "2015-12-10",
}
CASE = {
    "kind": "supervised_case",
    "id": "SC-1",
    "unit": "V001",
    "level": "town",
    "due_on": "2016-01-15",
}
RESOLUTION = {
    "kind": "case_resolution",
    "id": "RES-1",
    "unit": "V001",
    "case": "SC-1",
    "resolved_on": "2015-11-20",
}


def take_in(office, case):
    """Record the entries of a case; return the id of the one that it corrects."""
    entries = [
        DEFAULTS[fields["kind"]] | fields for fields in (case["entry"], *case.get("others", []))
    ]
    office.take_in(*UNITS, *entries)
    return entries[0]["id"]


def previewed(office, words):
    """Return the years of the preview of a command, without running it."""
    return office(*words, "--dry-run", "--json").ok().json["preview"]


def units_by_year(office, words):
    return {year["year"]: year["units"] for year in previewed(office, words)}


@pytest.mark.parametrize("name", PREVIEWS)
def test_correct_previews_what_it_changes(office, name):
    """The preview holds these units and fields and no others, and writes nothing."""
    case = PREVIEWS[name]
    entry = take_in(office, case)
    stored = office.stored()
    shown = office(*correct_words(entry, *case["set"]), "--dry-run", "--json").ok().json
    assert office.stored() == stored
    assert (shown["dry_run"], shown["position"]) == (True, office.position)
    (year,) = shown["preview"]
    assert year["year"] == 2016
    units = {unit["unit"]: unit for unit in year["units"]}
    assert units.keys() == case["changes"].keys()
    for unit, changes in case["changes"].items():
        fields = dict(changes)
        because = fields.pop("because", [f"{entry}.R", f"{entry}.2"])
        before, after = units[unit]["before"], units[unit]["after"]
        quarters = {field for field in fields if field.startswith("2016Q")}
        shown_quarters = {quarter["period"] for quarter in before.get("periods", [])}
        changed_scores = {
            quarter
            for quarter in shown_quarters
            if quarter_of(before, quarter).get("score") != quarter_of(after, quarter).get("score")
        }
        assert changed_scores == quarters
        assert before.keys() - {"open", "periods"} == fields.keys() - quarters
        for field, change in fields.items():
            if field in quarters:
                found = [quarter_of(one, field).get("score") for one in (before, after)]
            else:
                found = [before[field], after[field]]
            assert found == change
        assert units[unit]["entries"] == because


@pytest.mark.parametrize("name", PREVIEWS)
def test_diff_shows_after_verification_what_the_preview_showed(office, name):
    """Units, fields and postings; before verification only open points differ."""
    case = PREVIEWS[name]
    entry = take_in(office, case)
    before = office.position
    ((year),) = previewed(office, correct_words(entry, *case["set"]))
    after = office.correct(entry, *case["set"], verify=False)
    unverified = office.diff("--from", before)
    assert all(unit["before"].keys() == {"open"} for unit in unverified.values())
    assert after == before + 3
    office.verify()
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]


def test_the_preview_names_fields_postings_causes_and_the_next_step(office):
    district = {"level": "district", "headcount": 5}
    office.take_in(
        *UNITS, batch(**district), batch("B-2", level="district", headcount=10, unit="V002")
    )
    words = correct_words("B-1", "headcount=11")
    run = office(*words, "--dry-run").ok()
    for line in (
        "What would change in 2016, once verified:",
        "V001 甲村",
        "  rank: 1 → 2",
        "  total: 28.5 → 26.5",
        "  2016Q2 score: 4.5 → 2.5",
        "  2016Q2 abnormal_petitions: 10 → 8",
        "    − abnormal-petitions -2: 5 people to district; no response recorded [B-1]",
        "    + abnormal-petitions -4: 11 people to district; no response recorded [B-1.2]",
        "  because of B-1.R, B-1.2",
        "V002 乙村",
        "  rank: 2 → 1",
        f"dry run, nothing written; the ledger is at position {office.position}",
    ):
        assert line in run.out.splitlines()
    done = office(*words, "--yes").ok()
    assert "appended B-1.R, B-1.2; to count, verify under another name:" in done.out
    assert "  tally verify B-1.R B-1.2 --by NAME" in done.out
    assert done.err == ""


def test_a_posting_that_changes_no_figure_is_shown(office):
    """For 12 and 13 people the points are the same, but their working differs."""
    office.take_in(*UNITS, batch(headcount=12), PROMPT)
    words = correct_words("B-1", "headcount=13")
    ((year),) = previewed(office, words)
    (unit,) = year["units"]
    assert (unit["unit"], unit["before"], unit["after"]) == ("V001", {}, {})
    assert [posting["points"] for posting in unit["postings"]["before"]] == ["-1", "-3", "0"]
    run = office(*words, "--dry-run").ok()
    assert "  score, rank and flags stay as they are" in run.out.splitlines()


def test_a_correction_that_changes_no_score_says_so(office):
    """A ruling on long stays, where no batch stayed long."""
    office.take_in(*UNITS, OVERSTAY_RULING)
    words = correct_words("RU-1", "value=2")
    assert previewed(office, words) == []
    assert office(*words, "--dry-run").ok().out.startswith("No score, rank or flag would change.\n")


def test_reverse_previews_what_it_changes(office):
    """Six people cost 2, no information report 1, and the 3 for no collective batch.

    Without the batch V001 has as many points as V002 and shares its rank.
    """
    office.take_in(*UNITS, batch(headcount=6))
    before = office.position
    ((year),) = previewed(office, reverse_words("B-1"))
    (unit,) = year["units"]
    assert unit["unit"] == "V001"
    assert (unit["before"]["total"], unit["after"]["total"]) == ("29", "35")
    assert (unit["before"]["rank"], unit["after"]["rank"]) == (2, 1)
    assert unit["entries"] == ["B-1.R"]
    office.reverse("B-1")
    found = office("diff", "--year", "2016", "--from", before, "--json").ok().json
    assert found["units"] == year["units"]


def test_the_preview_covers_both_years_of_a_moved_batch(office):
    """A batch of the last day of 2015 is moved to the first day of 2016."""
    office.adopt(2015)
    office.take_in(*UNITS, batch(occurred_at="2015-11-30T10:00"))
    years = units_by_year(office, correct_words("B-1", "occurred_at=2015-12-01T10:00"))
    assert years.keys() == {2015, 2016}
    totals = {
        year: {
            unit["unit"]: (unit["before"]["total"], unit["after"]["total"])
            for unit in units
            if "total" in unit["before"]
        }
        for year, units in years.items()
    }
    assert totals == {2015: {"V001": ("34", "35")}, 2016: {"V001": ("35", "34")}}


def test_the_preview_covers_the_year_in_which_a_special_period_ends(office):
    """A batch of November 2015 costs 1 point of 2016: the period ended in December."""
    office.adopt(2015)
    office.take_in(*UNITS, SPECIAL_PERIOD, batch(occurred_at="2015-11-25T09:00"))
    before = office.position
    years = units_by_year(office, reverse_words("B-1"))
    office.reverse("B-1")
    units = office.diff("--from", before)
    assert (units["V001"]["before"]["total"], units["V001"]["after"]["total"]) == ("35", "36")
    assert {unit["unit"] for unit in years.get(2016, [])} == units.keys()


def test_the_preview_covers_the_year_in_which_a_case_falls_due(office):
    """A case resolved in November 2015 and due in January 2016 wins 1 point of 2016."""
    office.take_in(*UNITS, CASE, RESOLUTION)
    before = office.position
    years = units_by_year(office, reverse_words("RES-1"))
    office.reverse("RES-1")
    units = office.diff("--from", before)
    assert (units["V001"]["before"]["total"], units["V001"]["after"]["total"]) == ("36", "35")
    assert {unit["unit"] for unit in years.get(2016, [])} == units.keys()
