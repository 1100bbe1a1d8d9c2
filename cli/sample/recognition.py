"""Commendations, research sites, criticisms and yellow cards."""

from datetime import date, timedelta
from random import Random
from typing import Final

from cli.sample.days import DAYS, FIRST, LEVELS, YEAR, Entry, Filed
from cli.sample.town import Town

MORE_COMMENDED: Final = ("city", "city", "district", "district", "district", "district")
CRITICS: Final = ("joint_conference",) * 4 + ("district",) * 3 + ("city",) * 2


def commendations(rng: Random, town: Town) -> list[Filed]:
    """Return one of each of four levels for the best unit, and some for others."""
    best = town.quiet[0]
    given = [(best, level) for level in LEVELS[:4]]
    given += [(rng.choice(town.quiet + town.ordinary), level) for level in MORE_COMMENDED]
    return _numbered(rng, "commendation", "BZ", [(u, {"level": v}) for u, v in given], "issued_on")


def research_sites(rng: Random, town: Town) -> list[Filed]:
    """Return sites (现场) visited by three levels of government, two of each level."""
    shown = [(town.quiet[0], level) for level in LEVELS[:3]]
    shown += [(rng.choice(town.quiet), level) for level in LEVELS[:3]]
    return _numbered(rng, "research_site", "DY", [(u, {"level": v}) for u, v in shown], "held_on")


def criticisms(rng: Random, town: Town) -> list[Filed]:
    """Return criticisms by each issuer; the province's vetoes a troubled unit."""
    given = [(town.troubled[2], {"issuer": "province"})]
    given += [(rng.choice(town.troubled * 3 + town.ordinary), {"issuer": by}) for by in CRITICS]
    return _numbered(rng, "criticism", "TB", given, "issued_on")


def yellow_cards(rng: Random, town: Town) -> list[Filed]:
    """Return four warnings (黄牌警告), two of them for one unit."""
    warned = [town.troubled[1], town.troubled[1], town.troubled[4], rng.choice(town.ordinary)]
    return _numbered(rng, "yellow_card", "HP", [(unit, {}) for unit in warned], "issued_on")


def _numbered(
    rng: Random, kind: str, letters: str, given: list[tuple[str, dict[str, str]]], dated: str
) -> list[Filed]:
    """Return entries on random days, numbered in the order of the days."""
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
