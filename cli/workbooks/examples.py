"""Example rows of the template, which an import skips."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cli.workbooks.cells import value_of
from cli.workbooks.columns import columns_of
from cli.workbooks.words import EXAMPLE, NO, code_of, half_width
from ledger.decimals import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.measured import LedgerMeasure
    from cli.workbooks.columns import Column

_BY_TYPE = {
    "prose": "（示例文字）",
    "flag": NO,
    "whole": 3,
    "decimal": 1,
    "list": "XF-001、XF-002",
}
_BY_FIELD = {
    ("notice", "units"): "V001、V002",
    ("inspection_finding", "points"): 1,
    ("on_site_response", "stay_minutes"): 45,
    ("petition_batch", "matter"): "XF-001",
    ("supervised_case", "matter"): "XF-001",
}
"""Examples of fields for which that of their type is not valid or not helpful."""

_REFERENCES = {
    "unit": "V001",
    "notice": "N-001",
    "petition_batch": "B-001",
    "supervised_case": "SC-001",
}

_PREFIX = half_width(EXAMPLE)


def _of_measure(kind: str, measured: LedgerMeasure) -> dict[str, Any]:
    """Return by field the examples that depend on the measure: readings, items, periods."""
    measure, year = measured.measure, measured.year
    dated_by = measured.kinds_of_year.by_name[kind].DATED_BY or ""
    fields = measured.kinds_of_year.fields(kind)
    found: dict[str, Any] = {"year": year}
    if dated_by in fields and fields[dated_by].form == "whole":
        found[dated_by] = year
    items = [
        clause.parameters.item
        for clause in measure.clauses.values()
        if clause.kind == "graded" and clause.parameters.entry == kind
    ]
    if items:
        found["item"] = items[0]
    if kind == "ruling" and measure.readings:
        reading = next(iter(measure.readings.values()))
        found |= {"reading": reading.name, "value": reading.default}
    if kind == "carried_quarter" and measure.calendar.count:
        found["period"] = measure.calendar.period(year, 1).name
        found["sections"] = "、".join(
            f"{_named(one.title.zh, one.slug)}={plain(one.opening)}" for one in measure.of_a_period
        )
    return found


def _named(title: str, slug: str) -> str:
    """Return the title of a section if a cell may have it, else its slug."""
    return title if code_of(title) == slug else slug


def _dated(form: str, measured: LedgerMeasure) -> Any:
    """Return a day, time or month of the year that counts; None for other forms."""
    calendar, year = measured.measure.calendar, measured.year
    first = measured.measure.counts_from(year, measured.measure.in_force({}))
    day = max(first, date(year, 3, 1))
    if day > calendar.last_day(year):
        day = first
    days: dict[str, Any] = {
        "day": day,
        "moment": datetime.combine(day + timedelta(days=4), time(9, 30)),
        "month": f"{day:%Y-%m}",
    }
    return days.get(form)


def _example(
    kind: str, column: Column, of_measure: Mapping[str, Any], measured: LedgerMeasure
) -> Any:
    """Return the value of a column in a kind's example row, or None."""
    known = of_measure.get(column.field, _BY_FIELD.get((kind, column.field)))
    if known is not None:
        return known
    if (kind, column.field) == ("screening_report", "month"):
        return _dated("month", measured)
    if not column.required and column.type != "flag":
        return None
    if column.choices:
        return column.word(column.choices[0])
    if column.refers_to is not None:
        return _REFERENCES.get(column.refers_to, "XX-001")
    return _dated(column.type, measured) or _BY_TYPE.get(column.type, "XX-001")


def example_values(kind: str, measured: LedgerMeasure) -> dict[Column, Any]:
    """Return the cells of a kind's example row without its id, those that are filled."""
    of_measure = _of_measure(kind, measured)
    found = {
        column: _example(kind, column, of_measure, measured)
        for column in columns_of(kind, measured.kinds_of_year)
        if column.field != "id"
    }
    return {column: value for column, value in found.items() if value is not None}


def example_row(kind: str, measured: LedgerMeasure) -> dict[Column, Any]:
    """Return the filled cells of a kind's example row.

    Its id has the hash of the others, by which an import knows the row under any measure.
    """
    values = example_values(kind, measured)
    content = {column.field: value_of(value, column) for column, value in values.items()}
    own = next(one for one in columns_of(kind, measured.kinds_of_year) if one.field == "id")
    prefix = measured.kinds_of_year.by_name[kind].PREFIX
    return {own: f"{EXAMPLE}{prefix}-{_hash({'kind': kind, **content})}", **values}


def example_hashes(measured: LedgerMeasure) -> frozenset[str]:
    """Return the hashes of all example rows under a measure, their ids left out."""
    return frozenset(
        str(cell).rpartition("-")[2]
        for kind in measured.measure.entry_kinds()
        for column, cell in example_row(kind, measured).items()
        if column.field == "id"
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of a row's content, its id left out."""
    return _hash({name: value for name, value in content.items() if name != "id"})


def _hash(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:6]


def is_example(entry_id: Any) -> bool:
    """Return whether an id has the prefix of examples."""
    return isinstance(entry_id, str) and half_width(entry_id).lstrip().startswith(_PREFIX)


def is_unchanged(content: Mapping[str, Any]) -> bool:
    """Return whether the content of a row is that of the example whose id it has."""
    return str(content.get("id")).endswith(f"-{content_hash(content)}")
