"""Totals, ranks and open points: the contract's `score` JSON without `position`.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

import decimal

from tests.oracle.clauses import (
    abnormal_petitions,
    case_reports,
    commendation,
    criticism,
    disqualified,
    information,
    inspection,
    no_collective,
    research_site,
    screening,
    special_period,
    supervised_cases,
    yellow_card,
)
from tests.oracle.view import ZERO, View, batch_day, day, end_of, instant, plain, quarter_days
from tests.oracle.view import quarter_of as year_and_quarter

EXACT = decimal.Context(
    prec=200, traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Inexact]
)
"""Decimal arithmetic that raises when a result is inexact; used only within `score`."""

CLAUSE_OF = {
    "screening_report": "screening",
    "case_report": "case-reports",
    "information_report": "information",
    "petition_batch": "abnormal-petitions",
    "on_site_response": "abnormal-petitions",
    "commendation": "commendation",
    "research_site": "research-site",
    "supervised_case": "supervised-cases",
    "case_resolution": "supervised-cases",
    "criticism": "criticism",
    "yellow_card": "yellow-card",
}

DATED = {
    "commendation": "issued_on",
    "research_site": "held_on",
    "supervised_case": "due_on",
    "case_resolution": "resolved_on",
    "criticism": "issued_on",
    "yellow_card": "issued_on",
}


def happened_and_belongs(v, e):
    """Return (the day an entry happened on, a day of the year that it belongs to)."""
    k = e["kind"]
    if k == "screening_report":
        due = end_of(e["month"]) if e.get("month") else day(v.by_id[v.ref(e["notice"])]["due_on"])
        return day(e["submitted_on"]), due
    if k == "case_report":
        return day(e["submitted_on"]), end_of(e["month"])
    if k == "information_report":
        seen = instant(e["submitted_at"]).date()
    elif k in ("petition_batch", "on_site_response"):
        seen = batch_day(e if k == "petition_batch" else v.by_id[v.ref(e["batch"])])
    else:
        seen = day(e[DATED[k]])
    return seen, seen


def concerns_year(v, e):
    """Return whether an entry belongs to the view's year and happened by its day."""
    if e["kind"] == "inspection_finding":
        return e["year"] == v.year
    seen, belongs = happened_and_belongs(v, e)
    return seen <= v.T and year_and_quarter(belongs)[0] == v.year


def unverified(v, unit):
    """Return the open points of a unit's unverified entries."""
    # AMBIGUOUS: which entries. Those that are neither verified nor taken back by a reversal that
    # counts, that name the unit in `unit` or `host_unit`, and that concern the year by T; in the
    # provisional view too. An unverified reversal is listed under the unit of the entry that it
    # takes back. Notices, special periods and rulings do not name one unit: they are not listed.
    opened = []
    for e in v.all:
        if e["_verified"] or e["id"] in v.taken_back:
            continue
        about = v.by_id[e["of"]] if e["kind"] == "reversal" else e
        if about["kind"] not in CLAUSE_OF and about["kind"] != "inspection_finding":
            continue
        named = {v.ref(about["unit"])}
        if about.get("host_unit"):
            named.add(v.ref(about["host_unit"]))
        if unit in named and concerns_year(v, about):
            clause = CLAUSE_OF.get(about["kind"]) or f"inspection-{about['item']}"
            opened.append({"kind": "unverified", "entry": e["id"], "clause": clause})
    return opened


def score_unit(v, unit):
    """Return (total, `score` JSON of a unit without its rank)."""
    quarters, opened, total = [], [], ZERO
    rewards, penalties, vetoed = ZERO, ZERO, False
    for q in (1, 2, 3, 4):
        if quarter_days(v.year, q)[0] > v.T:
            continue
        basic = 8 - screening(v, unit, q) - case_reports(v, unit, q) - information(v, unit, q)
        lost, found = abnormal_petitions(v, unit, q)
        petitions = 12 - lost
        opened += found
        won = (
            special_period(v, unit, q)
            + commendation(v, unit, q)
            + research_site(v, unit, q)
            + supervised_cases(v, unit, q)
        )
        criticised, veto = criticism(v, unit, q)
        fined = criticised + yellow_card(v, unit, q)
        vetoed = vetoed or veto
        rewards += won
        penalties += fined
        total += basic + petitions
        quarters.append(
            {
                "quarter": f"{v.year}Q{q}",
                "score": plain(basic + petitions),
                "basic_work": plain(basic),
                "abnormal_petitions": plain(petitions),
                "rewards": plain(won),
                "penalties": plain(fined),
            }
        )
    rewards += no_collective(v, unit)
    inspected, found = inspection(v, unit)
    opened += found + unverified(v, unit)
    total += inspected + rewards - penalties
    out = disqualified(v, unit)
    return total, {
        "unit": unit,
        "name": v.by_id[unit]["name"],
        "rank": None,
        "total": plain(total),
        "quarters": quarters,
        "inspection": plain(inspected),
        "rewards": plain(rewards),
        "penalties": plain(penalties),
        "disqualified": out,
        "vetoed": vetoed,
        "eligible": not (out or vetoed),
        "open": opened,
    }


def score(entries, year, through, *, provisional=False):
    """Return the `score` JSON of a ledger; the order of `open` has no meaning."""
    with decimal.localcontext(EXACT):
        v = View(entries, year, through, provisional)
        rows = [score_unit(v, u) for u in v.units]

        def key(total, row):
            # AMBIGUOUS: veto_rank = last moves only vetoed units, ranked by total among themselves.
            return v.readings["veto_rank"] == "last" and row["vetoed"], -total

        for total, row in rows:
            row["rank"] = 1 + sum(key(*other) < key(total, row) for other in rows)
        rows.sort(key=lambda x: (x[1]["rank"], x[1]["unit"]))
    return {"year": year, "through": v.T.isoformat(), "units": [row for _, row in rows]}
