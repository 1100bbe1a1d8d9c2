"""The example row of each kind's sheet: what a template shows, and an import passes over."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cli.language.chinese import word
from cli.workbooks.cells import value_of
from cli.workbooks.columns import columns_of
from cli.workbooks.words import EXAMPLE, NO, half_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.workbooks.columns import Column
    from ledger.fields import FormName

_EXAMPLES: dict[FormName, Any] = {
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
_SPECIAL = {
    ("notice", "units"): "V001、V002",
    ("ruling", "reading"): "overstay_factor",
    ("ruling", "year"): 2016,
    ("inspection_finding", "year"): 2016,
    ("inspection_finding", "points"): 1,
    ("screening_report", "month"): "2016-03",
    ("on_site_response", "stay_minutes"): 45,
}
"""What an example has where its type does not say enough."""

_REFERENCES = {"unit": "V001", "notice": "N-001", "petition_batch": "B-001"}
_REFERENCES |= {"supervised_case": "SC-001"}

_MARK = half_width(EXAMPLE)


def example_of(kind: str, column: Column) -> Any:
    """What a kind's example row has in a column; None for nothing."""
    if column.field == "id":
        return f"{EXAMPLE}{kind.upper()[:2]}-001"
    if (kind, column.field) in _SPECIAL:
        return _SPECIAL[kind, column.field]
    if not column.required and column.type != "flag":
        return None
    if column.choices:
        return word(column.choices[0])
    if column.refers_to is not None:
        return _REFERENCES[column.refers_to]
    return _EXAMPLES.get(column.type, "XF-001")


def is_example(number: Any) -> bool:
    """Whether an entry's number is one that only an example can have."""
    return isinstance(number, str) and half_width(number).lstrip().startswith(_MARK)


@cache
def _content(kind: str) -> dict[str, Any]:
    given = {column: example_of(kind, column) for column in columns_of(kind)}
    return {
        column.field: value_of(example, column)
        for column, example in given.items()
        if example is not None
    }


def is_untouched(content: Mapping[str, Any]) -> bool:
    """Whether a row says what its kind's example says: nobody has written into it."""
    kind = str(content.get("kind"))
    told = {field: value for field, value in content.items() if field != "kind"}
    return told == _content(kind)
