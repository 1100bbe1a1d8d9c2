"""Abnormal petitions and disqualification, 三（一）2.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

from decimal import Decimal

from tests.oracle.dates import batch_day
from tests.oracle.view import ZERO

LEVELS = ("national", "province", "city", "district", "town")
HALF, ONE, ONE_AND_HALF, TWO = Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2)


def base_points(v, level, n):
    """Return the points of a batch by level and headcount, before any factor."""
    top_from = 31 if v.readings["thirty_people"] == "11-30" else 30
    row = 0 if n <= 5 else 1 if n <= 10 else 2 if n < top_from else 3
    table = [[4, 3, 3, 2, 1], [12, 10, 4, 3, 2], [12, 10, 5, 4, 3], [12, 10, 6, 5, 4]]
    return Decimal(table[row][LEVELS.index(level)])


def share_of(v, b, unit):
    """Return the share of a batch's points that a unit bears, as liable unit or host."""
    liable, host = v.liable(b), v.host(b)
    if not v.concerns(unit, batch_day(b)):
        return ZERO
    if host is None or host == liable:
        return ONE if unit == liable else ZERO
    return Decimal("0.7") if unit == liable else Decimal("0.3") if unit == host else ZERO


def stay_of(b, r):
    """Return the minutes that a batch stayed, or None; `r` is a unit's response or None."""
    if b.get("stay_minutes") is not None:
        return b["stay_minutes"]
    return r.get("stay_minutes") if r else None


def response_factor(v, b, r):
    """Return (factor of a unit's response to a batch, whether something is not recorded)."""
    if r is None:  # AMBIGUOUS: each unit without a response of its own is incomplete, the host too
        return ONE, True
    if r["arrival"] in ("absent", "late"):
        return TWO if r["arrival"] == "absent" else ONE_AND_HALF, False
    freed = b["level"] == "town" and 6 <= b["headcount"] <= 10
    if freed and v.readings["town_6_10"] == "prompt":
        return ZERO, False
    effective, stay = r.get("effective"), stay_of(b, r)
    if effective is False or (stay is not None and stay > 60):
        return ONE, False  # what is not recorded does not decide
    if effective is None or stay is None:
        return ONE, True
    return ZERO if freed else HALF, False


def is_overstay(v, b, r):
    """Return whether a collective batch of certain levels stayed over 240 minutes."""
    # AMBIGUOUS: a stay that is not recorded is no overstay, and not incomplete for that alone.
    levels = ("province", "city", "district")
    return v.is_collective(b) and b["level"] in levels and (stay_of(b, r) or 0) > 240


def petition_of_batch(v, b, unit):
    """Return (points lost by a unit, kinds of open points) for one batch."""
    share = share_of(v, b, unit)
    # AMBIGUOUS: with petition_scope = all the whole section applies to lawful batches too.
    if share == 0 or not (b["abnormal"] or v.readings["petition_scope"] == "all"):
        return ZERO, []
    kinds = []
    r = v.response(b, unit)
    response, incomplete = response_factor(v, b, r)
    if incomplete:
        kinds.append("incomplete")
    levels = LEVELS if v.readings["repeat_levels"] == "all" else ("city", "district", "town")
    repeats = b.get("repeated") and v.is_collective(b) and b["level"] in levels
    repeat = ONE_AND_HALF if repeats else ONE
    over = ONE
    if is_overstay(v, b, r):
        if v.readings["overstay_factor"] == "none":
            kinds.append("undetermined")
        else:
            over = Decimal(v.readings["overstay_factor"])
    base = base_points(v, b["level"], b["headcount"])
    if v.readings["combine"] == "multiply":
        return base * share * repeat * response * over, kinds
    up, down = max(response, ONE), min(response, ONE)
    return base * share * (1 + (repeat - 1) + (up - 1) + (over - 1)) * down, kinds


def abnormal_petitions(v, unit, q):
    """Return (points lost by a unit, open points) for all batches of a quarter."""
    lost, opened = ZERO, []
    for b in v.batches():
        if v.is_in(batch_day(b), q):
            points, kinds = petition_of_batch(v, b, unit)
            lost += points
            # AMBIGUOUS: an open point of a response names the batch.
            opened += [
                {"kind": kind, "entry": b["id"], "clause": "abnormal-petitions"} for kind in kinds
            ]
    return lost, opened


# ---- last paragraph
def disqualification(v, unit):
    """Return (whether a unit is disqualified, open points) for the year."""
    fifty = 50 if v.readings["fifty_people"] == "included" else 51
    disqualified, opened = False, []
    for b in v.batches_against(unit):
        large = (b["level"] == "national" and v.is_collective(b)) or (
            b["level"] in ("province", "city") and b["headcount"] >= fifty
        )
        if not large or not v.is_in_year(batch_day(b)):
            continue
        # AMBIGUOUS: petition_scope does not matter here.
        if b["abnormal"] or v.readings["disqualify_scope"] == "all":
            disqualified = True
        else:  # AMBIGUOUS: listed also where another batch disqualifies the unit
            opened.append({"kind": "undetermined", "entry": b["id"], "clause": "disqualification"})
    return disqualified, opened
