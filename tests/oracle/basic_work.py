"""Basic work, 三（一）1: the points that a unit loses in a quarter.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.oracle.dates import (
    batch_day,
    day,
    end_of,
    first_month_end_after,
    instant,
    months_of,
    quarter_days,
    quarter_of,
)
from tests.oracle.view import ZERO

HALF, ONE, ONE_AND_HALF = Decimal("0.5"), Decimal(1), Decimal("1.5")
NO_REPORT = {
    "national": Decimal(3),
    "province": Decimal(3),
    "city": Decimal(2),
    "district": ONE_AND_HALF,
    "town": ONE,
}


def is_owed(v, unit, due):
    """Return whether what falls due on a day is due by T, and the unit's concern."""
    return due <= v.T and v.concerns(unit, due)


# ---- 1（1） screening
def one_report(v, due, submitted):
    """Return the points lost by one report that is due by T, submitted on some days or none."""
    until = v.readings["late_until"]
    in_by_now = sorted(d for d in submitted if d <= v.T)
    if in_by_now and in_by_now[0] <= due:  # of several reports the earliest counts
        return ZERO
    if until == "always":
        return HALF
    if until == "arrived":
        return HALF if in_by_now else ONE
    limit = (
        first_month_end_after(due) if until == "month_end" else quarter_days(*quarter_of(due))[1]
    )
    if in_by_now:
        return HALF if in_by_now[0] <= limit else ONE
    return HALF if limit > v.T else ONE  # at the close of the last day it is missing


def screening(v, unit, q):
    lost = ZERO
    reports = v.of_unit("screening_report", unit)
    for m in months_of(v.year, q):
        if is_owed(v, unit, end_of(m)):
            sent = [day(r["submitted_on"]) for r in reports if r.get("month") == m]
            lost += one_report(v, end_of(m), sent)
    for n in v.of_kind("notice"):
        due = day(n["due_on"])
        addressed = n.get("units") is None or unit in {v.ref(u) for u in n["units"]}
        if addressed and quarter_of(due) == (v.year, q) and is_owed(v, unit, due):
            sent = [
                day(r["submitted_on"])
                for r in reports
                if r.get("notice") and v.ref(r["notice"]) == n["id"]
            ]
            lost += one_report(v, due, sent)
    return lost


# ---- 1（2） case reports
def case_limit(v, month):
    """Return the last day on which a month's report counts."""
    due = end_of(month)
    return {
        "any": v.T,
        "month_end_after": first_month_end_after(due),
        "quarter_end": quarter_days(*quarter_of(due))[1],
        "month": due,
    }[v.readings["case_report_until"]]


def case_reports(v, unit, q):
    lost = ZERO
    for m in months_of(v.year, q):
        if is_owed(v, unit, end_of(m)):
            cases = sum(
                r["cases"]
                for r in v.of_unit("case_report", unit)
                if r["month"] == m and day(r["submitted_on"]) <= min(v.T, case_limit(v, m))
            )
            lost += ONE_AND_HALF * max(0, 2 - cases)
    return lost


# ---- 1（3） information
def is_reported_before(v, b):
    """Return whether a batch's matter was reported beforehand."""
    at, valid = instant(b["occurred_at"]), v.readings["information_valid"]
    by = {v.liable(b)}
    if v.readings["information_by"] == "parties":
        by.add(v.host(b))
    # AMBIGUOUS: the last batch on the matter is the latest before this one, of whatever unit,
    # level and year, lawful or not. A batch at the same moment is not before this one.
    earlier = [
        instant(other["occurred_at"])
        for other in v.batches()
        if other["matter"] == b["matter"] and instant(other["occurred_at"]) < at
    ]
    for r in v.of_kind("information_report"):
        sent = instant(r["submitted_at"])
        # AMBIGUOUS: a report of a time when its unit was not assessed counts.
        # AMBIGUOUS: "before it occurred" means strictly before the instant.
        if v.ref(r["unit"]) not in by or b["matter"] not in r["matters"] or sent >= at:
            continue
        if not r.get("as_required", True):
            continue
        if valid == "ever":
            return True
        if valid == "since_last_batch":
            if not earlier or sent > max(earlier):
                return True
        # AMBIGUOUS: a number of days is up to so many x 24 h between the instants, inclusive.
        elif at - sent <= dt.timedelta(days=int(valid)):
            return True
    return False


def is_leader_there(v, b):
    """Return whether the liable unit's leader was on site in time, and effective."""
    # AMBIGUOUS: an effect that was not recorded does not excuse, and is not listed as incomplete
    # under this clause: that sentence of the table belongs to the factors of 三（一）2.
    # AMBIGUOUS: a report by the host is enough, but its leader on site is not.
    arrivals = ["ahead", "with"]
    if v.readings["information_leader"] == "in_time":
        arrivals.append("prompt")
    r = v.response(b, v.liable(b))
    return r is not None and r["arrival"] in arrivals and r.get("effective") is True


def information_of_batch(v, b):
    """Return the points lost because a batch was not reported beforehand."""
    if is_reported_before(v, b):
        return ZERO
    amount = key = ZERO
    if b["abnormal"] if b["level"] in ("national", "province") else v.is_collective(b):
        amount = NO_REPORT[b["level"]]
    if b.get("key_person") and b["abnormal"] and b["level"] == "national":
        key = Decimal(3)
    if is_leader_there(v, b):
        amount = ZERO
        if v.readings["key_person_excused"] == "true":
            key = ZERO
    return amount + key if v.readings["key_person_stacks"] == "true" else max(amount, key)


def information(v, unit, q):
    found = [b for b in v.batches_against(unit) if v.is_in(batch_day(b), q)]
    return sum((information_of_batch(v, b) for b in found), ZERO)
