"""Struck-out, raised or lowered text, and what a conditional format changes, is not recorded."""

from __future__ import annotations

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from tests.office.test_shown_cells import outcome
from tests.office.workbooks import BATCH, batch_row, write_book


def changed(path, change):
    """Write a batch as Excel does, with its sheet changed."""
    write_book(path, 上访批次=[BATCH, batch_row()])
    book = openpyxl.load_workbook(path)
    change(book["上访批次"])
    book.save(path)
    return path


def in_runs(place, *runs):
    """Return a change of a cell into text of several fonts."""

    def change(sheet):
        sheet[place] = CellRichText(*(TextBlock(InlineFont(**font), text) for text, font in runs))

    return change


MARKED = {
    "E": in_runs("E2", ("3", {"strike": True}), ("5", {})),
    "C": in_runs("C2", ("XF-1", {}), ("2", {"vertAlign": "superscript"})),
    "B": lambda sheet: setattr(sheet["B2"], "font", Font(strike=True)),
    "A": lambda sheet: setattr(sheet["A2"], "font", Font(vertAlign="subscript")),
}
"""By column: a change of its cell."""


@pytest.mark.parametrize("column", MARKED)
def test_refuses_struck_out_raised_and_lowered_text(tmp_path, column):
    """A headcount 3, struck out, before 5 was recorded as 35."""
    entries, ((found, message),) = outcome(changed(tmp_path / "b.xlsx", MARKED[column]))
    assert (entries, found) == ([], column)
    assert message.startswith("is struck out")


@pytest.mark.parametrize(
    "change",
    [
        in_runs("C2", ("XF", {"b": True}), ("-1", {"color": "FF0000"})),
        in_runs("C2", ("XF-1", {"strike": False})),
        lambda sheet: setattr(sheet["A2"], "font", Font(bold=True, underline="single")),
        lambda sheet: setattr(sheet["H2"], "font", Font(strike=True)),
    ],
    ids=["bold and red", "not struck", "underlined", "empty"],
)
def test_reads_text_in_other_fonts(tmp_path, change):
    (entry,), refusals = outcome(changed(tmp_path / "b.xlsx", change))
    assert (entry.id, refusals) == ("B-1", [])


def test_refuses_struck_out_text_of_an_xls(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("黄牌警告")
    struck = xlwt.easyxf("font: struck_out on")
    for at, title in enumerate(("编号", "单位", "发文日期")):
        sheet.write(0, at, title)
    for number in (1, 2):
        sheet.write(number, 0, f"Y-{number}", *([struck] if number == 1 else []))
        sheet.write(number, 2, "2016-03-01")
    sheet.write(1, 1, "V001")
    runs = ("V00", xlwt.Font()), ("1", xlwt.easyfont("struck_out on"))
    sheet.write_rich_text(2, 1, runs)
    book.save(str(tmp_path / "y.xls"))
    entries, refusals = outcome(tmp_path / "y.xls")
    assert (entries, [column for column, _ in refusals]) == ([], ["A", "B"])
    assert all(message.startswith("is struck out") for _, message in refusals)


def under_rule(**style):
    def change(sheet):
        rule = Rule(type="expression", formula=["TRUE"], dxf=DifferentialStyle(**style))
        sheet.conditional_formatting.add("E2:F9 H1", rule)

    return change


@pytest.mark.parametrize(
    "style",
    [{"numFmt": NumberFormat(numFmtId=200, formatCode='"55"')}, {"font": Font(strike=True)}],
    ids=["number format", "struck out"],
)
def test_refuses_what_a_conditional_format_shows_otherwise(tmp_path, style):
    entries, refusals = outcome(changed(tmp_path / "b.xlsx", under_rule(**style)))
    assert (entries, [column for column, _ in refusals]) == ([], ["E", "F"])
    assert all("conditional format" in message for _, message in refusals)


def test_reads_what_a_conditional_format_only_colours(tmp_path):
    change = under_rule(font=Font(color="FFFF0000", bold=True))
    (entry,), refusals = outcome(changed(tmp_path / "b.xlsx", change))
    assert (entry.headcount, refusals) == (3, [])
