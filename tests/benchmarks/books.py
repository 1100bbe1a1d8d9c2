"""Large books of entries: sample years of many towns, and a year of batches."""

from __future__ import annotations

import json
import random
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cli.sample import sample_year
from ledger.vocabulary import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE_YEAR = 2016
_REFERENCES = frozenset(
    {"id", "unit", "host_unit", "notice", "batch", "case", "of", "replaces", "matter"}
)
_OF_ALL = {"special_period", "notice", "ruling"}
_DATE = re.compile(r'"(20\d\d)-(\d\d)')
_LEAP = re.compile(r'"(20\d\d)-02-29')


def book(entries: int, years: int = 1) -> Iterator[bytes]:
    """Yield entries as JSON lines, from sample years of as many towns as needed.

    Args:
        entries: how many entries.
        years: each town has so many assessment years, the last of them 2016, with the same 46
            units. Its ids have a prefix of the town's own.
    """
    made = 0
    town = 0
    while made < entries:
        town += 1
        for back in range(years):
            year = SAMPLE_YEAR - back
            for line in _part(town, year, first=back == 0):
                if made >= entries:
                    return
                made += 1
                yield line


def _part(town: int, year: int, *, first: bool) -> Iterator[bytes]:
    """Yield the entries of one year of a town; its units with the first year only."""
    for entry in sample_year(SAMPLE_YEAR + town):
        if entry["kind"] == "unit":
            if first:
                unit = {**entry, "id": f"T{town}-{entry['id']}"}
                yield json.dumps(unit, ensure_ascii=False).encode()
        elif town == 1 or not _is_of_all(entry):
            changed = _of_town(entry, town, year)
            yield _shifted(json.dumps(changed, ensure_ascii=False), year).encode()


def _of_town(entry: dict[str, Any], town: int, year: int) -> dict[str, Any]:
    """Return an entry whose id and references have the prefix of a town and year."""
    changed = dict(entry)
    for name in _REFERENCES & changed.keys():
        # One district: its notices are the first town's, for every unit.
        whose = 1 if name == "notice" else town
        unit = name in {"unit", "host_unit"}
        changed[name] = _renamed(str(changed[name]), whose, year, unit=unit)
    if "matters" in changed:
        changed["matters"] = [
            _renamed(str(matter), town, year, unit=False) for matter in changed["matters"]
        ]
    changed.pop("units", None)
    if "year" in changed:
        changed["year"] = int(str(changed["year"])) - SAMPLE_YEAR + year
    return changed


def _is_of_all(entry: dict[str, Any]) -> bool:
    """Return whether an entry concerns all towns; only the first town has such."""
    taken_back = str(entry.get("of", ""))
    return entry["kind"] in _OF_ALL or taken_back.startswith(("N-", "SP-"))


def _renamed(name: str, town: int, year: int, *, unit: bool) -> str:
    return f"T{town}-{name}" if unit else f"T{town}-{year}-{name}"


def _shifted(text: str, year: int) -> str:
    by = year - SAMPLE_YEAR
    if not by:
        return text
    text = _DATE.sub(lambda found: f'"{int(found[1]) + by}-{found[2]}', text)
    return _LEAP.sub(lambda found: f'"{found[1]}-02-28', text)


def bearing_book(entries: int, units: int) -> Iterator[bytes]:
    """Yield units, then petition batches and their responses, half of each, in turns.

    Every batch is abnormal and of the year 2016, so that every entry bears on points. Levels,
    headcounts, arrivals and stays are drawn at random; some batches are repeated, of a key
    person, or have a host unit.
    """
    draw = random.Random(2016)
    names = [f"V{number:04d}" for number in range(units)]
    for name in names:
        yield _line(kind="unit", id=name, name=name, type="village")
    for number in range(entries // 2):
        batch = _batch(number, names, draw)
        yield _line(**batch)
        yield _line(
            kind="on_site_response",
            id=f"R-{number}",
            unit=batch["unit"],
            batch=batch["id"],
            arrival=draw.choice(("ahead", "prompt", "late", "absent")),
            effective=draw.random() < 0.5,
            **({"stay_minutes": draw.randrange(400)} if draw.random() < 0.8 else {}),
        )


def _batch(number: int, units: list[str], draw: random.Random) -> dict[str, Any]:
    """Return an abnormal batch at a random minute of the assessment year 2016."""
    liable, host = draw.sample(units, 2)
    minutes = draw.randrange(366 * 24 * 60)
    occurred_at = datetime(2015, 12, 1) + timedelta(minutes=minutes)  # noqa: DTZ001 - local time
    return {
        "kind": "petition_batch",
        "id": f"B-{number}",
        "unit": liable,
        "matter": f"XF-{number}",
        "level": draw.choice(LEVELS),
        "headcount": draw.choice((1, 3, 5, 6, 8, 10, 15, 29, 30, 31, 60)),
        "occurred_at": f"{occurred_at:%Y-%m-%dT%H:%M}",
        "abnormal": True,
        "repeated": draw.random() < 0.2,
        "key_person": draw.random() < 0.1,
        **({"host_unit": host} if draw.random() < 0.2 else {}),
    }


def _line(**entry: Any) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode()
