"""Objections of units to entries and postings, and decisions on them."""

from __future__ import annotations

import pytest

from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.corrections.entries import SCREENING
from tests.corrections.office import causes_since_bulletin, minute

ONE_REFUSED = "tally: 1 refused; nothing was written\n"


def object_to(office, subject="B-1", unit="V001", reason="人数不符"):
    """Record an objection; return the receipt."""
    words = ["object", subject, "--unit", unit, "--reason", reason, "--by", "clerk", "--json"]
    return office(*words).ok().json


def decide(office, objection, outcome="upheld", by="head"):
    return office("decide", objection, outcome, "--reason", "核实为四人", "--by", by)


def history(office, subject):
    return office("history", subject, "--json").ok().json


# ---- objections and decisions
def test_an_objection_is_an_open_point_until_it_is_decided(published_town):
    """Neither the objection nor the decision changes a figure."""
    receipt = object_to(published_town)
    assert receipt == {"objection": "B-1.O", "position": published_town.position}
    objected = published_town.position
    assert published_town.objections() == [("V001", "B-1.O", "abnormal-petitions")]
    page = published_town("score", "--year", "2016", "--unit", "V001").ok().out
    assert "open: objection B-1.O Abnormal petitions (abnormal-petitions)" in page
    run = decide(published_town, "B-1.O").ok()
    assert run.out == f"B-1.O is upheld; the ledger is at position {objected + 1}\n"
    assert published_town.objections() == []
    then = published_town.units("--as-of", objected)["V001"]["open"]
    assert {"kind": "objection", "entry": "B-1.O", "clause": "abnormal-petitions"} in then
    assert causes_since_bulletin(published_town) == {}
    found = published_town.diff("--from", objected)
    assert found.keys() == {"V001"}
    assert (found["V001"]["before"].keys(), found["V001"]["entries"]) == ({"open"}, ["B-1.O"])


def test_a_second_decision_is_refused_with_the_first(town):
    object_to(town)
    decide(town, "B-1.O", "dismissed").ok()
    (done,) = (one for one in history(town, "B-1.O")["events"] if one["event"] == "decided")
    stored = town.stored()
    at = minute(done["at"])
    assert decide(town, "B-1.O", by="deputy").refused().err == (
        f"tally: B-1.O: was dismissed already by head on {at} (position {done['position']})\n"
        f"{ONE_REFUSED}"
    )
    assert town.stored() == stored


def test_each_objection_to_an_entry_has_its_own_id(town):
    ids = [object_to(town, unit=unit)["objection"] for unit in ("V001", "V002", "V001")]
    assert ids == ["B-1.O", "B-1.O2", "B-1.O3"]
    decide(town, "B-1.O2").ok()
    assert [objection for _, objection, _ in town.objections()] == ["B-1.O", "B-1.O3"]


def test_an_objection_follows_its_corrected_unit(town):
    object_to(town)
    town.correct("V001", "name=改名村")
    assert town.objections() == [("V001", "B-1.O", "abnormal-petitions")]


@pytest.mark.parametrize(
    "subject",
    [
        "B-1.R",
        "RU-1",
        "V001",
        *(
            entry["id"]
            for entry in OF_EACH_KIND
            if entry["kind"] not in {"unit", "ruling", "reversal"}
        ),
    ],
)
def test_an_objection_to_any_kind_is_shown_under_the_unit_that_objects(office, subject):
    office.take_in(*UNITS, *OF_EACH_KIND)
    office.reverse("B-1")
    object_to(office, subject)
    assert [found[:2] for found in office.objections()] == [("V001", f"{subject}.O")]


def test_refusals_of_objections_word_for_word(town):
    stored = town.stored()
    for words, refusal in (
        (
            ["object", "B-9", "--unit", "V001"],
            (
                "tally: B-9: is neither an entry in this ledger nor a posting; "
                "write a posting as 2016Q2:screening\n"
            ),
        ),
        (["object", "B-1", "--unit", "V009"], "tally: unit: there is no unit V009\n"),
        (["object", "B-1", "--unit", "B-1"], "tally: unit: there is no unit B-1\n"),
        (["decide", "B-1.O", "upheld"], "tally: B-1.O: is not an objection in this ledger\n"),
        (["decide", "B-1", "upheld"], "tally: B-1: is not an objection in this ledger\n"),
    ):
        run = town(*words, "--reason", "不符", "--by", "clerk").refused()
        assert run.err == refusal + ONE_REFUSED
    run = town("object", "2016Q2:weather", "--unit", "V001", "--reason", "x", "--by", "c").refused()
    assert run.err.startswith("tally: POSTING: no clause 'weather'; one of screening, ")
    town("decide", "B-1.O", "perhaps", "--reason", "x", "--by", "head").misused()
    assert town.stored() == stored


# ---- the corrections that followed
def test_history_names_the_corrections_that_followed_an_objection(town):
    """Of the whole chain after it, not the correction before it."""
    town.correct("B-1", "matter=XF-9")
    object_to(town, "B-1.2")
    decide(town, "B-1.2.O").ok()
    assert history(town, "B-1.2.O")["followed_by"] == []
    town.correct("B-1.2", "headcount=4")
    town.reverse("B-1.2.2")
    found = history(town, "B-1.2.O")
    assert found["followed_by"] == ["B-1.2.R", "B-1.2.2", "B-1.2.2.R"]
    events = [event["event"] for event in found["events"]]
    assert events == ["objected", "decided", "reversed", "reversed"]
    page = town("history", "B-1.2.O").ok().out
    assert page.endswith("followed by B-1.2.R, B-1.2.2, B-1.2.2.R\n")
    of_entry = history(town, "B-1.2")["events"]
    events = [event["event"] for event in of_entry]
    assert events == ["recorded", "verified", "objected", "decided", "reversed"]
    objected, decided = of_entry[2:4]
    assert (objected["objection"], objected["unit"], objected["to"]) == (
        "B-1.2.O",
        "V001",
        "B-1.2",
    )
    assert (decided["objection"], decided["outcome"], decided["reason"]) == (
        "B-1.2.O",
        "upheld",
        "核实为四人",
    )


def test_an_objection_to_a_posting_is_decided_and_followed_as_one_to_an_entry(town):
    receipt = object_to(town, "2016Q2:screening", "V002", "已按时报送")
    objection = "V002-2016Q2-screening.O"
    assert receipt["objection"] == objection
    assert town.objections() == [("V002", objection, "screening")]
    assert object_to(town, "2016Q2:screening", "V002")["objection"] == f"{objection}2"
    decide(town, objection).ok()
    assert town.objections() == [("V002", f"{objection}2", "screening")]
    town.take_in({**SCREENING, "unit": "V002", "submitted_on": "2016-06-15"})
    town.correct("SR-1", "submitted_on=2016-05-20")
    found = history(town, objection)
    assert found["followed_by"] == ["SR-1.R", "SR-1.2"]
    assert found["events"][0]["to"] == "2016Q2:screening"
    assert object_to(town, "2016:inspection-3", "V001")["objection"] == "V001-2016-inspection-3.O"


def test_a_correction_of_another_quarter_did_not_follow_an_objection(town):
    """The objection is to the screening of Q2; a report of January, in Q1, goes."""
    town.take_in({**SCREENING, "month": "2016-01", "submitted_on": "2016-01-20"})
    object_to(town, "2016Q2:screening")
    town.reverse("SR-1")
    assert history(town, "V001-2016Q2-screening.O")["followed_by"] == []


@pytest.mark.parametrize(
    ("posting", "unit"), [("2016Q2:abnormal-petitions", "V002"), ("2016Q2:information", "V001")]
)
def test_a_correction_of_the_entry_behind_a_posting_followed_its_objection(office, posting, unit):
    """The host's share and the missing information report are because of the batch."""
    office.take_in(*UNITS, batch(headcount=12, host_unit="V002"))
    period, _, clause = posting.partition(":")
    postings = office("explain", unit, period, "--json").ok().json["postings"]
    assert ["B-1"] in [one["entries"] for one in postings if one["clause"] == clause]
    objection = object_to(office, posting, unit)["objection"]
    office.correct("B-1", "headcount=4")
    assert history(office, objection)["followed_by"] == ["B-1.R", "B-1.2"]
