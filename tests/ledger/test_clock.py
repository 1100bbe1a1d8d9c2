"""A clock that is plainly wrong dates no event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.clock import ClockError, ledger_time

LAST = datetime(2016, 6, 1, 9, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def asked(*_):
    raise AssertionError("the store need not be asked")


@pytest.mark.parametrize(
    ("now", "theirs", "time"),
    [
        (LAST + MINUTE, asked, LAST + MINUTE),
        (LAST + DAY, asked, LAST + DAY),
        (LAST - MINUTE, asked, LAST),
        (LAST - DAY, asked, LAST),
        (LAST + 400 * DAY, lambda: LAST + 400 * DAY, LAST + 400 * DAY),
        (LAST + 400 * DAY, lambda: LAST + 400 * DAY - 5 * MINUTE, LAST + 400 * DAY),
        (LAST + 2 * DAY, lambda: LAST + 3 * DAY, LAST + 2 * DAY),
        (LAST + 400 * DAY, lambda: None, LAST + 400 * DAY),
    ],
)
def test_a_plausible_clock_dates_an_event(now, theirs, time):
    assert ledger_time(now, LAST, theirs) == time


@pytest.mark.parametrize("last", [LAST, None])
@pytest.mark.parametrize("ahead", [6 * MINUTE, 8 * 60 * MINUTE, 83 * 365 * DAY])
def test_a_clock_ahead_of_the_store_is_refused(last, ahead):
    theirs = LAST + 2 * DAY
    with pytest.raises(ClockError, match="where the ledger is kept it is 2016-06-03 17:00"):
        ledger_time(theirs + ahead, last, lambda: theirs)


@pytest.mark.parametrize("behind", [DAY + MINUTE, 83 * 365 * DAY])
def test_a_clock_before_the_last_event_is_refused(behind):
    with pytest.raises(ClockError, match="the last event was recorded at 2016-06-01 17:00"):
        ledger_time(LAST - behind, LAST, asked)
