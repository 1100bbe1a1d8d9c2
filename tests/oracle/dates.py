"""Days, instants, months and quarters of the assessment year (四.1)."""

from __future__ import annotations

import calendar
import datetime as dt

TZ = dt.timezone(dt.timedelta(hours=8))
QUARTERS = (1, 2, 3, 4)


def day(s):
    return s if isinstance(s, dt.date) else dt.date.fromisoformat(s)


def instant(s):
    """Return ISO text as an aware datetime; without an offset it is UTC+08:00."""
    t = dt.datetime.fromisoformat(s)
    return t.replace(tzinfo=TZ) if t.tzinfo is None else t.astimezone(TZ)


def batch_day(b):
    return instant(b["occurred_at"]).date()


def month_end(y, m):
    return dt.date(y, m, calendar.monthrange(y, m)[1])


def end_of(month):
    """Return the last day of a month written as `2016-03`."""
    return month_end(int(month[:4]), int(month[5:7]))


def first_month_end_after(d):
    """Return the first last day of a month that is later than a day."""
    e = month_end(d.year, d.month)
    if e > d:
        return e
    n = d + dt.timedelta(days=1)
    return month_end(n.year, n.month)


def quarter_of(d):
    """Return (assessment year, quarter): Dec-Feb 1, Mar-May 2, Jun-Aug 3, Sep-Nov 4."""
    y = d.year + 1 if d.month == 12 else d.year
    return y, {12: 1, 1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 6: 3, 7: 3, 8: 3, 9: 4, 10: 4, 11: 4}[d.month]


def quarter_days(y, q):
    """Return the first and last day of a quarter."""
    first = [dt.date(y - 1, 12, 1), dt.date(y, 3, 1), dt.date(y, 6, 1), dt.date(y, 9, 1)][q - 1]
    last = [month_end(y, 2), dt.date(y, 5, 31), dt.date(y, 8, 31), dt.date(y, 11, 30)][q - 1]
    return first, last


def year_days(y):
    """Return the first and last day of an assessment year."""
    return quarter_days(y, 1)[0], quarter_days(y, 4)[1]


def months_of(y, q):
    """Return the months of a quarter, written as `2016-03`."""
    return {
        1: [f"{y - 1}-12", f"{y}-01", f"{y}-02"],
        2: [f"{y}-03", f"{y}-04", f"{y}-05"],
        3: [f"{y}-06", f"{y}-07", f"{y}-08"],
        4: [f"{y}-09", f"{y}-10", f"{y}-11"],
    }[q]
