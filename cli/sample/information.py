"""Information reports: the weekly early warnings, and word of a batch before it or too late."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from cli.sample.days import FIRST, YEAR, Entry, Filed, chance, fridays, moment
from cli.sample.occasions import PERIODS
from cli.sample.stories import Visit
from cli.sample.town import Town

STANDING: Final = 3
# How word of a batch comes: in a weekly report, at once, by the wrong unit, too late, or not.
WORD: Final = (
    ("weekly",) * 4 + ("ahead",) * 4 + ("by_host", "late", "late", "late") + ("never",) * 3
)
HOURS_BEFORE: Final = (1, 3, 18, 40, 66)
HOURS_AFTER: Final = (0, 2, 20, 44)

Heard = dict[tuple[str, date], list[str]]
"""Matters of batches that stand in a unit's report of a Friday."""


def information_reports(rng: Random, town: Town, placed: list[Visit]) -> list[Filed]:
    """Every report of the year; a matter is reported for a batch by the same case number."""
    heard: Heard = defaultdict(list)
    filed = list(_of_batches(rng, placed, heard))
    for number, unit in enumerate(town.units):
        standing = [f"XF-{YEAR}-{STANDING * number + each:04d}" for each in range(1, STANDING + 1)]
        filed += _weekly(rng, town, unit, standing, heard)
        filed += _of_periods(rng, town, unit, standing)
    return filed


def _of_batches(rng: Random, placed: list[Visit], heard: Heard) -> Iterator[Filed]:
    number = 0
    for visit in placed:
        word, unit = rng.choice(WORD), visit.unit
        if word == "by_host" and visit.host_unit is not None:
            # The liable unit is still charged: it did not report the matter itself.
            word, unit = "ahead", visit.host_unit
        if word == "weekly":
            friday = visit.at.date() - timedelta(days=(visit.at.weekday() - 4) % 7 or 7)
            if friday >= FIRST:
                heard[unit, friday].append(visit.matter)
                continue
            word = "ahead"
        if word not in {"ahead", "late"}:
            continue
        hours = -rng.choice(HOURS_BEFORE) if word == "ahead" else rng.choice(HOURS_AFTER)
        number += 1
        entry_id = f"UR-{YEAR}-{number:04d}"
        urgency = "urgent" if chance(rng, 80) else "early_warning"
        at = visit.at + timedelta(hours=hours)
        entry = _report(entry_id, unit, urgency, [visit.matter], at)
        if hours >= 0:
            entry["note"] = "事后补报"
        yield at.date(), entry


def _weekly(
    rng: Random, town: Town, unit: str, standing: list[str], heard: Heard
) -> Iterator[Filed]:
    """The report of each Friday; a unit seldom leaves one out, and never one that has news."""
    skipped = town.share(unit, quiet=0, ordinary=2, troubled=10)
    for week, friday in enumerate(fridays(), start=1):
        news = heard.get((unit, friday), [])
        if chance(rng, skipped) and not news:
            continue
        first = rng.randrange(STANDING)
        known = standing[first : first + 1 + rng.randrange(2)]
        at = moment(rng, friday)
        entry_id = f"{unit}-IR-{YEAR}-W{week:02d}"
        yield friday, _report(entry_id, unit, "early_warning", known + news, at)


def _of_periods(rng: Random, town: Town, unit: str, standing: list[str]) -> Iterator[Filed]:
    """What most units report on the eve of a special period."""
    for number, period in enumerate(PERIODS, start=1):
        if not chance(rng, town.share(unit, quiet=100, ordinary=70, troubled=55)):
            continue
        eve = period.starts_on - timedelta(days=1)
        entry_id = f"{unit}-IR-{YEAR}-SP{number:02d}"
        urgency = "urgent" if chance(rng, 10) else "early_warning"
        yield eve, _report(entry_id, unit, urgency, [rng.choice(standing)], moment(rng, eve))


def _report(entry_id: str, unit: str, urgency: str, matters: list[str], at: datetime) -> Entry:
    return {
        "kind": "information_report",
        "id": entry_id,
        "unit": unit,
        "urgency": urgency,
        "matters": matters,
        "submitted_at": at.isoformat(),
    }
