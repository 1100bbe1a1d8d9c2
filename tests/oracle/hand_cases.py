"""Cases in `cases/*.toml`: entries, and parts of the `score` JSON computed by hand.

Each file holds `[[case]]` tables:

- `name`, unique; `text`: the words of the regulation or the clause table that it carries out;
- `units`: ids of the units, villages of which nothing more is said (["V1"]); `in_order = true`
  gives them the monthly reports of the year, each on its due day, but for those in `without`;
- `rulings`: readings and their values; `entries`: the contract's, with what `templates.toml` says
  where a field is left out, and numbered by kind (B-1, B-2 …);
- `year` (2016), `through` (2016-11-30), `provisional`, and `unverified`: ids;
- `expect`: by unit, `value_of` the keys; `order`: the units in order of rank;
- `row`: the case stands for as many as there are rows. "$name" takes the row's value, and a field
  whose value the row lacks is left out.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from tests.oracle.dates import QUARTERS, end_of, months_of

FOLDER = Path(__file__).parent / "cases"
TEMPLATES = tomllib.loads((FOLDER / "templates.toml").read_text(encoding="utf-8"))
KEYS = {
    "name",
    "text",
    "units",
    "in_order",
    "without",
    "rulings",
    "entries",
    "year",
    "through",
    "provisional",
    "unverified",
    "expect",
    "order",
}


class Case(NamedTuple):
    """A ledger as the generator returns one, a day, and what is expected."""

    name: str
    text: str
    entries: list
    year: int
    through: str
    provisional: bool
    expect: dict
    order: list | None


def filled(value, row):
    """Return a value with placeholders filled in; drop fields that the row lacks."""
    if isinstance(value, str) and value.startswith("$"):
        return row.get(value[1:])
    if isinstance(value, list):
        return [filled(one, row) for one in value]
    if isinstance(value, dict):
        new = {key: filled(one, row) for key, one in value.items()}
        return {key: one for key, one in new.items() if one is not None}
    return value


def placeholders(value):
    if isinstance(value, str):
        return {value[1:]} if value.startswith("$") else set()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return {name for part in parts for name in placeholders(part)}


def reports_in_order(unit, year, without):
    """Yield the monthly reports of a unit, each on its due day."""
    for month in [month for q in QUARTERS for month in months_of(year, q)]:
        for kind, more in (("screening_report", {}), ("case_report", {"cases": 2})):
            if f"{kind} {month}" not in without:
                own = {"kind": kind, "id": f"{kind}/{unit}/{month}", "unit": unit, "month": month}
                yield {**own, "submitted_on": end_of(month).isoformat(), **more}


def entries_of(data):
    """Return the case's units, its monthly reports if `in_order`, its rulings and entries."""
    year = data.get("year", 2016)
    units = data.get("units", ["V1"])
    entries = [{"kind": "unit", "id": unit, "name": unit, "type": "village"} for unit in units]
    for unit in units if data.get("in_order") else []:
        entries += reports_in_order(unit, year, data.get("without", []))
    rulings = [
        {"kind": "ruling", "year": year, "reading": reading, "value": value}
        for reading, value in data.get("rulings", {}).items()
    ]
    numbers = {}
    for given in [*rulings, *data.get("entries", [])]:
        template = dict(TEMPLATES[given["kind"]])
        prefix = template.pop("prefix")
        numbers[prefix] = numbers.get(prefix, 0) + 1
        entries.append({"id": f"{prefix}-{numbers[prefix]}", **template, **given})
    unverified = data.get("unverified", [])
    assert set(unverified) <= {entry["id"] for entry in entries}
    return [{**entry, "_verified": entry["id"] not in unverified} for entry in entries]


def load():
    """Return all cases, one for each row."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem == "templates":
            continue
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            rows = case.pop("row", [{}])
            assert case.keys() <= KEYS, f"{path.name}: {case['name']}: {case.keys() - KEYS}"
            given = {name for row in rows for name in row}
            assert placeholders(case) == given, f"{path.name}: {case['name']}"
            for row in rows:
                data = filled(case, row)
                values = ", ".join(f"{value}" for value in row.values())
                found.append(
                    Case(
                        f"{path.stem}: {case['name']}" + (f" ({values})" if row else ""),
                        data["text"],
                        entries_of(data),
                        data.get("year", 2016),
                        data.get("through", "2016-11-30"),
                        data.get("provisional", False),
                        data.get("expect", {}),
                        data.get("order"),
                    )
                )
    return found


def value_of(unit, key):
    """Return a part of a unit in the `score` JSON.

    Keys: `Q2 SECTION`, `Q2 score`, `Q2 rewards` and `Q2 penalties` of a period; `periods`; `open`
    as sorted "KIND ENTRY CLAUSE" without `not_inspected`, whose clauses are `not_inspected`; a
    section of the year; or a key of the unit.
    """
    if key == "periods":
        return [period["period"] for period in unit["periods"]]
    if key == "open":
        points = [point for point in unit["open"] if point["kind"] != "not_inspected"]
        return sorted(f"{point['kind']} {point['entry']} {point['clause']}" for point in points)
    if key == "not_inspected":
        return sorted(p["clause"] for p in unit["open"] if p["kind"] == "not_inspected")
    if " " in key:
        quarter, name = key.split()
        (period,) = [one for one in unit["periods"] if one["period"].endswith(quarter)]
        return {"score": period["score"], **period["sections"], **period["beside"]}[name]
    return unit["sections"][key] if key in unit["sections"] else unit[key]
