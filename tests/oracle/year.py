"""Inspection, 三（二）, and rewards and penalties, 三（三）.

Each clause of rewards and penalties returns the points of a unit by quarter; those of a quarter
that is carried forward are left out by the scorer.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from tests.oracle.dates import batch_day, day, quarter_of
from tests.oracle.view import ZERO

HALF, ONE, ONE_AND_HALF = Decimal("0.5"), Decimal(1), Decimal("1.5")
ITEMS = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3", "4", "5.1", "5.2", "6")
COUNTED = {"1.2": ONE, "3": Decimal(3), "4": Decimal(3), "6": Decimal(3)}


def inspection(v, unit):
    """Return (points of a unit's inspection, open points)."""
    if not v.year_closes(unit):
        return ZERO, []  # AMBIGUOUS: before the year's end no item is listed as not inspected
    total, opened = ZERO, []
    for item in ITEMS:
        found = [
            f
            for f in v.of_unit("inspection_finding", unit)
            if f["year"] == v.year and f["item"] == item
        ]
        if not found:
            point = {"kind": "not_inspected", "entry": None, "clause": f"inspection-{item}"}
            opened.append(point)
        elif found[-1].get("points") is not None:
            total += Decimal(str(found[-1]["points"]))
        else:
            total += COUNTED[item] - HALF * int(found[-1]["missing"])  # may fall below 0
    return total, opened


def once(found, per):
    """Return of (quarter, level) in order of time those that are paid.

    `per` is `quarter` or `year`: the first of each level; or each.
    """
    if per not in ("quarter", "year"):
        return found
    paid, seen = [], set()
    for q, level in found:
        key = (q if per == "quarter" else None, level)
        if key not in seen:
            seen.add(key)
            paid.append((q, level))
    return paid


def points_by_quarter(found, points):
    """Return the sum of points by quarter, of (quarter, level or issuer)."""
    sums = Counter()
    for q, level in found:
        sums[q] += points[level]
    return sums


# ---- 1 rewards
def special_period(v, unit):
    points = {"national": Decimal(3), "province": Decimal(2), "city": ONE_AND_HALF, "district": ONE}
    clean = []
    for p in sorted(v.of_kind("special_period"), key=lambda p: day(p["ends_on"])):
        start, end = day(p["starts_on"]), day(p["ends_on"])
        if not v.is_in_year(end) or not v.concerns(unit, end):
            continue
        levels = ("district", "town") if p["level"] == "district" else (p["level"],)
        # AMBIGUOUS: only batches for which the unit is liable; those that it hosts do not matter.
        # They may be of the year before, if the period began then.
        dirty = any(
            b["abnormal"] and b["level"] in levels and start <= batch_day(b) <= end
            for b in v.batches_against(unit)
        )
        if not dirty:
            clean.append((quarter_of(end)[1], p["level"]))
    # AMBIGUOUS: once a quarter or year is for the first clean period of a level, also where
    # another one was not clean. If it ended in a quarter that is carried forward, the published
    # figures stand for it.
    return points_by_quarter(once(clean, v.readings["special_period_per"]), points)


def commendation(v, unit):
    points = {"national": 3, "province": 3, "city": 2, "district": 1}
    found = v.dated("commendation", "issued_on", unit)
    return points_by_quarter([(q, e["level"]) for q, e in found], points)


def research_site(v, unit):
    points = {"national": 2, "province": 2, "city": 1}
    found = [(q, e["level"]) for q, e in v.dated("research_site", "held_on", unit)]
    # AMBIGUOUS: national and province are two levels; the first of each in the year is paid.
    return points_by_quarter(once(found, v.readings["research_site_per"]), points)


def is_resolved_in_time(v, c):
    """Return whether a supervised case was resolved by its due day."""
    # AMBIGUOUS: the clause asks whether the case was resolved, not which unit reported it.
    return any(
        v.ref(r["case"]) == c["id"] and day(r["resolved_on"]) <= day(c["due_on"])
        for r in v.of_kind("case_resolution")
    )


def supervised_cases(v, unit):
    points = {"national": 3, "province": 3, "city": 2, "district": 1, "town": 1}
    due = v.dated("supervised_case", "due_on", unit)
    over = v.readings["resolution_rate_over"]
    won = []
    for q, c in due:
        # AMBIGUOUS: `level` means the unit's cases of exactly that level due in the quarter.
        group = [
            x
            for n, x in due
            if over == "year" or (n == q and (over == "quarter" or x["level"] == c["level"]))
        ]
        if all(is_resolved_in_time(v, x) for x in group):
            won.append((q, c["level"]))
    return points_by_quarter(won, points)


def no_collective(v, unit):
    """Return the points of the year."""
    if not v.year_closes(unit):
        return ZERO
    # AMBIGUOUS: only batches for which the unit is liable, at every level.
    return (
        ZERO
        if any(v.is_collective(b) and v.is_in_year(batch_day(b)) for b in v.batches_against(unit))
        else Decimal(3)
    )


# ---- 2 penalties
def criticism(v, unit):
    """Return the points lost, by quarter."""
    points = {"national": 0, "province": 0, "city": 3, "district": 2, "joint_conference": 1}
    found = v.dated("criticism", "issued_on", unit)
    return points_by_quarter([(q, e["issuer"]) for q, e in found], points)


def is_vetoed(v, unit):
    found = v.dated("criticism", "issued_on", unit)
    return any(e["issuer"] in ("national", "province") for _, e in found)


def yellow_card(v, unit):
    """Return the points lost, by quarter."""
    found = v.dated("yellow_card", "issued_on", unit)
    return points_by_quarter([(q, "card") for q, _ in found], {"card": 2})
