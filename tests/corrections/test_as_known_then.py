"""`--as-of`: what was known then, whatever has been corrected since.

A unit that hands in nothing has 8 points a quarter (20 - 3 - 9), 8.5 in the last.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from ledger import codec
from tests.cli.entries import UNITS, batch
from tests.corrections.office import office as office_in
from tests.support import submissions

RESPONSE = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}
LATE = {**RESPONSE, "arrival": "late"}
CITY = batch(level="city", headcount=12)
RULING = {
    "kind": "ruling",
    "id": "RU-1",
    "year": 2016,
    "reading": "overstay_factor",
    "value": "1.5",
    "basis": "会议纪要",
}
FIRST, SECOND, THIRD = (
    datetime.fromisoformat(at)
    for at in (
        "2026-03-01T10:00:00+08:00",
        "2026-03-02T00:30:00.25+08:00",
        "2026-03-04T23:59:59.999999+08:00",
    )
)


def correction(entry, number, **fields):
    """A reversal and a replacement as an import has them."""
    replacement = {**entry, **fields, "id": f"{entry['id']}.{number}", "replaces": entry["id"]}
    reversal = {
        "kind": "reversal",
        "id": f"{entry['id']}.R",
        "of": entry["id"],
        "reason": "录错",
    }
    return reversal, replacement


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    """A ledger of three appends at known times, and its positions after each."""
    made = office_in(tmp_path_factory.mktemp("timed"))
    positions = (
        made.at(FIRST.isoformat(), *UNITS, CITY),
        made.at(SECOND.isoformat(), LATE, RULING),
        made.at(THIRD.isoformat(), *correction(CITY, 2, headcount=60)),
    )
    return made, positions


def spellings(moment):
    """One instant, written from +08:00, UTC, New York, Kathmandu, and by the office's clock."""
    there = moment.replace(tzinfo=None)
    return [
        moment.isoformat(),
        f"{(there - timedelta(hours=8)).isoformat()}Z",
        f"{(there - timedelta(hours=8)).isoformat()}+00:00",
        f"{(there - timedelta(hours=13)).isoformat()}-05:00",
        f"{(there - timedelta(hours=2, minutes=15)).isoformat()}+05:45",
        there.isoformat(),
        there.isoformat(" "),
    ]


READERS = [
    ["score", "--json"],
    ["explain", "V001", "2016Q2", "--json"],
    ["history", "B-1", "--json"],
    ["rules", "abnormal-petitions", "--year", "2016", "--json"],
]


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
@pytest.mark.parametrize("number", range(3))
def test_one_instant_in_every_offset(timed, words, number):
    """The same as of the position that it is the time of."""
    made, positions = timed
    moment = (FIRST, SECOND, THIRD)[number]
    then = made(*words, "--as-of", positions[number]).ok().out
    for spelling in spellings(moment):
        assert made(*words, "--as-of", spelling).ok().out == then, spelling


def test_diff_between_instants_in_every_offset(timed):
    made, positions = timed
    words = ["diff", "--year", "2016", "--json"]
    expected = made(*words, "--from", positions[0], "--to", positions[2]).ok().out
    for start, end in itertools.product(spellings(FIRST), spellings(THIRD)):
        assert made(*words, "--from", start, "--to", end).ok().out == expected, (start, end)


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_a_time_between_two_appends_is_the_earlier_one(timed, words):
    """From the microsecond of an append to the last one before the next."""
    made, positions = timed
    moments = [FIRST, SECOND, THIRD, THIRD + timedelta(days=9)]
    for position, start, end in zip(positions, moments, moments[1:], strict=False):
        then = made(*words, "--as-of", position).ok().out
        for moment in (start, start + (end - start) / 2, end - timedelta(microseconds=1)):
            assert made(*words, "--as-of", moment.isoformat()).ok().out == then, moment


def test_points_as_they_were_known(timed):
    """12 people to the city: 5, and 2 untold. Late: 7.5. With 60 people 6 × 1.5 = 9."""
    made, positions = timed
    found = [made.quarter("V001", "2016Q2", "--as-of", position) for position in positions]
    assert found == ["1", "-1.5", "-3"]
    flags = [made.units("--as-of", position)["V001"]["disqualified"] for position in positions]
    assert flags == [False, False, True]


def test_a_printed_page_says_what_it_shows(timed):
    """Position and day on the page; of JSON the time of the last event too."""
    made, positions = timed
    words = ["--as-of", positions[0], "--year", "2016", "--through", "2016-06-30"]
    page = made("score", *words).ok().out
    assert f"2016 through 2016-06-30, as of position {positions[0]}, verified entries only" in page
    found = made("score", *words, "--json").ok().json
    told = (found["position"], found["through"], found["known_at"])
    assert told == (positions[0], "2016-06-30", "2026-03-01T02:00:00.000000Z")
    page = made("explain", "V001", "2016Q2", "--as-of", positions[0]).ok().out
    assert "2016-11-30" in page
    assert f"position {positions[0]}" in page
    page = made("rules", "--as-of", positions[0]).ok().out
    assert f"as of position {positions[0]}" in page
    page = made("history", "B-1", "--as-of", positions[0]).ok().out
    assert f"as of position {positions[0]}" in page
    page = made("diff", "--from", positions[0], "--to", positions[1], "--year", "2016").ok().out
    assert f"from {positions[0]}, to {positions[1]}, year 2016, through 2016-11-30" in page


@pytest.mark.parametrize("as_of", ["yesterday", "-1", "2026-02-30"])
def test_no_such_time(timed, as_of):
    made, _ = timed
    run = made("score", "--as-of", as_of).misused()
    assert f"'--as-of': {as_of!r} is neither a position nor a time; " in run.err


def test_no_such_position(timed):
    made, positions = timed
    run = made("score", "--as-of", "999").refused()
    assert run.err == f"tally: --as-of: the ledger ends at position {positions[-1]}\n"


# ---- the clock
CLOCKS = [
    "2026-03-02T10:00:00+08:00",
    "2026-03-01T10:00:00+08:00",
    "2026-03-02T09:59:59+08:00",
    "2026-03-02T02:00:00+00:00",
    "1999-12-31T23:59:59+08:00",
    "2026-03-02T10:00:01+08:00",
    "2026-03-02T10:00:00.5+08:00",
]


def test_recorded_times_never_run_backwards(office):
    """Every way of writing, by a new process each time, under a clock that is set back."""
    clock = iter(CLOCKS)

    def ledger():
        now = datetime.fromisoformat(next(clock))
        return office.ledger(lambda: now)

    desks = [ledger() for _ in CLOCKS]
    desks[0].record(submissions([*UNITS, batch()]), "clerk")
    desks[1].verify(None, "head")
    desks[2].record(submissions(correction(batch(), 2, headcount=4)), "clerk", "head")
    desks[3].object("B-1", "V001", "不符", "clerk")
    desks[4].decide("B-1.O", "upheld", "核实", "head")
    desks[5].record(submissions([batch("B-2")]), "clerk")
    desks[6].verify(["B-2"], "head")
    times = [codec.recorded_at(row) for row in desks[0].store.rows()]
    for desk in desks:
        desk.store.close()
    assert times == sorted(times)
    first, last = (datetime.fromisoformat(CLOCKS[number]) for number in (0, 5))
    assert set(times) == {first, last}
    assert times.count(last) == 2


def test_as_of_a_time_that_two_appends_share(office):
    """Both are known then: a time stands for the last position of it."""
    office.at("2026-03-02T10:00:00+08:00", *UNITS)
    before = office.at("2026-03-03T10:00:00+08:00", batch())
    after = office.at("2026-03-01T10:00:00+08:00", batch("B-2"))
    assert after == before + 2
    for moment in ("2026-03-03T10:00:00+08:00", "2026-03-03T02:00:00Z"):
        assert office("score", "--as-of", moment, "--json").ok().json["position"] == after
    earlier = office("score", *("--year", "2016", "--as-of", "2026-03-03T09:59:59+08:00"), "--json")
    assert earlier.ok().json["position"] == 4


# ---- what had happened, and what was known of it
def test_through_is_independent_of_as_of(office):
    """Q2 of V001 by day and by position: eight points, less what of B-1 had happened and was known.

    On 4 March nothing is due of the quarter yet: 20. The batch is of the 5th, and was moved to
    the 4th by a correction; the response makes 1.5 of its 1 point.
    """
    known = [
        office.at("2026-03-01T10:00", *UNITS),
        office.at("2026-03-02T10:00", batch()),
        office.at("2026-03-03T10:00", LATE),
        office.at("2026-03-04T10:00", *correction(batch(), 2, occurred_at="2016-03-04T09:00")),
    ]
    days = ["2016-03-03", "2016-03-04", "2016-03-05", "2016-11-30"]
    expected = [
        ["20", "20", "20", "8"],
        ["20", "20", "19", "7"],
        ["20", "20", "18.5", "6.5"],
        ["20", "18.5", "18.5", "6.5"],
    ]
    found = [
        [office.quarter("V001", "2016Q2", "--as-of", at, "--through", day) for day in days]
        for at in known
    ]
    assert found == expected
    # A day after the year's end: all four positions see the missing report of November, 8.
    later = [
        office.quarter("V001", "2016Q4", "--as-of", at, "--through", "2016-12-31") for at in known
    ]
    assert later == ["8"] * 4


def test_the_readings_in_force_then(office):
    """Recorded, verified, corrected, taken back."""
    positions = [
        office.at("2026-03-01T10:00", *UNITS),
        office.at("2026-03-02T10:00", RULING, verify_by=None),
        office.verify("RU-1"),
        office.correct("RU-1", "value=2"),
        office.reverse("RU-1.2"),
    ]
    found = []
    for position in positions:
        words = ["rules", "abnormal-petitions", "--year", "2016", "--as-of", position, "--json"]
        told = office(*words).ok().json
        assert told["position"] == position
        ((clause),) = told["clauses"]
        (reading,) = (one for one in clause["readings"] if one["reading"] == "overstay_factor")
        found.append((reading["value"], reading["by_entry"]))
    assert found == [
        ("none", None),
        ("none", None),
        ("1.5", "RU-1"),
        ("2", "RU-1.2"),
        ("none", None),
    ]
    other = office(
        "rules", "abnormal-petitions", "--year", "2015", "--as-of", positions[3], "--json"
    )
    (reading,) = (
        one
        for one in other.ok().json["clauses"][0]["readings"]
        if one["reading"] == "overstay_factor"
    )
    assert (reading["value"], reading["by_entry"]) == ("none", None)


# ---- references that follow a replacement
def walk(office, entry, *corrections):
    """Corrects an entry and each replacement of it in turn; the positions from the first on."""
    positions = [office.position]
    for settings in corrections:
        positions.append(office.correct(entry, *settings))
        entry = f"{entry}.2"
    return positions


def seen(office, positions, unit, quarter, field="score"):
    found = []
    for position in positions:
        quarters = office.units("--as-of", position)[unit]["quarters"]
        found.extend(one[field] for one in quarters if one["quarter"] == quarter)
    return found


def test_a_response_follows_its_batch(office):
    """Late throughout: × 1.5 of 5, 5, 6, 4 points, and 2 untold."""
    office.take_in(*UNITS, CITY, LATE)
    positions = walk(office, "B-1", ["headcount=13"], ["headcount=60"], ["headcount=6"])
    expected = ["-1.5", "-1.5", "-3", "0"]
    assert seen(office, positions, "V001", "2016Q2") == expected
    for position, batch_id in zip(positions, ["B-1", "B-1.2", "B-1.2.2", "B-1.2.2.2"], strict=True):
        words = ["explain", "V001", "2016Q2", "--as-of", position, "--json"]
        found = office(*words).ok().json["postings"]
        entries = [one["entries"] for one in found if one["clause"] == "abnormal-petitions"]
        assert entries == [[batch_id, "R-1"]]


def test_a_response_to_any_of_the_chain(office):
    """Recorded last, to the first of four: it is the fourth's all the same. 4 × 2 and 2 untold."""
    office.take_in(*UNITS, CITY)
    walk(office, "B-1", ["headcount=13"], ["headcount=60"], ["headcount=6"])
    office.take_in({**RESPONSE, "arrival": "absent"})
    assert office.quarter("V001", "2016Q2") == "-2"
    again = {**RESPONSE, "id": "R-2", "batch": "B-1.2.2.2", "arrival": "ahead"}
    path = office.file("again.jsonl", again)
    refused = office("import", path, "--by", "clerk").refused()
    assert "R-1 stands for batch B-1.2.2.2, unit V001 already" in refused.err


def test_a_resolution_follows_its_case(office):
    """Resolved on the 8th: in time for the 31st, late for the 7th, in time for the 8th; city 2."""
    case = {"kind": "supervised_case", "id": "SC-1", "unit": "V001", "level": "town"}
    done = {"kind": "case_resolution", "id": "RES-1", "unit": "V001", "case": "SC-1"}
    office.take_in(*UNITS, {**case, "due_on": "2016-03-31"}, {**done, "resolved_on": "2016-03-08"})
    settings = (["due_on=2016-03-07"], ["due_on=2016-03-08"], ["level=city"])
    positions = walk(office, "SC-1", *settings)
    assert seen(office, positions, "V001", "2016Q2", "rewards") == ["1", "0", "1", "2"]


def test_a_report_follows_its_notice(office):
    """In on 9 March. Due the 10th: in time. Due the 8th: late. Due 8 February: missing, of Q1."""
    notice = {"kind": "notice", "id": "N-1", "title": "两会排查", "due_on": "2016-03-10"}
    report = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "notice": "N-1"}
    office.take_in(*UNITS, {**notice, "units": ["V001"]}, {**report, "submitted_on": "2016-03-09"})
    settings = (["due_on=2016-03-08"], ["due_on=2016-02-08"], ["units=V002"])
    positions = walk(office, "N-1", *settings)
    assert seen(office, positions, "V001", "2016Q2") == ["8", "7.5", "8", "8"]
    assert seen(office, positions, "V001", "2016Q1") == ["8", "8", "7", "8"]
    assert seen(office, positions, "V002", "2016Q1") == ["8", "8", "8", "7"]


def test_everything_follows_its_unit(office):
    """A batch, what was told of it, a notice and the host's share, under the name of the day."""
    told = {
        "kind": "information_report",
        "id": "IR-1",
        "unit": "V001",
        "urgency": "urgent",
        "matters": ["XF-B-1"],
        "submitted_at": "2016-03-01T08:00",
    }
    # 12 people to the city: 5, of which V002 bears 1.5; told of before. One notice missed: 1.
    notice = {"kind": "notice", "id": "N-1", "title": "排查", "due_on": "2016-03-10"}
    office.take_in(*UNITS, {**CITY, "host_unit": "V002"}, told, {**notice, "units": ["V001"]})
    positions = walk(office, "V001", ["name=甲一村"], ["type=farm"], ["name=甲场"])
    others = walk(office, "V002", ["name=乙一村"])[1:]
    ids_then = ["V001", "V001.2", "V001.2.2", "V001.2.2.2"]
    names = ["甲村", "甲一村", "甲一村", "甲场"]
    for position, unit, name in zip(positions, ids_then, names, strict=True):
        units = office.units("--as-of", position)
        assert units.keys() == {unit, "V002"}
        assert units[unit]["name"] == name
        assert office.quarter(unit, "2016Q2", "--as-of", position) == "3.5"
        assert office.quarter("V002", "2016Q2", "--as-of", position) == "6.5"
    assert office.quarter("V002.2", "2016Q2", "--as-of", others[0]) == "6.5"
    # The old ids still find it.
    for unit in ids_then:
        found = office("explain", unit, "2016Q2", "--json").ok().json
        assert (found["unit"], found["closing"]) == ("V001.2.2.2", "3.5")


def test_a_batch_taken_back_leaves_its_response_standing_without_effect(office):
    """The response is nobody's until a batch takes the place of the one that it was to."""
    office.take_in(*UNITS, CITY, {**RESPONSE, "arrival": "absent"})
    assert office.quarter("V001", "2016Q2") == "-4"  # 5 × 2, 2 untold
    office.reverse("B-1")
    assert office.quarter("V001", "2016Q2") == "8"
    found = office("history", "R-1", "--json").ok().json
    assert [event["event"] for event in found["events"]] == ["recorded", "verified"]
    told = office("explain", "V001", "2016Q2", "--json").ok().json
    assert not any("R-1" in posting["entries"] for posting in told["postings"])
    assert not any(point["entry"] for point in told["open"])
    # It stands: a second one is refused.
    path = office.file("again.jsonl", {**RESPONSE, "id": "R-2", "arrival": "late"})
    assert "R-1 stands for" in office("import", path, "--by", "clerk").refused().err
    # Recorded anew under its own number and in the other's place: 4 for six, × 2, 2 untold.
    office.take_in({**CITY, "id": "B-9", "headcount": 6, "replaces": "B-1"})
    assert office.quarter("V001", "2016Q2") == "-2"


def test_every_position_of_a_chain_as_it_was(office):
    """Each command, as of each position, says what it said when that was the last."""
    office.take_in(*UNITS, CITY, LATE)
    said = []
    steps = [
        lambda: office.correct("B-1", "headcount=60", verify=False),
        lambda: office.verify("B-1.R"),
        lambda: office.verify("B-1.2"),
        lambda: office.correct("R-1", "arrival=absent"),
        lambda: office.correct("B-1.2", "level=province", "unit=V002"),
        lambda: office.reverse("B-1.2.2", verify=False),
        office.verify,
    ]
    readers = [*READERS, ["score", "--provisional", "--json"], ["explain", "V002", "--json"]]
    for step in [lambda: None, *steps]:
        step()
        said.append((office.position, [office(*words).ok().out for words in readers]))
    for position, printed in said:
        for words, out in zip(readers, printed, strict=True):
            assert office(*words, "--as-of", position).ok().out == out, (position, words)
    found = [office.quarter("V001", "2016Q2", "--as-of", position) for position, _ in said]
    # 5 × 1.5; the same; nothing between the two verifications; 6 × 1.5; 6 × 2; gone to V002.
    assert found == ["-1.5", "-1.5", "8", "-3", "-6", "8", "8", "8"]
