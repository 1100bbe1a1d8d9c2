"""`--as-of` shows what the ledger held at a position or a time.

A unit that submits nothing has 8 points a quarter (20 - 3 for the reports - 9 for the cases).
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from ledger import codec
from tests.cli.entries import UNITS, batch
from tests.corrections.entries import CITY, LATE, OVERSTAY_RULING, correction
from tests.corrections.office import office as office_in
from tests.corrections.office import temporary_folder
from tests.support import submissions

FIRST, SECOND, THIRD = APPENDS = [
    datetime.fromisoformat(at)
    for at in (
        "2026-03-01T10:00:00+08:00",
        "2026-03-02T00:30:00.25+08:00",
        "2026-03-04T23:59:59.999999+08:00",
    )
]
READERS = [
    ["score", "--json"],
    ["explain", "V001", "2016Q2", "--json"],
    ["history", "B-1", "--json"],
    ["rules", "abnormal-petitions", "--year", "2016", "--json"],
]
BY_EACH_READER = pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])


@pytest.fixture(scope="module")
def timed():
    """An office with three appends at known times, and the position after each."""
    with temporary_folder() as folder:
        made = office_in(folder)
        positions = (
            made.at(FIRST.isoformat(), *UNITS, CITY),
            made.at(SECOND.isoformat(), LATE, OVERSTAY_RULING),
            made.at(THIRD.isoformat(), *correction(CITY, 2, headcount=60)),
        )
        yield made, positions


def spellings(moment):
    """Return an instant as written in +08:00, UTC, -05:00, +05:45 and the local time."""
    local = moment.replace(tzinfo=None)
    return [
        moment.isoformat(),
        f"{(local - timedelta(hours=8)).isoformat()}Z",
        f"{(local - timedelta(hours=8)).isoformat()}+00:00",
        f"{(local - timedelta(hours=13)).isoformat()}-05:00",
        f"{(local - timedelta(hours=2, minutes=15)).isoformat()}+05:45",
        local.isoformat(),
        local.isoformat(" "),
    ]


@BY_EACH_READER
@pytest.mark.parametrize("number", range(3))
def test_as_of_a_time_in_any_offset_is_as_of_its_position(timed, words, number):
    made, positions = timed
    then = made(*words, "--as-of", positions[number]).ok().out
    for spelling in spellings(APPENDS[number]):
        assert made(*words, "--as-of", spelling).ok().out == then, spelling


def test_diff_between_times_in_any_offset_is_between_their_positions(timed):
    made, positions = timed
    words = ["diff", "--year", "2016", "--json"]
    expected = made(*words, "--from", positions[0], "--to", positions[2]).ok().out
    for start, end in itertools.product(spellings(FIRST), spellings(THIRD)):
        assert made(*words, "--from", start, "--to", end).ok().out == expected, (start, end)


@BY_EACH_READER
def test_as_of_a_time_between_two_appends_is_as_of_the_earlier(timed, words):
    """From the microsecond of an append to the last microsecond before the next."""
    made, positions = timed
    moments = [*APPENDS, THIRD + timedelta(days=9)]
    for position, start, end in zip(positions, moments, moments[1:], strict=False):
        then = made(*words, "--as-of", position).ok().out
        for moment in (start, start + (end - start) / 2, end - timedelta(microseconds=1)):
            assert made(*words, "--as-of", moment.isoformat()).ok().out == then, moment


def test_score_as_of_a_position_has_the_points_known_then(timed):
    """12 people to the city: 5, late × 1.5; 60: 6; no information report: 2."""
    made, positions = timed
    scores = [made.quarter("V001", "2016Q2", "--as-of", position) for position in positions]
    assert scores == ["1", "-1.5", "-3"]
    flags = [made.units("--as-of", position)["V001"]["flags"] for position in positions]
    assert flags == [[], [], ["disqualified"]]


def test_output_repeats_position_and_day(timed):
    """JSON has the recorded time of the last event too."""
    made, positions = timed
    words = ["--as-of", positions[0], "--year", "2016", "--through", "2016-06-30"]
    page = made("score", *words).ok().out
    assert f"2016 through 2016-06-30, as of position {positions[0]}, verified entries only" in page
    scores = made("score", *words, "--json").ok().json
    shown = (scores["position"], scores["through"], scores["known_at"])
    assert shown == (positions[0], "2016-06-30", "2026-03-01T02:00:00.000000Z")
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
def test_what_is_neither_position_nor_time_is_wrong_usage(timed, as_of):
    made, _ = timed
    run = made("score", "--as-of", as_of).misused()
    assert f"'--as-of': {as_of!r} is neither a position nor a time; " in run.err


def test_a_position_beyond_the_last_is_refused(timed):
    made, positions = timed
    run = made("score", "--as-of", "999").refused()
    assert run.err == f"tally: --as-of: the ledger ends at position {positions[-1]}\n"


# ---- the clock
CLOCKS = [
    datetime.fromisoformat(at)
    for at in (
        "2026-03-02T10:00:00+08:00",
        "2026-03-01T10:00:00+08:00",
        "2026-03-02T09:59:59+08:00",
        "2026-03-02T02:00:00+00:00",
        "1999-12-31T23:59:59+08:00",
        "2026-03-02T10:00:01+08:00",
        "2026-03-02T10:00:00.5+08:00",
    )
]


def test_recorded_times_never_run_backwards(office):
    """Each append is by another process; some of their clocks are behind."""
    ledgers = [office.ledger(lambda now=now: now) for now in CLOCKS]
    ledgers[0].record(submissions([*UNITS, batch()]), "clerk")
    ledgers[1].verify(None, "head")
    ledgers[2].record(submissions(correction(batch(), 2, headcount=4)), "clerk", "head")
    ledgers[3].object("B-1", "V001", "不符", "clerk")
    ledgers[4].decide("B-1.O", "upheld", "核实", "head")
    ledgers[5].record(submissions([batch("B-2")]), "clerk")
    ledgers[6].verify(["B-2"], "head")
    times = [codec.recorded_at(row) for row in ledgers[0].store.rows(after=1)]
    for ledger in ledgers:
        ledger.store.close()
    assert times == sorted(times)
    assert set(times) == {CLOCKS[0], CLOCKS[5]}
    assert times.count(CLOCKS[5]) == 2


def test_as_of_a_time_that_two_appends_share_shows_both(office):
    """The clock was set back before the second, which gets the time of the first."""
    office.at("2026-03-02T10:00:00+08:00", *UNITS)
    before = office.at("2026-03-03T10:00:00+08:00", batch())
    after = office.at("2026-03-01T10:00:00+08:00", batch("B-2"))
    assert after == before + 2
    for moment in ("2026-03-03T10:00:00+08:00", "2026-03-03T02:00:00Z"):
        assert office("score", "--as-of", moment, "--json").ok().json["position"] == after
    earlier = office("score", *("--year", "2016", "--as-of", "2026-03-03T09:59:59+08:00"), "--json")
    assert earlier.ok().json["position"] == 5


# ---- together with other options, and over a chain of corrections
def test_through_is_independent_of_as_of(office):
    """Q2 of V001 by position (rows) and day (columns).

    On 4 March no report of the quarter is due yet: 20 points. The batch is of the 5th and costs 1
    point, 1.5 with the late response; a correction moves it to the 4th.
    """
    positions = [
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
        for at in positions
    ]
    assert found == expected
    # A month after the year's end all four positions see the missing report of November: 8.
    later = [
        office.quarter("V001", "2016Q4", "--as-of", at, "--through", "2016-12-31")
        for at in positions
    ]
    assert later == ["8"] * 4


def test_rules_as_of_a_position_shows_the_readings_in_force_then(office):
    """After a ruling was recorded, verified, corrected and taken back."""
    office.adopt(2015)
    positions = [
        office.at("2026-03-01T10:00", *UNITS),
        office.at("2026-03-02T10:00", OVERSTAY_RULING, verify_by=None),
        office.verify("RU-1"),
        office.correct("RU-1", "value=2"),
        office.reverse("RU-1.2"),
    ]

    def reading(year, position):
        words = ["rules", "abnormal-petitions", "--year", year, "--as-of", position, "--json"]
        rules = office(*words).ok().json
        assert rules["position"] == position
        ((clause),) = rules["clauses"]
        (found,) = (one for one in clause["readings"] if one["reading"] == "overstay_factor")
        return found["value"], found["by_entry"]

    assert [reading("2016", position) for position in positions] == [
        ("none", None),
        ("none", None),
        ("1.5", "RU-1"),
        ("2", "RU-1.2"),
        ("none", None),
    ]
    assert reading("2015", positions[3]) == ("none", None)


def test_commands_as_of_a_position_print_what_they_printed_at_it(office):
    """Over a chain of corrections, each command as of each position."""
    office.take_in(*UNITS, CITY, LATE)
    printed = []
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
        printed.append((office.position, [office(*words).ok().out for words in readers]))
    for position, outputs in printed:
        for words, output in zip(readers, outputs, strict=True):
            assert office(*words, "--as-of", position).ok().out == output, (position, words)
    found = [office.quarter("V001", "2016Q2", "--as-of", position) for position, _ in printed]
    # 5 × 1.5; the same; nothing between the two verifications; 6 × 1.5; 6 × 2; now V002's.
    assert found == ["-1.5", "-1.5", "8", "-3", "-6", "8", "8", "8"]
