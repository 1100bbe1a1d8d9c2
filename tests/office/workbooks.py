"""Workbooks for tests, written by openpyxl as a clerk fills them in by hand."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import xlwt

from cli.language.chinese import word
from cli.workbooks.columns import columns_of
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from cli.workbooks.columns import Column
    from tests.cli.running import Tally

_PLAIN = xlwt.XFStyle()

BATCH = [
    *("编号", "问题引发单位", "信访事项", "级别", "人数", "发生时间", "非正常上访"),
]
"""The required columns of a batch."""


def batch_row(entry_id: str = "B-1", **cells: Any) -> list[Any]:
    """Return a valid row under `BATCH`, with other cells as given."""
    row = {
        "编号": entry_id,
        "问题引发单位": "V001",
        "信访事项": f"XF-{entry_id}",
        "级别": "镇",
        "人数": 3,
        "发生时间": datetime(2016, 3, 5, 9, 30),  # noqa: DTZ001 - as a cell has it
        "非正常上访": "是",
        **cells,
    }
    return [row[title] for title in BATCH]


def _items(value: Any) -> list[str]:
    """Return the items of a list, or the pairs of sections or of evidence as `name=value`."""
    if isinstance(value, dict):
        return [f"{word(name)}={points}" for name, points in value.items()]
    return [
        one if isinstance(one, str) else f"{one['name']}={one['sha256'].upper()}" for one in value
    ]


def cell_value(value: Any, column: Column) -> Any:
    """Return what a clerk writes into a cell for a field's value."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.type in {"list", "pairs"}:
        return "、".join(_items(value)) or "无"
    if column.type == "day":
        return date.fromisoformat(value)
    if column.type == "moment":
        return datetime.fromisoformat(value).replace(tzinfo=None)
    if column.type == "decimal":
        return float(value)
    return word(value) if column.choices else value


def fill_template(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """Add entries below the example rows of a template."""
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
                value = cell_value(entry[column.field], column)
                sheet.cell(row, titles[column.title], value)
    book.save(path)


def write_book(path: Path, **sheets: list[list[Any]]) -> Path:
    """Write a workbook of sheets by name, and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def write_xls(
    path: Path,
    title: str,
    *rows: list[Any],
    styles: Mapping[tuple[int, int], xlwt.XFStyle] | None = None,
) -> Path:
    """Write a .xls of one sheet, with the styles of some cells by row and column from 0."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(title)
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value, (styles or {}).get((number, at), _PLAIN))
    book.save(str(path))
    return path


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a .xlsx or .docx by name."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a .xlsx or .docx whose parts are changed; without those changed to None."""
    rewritten = BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name, content in read_parts(data).items():
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)
    return rewritten.getvalue()


def calculated(name: str, xml: bytes) -> bytes:
    """Take the request for a calculation out of a workbook, as if Excel had saved it."""
    return xml.replace(b' fullCalcOnLoad="1"', b"") if name == "xl/workbook.xml" else xml


def import_errors(tally: Tally, path: Path) -> list[tuple[Any, ...]]:
    """Return a refused import's (sheet, row, column, header, field, message) each."""
    run = tally("import", path, "--by", "clerk", "--json").refused()
    keys = ("sheet", "line", "column", "header", "field", "message")
    return [tuple(error.get(key) for key in keys) for error in run.json["errors"]]
