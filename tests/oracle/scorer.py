"""Totals, ranks and open points: the contract's `score` JSON without `position` and `measure`.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

import decimal

from tests.oracle.basic_work import case_reports, information, screening
from tests.oracle.dates import (
    QUARTERS,
    batch_day,
    day,
    end_of,
    instant,
    quarter_days,
    quarter_of,
    year_days,
)
from tests.oracle.petitions import abnormal_petitions, disqualification
from tests.oracle.view import ZERO, View, plain
from tests.oracle.year import (
    commendation,
    criticism,
    inspection,
    is_vetoed,
    no_collective,
    research_site,
    special_period,
    supervised_cases,
    yellow_card,
)

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
    """Return (the day an entry happened on, the day by which it belongs to a year)."""
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
    elif k == "carried_quarter":
        seen = quarter_days(int(e["period"][:4]), int(e["period"][-1]))[0]
    else:
        seen = day(e[DATED[k]])
    return seen, seen


def concerns_year(v, e):
    """Return whether an entry belongs to the view's year and happened by its day."""
    if e["kind"] == "inspection_finding":
        return e["year"] == v.year
    seen, belongs = happened_and_belongs(v, e)
    return seen <= v.T and quarter_of(belongs)[0] == v.year


def is_concern(v, e, unit):
    """Return whether the day that an entry belongs to is one on which a unit is assessed."""
    if e["kind"] == "inspection_finding":
        return v.concerns(unit, year_days(v.year)[1])
    if e["kind"] == "carried_quarter":
        return v.has_quarter(unit, int(e["period"][-1]))
    return v.concerns(unit, happened_and_belongs(v, e)[1])


def clause_of(e):
    if e["kind"] == "inspection_finding":
        return f"inspection-{e['item']}"
    # AMBIGUOUS: a carried quarter belongs to no clause.
    return CLAUSE_OF.get(e["kind"])


def unverified(v, unit):
    """Return the open points of a unit's unverified entries."""
    # AMBIGUOUS: which entries. Those that are neither verified nor taken back by a reversal that
    # counts, that name the unit in `unit` or `host_unit`, that concern the year by T and are
    # dated on a day on which the unit is assessed; in the provisional view and in a quarter that
    # is carried forward too. An unverified reversal is listed under the unit of the entry that it
    # takes back. Notices, special periods and rulings do not name one unit: they are not listed.
    opened = []
    for e in v.all:
        if e["_verified"] or e["id"] in v.taken_back:
            continue
        about = v.by_id[e["of"]] if e["kind"] == "reversal" else e
        if about["kind"] not in {*CLAUSE_OF, "inspection_finding", "carried_quarter"}:
            continue
        named = {v.ref(about["unit"])}
        if about.get("host_unit"):
            named.add(v.ref(about["host_unit"]))
        if unit in named and concerns_year(v, about) and is_concern(v, about, unit):
            opened.append({"kind": "unverified", "entry": e["id"], "clause": clause_of(about)})
    return opened


def score_period(v, unit, q, rewards, penalties):
    """Return (points by section, rewards, penalties, open points) of a quarter."""
    carried = v.carried(unit, q)
    if carried:
        # AMBIGUOUS: the published figures may have the quarter's rewards and penalties; a section
        # that they lack is 0. Flags still follow from the entries of the quarter.
        given = {name: decimal.Decimal(text) for name, text in carried["sections"].items()}
        sections = {name: given.get(name, ZERO) for name in ("basic_work", "abnormal_petitions")}
        return sections, given.get("rewards", ZERO), given.get("penalties", ZERO), []
    lost, opened = abnormal_petitions(v, unit, q)
    sections = {
        "basic_work": 8
        - screening(v, unit, q)
        - case_reports(v, unit, q)
        - information(v, unit, q),
        "abnormal_petitions": 12 - lost,
    }
    return sections, rewards[q] + ZERO, penalties[q] + ZERO, opened


def score_unit(v, unit):
    """Return (total, `score` JSON of a unit without its rank)."""
    rewards = (
        special_period(v, unit)
        + commendation(v, unit)
        + research_site(v, unit)
        + supervised_cases(v, unit)
    )
    penalties = criticism(v, unit) + yellow_card(v, unit)
    periods, opened, total = [], [], ZERO
    rewarded, fined = no_collective(v, unit), ZERO
    for q in QUARTERS:
        if not v.has_quarter(unit, q):
            continue
        sections, won, lost, found = score_period(v, unit, q, rewards, penalties)
        score = sum(sections.values(), ZERO)
        opened += found
        total += score
        rewarded += won
        fined += lost
        periods.append(
            {
                "period": f"{v.year}Q{q}",
                "score": plain(score),
                "sections": {name: plain(points) for name, points in sections.items()},
                "beside": {"rewards": plain(won), "penalties": plain(lost)},
            }
        )
    inspected, not_inspected = inspection(v, unit)
    disqualified, undetermined = disqualification(v, unit)
    raised = {"disqualified": disqualified, "vetoed": is_vetoed(v, unit)}
    flags = [name for name, is_raised in raised.items() if is_raised]
    total += inspected + rewarded - fined
    return total, {
        "unit": v.first_id(unit),
        "name": v.by_id[unit]["name"],
        "group": v.by_id[unit].get("group"),
        "rank": None,
        "total": plain(total),
        "periods": periods,
        "sections": {
            "inspection": plain(inspected),
            "rewards": plain(rewarded),
            "penalties": plain(fined),
        },
        "flags": flags,
        "eligible": not flags,
        "open": opened + not_inspected + undetermined + unverified(v, unit),
    }


def score(entries, year, through, *, provisional=False):
    """Return the `score` JSON of a ledger; the order of `open` has no meaning."""
    with decimal.localcontext(EXACT):
        v = View(entries, year, through, provisional)
        rows = [score_unit(v, u) for u in v.units]

        def key(total, row):
            # AMBIGUOUS: veto_rank = last moves only vetoed units, ranked by total among themselves.
            return v.readings["veto_rank"] == "last" and "vetoed" in row["flags"], -total

        for total, row in rows:
            row["rank"] = 1 + sum(key(*other) < key(total, row) for other in rows)
        rows.sort(key=lambda x: (x[1]["rank"], x[1]["unit"]))
    return {"year": year, "through": v.T.isoformat(), "units": [row for _, row in rows]}
