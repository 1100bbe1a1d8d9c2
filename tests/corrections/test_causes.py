"""`diff` names the entries that caused changes since a bulletin or a position.

`test_publication.py` explains the points.
"""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS, batch
from tests.corrections.entries import CASES, CRITICISM, LATE, SCREENING, THIRTY_PEOPLE_RULING
from tests.corrections.office import END, causes_since_bulletin

VETO_RANK = {**THIRTY_PEOPLE_RULING, "reading": "veto_rank", "value": "last"}


def publish(office):
    office.publish("2016Q2", *END)


# ---- since a bulletin
def test_a_report_recorded_after_the_bulletin_is_the_cause(published_town):
    """Two cases of March, submitted by the end of April: 3 points more."""
    published_town.take_in(CASES)
    assert causes_since_bulletin(published_town) == {"V001": ("7", "10", ["CR-1"])}


LATER = ("--through", "2016-06-15")


def test_reports_that_fall_due_change_a_later_day_without_a_cause(town):
    """Of May: at the month's end 1 for the screening and 3 for the cases."""
    town.publish("2016Q2", "--through", "2016-05-15")
    assert causes_since_bulletin(town, "--through", "2016-05-30") == {}
    assert causes_since_bulletin(town) == {"V001": ("11", "7", []), "V002": ("12", "8", [])}


def test_a_late_report_that_came_in_meanwhile_is_the_cause(town):
    """V001's report of May comes in on 15 June: until then it is missing (1), then late (0.5)."""
    town.take_in({**SCREENING, "submitted_on": "2016-06-15"})
    publish(town)
    assert causes_since_bulletin(town) == {}
    assert causes_since_bulletin(town, "--through", "2016-06-14") == {}
    assert causes_since_bulletin(town, *LATER) == {"V001": ("7", "7.5", ["SR-1"])}


def test_a_late_report_recorded_after_the_bulletin_is_the_cause_from_its_day_on(published_town):
    published_town.take_in({**SCREENING, "submitted_on": "2016-06-15"})
    assert causes_since_bulletin(published_town) == {}
    assert causes_since_bulletin(published_town, *LATER) == {"V001": ("7", "7.5", ["SR-1"])}


def test_an_entry_verified_after_the_bulletin_is_the_cause(office):
    office.take_in(*UNITS)
    office.take_in(batch(headcount=12), verify_by=None)
    publish(office)
    assert causes_since_bulletin(office) == {}
    office.verify("B-1")
    assert causes_since_bulletin(office) == {"V001": ("8", "4", ["B-1"])}


def test_a_reversal_is_the_cause_once_it_is_verified(published_town):
    published_town.reverse("B-1", verify=False)
    assert causes_since_bulletin(published_town) == {}
    published_town.verify()
    assert causes_since_bulletin(published_town) == {"V001": ("7", "8", ["B-1.R"])}


def test_reversal_and_replacement_are_the_causes(published_town):
    published_town.correct("B-1", "headcount=12")
    assert causes_since_bulletin(published_town) == {"V001": ("7", "4", ["B-1.R", "B-1.2"])}
    published_town.correct("B-1.2", "unit=V002")
    found = causes_since_bulletin(published_town)
    assert {unit: scores[:2] for unit, scores in found.items()} == {
        "V001": ("7", "8"),
        "V002": ("8", "4"),
    }
    assert "B-1.R" in found["V001"][2]
    assert "B-1.2.2" in found["V002"][2]


def test_a_ruling_is_the_cause(office):
    """Thirty people cost 3, in the highest tier 4; no information report 1."""
    office.take_in(*UNITS, batch(headcount=30))
    publish(office)
    office.take_in(THIRTY_PEOPLE_RULING)
    assert causes_since_bulletin(office) == {"V001": ("4", "3", ["RU-1"])}


def test_a_ruling_is_a_cause_beside_the_correction_of_the_same_batch(office):
    """Thirty people cost 3, since the ruling 4; corrected to three they cost 1."""
    office.take_in(*UNITS, batch(headcount=30))
    publish(office)
    office.take_in(THIRTY_PEOPLE_RULING)
    office.correct("B-1", "headcount=3")
    assert causes_since_bulletin(office) == {"V001": ("4", "7", ["RU-1", "B-1.R", "B-1.2"])}


def test_a_ruling_on_what_came_later_is_not_a_cause(office):
    """The batch of thirty people is recorded after the ruling, which moved nothing before it."""
    office.take_in(*UNITS)
    publish(office)
    office.take_in(THIRTY_PEOPLE_RULING)
    office.take_in(batch(headcount=30))
    assert causes_since_bulletin(office) == {"V001": ("8", "3", ["B-1"])}


def test_each_unit_has_its_own_causes(office):
    """V001: thirty people cost 4 instead of 3, and the cases of March give 3 back.

    V002: the batch of three is taken back (1 point); one of six that was not verified counts (2,
    and 1 for no information report).
    """
    office.take_in(*UNITS, batch(headcount=30), batch("B-2", unit="V002"))
    office.take_in(batch("B-3", unit="V002", headcount=6), verify_by=None)
    publish(office)
    office.take_in(THIRTY_PEOPLE_RULING, CASES)
    office.verify("B-3")
    office.reverse("B-2")
    assert causes_since_bulletin(office) == {
        "V001": ("4", "6", ["RU-1", "CR-1"]),
        "V002": ("7", "5", ["B-3", "B-2.R"]),
    }
    page = office("diff", "--from", "2016Q2", *END).ok().out
    for line in (
        "  2016Q2 score: 4 → 6",
        "  because of RU-1, CR-1",
        "  2016Q2 score: 7 → 5",
        "  because of B-3, B-2.R",
    ):
        assert line in page.splitlines()


# ---- since a position
def test_a_ruling_without_effect_is_not_a_cause(published_town):
    """A report is taken back; the ruling is of another year and on ranks."""
    published_town.adopt(2015)
    published_town.take_in({**SCREENING, "submitted_on": "2016-05-20"})
    before = published_town.position
    published_town.take_in({**VETO_RANK, "year": 2015})
    published_town.reverse("SR-1")
    assert published_town.diff("--from", before)["V001"]["entries"] == ["SR-1.R"]


def test_a_ruling_on_ranks_is_the_cause_of_changed_ranks(office):
    """V001 is vetoed and leads by a point; with `veto_rank` `last` it ranks second."""
    office.take_in(*UNITS, batch(unit="V002"), CRITICISM)
    before = office.position
    office.take_in(VETO_RANK)
    found = office.diff("--from", before)
    ranks = {unit: (one["before"], one["after"]) for unit, one in found.items()}
    assert ranks == {
        "V001": ({"rank": 1}, {"rank": 2}),
        "V002": ({"rank": 2}, {"rank": 1}),
    }
    assert [one["entries"] for one in found.values()] == [["RU-1"], ["RU-1"]]


def test_a_renamed_unit_stays_one_unit_and_the_reversal_is_the_cause_of_its_new_name(office):
    """The replacement is verified first: until the reversal is, the first name stays."""
    office.take_in(*UNITS)
    office.correct("V001", "name=改名村", verify=False)
    both = office.verify("V001.2")
    assert {unit: one["name"] for unit, one in office.units().items()} == {
        "V001": "甲村",
        "V002": "乙村",
    }
    office.verify("V001.R")
    assert {unit: one["name"] for unit, one in office.units().items()} == {
        "V001": "改名村",
        "V002": "乙村",
    }
    found = office.diff("--from", both)
    assert found.keys() == {"V001"}
    assert (found["V001"]["before"], found["V001"]["after"]) == (
        {"name": "甲村"},
        {"name": "改名村"},
    )
    assert "V001.R" in found["V001"]["entries"]


def test_the_reversal_of_a_unit_is_the_cause_of_its_absence(office):
    office.take_in(*UNITS)
    before = office.position
    office.reverse("V002")
    assert set(office.units()) == {"V001"}
    found = office.diff("--from", before)
    assert (found["V002"]["before"]["total"], found["V002"]["after"]) == ("35", {"periods": []})
    assert found["V002"]["entries"] == ["V002.R"]


# ---- of changed open points
@pytest.fixture
def unverified(office):
    """An unverified batch of V001 to which V002 responded; 2015 has a measure too."""
    office.adopt(2015)
    office.take_in(*UNITS)
    office.take_in(
        batch(occurred_at="2016-05-10T09:00"),
        {**LATE, "unit": "V002", "arrival": "prompt"},
        verify_by=None,
    )
    return office


def causes(office, position):
    return {unit: found["entries"] for unit, found in office.diff("--from", position).items()}


def test_moving_a_batch_is_the_cause_of_its_responses_open_points(unverified):
    """The batch moves to 2015, and its response with it.

    For V001 only the reversal changes 2016: it awaits verification there.
    """
    before = unverified.position
    unverified.correct("B-1", "occurred_at=2015-05-10T09:00", verify=False)
    assert causes(unverified, before) == {"V001": ["B-1.R"], "V002": ["B-1.R", "B-1.2"]}


def test_moving_a_batch_is_the_cause_of_its_objections_open_points(unverified):
    unverified("object", "B-1", "--unit", "V002", "--reason", "不属实", "--by", "clerk").ok()
    before = unverified.position
    unverified.correct("B-1", "occurred_at=2015-05-10T09:00", verify=False)
    assert causes(unverified, before)["V002"] == ["B-1.R", "B-1.2"]
