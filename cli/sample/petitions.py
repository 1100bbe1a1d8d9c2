"""Petition batches: edge cases, every level and tier, usual ones, repetitions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Final

from cli.sample.days import DAYS, FIRST, LAST, LEVELS, YEAR, Entry, Filed, chance, later, moment
from cli.sample.edge_cases import Visit, edge_cases
from cli.sample.town import Town

# Headcounts of each tier of the table, used in turn; the bounds of a tier come first.
TIERS: Final = ((5, 2, 5, 1, 5, 3), (6, 10), (11, 30), (31, 50, 34))
COLLECTIVE: Final = 5
CROWD: Final = 30
GRAVE: Final = ("national", "province")
SMALL: Final = (1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 8, 12)
NEAR: Final = ("town",) * 5 + ("district",) * 4 + ("city",) * 2 + ("province",)
ORDINARY_MOST: Final = 44
TROUBLED_MORE: Final = 7
ABOUT: Final = (
    "反映征地补偿问题", "反映拖欠工资问题", "反映低保评定问题", "反映道路硬化问题",
    "反映水塘承包问题", "反映宅基地边界问题", "反映农田排水问题", "反映集体账目公开问题",
)  # fmt: skip


def plan_visits(rng: Random, town: Town) -> list[Visit]:
    """Return the year's batches in the order of time, each with its matter (信访事项)."""
    visits = edge_cases(town.troubled, mistaken=town.ordinary[0])
    visits += _grid(rng, town)
    visits += _usual(rng, town, visits)
    visits.sort(key=lambda visit: (visit.at, visit.unit))
    visits = [
        visit._replace(
            matter=f"XF-{YEAR}-{300 + number:04d}",
            host_unit=_host(rng, town, visit) if chance(rng, 22) else None,
            note=visit.note or (rng.choice(ABOUT) if chance(rng, 40) else ""),
        )
        for number, visit in enumerate(visits, start=1)
    ]
    visits += _repetitions(rng, visits)
    return sorted(visits, key=lambda visit: (visit.at, visit.unit))


def number_of(position: int) -> str:
    """Return what follows `B-` and `R-` in the ids of a batch, from 1."""
    return f"{YEAR}-{position:04d}"


def batches(visits: list[Visit]) -> list[Filed]:
    """Return the entries, numbered in the order of time."""
    filed: list[Filed] = []
    for position, visit in enumerate(visits, start=1):
        entry: Entry = {
            "kind": "petition_batch",
            "id": f"B-{number_of(position)}",
            "unit": visit.unit,
            "matter": visit.matter,
            "level": visit.level,
            "headcount": visit.headcount,
            "occurred_at": visit.at.isoformat(),
            "abnormal": visit.abnormal,
        }
        if visit.host_unit is not None:
            entry["host_unit"] = visit.host_unit
        if visit.repeated:
            entry["repeated"] = True
        if visit.key_person:
            entry["key_person"] = True
        if visit.note:
            entry["note"] = visit.note
        filed.append((visit.at.date(), entry))
    return filed


def _grid(rng: Random, town: Town) -> Iterator[Visit]:
    """Yield a batch for each level and tier; grave ones for troubled units."""
    disqualified = cycle(town.troubled[:2])
    troubled = cycle(town.troubled[2:])
    ordinary = cycle(town.ordinary)
    for far, level in enumerate(LEVELS):
        for abnormal in (True, False):
            for tier in TIERS:
                headcount = tier[(far + abnormal) % len(tier)]
                if abnormal and level == "national" and headcount >= COLLECTIVE:
                    unit = next(disqualified)
                elif headcount >= CROWD or (abnormal and (level in GRAVE or tier in TIERS[2:])):
                    unit = next(troubled)
                else:
                    unit = next(ordinary)
                yield Visit(unit, _when(rng), level, headcount, abnormal)


def _usual(rng: Random, town: Town, visits: list[Visit]) -> Iterator[Visit]:
    """Yield small batches at low levels, up to two in all for an ordinary unit."""
    liable = [visit.unit for visit in visits]
    room = [unit for unit in town.ordinary for _ in range(2 - min(2, liable.count(unit)))]
    rng.shuffle(room)
    ordinary = sum(unit in town.ordinary for unit in liable)
    more = [rng.choice(town.troubled[:2]) for _ in range(TROUBLED_MORE)]
    for unit in [*room[: ORDINARY_MOST - ordinary], *more]:
        level = rng.choice(NEAR)
        headcount = rng.choice(SMALL[:6] if level == "province" else SMALL)
        yield Visit(unit, _when(rng), level, headcount, abnormal=chance(rng, 40))


def _repetitions(rng: Random, visits: list[Visit]) -> Iterator[Visit]:
    """Yield repetitions (重复上访) of collective batches of every level."""
    wanted = [(level, True) for level in LEVELS]
    wanted += [("town", False), ("district", False), ("town", True), ("district", True)]
    seen: set[str] = set()
    for level, abnormal in wanted:
        first = next(
            visit
            for visit in visits
            if (visit.level, visit.abnormal) == (level, abnormal)
            and visit.headcount >= COLLECTIVE
            and visit.matter not in seen
            and visit.note != "待复核"
        )
        seen.add(first.matter)
        headcount = max(COLLECTIVE, first.headcount - rng.randrange(3))
        day = min(later(rng, first.at.date(), 9, 45), LAST)
        yield first._replace(
            at=_after(first.at, moment(rng, day)),
            headcount=headcount,
            repeated=True,
            key_person=False,
            note="同一事项重复上访",
        )


def _host(rng: Random, town: Town, visit: Visit) -> str:
    others = [unit for unit in (*town.ordinary, *town.troubled) if unit != visit.unit]
    return rng.choice(others)


def _after(first: datetime, again: datetime) -> datetime:
    return max(again, first + timedelta(minutes=5))


def _when(rng: Random) -> datetime:
    day: date = FIRST + timedelta(days=rng.randrange(DAYS))
    return moment(rng, day)
