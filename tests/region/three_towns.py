"""Three towns of two units each: two under one measure, the third under another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from projections.measure.folder import SHIPPED
from tests.cli.running import Tally
from tests.region.regions import write_region
from tests.support import change

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = "430681101", "430681102", "330683001"
"""The codes of the towns; the third is under shengzhou-2010-62, whose points are yuan."""

QUIET = "2015-12-15"
"""A day on which nothing is owed yet: each unit has the 20 points of the first quarter (三.一)."""


def visit(number: str, unit: str, level: str, headcount: int, day: str, **more: Any) -> Any:
    """Return an abnormal batch of people to a level."""
    at = f"{day}T09:30:00+08:00"
    what = {"unit": unit, "matter": f"XF-{number}", "level": level, "headcount": headcount}
    whole = {"kind": "petition_batch", "id": number, "occurred_at": at, "abnormal": True}
    return {**whole, **what, **more}


def village(number: str, name: str) -> dict[str, Any]:
    """Return a village."""
    return {"kind": "unit", "id": number, "name": name, "type": "village"}


def three_towns(folder: Path) -> dict[str, Tally]:
    """Make the ledgers in a folder each; return them by code.

    - 430681101: V001 had three people to the town, 1 point (三.一.2): 19. V002: 20. Position 7.
    - 430681102: V001 had three people to the city, 3 points: 17. V002: 20. Position 7.
    - 330683001: V001 had one person to the district, 100 yuan of 2,000 (三.2): 1,900. V002: 2,000.
    """
    found = {}
    for code in TOWNS:
        (folder / code).mkdir(parents=True)
        found[code] = Tally(folder / code)
    first, second, third = found.values()
    for town, level in ((first, "town"), (second, "city")):
        town("init", "--by", "office").ok()
        batch = visit("B-1", "V001", level, 3, "2015-12-05")
        town.take_in(village("V001", "甲村"), village("V002", "乙村"), batch)
    third("init", "--measure", "shengzhou-2010-62", "--year", "2016", "--by", "office").ok()
    batch = visit("B-1", "V001", "district", 1, "2016-03-05", abnormal=False)
    third.take_in(village("V001", "丙村"), village("V002", "丁村"), batch)
    return found


def region_of(folder: Path, towns: dict[str, Tally]) -> Path:
    """Write a region's files; return the first."""
    return write_region(
        folder, [f"{code},{code[-3:]}镇,,,{town.path}" for code, town in towns.items()]
    )


def dearer_town(folder: Path) -> Path:
    """Return a draft: qianlianghu-2016, but up to 5 people to the town cost 2 points, not 1."""
    draft = folder / "draft"
    shutil.copytree(SHIPPED / "qianlianghu-2016", draft)
    raised = 'of = "abnormal batch"\nwhen = { level = ["town"], headcount = "1-5" }\npoints = '
    change(draft, "clauses/04-abnormal-petitions.toml", f'{raised}"-1"', f'{raised}"-2"')
    change(draft, "measure.toml", 'id = "qianlianghu-2016"', 'id = "qianlianghu-draft"')
    return draft
