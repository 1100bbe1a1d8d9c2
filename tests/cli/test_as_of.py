"""`--as-of` prints, byte for byte, what was printed at that position or time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.support import submissions

THROUGHS = ["2016-03-04", "2016-03-05", "2016-11-30"]
READERS = [
    ["score"],
    ["score", "--json"],
    ["score", "--format", "csv"],
    ["score", "--unit", "V001", "--json"],
    ["score", "--provisional", "--json"],
    *(["score", "--json", "--through", day] for day in THROUGHS),
    ["explain", "V001", "2016Q2"],
    ["explain", "V001", "2016Q2", "--json"],
    ["explain", "V001", "2016Q2", "--json", "--through", "2016-03-05"],
    ["explain", "V002", "2016", "--format", "csv"],
    ["history", "B-1"],
    ["history", "B-1", "--json"],
    ["rules", "abnormal-petitions", "--json"],
]

CITY = batch(level="city", headcount=12)
RESPONSE = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}
STEPS = [
    # (office time, entries to record, who verifies them at once)
    ("2026-03-01T10:00:00+08:00", [*UNITS, CITY], "head"),
    ("2026-03-02T23:59:59.999999+08:00", [{**RESPONSE, "arrival": "late"}], None),
    ("2026-03-03T00:00:00+08:00", None, "head"),
    (
        "2026-03-03T12:30:00.5+08:00",
        [
            {"kind": "reversal", "id": "B-1.R", "of": "B-1", "reason": "人数录错"},
            {**CITY, "id": "B-1.2", "headcount": 60, "replaces": "B-1"},
        ],
        None,
    ),
    ("2026-03-05T08:00:00+08:00", None, "head"),
    # An early batch that is recorded late.
    ("2026-06-30T17:00:00+08:00", [batch("B-0", occurred_at="2016-03-01T08:00")], "head"),
]
POSITIONS = [7, 8, 9, 12, 14, 16]


@dataclass
class Known:
    """What was printed after a step."""

    at: datetime
    position: int
    printed: list[str]


@pytest.fixture(scope="module")
def tally(tmp_path_factory):
    return Tally(tmp_path_factory.mktemp("as-of")).founded()


@pytest.fixture(scope="module")
def known(tally):
    """Record the steps at their times; return what was printed after each."""
    found = []
    for at, entries, verifier in STEPS:
        now = datetime.fromisoformat(at)
        store = open_store(tally.url)
        ledger = Ledger(store, Measures, clock=lambda now=now: now, trust_clock=True)
        if entries is None:
            ledger.verify(None, verifier)
        else:
            ledger.record(submissions(entries), "clerk", verifier)
        store.close()
        printed = [tally(*words).ok().out for words in READERS]
        found.append(Known(now, tally.position, printed))
    return found


def printed_as_of(tally, point):
    """Return what all commands print as of a position or time."""
    return [tally.reading(*words, "--as-of", point).ok().out for words in READERS]


def test_the_output_differs_after_each_step(known):
    assert [step.position for step in known] == POSITIONS
    assert len({step.printed[READERS.index(["score", "--json"])] for step in known}) == len(STEPS)
    totals = {step.printed[READERS.index(["score", "--format", "csv"])] for step in known}
    # Neither the response nor the correction has an effect until verified: 4 different tables.
    assert len(totals) >= 4


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_prints_what_was_printed_at_a_position(tally, known, number):
    step = known[number]
    assert printed_as_of(tally, step.position) == step.printed


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_prints_what_was_printed_at_a_time_in_any_notation(tally, known, number):
    """With an offset, in UTC, without an offset (UTC+08:00), with a blank instead of T."""
    step = known[number]
    there = step.at.replace(tzinfo=None)
    utc = there - timedelta(hours=8)
    spellings = [
        step.at.isoformat(),
        f"{utc.isoformat()}Z",
        f"{utc.isoformat()}+00:00",
        f"{(there - timedelta(hours=13)).isoformat()}-05:00",
        there.isoformat(),
        there.isoformat(sep=" "),
    ]
    assert printed_as_of(tally, spellings[0]) == step.printed
    some = READERS.index(["score", "--json"])
    for spelling in spellings[1:]:
        run = tally(*READERS[some], "--as-of", spelling).ok()
        assert run.out == step.printed[some], spelling


@pytest.mark.parametrize("number", range(1, len(STEPS)))
def test_a_microsecond_earlier_is_the_state_before(tally, known, number):
    before = known[number].at - timedelta(microseconds=1)
    some = READERS.index(["score", "--json"])
    run = tally(*READERS[some], "--as-of", before.isoformat()).ok()
    assert run.out == known[number - 1].printed[some]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2026-03-01", 0),
        ("2026-03-02", 1),
        ("2026-03-03", 3),
        ("2026-03-04", 3),
        ("2026-03-05", 4),
        ("2026-06-29", 4),
        ("2026-06-30", 5),
        ("9999-12-31", 5),
    ],
)
def test_a_day_means_its_end(tally, known, day, number):
    """It includes the last microsecond before midnight, but not midnight."""
    some = READERS.index(["score", "--json"])
    assert tally(*READERS[some], "--as-of", day).ok().out == known[number].printed[some]


POINTS_BEFORE = {"0": 0, "2015-11-30": 0, "2016-12-31": 1, "2026-02-28": 1}
POINTS_BEFORE["2026-03-01T09:59:59+08:00"] = 1
"""Points before the first entry, with the position that they are as of."""


def test_the_ledger_is_empty_before_its_first_entry(tally, known):
    del known
    for point, position in POINTS_BEFORE.items():
        found = tally("score", "--year", "2016", "--as-of", point, "--json").ok().json
        assert (found["position"], found["units"]) == (position, [])
        assert tally("explain", "V001", "--as-of", point).status == 1
        assert tally("history", "B-1", "--as-of", point).status == 1


def test_accepts_every_position_also_within_an_append(tally, known):
    for position in range(known[-1].position + 1):
        found = tally("score", "--year", "2016", "--as-of", position, "--json").ok().json
        assert found["position"] == position


def test_through_and_as_of_are_independent(tally, known):
    """The day limits what had happened, the position what was known of it."""
    first, last = known[0], known[-1]
    for day in THROUGHS:
        words = ["score", "--through", day, "--json"]
        then = tally(*words, "--as-of", first.position).ok().json
        now = tally(*words, "--as-of", last.position).ok().json
        assert then["through"] == now["through"] == day
        assert (then["position"], now["position"]) == (first.position, last.position)
        assert now == tally(*words).ok().json
        assert then != now
    # B-0 happened on 1 March 2016, but was not recorded before June 2026.
    words = ["explain", "V001", "2016Q2", "--through", "2016-03-04", "--json"]
    before = tally(*words, "--as-of", known[4].position).ok().json
    after = tally(*words, "--as-of", last.position).ok().json
    assert before["closing"] == "20"
    assert after["closing"] == "19"


def test_points_and_flags_are_those_known_at_the_position(tally, known):
    """12 people to the city: -5; half as much again for a late leader; -2 without a report.

    With 60 people: -6 and disqualification.
    """
    words = ["explain", "V001", "2016Q2", "--through", "2016-03-05", "--json"]
    found = [tally(*words, "--as-of", step.position).ok().json for step in known]
    assert [one["closing"] for one in found] == ["13", "13", "10.5", "10.5", "9", "8"]
    flags = [tally("score", "--unit", "V001", "--as-of", p, "--json").ok().json for p in POSITIONS]
    assert [len(one["units"][0]["flags"]) for one in flags] == [0] * 4 + [1] * 2


def test_a_year_is_no_time(town):
    run = town("score", "--as-of", "2016").refused()
    assert "a year is not a time; write a day, as 2016-12-31" in run.err
    assert "a year" not in town("score", "--as-of", "999").refused().err
