"""The clauses: the points that a unit loses or wins under each.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.oracle.view import (
    ZERO,
    batch_day,
    day,
    end_of,
    first_month_end_after,
    instant,
    months_of,
    quarter_days,
    quarter_of,
)

LEVELS = ("national", "province", "city", "district", "town")
HALF, ONE_AND_HALF = Decimal("0.5"), Decimal("1.5")
ONE = Decimal(1)
GRADED = ("1.1", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "5.1", "5.2")
COUNTED = {"1.2": Decimal(1), "3": Decimal(3), "4": Decimal(3), "6": Decimal(3)}
ITEMS = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3", "4", "5.1", "5.2", "6")


# ---- 三（一）1（1） screening
def late_limit(v, due):
    """Return the last day on which a report is late and not missing, None if always."""
    how = v.readings["late_until"]
    if how == "always":
        return None
    return first_month_end_after(due) if how == "month_end" else quarter_days(*quarter_of(due))[1]


def one_report(v, due, submitted):
    """Return the points lost by one report, submitted on some days or none."""
    if due > v.T:
        return ZERO  # not due yet
    limit = late_limit(v, due)
    in_by_now = sorted(d for d in submitted if d <= v.T)
    if in_by_now:
        first = in_by_now[0]  # of several reports the earliest counts
        if first <= due:
            return ZERO
        return HALF if limit is None or first <= limit else ONE
    # AMBIGUOUS: with late_until = always, a report that never comes is late and never missing.
    # A report that is due and not submitted counts as late until the limit.
    return HALF if limit is None or limit > v.T else ONE


def screening(v, unit, q):
    lost = ZERO
    reports = [r for r in v.of_kind("screening_report") if v.ref(r["unit"]) == unit]
    for m in months_of(v.year, q):
        sent = [day(r["submitted_on"]) for r in reports if r.get("month") == m]
        lost += one_report(v, end_of(m), sent)
    for n in v.of_kind("notice"):
        if quarter_of(day(n["due_on"])) != (v.year, q):
            continue
        if n.get("units") is not None and unit not in {v.ref(u) for u in n["units"]}:
            continue
        sent = [
            day(r["submitted_on"])
            for r in reports
            if r.get("notice") and v.ref(r["notice"]) == n["id"]
        ]
        lost += one_report(v, day(n["due_on"]), sent)
    return lost


# ---- 三（一）1（2） case reports
def case_reports(v, unit, q):
    lost = ZERO
    for m in months_of(v.year, q):
        due = end_of(m)
        if due > v.T:
            continue
        limit = late_limit(v, due)
        cases = sum(
            r["cases"]
            for r in v.of_kind("case_report")
            if v.ref(r["unit"]) == unit
            and r["month"] == m
            and day(r["submitted_on"]) <= v.T
            and (limit is None or day(r["submitted_on"]) <= limit)
        )
        lost += ONE_AND_HALF * max(0, 2 - cases)
    return lost


# ---- 三（一）1（3） information
def reported_before(v, b):
    """Return whether the liable unit reported a batch's matter beforehand."""
    at, n = instant(b["occurred_at"]), v.readings["information_valid_days"]
    for r in v.of_kind("information_report"):
        sent = instant(r["submitted_at"])
        # AMBIGUOUS: "before it occurred" means strictly before the instant.
        if v.ref(r["unit"]) != v.liable(b) or b["matter"] not in r["matters"] or sent >= at:
            continue
        # AMBIGUOUS: "at most N days old" means up to N x 24 h between the instants, inclusive.
        if n == "none" or at - sent <= dt.timedelta(days=int(n)):
            return True
    return False


def information_of_batch(v, b):
    """Return the points lost because a batch was not reported beforehand."""
    if reported_before(v, b):
        return ZERO
    amount = ZERO
    if b["level"] in ("national", "province"):
        if b["abnormal"]:
            amount = Decimal(3)
    elif v.is_collective(b):
        amount = {"city": Decimal(2), "district": ONE_AND_HALF, "town": ONE}[b["level"]]
    r = v.response(b, v.liable(b))
    # AMBIGUOUS: 同步或提前到达 is arrival `ahead` or `prompt`.
    if r and r["arrival"] in ("ahead", "prompt") and r.get("effective"):
        amount = ZERO
    is_key = b.get("key_person") and b["abnormal"] and b["level"] == "national"
    key = Decimal(3) if is_key else ZERO
    return amount + key if v.readings["key_person_stacks"] == "true" else max(amount, key)


def information(v, unit, q):
    return sum((information_of_batch(v, b) for b in v.batches_in(q) if v.liable(b) == unit), ZERO)


# ---- 三（一）2 abnormal petitions
def base_points(v, level, n):
    """Return the points of a batch by level and headcount, before any factor."""
    top_from = 31 if v.readings["thirty_people"] == "11-30" else 30
    row = 0 if n <= 5 else 1 if n <= 10 else 2 if n < top_from else 3
    table = [[4, 3, 3, 2, 1], [12, 10, 4, 3, 2], [12, 10, 5, 4, 3], [12, 10, 6, 5, 4]]
    return Decimal(table[row][LEVELS.index(level)])


def response_factor(b, r):
    """Return the factor for a unit's response to a batch; `r` may be None."""
    if r is None:
        return ONE
    if r["arrival"] == "absent":
        return Decimal(2)
    if r["arrival"] == "late":
        return ONE_AND_HALF
    stay = r.get("stay_minutes")
    # AMBIGUOUS: a stay that was not recorded is "otherwise": x1, and not an open point.
    if r.get("effective") and stay is not None and stay <= 60:
        return ZERO if b["level"] == "town" and 6 <= b["headcount"] <= 10 else HALF
    return ONE


def overstayed(v, b, unit):
    """Return whether a collective batch of certain levels stayed over 240 minutes."""
    # AMBIGUOUS: the stay is that of the unit's own response.
    if not v.is_collective(b) or b["level"] not in ("province", "city", "district"):
        return False
    r = v.response(b, unit)
    return r is not None and (r.get("stay_minutes") or 0) > 240


def share_of(v, b, unit):
    """Return the share of a batch's points that a unit bears, as liable unit or host."""
    liable, host = v.liable(b), v.host(b)
    if host is None or host == liable:
        return ONE if unit == liable else ZERO
    return Decimal("0.7") if unit == liable else Decimal("0.3") if unit == host else ZERO


def petition_of_batch(v, b, unit):
    """Return (points lost by a unit, open points) for one batch."""
    share = share_of(v, b, unit)
    # AMBIGUOUS: with petition_scope = all the whole section applies to lawful batches too.
    if share == 0 or not (b["abnormal"] or v.readings["petition_scope"] == "all"):
        return ZERO, []
    kinds = []
    r = v.response(b, unit)
    if r is None:  # AMBIGUOUS: for each unit without a response of its own, the host too
        kinds.append("incomplete")
    response = response_factor(b, r)
    levels = LEVELS if v.readings["repeat_levels"] == "all" else ("city", "district", "town")
    repeats = b.get("repeated") and v.is_collective(b) and b["level"] in levels
    repeat = ONE_AND_HALF if repeats else ONE
    over = ONE
    if overstayed(v, b, unit):
        if v.readings["overstay_factor"] == "none":
            kinds.append("undetermined")
        else:
            over = Decimal(v.readings["overstay_factor"])
    base = base_points(v, b["level"], b["headcount"])
    if v.readings["combine"] == "multiply":
        lost = base * share * repeat * response * over
    else:
        # AMBIGUOUS: the factors 0.5 and 0 are not surcharges; they still multiply.
        up, down = max(response, ONE), min(response, ONE)
        lost = base * share * (1 + (repeat - 1) + (up - 1) + (over - 1)) * down
    return lost, [{"kind": k, "entry": b["id"], "clause": "abnormal-petitions"} for k in kinds]


def abnormal_petitions(v, unit, q):
    """Return (points lost by a unit, open points) for all batches of a quarter."""
    found = [petition_of_batch(v, b, unit) for b in v.batches_in(q)]
    return sum((lost for lost, _ in found), ZERO), [o for _, opened in found for o in opened]


def disqualified(v, unit):
    # AMBIGUOUS: only by abnormal batches, even with petition_scope = all.
    mine = [b for b in v.batches_of_year() if v.liable(b) == unit and b["abnormal"]]
    return any(
        (b["level"] == "national" and v.is_collective(b))
        or (b["level"] in ("province", "city") and b["headcount"] >= 50)
        for b in mine
    )


# ---- 三（二） inspection
def inspection(v, unit):
    """Return (points of a unit's inspection, open points)."""
    if not v.year_closed():
        return ZERO, []  # AMBIGUOUS: before the year's end no item is listed as not inspected
    total, opened = ZERO, []
    for item in ITEMS:
        found = [
            f
            for f in v.of_kind("inspection_finding")
            if v.ref(f["unit"]) == unit and f["year"] == v.year and f["item"] == item
        ]
        if not found:
            point = {"kind": "not_inspected", "entry": None, "clause": f"inspection-{item}"}
            opened.append(point)
        elif item in GRADED:
            total += Decimal(str(found[-1]["points"]))
        else:
            total += COUNTED[item] - HALF * int(found[-1]["missing"])  # may fall below 0
    return total, opened


# ---- 三（三）1 rewards
def special_period(v, unit, q):
    won = ZERO
    for p in v.of_kind("special_period"):
        start, end = day(p["starts_on"]), day(p["ends_on"])
        if end > v.T or quarter_of(end) != (v.year, q):
            continue
        levels = ("district", "town") if p["level"] == "district" else (p["level"],)
        # AMBIGUOUS: only batches for which the unit is liable; those that it hosts do not matter.
        dirty = any(
            b["abnormal"]
            and b["level"] in levels
            and start <= batch_day(b) <= end
            and v.liable(b) == unit
            for b in v.batches()  # of the year before too, if the period began then
        )
        if not dirty:
            won += {
                "national": Decimal(3),
                "province": Decimal(2),
                "city": ONE_AND_HALF,
                "district": ONE,
            }[p["level"]]
    return won


def commendation(v, unit, q):
    points = {"national": 3, "province": 3, "city": 2, "district": 1}
    return sum((points[e["level"]] for e in v.dated_in("commendation", "issued_on", unit, q)), ZERO)


def research_site(v, unit, q):
    points = {"national": 2, "province": 2, "city": 1}
    return sum((points[e["level"]] for e in v.dated_in("research_site", "held_on", unit, q)), ZERO)


def resolved_in_time(v, c):
    """Return whether a supervised case was resolved by its due day."""
    # AMBIGUOUS: the clause asks whether the case was resolved, not which unit reported it.
    return any(
        v.ref(r["case"]) == c["id"] and day(r["resolved_on"]) <= day(c["due_on"])
        for r in v.of_kind("case_resolution")
    )


def supervised_cases(v, unit, q):
    points = {"national": 3, "province": 3, "city": 2, "district": 1, "town": 1}
    in_quarter = {n: v.dated_in("supervised_case", "due_on", unit, n) for n in (1, 2, 3, 4)}
    over = v.readings["resolution_rate_over"]
    won = ZERO
    for c in in_quarter[q]:
        # AMBIGUOUS: `level` means the unit's cases of exactly that level due in the quarter.
        group = [
            x
            for n, cases in in_quarter.items()
            for x in cases
            if over == "year" or (n == q and (over == "quarter" or x["level"] == c["level"]))
        ]
        if all(resolved_in_time(v, x) for x in group):
            won += points[c["level"]]
    return won


def no_collective(v, unit):
    if not v.year_closed():
        return ZERO
    mine = [b for b in v.batches_of_year() if v.liable(b) == unit]
    return ZERO if any(v.is_collective(b) for b in mine) else Decimal(3)


# ---- 三（三）2 penalties
def criticism(v, unit, q):
    """Return (points lost, whether the unit is vetoed)."""
    points = {"province": 0, "city": 3, "district": 2, "joint_conference": 1}
    found = v.dated_in("criticism", "issued_on", unit, q)
    vetoed = any(e["issuer"] == "province" for e in found)
    return sum((points[e["issuer"]] for e in found), ZERO), vetoed


def yellow_card(v, unit, q):
    return Decimal(2) * len(v.dated_in("yellow_card", "issued_on", unit, q))
