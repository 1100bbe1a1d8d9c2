"""Workbooks for tests, filled by openpyxl as a clerk fills them by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl

from cli.language.chinese import word
from cli.workbooks.columns import columns_of
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cli.workbooks.columns import Column


def typed(value: Any, column: Column) -> Any:
    """What a clerk puts into a cell for a field's value."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.type == "list":
        return "、".join(value) or "无"
    if column.type == "day":
        return date.fromisoformat(value)
    if column.type == "moment":
        return datetime.fromisoformat(value).replace(tzinfo=None)
    if column.type == "decimal":
        return float(value)
    return word(value) if column.choices else value


def fill(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """Puts entries under what a template's sheets have already."""
    book = openpyxl.load_workbook(path)
    for entry in entries:
        kind = entry["kind"]
        sheet = book[BY_KIND[kind].TITLE]
        titles = {cell.value: cell.column for cell in sheet[1]}
        row = 2
        while sheet.cell(row, 1).value is not None:
            row += 1
        for column in columns_of(kind):
            if column.field in entry:
                value = typed(entry[column.field], column)
                sheet.cell(row, titles[column.title], value)
    book.save(path)


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook of these sheets and rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


BATCH = [
    *("编号", "问题引发单位", "信访事项", "级别", "人数", "发生时间", "非正常上访"),
]
"""The required columns of a batch."""


def batch_row(number: str = "B-1", **cells: Any) -> list[Any]:
    """A row under `BATCH`, sound unless told otherwise."""
    row = {
        "编号": number,
        "问题引发单位": "V001",
        "信访事项": f"XF-{number}",
        "级别": "镇",
        "人数": 3,
        "发生时间": datetime(2016, 3, 5, 9, 30),  # noqa: DTZ001 - as a cell has it
        "非正常上访": "是",
        **cells,
    }
    return [row[title] for title in BATCH]
