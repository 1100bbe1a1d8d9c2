"""Write the workbook to fill in, with a sheet for each kind of entry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cli.measured import built_in_measure
from cli.output.workbooks.book import Book, set_page
from cli.output.workbooks.input_columns import InputColumns, style_of
from cli.output.workbooks.paper import fitted
from cli.workbooks.columns import columns_of
from cli.workbooks.examples import example_row
from cli.workbooks.words import EXAMPLE, NO, NOTHING, YES

if TYPE_CHECKING:
    from cli.measured import LedgerMeasure

_INSTRUCTIONS = (
    "每类记录一张表。表头为中文，指向表头可看说明；橙色为必填，蓝色可空。",
    f"编号以“{EXAMPLE}”开头的一行是示例，原样保留时导入跳过；不要在示例行上改写，可以删去。",
    "编号为本单位文号，全库唯一，1至64个字母、数字或 - _ . /。",
    "日期写 2016-03-01、2016/3/1 或 2016年3月1日；时间再加 9:30。",
    f"是否一律写“{YES}”“{NO}”；一格多项用“、”隔开，没有则写“{NOTHING}”。",
    "不要合并单元格；筛选或隐藏的行照样导入，隐藏的表须先取消隐藏。",
    "不得出现姓名、电话、证件、地址等任何个人信息，也不得增加这样的列。",
    "导入：tally import 文件.xlsx --by 登记人；有误时加 --errors-to 错误.xlsx。",
)


def template_workbook(measured: LedgerMeasure | None = None) -> bytes:
    """Return the template: a sheet for each kind that is recorded, with an example.

    Args:
        measured: the measure and the units of the ledger; left out, the program's own measure.
    """
    measured = measured or built_in_measure()
    book = Book("tally")
    sheet = book.sheet("说明")
    sheet.set_column(0, 0, 90)
    for row, line in enumerate(_INSTRUCTIONS):
        book.put(sheet, row, 0, line, book.wrapped)
    inputs = InputColumns(book, measured.units, measured.kinds_of_year)
    for kind in measured.kinds_of_year:
        if kind in measured.measure.entry_kinds():
            _add_sheet(book, kind, measured, inputs)
    inputs.finish()
    return book.bytes()


def _add_sheet(book: Book, kind: str, measured: LedgerMeasure, inputs: InputColumns) -> None:
    sheet = book.sheet(measured.kinds_of_year.title(kind))
    row, widths = example_row(kind, measured), list[float]()
    for at, column in enumerate(columns_of(kind, measured.kinds_of_year)):
        widths.append(inputs.set_style(sheet, at, column))
        inputs.put_header(sheet, 0, at, column)
        example = row.get(column)
        if example is not None:
            is_date = isinstance(example, date)
            book.put(sheet, 1, at, example, style_of(book, column) if is_date else book.example)
        inputs.add_list(sheet, 1, at, column)
    sheet.freeze_panes(1, 1)
    set_page(sheet, fitted(widths, widths), 0)
