"""Write what units owe as a workbook: a sheet for each clause, a list of what needs attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.documents.numerals import dated, day_text
from cli.output.obligation_grid import state_words
from cli.output.workbooks.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cli.output.obligation_grid import Cell, Grid
    from projections.facts import TownYear

_LIST = ("单位", "名称", "条款", "应报", "期限", "状态", "报送日期", "核定", "依据记录")


def obligations_workbook(
    grids: Iterable[Grid], names: Mapping[str, str], town: TownYear, *, scope: str
) -> bytes:
    """Return the workbook.

    Args:
        grids: one for each clause.
        names: of units, by id.
        town: the year.
        scope: which entries count.
    """
    of_clauses = list(grids)
    above = f"{town.year}年度，统计截至{day_text(town.through)}，{scope}"
    book = Book(f"{town.year}年度报送情况")
    for grid in of_clauses:
        title = grid.clause.title.zh
        header = [word("unit"), word("name"), *(dated(one.what) for one in grid.columns), "已报"]
        rows = [_row(unit, grid, names) for unit in grid.rows]
        total = [_part(grid.of_column(column)) for column in grid.columns]
        rows.append(["已报", None, *total, None])
        book.table(title, header, rows, above=f"{grid.clause.citation} {title}（{above}）")
    left = f"{above}；按期报送并已核定的、未到期的不列"
    book.table("明细", _LIST, _list(of_clauses, names), above=left)
    return book.bytes()


def _part(counted: tuple[int, int]) -> str:
    return f"{counted[0]}/{counted[1]}"


def _row(unit: str, grid: Grid, names: Mapping[str, str]) -> list[Any]:
    row = grid.rows[unit]
    cells = [_text(row[column], grid) if column in row else None for column in grid.columns]
    return [unit, names.get(unit), *cells, _part(grid.of_unit(unit))]


def _text(cell: Cell, grid: Grid) -> str:
    """Return the state of a cell; of what is in with its day, and whether it is verified."""
    if cell.state == "later":
        return ""
    # The head has the year, and the list the whole day.
    day = "" if cell.owed.on is None else f"\n{cell.owed.on.month}月{cell.owed.on.day}日"
    mark = "" if cell.is_verified else f"（{word('unverified')}）"
    return f"{chinese(state_words(cell, grid.clause))}{day}{mark}"


def _list(grids: Iterable[Grid], names: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """Yield what needs attention; what is in on time and verified is in the sheet of its clause."""
    for grid in grids:
        for unit, row in grid.rows.items():
            for cell in row.values():
                if cell.state == "later" or (cell.state == "in" and cell.is_verified):
                    continue
                owed = cell.owed
                verified = None if owed.entry is None else "是" if cell.is_verified else "否"
                yield (
                    *(unit, names.get(unit), grid.clause.title.zh, dated(owed.what), owed.due),
                    *(chinese(state_words(cell, grid.clause)), owed.on, verified, owed.entry),
                )
