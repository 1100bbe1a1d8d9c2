"""Example rows of the template, which an import skips."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cli.workbooks.cells import value_of
from cli.workbooks.columns import columns_of
from cli.workbooks.words import EXAMPLE, NO, half_width
from ledger.kinds import BUILT_IN, Kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.workbooks.columns import Column
    from ledger.fields import FormName

_BY_TYPE: dict[FormName, Any] = {
    "prose": "（示例文字）",
    "flag": NO,
    "whole": 3,
    "decimal": 1,
    "day": date(2016, 3, 1),
    "moment": datetime(2016, 3, 5, 9, 30),  # noqa: DTZ001 - as a cell has it
    "month": "2016-03",
    "list": "XF-001、XF-002",
    "value": "1.5",
}
_BY_FIELD = {
    ("notice", "units"): "V001、V002",
    ("carried_quarter", "sections"): "基础工作=8、非正常上访工作=12",
    ("carried_quarter", "period"): "2016Q1",
    ("inspection_finding", "item"): "1.1",
    ("ruling", "reading"): "overstay_factor",
    ("inspection_finding", "points"): 1,
    ("screening_report", "month"): "2016-03",
    ("on_site_response", "stay_minutes"): 45,
}
"""Examples of fields for which that of their type is not valid or not helpful."""

_REFERENCES = {
    "unit": "V001",
    "notice": "N-001",
    "petition_batch": "B-001",
    "supervised_case": "SC-001",
}

_PREFIX = half_width(EXAMPLE)


def example_of(kind: str, column: Column, kinds: Kinds = BUILT_IN) -> Any:
    """Return the value of a column in a kind's example row, or None."""
    if column.field == "id":
        # The number tells kinds of one prefix apart.
        return f"{EXAMPLE}{kinds.by_name[kind].PREFIX}-{[*kinds].index(kind) + 1:03}"
    known = _BY_FIELD.get((kind, column.field), 2016 if column.field == "year" else None)
    if known is not None:
        return known
    if not column.required and column.type != "flag":
        return None
    if column.choices:
        return column.word(column.choices[0])
    if column.refers_to is not None:
        return _REFERENCES.get(column.refers_to, "XX-001")
    return _BY_TYPE.get(column.type, "XF-001")


def is_example(entry_id: Any) -> bool:
    """Return whether an id has the prefix of examples."""
    return isinstance(entry_id, str) and half_width(entry_id).lstrip().startswith(_PREFIX)


@cache
def _content(kind: str, kinds: Kinds) -> dict[str, Any]:
    examples = {column: example_of(kind, column, kinds) for column in columns_of(kind, kinds)}
    return {
        column.field: value_of(example, column)
        for column, example in examples.items()
        if example is not None and column.field != "id"
    }


def is_unchanged(content: Mapping[str, Any], kinds: Kinds = BUILT_IN) -> bool:
    """Return whether the content of a row is that of its kind's example, whatever its id."""
    kind = str(content.get("kind"))
    return {**content, "id": None} == {"kind": kind, "id": None, **_content(kind, kinds)}
