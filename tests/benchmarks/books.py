"""Large ledgers made of the sample year: many towns' worth of units, and many years."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cli.sample import sample_year

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
    """About so many entries as JSON lines, spread over so many assessment years up to 2016.

    Each part is a sample year of 46 units under a prefix of its own; with several years the
    same units live through all of them.
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
    """One town's year; its units are entered with the first year alone."""
    for entry in sample_year(SAMPLE_YEAR + town):
        if entry["kind"] == "unit":
            if first:
                unit = {**entry, "id": f"T{town}-{entry['id']}"}
                yield json.dumps(unit, ensure_ascii=False).encode()
        elif town == 1 or not _is_of_all(entry):
            changed = _of_town(entry, town, year)
            yield _shifted(json.dumps(changed, ensure_ascii=False), year).encode()


def _of_town(entry: dict[str, Any], town: int, year: int) -> dict[str, Any]:
    """An entry with what it names under the numbers of a town and year."""
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
    """Whether it concerns the district, or takes back what does: then it is the first town's."""
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
