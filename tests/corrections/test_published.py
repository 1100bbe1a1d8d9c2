"""Published figures, later editions, why the screen says something else, and objections.

A unit that hands in nothing has in Q2, as of 31 May, 8.5 points: 20 - 1 - 1 - 0.5 (the report of
May is still owed) - 3 months without cases (3 x 3). Seen from 30 June it is 8.
"""

from __future__ import annotations

import pytest

from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.corrections.office import quarter_of

END = ("--through", "2016-05-31")
FLAGS = {"disqualified": False, "vetoed": False, "eligible": True}
RULING = {
    "kind": "ruling",
    "id": "RU-1",
    "year": 2016,
    "reading": "thirty_people",
    "value": "31+",
    "basis": "会议纪要",
}
CASES = {
    "kind": "case_report",
    "id": "CR-1",
    "unit": "V001",
    "month": "2016-03",
    "cases": 2,
    "submitted_on": "2016-04-20",
}
SCREENING = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "month": "2016-05"}
CRITICISM = {"kind": "criticism", "id": "CT-1", "unit": "V001", "issuer": "province"}


@pytest.fixture
def town(office):
    """Two villages; V001 with a batch of three to the town: 7.5. Published as of 31 May."""
    office.take_in(*UNITS, batch())
    office("publish", "2016Q2", "--by", "office").ok()
    return office


def published(office, unit="V001", *words):
    """What is shown beside the present figure of Q2, if anything."""
    quarters = office.units(*(words or END))[unit]["quarters"]
    return quarter_of({"quarters": quarters}, "2016Q2").get("published")


def causes(office, *words, start="2016Q2"):
    """Of `diff` from the bulletin: by unit, the score before and after, and the entries."""
    found = office("diff", "--from", start, *(words or END), "--json").ok().json["units"]
    return {
        unit["unit"]: (
            quarter_of(unit["before"], "2016Q2").get("score"),
            quarter_of(unit["after"], "2016Q2").get("score"),
            unit["entries"],
        )
        for unit in found
    }


# ---- the bulletin
def test_a_bulletin_is_an_event(office):
    office.take_in(*UNITS, batch())
    before = office.position
    run = office("publish", "2016Q2", "--by", "office", "--json").ok()
    assert run.json == {
        "quarter": "2016Q2",
        "edition": 1,
        "replaces": None,
        "through": "2016-05-31",
        "shows_position": before,
        "units": 2,
        "position": before + 1,
    }
    found = office("history", "2016Q2", "--json").ok().json
    (event,) = found["events"]
    told = [event[name] for name in ("position", "event", "by", "edition", "replaces", "through")]
    assert told == [before + 1, "published", "office", 1, None, "2016-05-31"]
    assert (event["shows_position"], event["reason"]) == (before, None)
    nothing = {"rewards": "0", "penalties": "0"}
    assert event["figures"] == [
        {
            "unit": "V001",
            "name": "甲村",
            "quarter": "2016Q2",
            "score": "7.5",
            "basic_work": "-3.5",
            "abnormal_petitions": "11",
            **nothing,
            **FLAGS,
        },
        {
            "unit": "V002",
            "name": "乙村",
            "quarter": "2016Q2",
            "score": "8.5",
            "basic_work": "-3.5",
            "abnormal_petitions": "12",
            **nothing,
            **FLAGS,
        },
    ]


def test_nothing_is_shown_beside_what_is_the_same(town):
    assert published(town) is None
    assert causes(town) == {}
    out = town("score", "--year", "2016", *END).ok().out
    assert "as published" not in out


def test_the_published_figure_beside_the_present_one(town):
    """12 people: 3 points and 1 untold. 4.5 now, 7.5 then; of V002 nothing to show."""
    position = town.position - 1
    town.correct("B-1", "headcount=12")
    assert town.quarter("V001", "2016Q2", *END) == "4.5"
    assert published(town) == {
        "edition": 1,
        "position": position,
        "through": "2016-05-31",
        "score": "7.5",
        "basic_work": "-3.5",
        "abnormal_petitions": "11",
    }
    assert published(town, "V002", *END) is None
    page = town("score", "--year", "2016", *END).ok().out
    (line,) = (line for line in page.splitlines() if "甲村" in line)
    assert "4.5 (7.5)" in line
    (line,) = (line for line in page.splitlines() if "乙村" in line)
    assert "(" not in line
    assert page.endswith("(…): as published; * where only flags, rewards or penalties differ\n")


def test_flags_beside(town):
    """A veto takes no point: a star on the page, the flags in JSON."""
    town.take_in({**CRITICISM, "issued_on": "2016-05-02"})
    beside = published(town)
    assert beside == {
        "edition": 1,
        "position": town.position - 3,
        "through": "2016-05-31",
        "vetoed": False,
        "eligible": True,
    }
    page = town("score", "--year", "2016", *END).ok().out
    assert "7.5 (*)" in page
    assert causes(town) == {"V001": (None, None, ["CT-1"])}


def test_another_day_is_another_figure(town):
    """A month later the report of May is missing: 7 and 8, with what was published beside."""
    later = ("--through", "2016-06-30")
    assert town.quarter("V002", "2016Q2", *later) == "8"
    assert published(town, "V002", *later)["score"] == "8.5"
    found = town("diff", "--from", "2016Q2", *later, "--json").ok().json
    assert (found["published_through"], found["through"]) == ("2016-05-31", "2016-06-30")
    assert causes(town, *later) == {"V001": ("7.5", "7", []), "V002": ("8.5", "8", [])}


def test_a_bulletin_is_kept_word_for_word(town):
    kept = town("history", "2016Q2", "--json").ok().json["events"]
    position = town.position
    rows = [row for row in town.rows() if "publication:2016Q2" in row]
    town.correct("V001", "name=改名村")
    town.correct("B-1", "headcount=60", "level=national")
    town.take_in(RULING, {**CRITICISM, "issued_on": "2016-05-02"})
    town("publish", "2016Q2", "--by", "office", "--reason", "更正").ok()
    now = town("history", "2016Q2", "--json").ok().json["events"]
    assert now[:1] == kept
    assert len(now) == 2
    assert town("history", "2016Q2", "--as-of", position, "--json").ok().json["events"] == kept
    assert [row for row in town.rows() if "publication:2016Q2" in row][:1] == rows


def test_a_corrected_unit_is_the_one_that_was_published(town):
    town.correct("V001", "name=改名村")
    assert published(town, "V001.2") is None
    town.correct("B-1", "headcount=12")
    assert published(town, "V001.2")["score"] == "7.5"
    assert causes(town)["V001.2"][:2] == ("7.5", "4.5")


def test_a_unit_that_was_not_there(town):
    """It has nothing published; the difference is that it came."""
    town.take_in({"kind": "unit", "id": "V003", "name": "丙村", "type": "farm"})
    assert published(town, "V003") is None
    assert causes(town) == {"V003": (None, "8.5", ["V003"])}


def test_before_it_was_published_there_is_nothing_beside(town):
    then = town.position - 1
    town.correct("B-1", "headcount=12")
    assert published(town, "V001", "--as-of", then, *END) is None
    refused = town("diff", "--from", "2016Q2", "--to", then).refused()
    assert refused.err == f"tally: --from: 2016Q2 was not published as of position {then}\n"


# ---- a second edition
def test_a_second_edition_says_why_and_which_it_replaces(town):
    town.correct("B-1", "headcount=12")
    stored = town.stored()
    refused = town("publish", "2016Q2", "--by", "office").refused()
    assert refused.err == (
        "tally: --reason: 2016Q2 is published already (edition 1); say why it is published again\n"
    )
    assert town.stored() == stored
    words = ["publish", "2016Q2", "--by", "office", "--reason", "人数更正", "--json"]
    receipt = town(*words).ok().json
    assert (receipt["edition"], receipt["replaces"]) == (2, 1)
    first, second = town("history", "2016Q2", "--json").ok().json["events"]
    assert (first["edition"], first["replaces"], first["reason"]) == (1, None, None)
    assert (second["edition"], second["replaces"], second["reason"]) == (2, 1, "人数更正")
    assert [one["score"] for one in first["figures"]] == ["7.5", "8.5"]
    assert [one["score"] for one in second["figures"]] == ["4.5", "8.5"]


def test_the_latest_edition_is_the_one_beside(town):
    town.correct("B-1", "headcount=12")
    town("publish", "2016Q2", "--by", "office", "--reason", "更正").ok()
    between = town.position
    assert published(town) is None
    town.correct("B-1.2", "headcount=4")  # 7.5 again
    assert (published(town)["edition"], published(town)["score"]) == (2, "4.5")
    latest = ["B-1.2.R", "B-1.2.2"]
    assert causes(town) == {"V001": ("4.5", "7.5", latest)}
    assert causes(town, start="2016Q2#2") == {"V001": ("4.5", "7.5", latest)}
    assert causes(town, start="2016Q2#1") == {}
    words = ["--to", between, *END]
    first = {"V001": ("7.5", "4.5", ["B-1.R", "B-1.2"])}
    assert causes(town, *words, start="2016Q2#1") == first
    assert causes(town, *words) == {}


@pytest.mark.parametrize("edition", ["2016Q2#0", "2016Q2#2", "2016Q2#99"])
def test_no_such_edition(town, edition):
    refused = town("diff", "--from", edition).refused()
    assert refused.err == "tally: --from: 2016Q2 has the editions 1 to 1\n"


def test_what_cannot_be_published(office):
    refused = office("publish", "2016Q2", "--by", "office").refused()
    assert refused.err == "tally: QUARTER: the ledger is empty; there is nothing to publish\n"
    office.take_in(*UNITS)
    stored = office.stored()
    early = ["2016Q3", "--through", "2016-05-31"]
    refused = office("publish", *early, "--by", "office").refused()
    assert refused.err == "tally: QUARTER: 2016Q3 has not begun on 2016-05-31\n"
    for quarter in ("2016", "2016Q5"):
        misused = office("publish", quarter, "--by", "office").misused()
        assert f"'QUARTER': '{quarter}' is not a quarter; write 2016Q2\n" in misused.err
    assert office.stored() == stored
    refused = office("diff", "--from", "2016Q2").refused()
    assert refused.err == "tally: --from: 2016Q2 was not published as of position 4\n"


# ---- why the bulletin said something else
def test_because_of_a_late_report(town):
    """Of March two cases, in by the end of April, recorded after the bulletin: 3 more."""
    town.take_in(CASES)
    assert causes(town) == {"V001": ("7.5", "10.5", ["CR-1"])}


def test_because_of_a_report_that_came_late(town):
    """Of May, in on 15 June: half a point for V001; V002, which sent none, loses another half."""
    town.take_in({**SCREENING, "submitted_on": "2016-06-15"})
    later = ("--through", "2016-06-30")
    assert causes(town) == {}
    assert causes(town, *later) == {"V002": ("8.5", "8", [])}
    assert causes(town, "--through", "2016-06-01") == {}


def test_because_of_a_late_verification(office):
    """Recorded before the bulletin, verified after it: it did not count and does."""
    office.take_in(*UNITS)
    office.take_in(batch(headcount=12), verify_by=None)
    office("publish", "2016Q2", "--by", "office").ok()
    assert causes(office) == {}
    office.verify("B-1")
    assert causes(office) == {"V001": ("8.5", "4.5", ["B-1"])}


def test_because_of_a_reversal(town):
    town.reverse("B-1", verify=False)
    assert causes(town) == {}
    town.verify()
    assert causes(town) == {"V001": ("7.5", "8.5", ["B-1.R"])}


def test_because_of_a_replacement(town):
    town.correct("B-1", "headcount=12")
    assert causes(town) == {"V001": ("7.5", "4.5", ["B-1.R", "B-1.2"])}
    town.correct("B-1.2", "unit=V002")
    found = causes(town)
    assert {unit: scores[:2] for unit, scores in found.items()} == {
        "V001": ("7.5", "8.5"),
        "V002": ("8.5", "4.5"),
    }
    assert "B-1.R" in found["V001"][2]
    assert "B-1.2.2" in found["V002"][2]


def test_because_of_a_ruling(office):
    """Thirty people to the town are 3, and 4 where 30 belongs to the highest tier; 1 untold."""
    office.take_in(*UNITS, batch(headcount=30))
    office("publish", "2016Q2", "--by", "office").ok()
    office.take_in(RULING)
    assert causes(office) == {"V001": ("4.5", "3.5", ["RU-1"])}


def test_because_of_all_of_it(office):
    """Each unit has its own causes.

    V001: thirty people cost 4 instead of 3, and 3 come back with the cases of March. V002: the
    batch of three is taken back (1), one of six counts that was not verified (2, and 1 untold).
    """
    office.take_in(*UNITS, batch(headcount=30), batch("B-2", unit="V002"))
    office.take_in(batch("B-3", unit="V002", headcount=6), verify_by=None)
    office("publish", "2016Q2", "--by", "office").ok()
    office.take_in(RULING, CASES)
    office.verify("B-3")
    office.reverse("B-2")
    assert causes(office) == {
        "V001": ("4.5", "6.5", ["RU-1", "CR-1"]),
        "V002": ("7.5", "5.5", ["B-3", "B-2.R"]),
    }
    page = office("diff", "--from", "2016Q2", *END).ok().out
    for line in (
        "  2016Q2 score: 4.5 → 6.5",
        "  because of RU-1, CR-1",
        "  2016Q2 score: 7.5 → 5.5",
        "  because of B-3, B-2.R",
    ):
        assert line in page.splitlines()


def test_a_ruling_that_changed_nothing_is_no_cause(town):
    """A report taken back is the only cause; the ruling is of another year and of rank."""
    town.take_in({**SCREENING, "submitted_on": "2016-05-20"})
    before = town.position
    ruling = {**RULING, "year": 2015, "reading": "veto_rank", "value": "last"}
    town.take_in(ruling)
    town.reverse("SR-1")
    assert town.diff("--from", before)["V001"]["entries"] == ["SR-1.R"]


def test_a_ruling_on_ranks_is_the_cause_of_ranks(office):
    """V001 is vetoed and ahead by a point; with veto_rank = last it is behind."""
    office.take_in(*UNITS, batch(unit="V002"), {**CRITICISM, "issued_on": "2016-05-02"})
    before = office.position
    office.take_in({**RULING, "reading": "veto_rank", "value": "last"})
    found = office.diff("--from", before)
    ranks = {unit: (one["before"], one["after"]) for unit, one in found.items()}
    assert ranks == {
        "V001": ({"rank": 1}, {"rank": 2}),
        "V002": ({"rank": 2}, {"rank": 1}),
    }
    assert [one["entries"] for one in found.values()] == [["RU-1"], ["RU-1"]]


def test_a_unit_that_no_longer_counts_beside_its_replacement(office):
    """The replacement is verified first: both count until the reversal is verified too."""
    office.take_in(*UNITS)
    office.correct("V001", "name=改名村", verify=False)
    both = office.verify("V001.2")
    assert set(office.units()) == {"V001", "V001.2", "V002"}
    office.verify("V001.R")
    assert set(office.units()) == {"V001.2", "V002"}
    found = office.diff("--from", both)
    assert "V001.R" in {cause for unit in found.values() for cause in unit["entries"]}


# ---- objections
def raise_(office, subject="B-1", unit="V001", reason="人数不符"):
    words = ["object", subject, "--unit", unit, "--reason", reason, "--by", "clerk", "--json"]
    return office(*words).ok().json


def decide(office, objection, outcome="upheld", by="head"):
    return office("decide", objection, outcome, "--reason", "核实为四人", "--by", by)


def test_an_objection_is_open_until_decided(town):
    raised = raise_(town)
    assert raised == {"objection": "B-1.O", "position": town.position}
    open_ = town.position
    assert town.objections() == [("V001", "B-1.O", "abnormal-petitions")]
    assert (
        "open: objection B-1.O abnormal-petitions"
        in town("score", "--year", "2016", "--unit", "V001").ok().out
    )
    run = decide(town, "B-1.O").ok()
    assert run.out == f"B-1.O is upheld; the ledger is at position {open_ + 1}\n"
    assert town.objections() == []
    then = town.units("--as-of", open_)["V001"]["open"]
    assert {"kind": "objection", "entry": "B-1.O", "clause": "abnormal-petitions"} in then
    # An objection and its decision change no figure.
    assert causes(town) == {}
    found = town.diff("--from", open_)
    assert found.keys() == {"V001"}
    assert (found["V001"]["before"].keys(), found["V001"]["entries"]) == ({"open"}, ["B-1.O"])


def test_decided_twice(town):
    raise_(town)
    decide(town, "B-1.O", "dismissed").ok()
    (done,) = (
        event
        for event in town("history", "B-1.O", "--json").ok().json["events"]
        if event["event"] == "decided"
    )
    stored = town.stored()
    at = done["at"][:19].replace("T", " ")
    assert decide(town, "B-1.O", by="deputy").refused().err == (
        f"tally: B-1.O: was dismissed already by head on {at} UTC (position {done['position']})\n"
        "tally: 1 refused; nothing was written\n"
    )
    assert town.stored() == stored


def test_the_correction_that_followed(town):
    """Not the one before it; the ones after it through the whole chain."""
    town.correct("B-1", "matter=XF-9")
    raise_(town, "B-1.2")
    decide(town, "B-1.2.O").ok()
    assert town("history", "B-1.2.O", "--json").ok().json["followed_by"] == []
    town.correct("B-1.2", "headcount=4")
    town.reverse("B-1.2.2")
    found = town("history", "B-1.2.O", "--json").ok().json
    assert found["followed_by"] == ["B-1.2.R", "B-1.2.2", "B-1.2.2.R"]
    events = [event["event"] for event in found["events"]]
    assert events == ["objected", "decided", "reversed", "reversed"]
    page = town("history", "B-1.2.O").ok().out
    assert page.endswith("followed by B-1.2.R, B-1.2.2, B-1.2.2.R\n")
    of_entry = town("history", "B-1.2", "--json").ok().json
    told = [event["event"] for event in of_entry["events"]]
    assert told == ["recorded", "verified", "objected", "decided", "reversed"]
    objected, decided = of_entry["events"][2:4]
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


def test_an_objection_to_a_posting(town):
    raised = raise_(town, "2016Q2:screening", "V002", "已按时报送")
    name = "V002-2016Q2-screening.O"
    assert raised["objection"] == name
    assert town.objections() == [("V002", name, "screening")]
    assert raise_(town, "2016Q2:screening", "V002")["objection"] == f"{name}2"
    decide(town, name).ok()
    assert town.objections() == [("V002", f"{name}2", "screening")]
    town.take_in({**SCREENING, "unit": "V002", "submitted_on": "2016-06-15"})
    town.correct("SR-1", "submitted_on=2016-05-20")
    found = town("history", name, "--json").ok().json
    assert found["followed_by"] == ["SR-1.R", "SR-1.2"]
    assert found["events"][0]["to"] == "2016Q2:screening"
    assert raise_(town, "2016:inspection-3", "V001")["objection"] == "V001-2016-inspection-3.O"


def test_an_objection_after_its_unit_was_corrected(town):
    raise_(town)
    town.correct("V001", "name=改名村")
    assert town.objections() == [("V001.2", "B-1.O", "abnormal-petitions")]


def test_several_objections_to_one_entry(town):
    """Each has a name of its own, and is decided by itself."""
    names = [raise_(town, unit=unit)["objection"] for unit in ("V001", "V002", "V001")]
    assert names == ["B-1.O", "B-1.O2", "B-1.O3"]
    decide(town, "B-1.O2").ok()
    assert [name for _, name, _ in town.objections()] == ["B-1.O", "B-1.O3"]


def test_refusals_of_objections(town):
    stored = town.stored()
    one = "tally: 1 refused; nothing was written\n"
    for words, told in (
        (
            ["object", "B-9", "--unit", "V001"],
            (
                "tally: B-9: is neither an entry in this ledger nor a posting; "
                f"write a posting as 2016Q2:screening\n{one}"
            ),
        ),
        (["object", "B-1", "--unit", "V009"], f"tally: unit: there is no unit V009\n{one}"),
        (["object", "B-1", "--unit", "B-1"], f"tally: unit: there is no unit B-1\n{one}"),
        (["decide", "B-1.O", "upheld"], f"tally: B-1.O: is not an objection in this ledger\n{one}"),
        (["decide", "B-1", "upheld"], f"tally: B-1: is not an objection in this ledger\n{one}"),
    ):
        run = town(*words, "--reason", "不符", "--by", "clerk").refused()
        assert run.err == told
    run = town("object", "2016Q2:weather", "--unit", "V001", "--reason", "x", "--by", "c").refused()
    assert run.err.startswith("tally: POSTING: no clause 'weather'; one of screening, ")
    town("decide", "B-1.O", "perhaps", "--reason", "x", "--by", "head").misused()
    assert town.stored() == stored


UNSEEN = {
    "B-1.R": "abnormal-petitions",
    "RU-1": None,
    "V001": None,
}


@pytest.mark.parametrize(
    "subject",
    [
        *(
            pytest.param(
                subject,
            )
            for subject in UNSEEN
        ),
        *(
            entry["id"]
            for entry in OF_EACH_KIND
            if entry["kind"] not in {"unit", "ruling", "reversal"}
        ),
    ],
)
def test_an_open_objection_is_shown_whatever_it_is_to(office, subject):
    """Of every kind, under the unit that objects."""
    office.take_in(*UNITS, *OF_EACH_KIND)
    office.reverse("B-1")
    raise_(office, subject)
    assert [(unit, name) for unit, name, _ in office.objections()] == [("V001", f"{subject}.O")]


def test_a_correction_of_another_quarter_did_not_follow_an_objection(town):
    """To the screening of the second quarter; what was corrected is a report of January."""
    january = {**SCREENING, "month": "2016-01", "submitted_on": "2016-01-20"}
    town.take_in(january)
    raise_(town, "2016Q2:screening")
    town.reverse("SR-1")
    found = town("history", "V001-2016Q2-screening.O", "--json").ok().json
    assert found["followed_by"] == []


@pytest.mark.parametrize(
    ("posting", "unit"), [("2016Q2:abnormal-petitions", "V002"), ("2016Q2:information", "V001")]
)
def test_a_correction_of_what_a_posting_rests_on_followed_an_objection(office, posting, unit):
    """The host's share and the report that was not sent rest on the batch that is corrected."""
    office.take_in(*UNITS, batch(headcount=12, host_unit="V002"))
    period, _, clause = posting.partition(":")
    told = office("explain", unit, period, "--json").ok().json["postings"]
    assert ["B-1"] in [one["entries"] for one in told if one["clause"] == clause]
    name = raise_(office, posting, unit)["objection"]
    office.correct("B-1", "headcount=4")
    found = office("history", name, "--json").ok().json
    assert found["followed_by"] == ["B-1.R", "B-1.2"]
