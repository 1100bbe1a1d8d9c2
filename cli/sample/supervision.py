"""Supervised cases of all five levels, resolved in time, late or never."""

from datetime import date, timedelta
from random import Random
from typing import Final

from cli.sample.days import FIRST, LEVELS, YEAR, Entry, Filed, chance, later
from cli.sample.town import Town

OTHERS: Final = 16
FATES: Final = ("timely", "late", "open")
QUARTERS: Final = (date(2015, 12, 1), date(2016, 3, 1), date(2016, 6, 1), date(2016, 9, 1))
LEAD: Final = 60


def supervised_cases(rng: Random, town: Town) -> list[Filed]:
    """Return cases (交办案件) and their resolutions."""
    plan = [
        (rng.choice(town.ordinary + town.troubled), level, fate, _due(rng))
        for level in LEVELS
        for fate in FATES
    ]
    # The best unit resolves a case in each quarter.
    plan += [(town.quiet[0], rng.choice(LEVELS), "timely", _due_in(rng, day)) for day in QUARTERS]
    for _ in range(OTHERS):
        unit, level = rng.choice(town.units), rng.choice(LEVELS)
        fate = "timely" if unit in town.quiet or chance(rng, 75) else rng.choice(FATES)
        plan.append((unit, level, fate, _due(rng)))
    plan.sort(key=lambda case: case[3])
    filed: list[Filed] = []
    for number, (unit, level, fate, due_on) in enumerate(plan, start=1):
        case_id = f"C-{YEAR}-{number:03d}"
        entry: Entry = {
            "kind": "supervised_case",
            "id": case_id,
            "unit": unit,
            "level": level,
            "due_on": due_on.isoformat(),
        }
        filed.append((max(FIRST, due_on - timedelta(days=LEAD)), entry))
        if fate != "open":
            filed.append(_resolution(rng, unit, case_id, due_on, timely=fate == "timely"))
    return filed


def _resolution(rng: Random, unit: str, case_id: str, due_on: date, *, timely: bool) -> Filed:
    """Return a resolution up to 9 days early, or late by up to six weeks."""
    on = later(rng, due_on, -9, 0) if timely else later(rng, due_on, 1, 42)
    entry: Entry = {
        "kind": "case_resolution",
        "id": f"{case_id}-J",
        "unit": unit,
        "case": case_id,
        "resolved_on": on.isoformat(),
    }
    if not timely:
        entry["note"] = "逾期办结"
    return on, entry


def _due(rng: Random) -> date:
    return _due_in(rng, rng.choice(QUARTERS))


def _due_in(rng: Random, quarter: date) -> date:
    """Return a due day 10 to 88 days into a quarter."""
    return later(rng, quarter, 10, 88)
