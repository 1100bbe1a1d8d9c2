"""References to an entry follow its corrections: each is to the last replacement.

Each test corrects an entry several times and looks at the scores as of each position. A unit that
submits nothing has 8 points a quarter.
"""

from __future__ import annotations

from tests.cli.entries import UNITS
from tests.corrections.entries import CITY, LATE, RESPONSE
from tests.corrections.office import quarter_of

NOTICE = {"kind": "notice", "id": "N-1", "title": "两会排查", "due_on": "2016-03-10"}


def correct_repeatedly(office, entry, *corrections):
    """Correct an entry, then each replacement; return the positions, with the first."""
    positions = [office.position]
    for settings in corrections:
        positions.append(office.correct(entry, *settings))
        entry = f"{entry}.2"
    return positions


def quarter_as_of(office, positions, unit, quarter, field="score"):
    """Return the score of a unit's quarter, or what is told beside it, as of each position."""
    found = []
    for position in positions:
        shown = quarter_of(office.units("--as-of", position)[unit], quarter)
        found.append(shown["score"] if field == "score" else shown["beside"][field])
    return found


def test_a_response_follows_its_batch(office):
    """Late: × 1.5 of 5, 5, 6 and 4 points; 2 for no information report."""
    office.take_in(*UNITS, CITY, LATE)
    positions = correct_repeatedly(
        office, "B-1", ["headcount=13"], ["headcount=60"], ["headcount=6"]
    )
    scores = quarter_as_of(office, positions, "V001", "2016Q2")
    assert scores == ["-1.5", "-1.5", "-3", "0"]
    for position, batch_id in zip(positions, ["B-1", "B-1.2", "B-1.2.2", "B-1.2.2.2"], strict=True):
        words = ["explain", "V001", "2016Q2", "--as-of", position, "--json"]
        postings = office(*words).ok().json["postings"]
        entries = [one["entries"] for one in postings if one["clause"] == "abnormal-petitions"]
        assert entries == [[batch_id, "R-1"]]


def test_a_response_to_a_replaced_batch_is_to_its_last_replacement(office):
    """Absent: 4 × 2, and 2 for no information report; a second response is refused."""
    office.take_in(*UNITS, CITY)
    correct_repeatedly(office, "B-1", ["headcount=13"], ["headcount=60"], ["headcount=6"])
    office.take_in({**RESPONSE, "arrival": "absent"})
    assert office.quarter("V001", "2016Q2") == "-2"
    second = {**RESPONSE, "id": "R-2", "batch": "B-1.2.2.2", "arrival": "ahead"}
    path = office.file("second.jsonl", second)
    refused = office("import", path, "--by", "clerk").refused()
    assert "R-1 stands for batch B-1.2.2.2, unit V001 already" in refused.err


def test_a_resolution_follows_its_case(office):
    """Resolved on the 8th: in time for the 31st, not the 7th, but the 8th.

    A town's case in time wins 1 point, a city's 2.
    """
    case = {"kind": "supervised_case", "id": "SC-1", "unit": "V001", "level": "town"}
    resolution = {"kind": "case_resolution", "id": "RES-1", "unit": "V001", "case": "SC-1"}
    office.take_in(
        *UNITS, {**case, "due_on": "2016-03-31"}, {**resolution, "resolved_on": "2016-03-08"}
    )
    positions = correct_repeatedly(
        office, "SC-1", ["due_on=2016-03-07"], ["due_on=2016-03-08"], ["level=city"]
    )
    assert quarter_as_of(office, positions, "V001", "2016Q2", "rewards") == ["1", "0", "1", "2"]


def test_a_report_follows_its_notice(office):
    """Submitted on 9 March: due on the 10th it is in time, on the 8th late (0.5).

    Due on 8 February, it is late in Q1 (0.5). At last the notice is to V002, which sent none.
    """
    report = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "notice": "N-1"}
    office.take_in(*UNITS, {**NOTICE, "units": ["V001"]}, {**report, "submitted_on": "2016-03-09"})
    positions = correct_repeatedly(
        office, "N-1", ["due_on=2016-03-08"], ["due_on=2016-02-08"], ["units=V002"]
    )
    assert quarter_as_of(office, positions, "V001", "2016Q2") == ["8", "7.5", "8", "8"]
    assert quarter_as_of(office, positions, "V001", "2016Q1") == ["8", "8", "7.5", "8"]
    assert quarter_as_of(office, positions, "V002", "2016Q1") == ["8", "8", "8", "7"]


def test_batch_report_notice_and_share_follow_their_unit(office):
    """12 people to the city: 5, the host bears 1.5; V001 misses a notice: 1.

    An information report beforehand saves the 2 points. The unit keeps its first id; `explain`
    finds it by the later ones too.
    """
    report = {
        "kind": "information_report",
        "id": "IR-1",
        "unit": "V001",
        "urgency": "urgent",
        "matters": ["XF-B-1"],
        "submitted_at": "2016-03-01T08:00",
    }
    notice = {**NOTICE, "units": ["V001"]}
    office.take_in(*UNITS, {**CITY, "host_unit": "V002"}, report, notice)
    positions = correct_repeatedly(office, "V001", ["name=甲一村"], ["type=farm"], ["name=甲场"])
    of_host = correct_repeatedly(office, "V002", ["name=乙一村"])[1:]
    ids = ["V001", "V001.2", "V001.2.2", "V001.2.2.2"]
    names = ["甲村", "甲一村", "甲一村", "甲场"]
    for position, name in zip(positions, names, strict=True):
        units = office.units("--as-of", position)
        assert units.keys() == {"V001", "V002"}
        assert units["V001"]["name"] == name
        assert office.quarter("V001", "2016Q2", "--as-of", position) == "3.5"
        assert office.quarter("V002", "2016Q2", "--as-of", position) == "6.5"
    assert office.quarter("V002", "2016Q2", "--as-of", of_host[0]) == "6.5"
    for unit in ids:
        found = office("explain", unit, "2016Q2", "--json").ok().json
        assert (found["unit"], found["closing"]) == ("V001", "3.5")


def test_a_response_to_a_reversed_batch_has_no_effect_until_a_batch_replaces_it(office):
    """5 × 2, and 2 for no information report; nothing; 4 × 2 for six people, and 2."""
    office.take_in(*UNITS, CITY, {**RESPONSE, "arrival": "absent"})
    assert office.quarter("V001", "2016Q2") == "-4"
    office.reverse("B-1")
    assert office.quarter("V001", "2016Q2") == "8"
    history = office("history", "R-1", "--json").ok().json
    assert [event["event"] for event in history["events"]] == ["recorded", "verified"]
    explained = office("explain", "V001", "2016Q2", "--json").ok().json
    assert not any("R-1" in posting["entries"] for posting in explained["postings"])
    assert not any(point["entry"] for point in explained["open"])
    # The response is not taken back: a second one is refused.
    path = office.file("second.jsonl", {**RESPONSE, "id": "R-2", "arrival": "late"})
    assert "R-1 stands for" in office("import", path, "--by", "clerk").refused().err
    office.take_in({**CITY, "id": "B-9", "headcount": 6, "replaces": "B-1"})
    assert office.quarter("V001", "2016Q2") == "-2"
