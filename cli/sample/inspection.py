"""Findings of the year-end inspection."""

from datetime import date
from random import Random
from typing import Final

from cli.sample.days import YEAR, Entry, Filed, chance, later
from cli.sample.town import Town

BEGINS: Final = date(2016, 11, 14)
# Points of the graded items, the full ones first.
ONE: Final = ("1", "1", "1", "0.9", "0.8", "0.75", "0.5")
ONE_AND_A_HALF: Final = ("1.5", "1.5", "1.4", "1.25", "1")
POOR: Final = ("0.6", "0.5", "0.3", "0")
GRADED: Final = {
    "1.1": ONE, "1.3": ONE, "2.1": ONE, "2.2": ONE, "2.3": ONE, "2.4": ONE, "2.5": ONE,
    "5.1": ONE_AND_A_HALF, "5.2": ONE_AND_A_HALF,
}  # fmt: skip
# Missing meetings of the four quarters (1.2), team members (3), systems (4) and files (6).
COUNTED: Final = {"1.2": (0, 0, 1), "3": (0, 0, 1, 2), "4": (0, 0, 0, 1), "6": (0, 0, 1, 2, 3)}
# Seven missing files deduct more than the item's 3 points: there is no floor.
WORST: Final = {"1.2": 4, "3": 3, "4": 2, "6": 7}
ITEMS: Final = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3", "4", "5.1", "5.2", "6")


def inspection_findings(rng: Random, town: Town) -> list[Filed]:
    """Return a finding for each unit and item; a few items were not inspected."""
    filed: list[Filed] = []
    for unit in town.units:
        on = later(rng, BEGINS, 0, 14)
        for item in ITEMS:
            if chance(rng, town.percent(unit, quiet=0, ordinary=3, troubled=6)):
                continue
            entry: Entry = {
                "kind": "inspection_finding",
                "id": f"{unit}-IF-{YEAR}-{item}",
                "unit": unit,
                "year": YEAR,
                "item": item,
            }
            if item in GRADED:
                entry["points"] = _points(rng, town, unit, item)
            else:
                entry["missing"] = _missing(rng, town, unit, item)
            filed.append((on, entry))
    return filed


def _points(rng: Random, town: Town, unit: str, item: str) -> str:
    if unit in town.quiet:
        return GRADED[item][0]
    if unit in town.troubled and chance(rng, 40):
        return rng.choice(POOR)
    return rng.choice(GRADED[item])


def _missing(rng: Random, town: Town, unit: str, item: str) -> int:
    if unit in town.quiet:
        return 0
    if unit == town.troubled[0]:
        return WORST[item]
    return rng.choice(COUNTED[item])
