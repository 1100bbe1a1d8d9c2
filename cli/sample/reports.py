"""Screening and case reports: in time, late, missing or with too few cases."""

from datetime import date
from random import Random
from typing import Final

from cli.sample.days import MONTHS, Entry, Filed, chance, late_until, later, month_end
from cli.sample.occasions import Notice
from cli.sample.town import Town

# Reports not in by the due date: late, on the last day that counts as late, after it, or never.
FATES: Final = ("late",) * 5 + ("last_day", "too_late") + ("never",) * 3
LATE_NOTES: Final = ("经催报后补交", "因停电延误，次日补报", "经办人员外出培训，逾期报送")


def screening_reports(rng: Random, town: Town, notices: list[Notice]) -> list[Filed]:
    """Return a report (矛盾纠纷排查) for each month and notice; some are missing."""
    filed: list[Filed] = []
    for unit in town.units:
        owed = [(month_end(month), "month", month) for month in MONTHS]
        owed += [(each.due_on, "notice", each.id) for each in notices if unit in each.units]
        for due_on, field, name in owed:
            what: Entry = {field: name}
            submitted = _submitted(rng, town, unit, due_on)
            if submitted is None:
                continue
            entry = _report("screening_report", f"{unit}-SR-{name}", unit, what, submitted)
            if submitted > due_on and chance(rng, 30):
                entry["note"] = rng.choice(LATE_NOTES)
            filed.append((submitted, entry))
            if chance(rng, 1):
                # Submitted again: the earliest of several reports counts.
                again = later(rng, submitted, 1, 6)
                entry = _report("screening_report", f"{unit}-SR-{name}-2", unit, what, again)
                filed.append((again, entry | {"note": "重复报送"}))
    return filed


def case_reports(rng: Random, town: Town) -> list[Filed]:
    """Return the monthly reports of handled cases (办结案例), some in parts."""
    filed: list[Filed] = []
    for unit in town.units:
        for month in MONTHS:
            for number, cases in enumerate(_cases(rng, town, unit), start=1):
                submitted = _submitted(rng, town, unit, month_end(month))
                if submitted is None:
                    continue
                suffix = "" if number == 1 else f"-{number}"
                what: Entry = {"month": month, "cases": cases}
                entry_id = f"{unit}-CR-{month}{suffix}"
                entry = _report("case_report", entry_id, unit, what, submitted)
                if cases == 0:
                    entry["note"] = "所报案例经审核均不予采用"
                filed.append((submitted, entry))
    return filed


def _cases(rng: Random, town: Town, unit: str) -> tuple[int, ...]:
    """Return the number of accepted cases in each report of a unit's month."""
    if chance(rng, town.percent(unit, quiet=0, ordinary=4, troubled=20)):
        return rng.choice(((0,), (1,), (1,), (0, 1)))
    return rng.choice(((2,), (2,), (2,), (2,), (3,), (3,), (4,), (2,), (1, 1), (2, 1), (1, 0, 1)))


def _submitted(rng: Random, town: Town, unit: str, due_on: date) -> date | None:
    """Return the day on which a unit submits a report, or None if it never does."""
    if not chance(rng, town.percent(unit, quiet=0, ordinary=7, troubled=30)):
        return later(rng, due_on, -6, 0)
    limit = late_until(due_on)
    fate = rng.choice(FATES)
    if fate == "never":
        return None
    if fate == "too_late":
        return later(rng, limit, 1, 9)
    return limit if fate == "last_day" else later(rng, due_on, 1, (limit - due_on).days)


def _report(kind: str, entry_id: str, unit: str, what: Entry, day: date) -> Entry:
    return {"kind": kind, "id": entry_id, "unit": unit, **what, "submitted_on": day.isoformat()}
