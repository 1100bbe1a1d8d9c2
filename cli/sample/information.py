"""Information reports: weekly early warnings, and reports of batches."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from cli.sample.days import FIRST, YEAR, Entry, Filed, chance, fridays, moment
from cli.sample.edge_cases import Visit
from cli.sample.occasions import PERIODS
from cli.sample.town import Town

MATTERS: Final = 3
"""Matters of a unit that its weekly reports repeat."""

# How a batch is reported: in a weekly report, ahead of it, by the host unit, too late, or never.
WAYS: Final = (
    ("weekly",) * 4 + ("ahead",) * 4 + ("by_host", "late", "late", "late") + ("never",) * 3
)
HOURS_BEFORE: Final = (1, 3, 18, 40, 66)
HOURS_AFTER: Final = (0, 2, 20, 44)

News = dict[tuple[str, date], list[str]]
"""By unit and Friday, the matters of batches that its weekly report announces."""


def information_reports(rng: Random, town: Town, visits: list[Visit]) -> list[Filed]:
    """Return every report of the year; it names batches by their matters."""
    news: News = defaultdict(list)
    filed = list(_of_batches(rng, visits, news))
    for number, unit in enumerate(town.units):
        matters = [f"XF-{YEAR}-{MATTERS * number + each:04d}" for each in range(1, MATTERS + 1)]
        filed += _weekly(rng, town, unit, matters, news)
        filed += _of_periods(rng, town, unit, matters)
    return filed


def _of_batches(rng: Random, visits: list[Visit], news: News) -> Iterator[Filed]:
    """Yield the reports of single batches; add the others to the weekly news."""
    number = 0
    for visit in visits:
        way, unit = rng.choice(WAYS), visit.unit
        if way == "by_host" and visit.host_unit is not None:
            # The liable unit still loses points: it did not report the matter itself.
            way, unit = "ahead", visit.host_unit
        if way == "weekly":
            friday = visit.at.date() - timedelta(days=(visit.at.weekday() - 4) % 7 or 7)
            if friday >= FIRST:
                news[unit, friday].append(visit.matter)
                continue
            way = "ahead"
        if way not in {"ahead", "late"}:
            continue
        hours = -rng.choice(HOURS_BEFORE) if way == "ahead" else rng.choice(HOURS_AFTER)
        number += 1
        entry_id = f"UR-{YEAR}-{number:04d}"
        urgency = "urgent" if chance(rng, 80) else "early_warning"
        at = visit.at + timedelta(hours=hours)
        entry = _report(entry_id, unit, urgency, [visit.matter], at)
        if hours >= 0:
            entry["note"] = "事后补报"
        yield at.date(), entry


def _weekly(rng: Random, town: Town, unit: str, matters: list[str], news: News) -> Iterator[Filed]:
    """Yield the report of each Friday; some without news are omitted."""
    skipped = town.percent(unit, quiet=0, ordinary=2, troubled=10)
    for week, friday in enumerate(fridays(), start=1):
        new = news.get((unit, friday), [])
        if chance(rng, skipped) and not new:
            continue
        first = rng.randrange(MATTERS)
        known = matters[first : first + 1 + rng.randrange(2)]
        at = moment(rng, friday)
        entry_id = f"{unit}-IR-{YEAR}-W{week:02d}"
        yield friday, _report(entry_id, unit, "early_warning", known + new, at)


def _of_periods(rng: Random, town: Town, unit: str, matters: list[str]) -> Iterator[Filed]:
    """Yield a unit's report on the eve of each special period; some are omitted."""
    for number, period in enumerate(PERIODS, start=1):
        if not chance(rng, town.percent(unit, quiet=100, ordinary=70, troubled=55)):
            continue
        eve = period.starts_on - timedelta(days=1)
        entry_id = f"{unit}-IR-{YEAR}-SP{number:02d}"
        urgency = "urgent" if chance(rng, 10) else "early_warning"
        yield eve, _report(entry_id, unit, urgency, [rng.choice(matters)], moment(rng, eve))


def _report(entry_id: str, unit: str, urgency: str, matters: list[str], at: datetime) -> Entry:
    return {
        "kind": "information_report",
        "id": entry_id,
        "unit": unit,
        "urgency": urgency,
        "matters": matters,
        "submitted_at": at.isoformat(),
    }
