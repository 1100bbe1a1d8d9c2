"""Screening and case reports: in time, late, too late, missing, or with too few cases."""

from datetime import date
from random import Random
from typing import Final

from cli.sample.days import MONTHS, Entry, Filed, chance, late_until, later, month_end
from cli.sample.occasions import Notice
from cli.sample.town import Town

# Of what is not in by its due date: within the window, on its last day, after it, or not at all.
FATES: Final = ("late",) * 5 + ("last_day", "too_late") + ("never",) * 3
LATE_NOTES: Final = ("经催报后补交", "因停电延误，次日补报", "经办人员外出培训，逾期报送")


def screening_reports(rng: Random, town: Town, notices: list[Notice]) -> list[Filed]:
    """A report (矛盾纠纷排查) a month and a notice from nearly every unit that owes one."""
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
                # Handed in once more: of several reports the earliest counts.
                again = later(rng, submitted, 1, 6)
                entry = _report("screening_report", f"{unit}-SR-{name}-2", unit, what, again)
                filed.append((again, entry | {"note": "重复报送"}))
    return filed


def case_reports(rng: Random, town: Town) -> list[Filed]:
    """Handled cases (办结案例) a month: mostly two or more in one report, at times in several."""
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
    """Accepted cases of each of the unit's reports of a month."""
    if chance(rng, town.share(unit, quiet=0, ordinary=4, troubled=20)):
        return rng.choice(((0,), (1,), (1,), (0, 1)))
    return rng.choice(((2,), (2,), (2,), (2,), (3,), (3,), (4,), (2,), (1, 1), (2, 1), (1, 0, 1)))


def _submitted(rng: Random, town: Town, unit: str, due_on: date) -> date | None:
    """The day on which the unit hands a report in; None when it never does."""
    if not chance(rng, town.share(unit, quiet=0, ordinary=7, troubled=30)):
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
