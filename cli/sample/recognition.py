"""Praise and blame from above: commendations, research sites, criticism and yellow cards."""

from datetime import date, timedelta
from random import Random
from typing import Final

from cli.sample.days import DAYS, FIRST, LEVELS, YEAR, Entry, Filed
from cli.sample.town import Town

MORE_COMMENDED: Final = ("city", "city", "district", "district", "district", "district")
CRITICS: Final = ("joint_conference",) * 4 + ("district",) * 3 + ("city",) * 2


def commendations(rng: Random, town: Town) -> list[Filed]:
    """Each of the four levels for the best unit, and some for units that are not troubled."""
    best = town.quiet[0]
    given = [(best, level) for level in LEVELS[:4]]
    given += [(rng.choice(town.quiet + town.ordinary), level) for level in MORE_COMMENDED]
    return _numbered(rng, "commendation", "BZ", [(u, {"level": v}) for u, v in given], "issued_on")


def research_sites(rng: Random, town: Town) -> list[Filed]:
    """Sites (现场) shown to visitors from above: each of the three levels twice."""
    shown = [(town.quiet[0], level) for level in LEVELS[:3]]
    shown += [(rng.choice(town.quiet), level) for level in LEVELS[:3]]
    return _numbered(rng, "research_site", "DY", [(u, {"level": v}) for u, v in shown], "held_on")


def criticisms(rng: Random, town: Town) -> list[Filed]:
    """Each issuer, the province once alone: it vetoes the third of the troubled units."""
    told = [(town.troubled[2], {"issuer": "province"})]
    told += [(rng.choice(town.troubled * 3 + town.ordinary), {"issuer": who}) for who in CRITICS]
    return _numbered(rng, "criticism", "TB", told, "issued_on")


def yellow_cards(rng: Random, town: Town) -> list[Filed]:
    """A few warnings (黄牌警告), one unit with two of them."""
    warned = [town.troubled[1], town.troubled[1], town.troubled[4], rng.choice(town.ordinary)]
    return _numbered(rng, "yellow_card", "HP", [(unit, {}) for unit in warned], "issued_on")


def _numbered(
    rng: Random, kind: str, letters: str, given: list[tuple[str, dict[str, str]]], dated: str
) -> list[Filed]:
    """Entries on days drawn from the year, numbered in the order of the days."""
    days = sorted(rng.randrange(DAYS) for _ in given)
    rng.shuffle(given)
    filed: list[Filed] = []
    for number, (day, (unit, what)) in enumerate(zip(days, given, strict=True), start=1):
        on: date = FIRST + timedelta(days=day)
        entry: Entry = {
            "kind": kind,
            "id": f"{letters}-{YEAR}-{number:02d}",
            "unit": unit,
            **what,
            dated: on.isoformat(),
        }
        filed.append((on, entry))
    return filed
