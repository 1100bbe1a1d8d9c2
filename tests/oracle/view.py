"""A ledger at the close of a day: which entries count, and what they refer to.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

TZ = dt.timezone(dt.timedelta(hours=8))
ZERO = Decimal(0)

READINGS = {
    "late_until": "month_end",
    "thirty_people": "11-30",
    "repeat_levels": "city,district,town",
    "combine": "multiply",
    "overstay_factor": "none",
    "information_valid_days": "none",
    "key_person_stacks": "false",
    "petition_scope": "abnormal",
    "resolution_rate_over": "quarter",
    "veto_rank": "keep",
    "collective_from": "5",
}


def plain(x):
    """Return a decimal as text without an exponent or trailing zeros."""
    s = format(x, "f")
    if "." in s:
        s = s.rstrip("0").rstrip(".")
    return "0" if s in ("-0", "") else s


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


def months_of(y, q):
    """Return the months of a quarter, written as `2016-03`."""
    return {
        1: [f"{y - 1}-12", f"{y}-01", f"{y}-02"],
        2: [f"{y}-03", f"{y}-04", f"{y}-05"],
        3: [f"{y}-06", f"{y}-07", f"{y}-08"],
        4: [f"{y}-09", f"{y}-10", f"{y}-11"],
    }[q]


class View:
    """The entries that count (四.4) at the close of day T, and their references."""

    def __init__(self, entries, year, through, provisional):
        self.year, self.T, self.provisional = year, day(through), provisional
        self.all = entries
        self.by_id = {e["id"]: e for e in entries}
        self.taken_back = {e["of"] for e in entries if e["kind"] == "reversal" and self.believed(e)}
        # An entry counts once verified and until a verified reversal takes it back.
        self.entries = [
            e
            for e in entries
            if e["kind"] != "reversal" and self.believed(e) and e["id"] not in self.taken_back
        ]
        self.counting = {e["id"] for e in self.entries}
        # AMBIGUOUS: if two entries replace the same one, the later is followed.
        self.replacement = {e["replaces"]: e["id"] for e in entries if e.get("replaces")}
        self.readings = dict(READINGS)
        for e in self.of_kind("ruling"):
            if e["year"] == year:
                self.readings[e["reading"]] = str(e["value"])
        self.units = [e["id"] for e in self.of_kind("unit")]

    def believed(self, e):
        """Return whether an entry is verified; in the provisional view all are."""
        return self.provisional or e["_verified"]

    def of_kind(self, kind):
        return [e for e in self.entries if e["kind"] == kind]

    def ref(self, i):
        """Return the id of the entry to which a reference points.

        AMBIGUOUS: that is the entry referred to as long as it counts; otherwise its chain of
        replacements is followed until one counts or the chain ends.
        """
        seen = set()
        while i not in self.counting and i in self.replacement and i not in seen:
            seen.add(i)
            i = self.replacement[i]
        return i

    def is_collective(self, b):
        return b["headcount"] >= int(self.readings["collective_from"])

    def batches(self):
        """Return the batches that have happened by T, in any year."""
        return [b for b in self.of_kind("petition_batch") if batch_day(b) <= self.T]

    def batches_in(self, q):
        return [b for b in self.batches() if quarter_of(batch_day(b)) == (self.year, q)]

    def batches_of_year(self):
        return [b for b in self.batches() if quarter_of(batch_day(b))[0] == self.year]

    def liable(self, b):
        """Return the unit that is liable for a batch."""
        return self.ref(b["unit"])

    def host(self, b):
        """Return the host unit of a batch, or None."""
        return self.ref(b["host_unit"]) if b.get("host_unit") else None

    def response(self, b, unit):
        """Return a unit's response to a batch, or None."""
        found = [
            r
            for r in self.of_kind("on_site_response")
            if self.ref(r["batch"]) == b["id"] and self.ref(r["unit"]) == unit
        ]
        # AMBIGUOUS: of several responses for one batch and unit the last is taken.
        return found[-1] if found else None

    def dated_in(self, kind, field, unit, q):
        """Return a unit's entries of a kind dated in a quarter, by T."""
        return [
            e
            for e in self.of_kind(kind)
            if self.ref(e["unit"]) == unit
            and day(e[field]) <= self.T
            and quarter_of(day(e[field])) == (self.year, q)
        ]

    def year_closed(self):
        """Return whether the assessment year has ended by T."""
        return dt.date(self.year, 11, 30) <= self.T
