"""An import refuses what could be misread; no cell is lost without a message."""

from __future__ import annotations

import re
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cli.workbooks.reading import read_workbook
from ledger.entries import BY_KIND
from ledger.submissions import Submission
from tests.office.workbooks import BATCH, batch_row, calculated, import_errors, rewrite, write_book

HEADER = [*BATCH, "人员稳控单位", "备注"]
NOT_APPLICABLE = 42
"""The code of #N/A in an .xls."""

EXCEL_ERROR = "holds an Excel error (such as #N/A); write the value itself"


def read(path):
    """Return a file's entries by id, and its (sheet, row, column, message)s."""
    found = list(read_workbook(path))
    entries = {one.entry.id: one.entry for one in found if isinstance(one, Submission)}
    refusals = [one for one in found if not isinstance(one, Submission)]
    return entries, [(one.sheet, one.line, one.column, one.message) for one in refusals]


def write_merged(path, ranges, *rows):
    """Write a sheet of batches with merged cells."""
    write_book(path, 上访批次=[HEADER, *rows])
    book = openpyxl.load_workbook(path)
    for cells in ranges:
        book["上访批次"].merge_cells(cells)
    book.save(path)
    return path


def test_refuses_a_cell_covered_by_a_merged_one(tally):
    """A host unit merged over two rows: it is not clear whether it counts for both."""
    rows = [*batch_row(), "V002", None], [*batch_row("B-2"), None, None]
    path = write_merged(tally.folder / "b.xlsx", ["H2:H3"], *rows)
    ((*position, message),) = import_errors(tally, path)
    assert position == ["上访批次", 3, "H", "人员稳控单位", "host_unit"]
    assert message == (
        "is part of the merged cell H2:H3; unmerge it, and write the value into each row that it "
        "counts for"
    )


def test_reports_a_covered_required_cell_once(tally):
    rows = [*batch_row(), None, None], [*batch_row("B-2", 问题引发单位=None), None, None]
    path = write_merged(tally.folder / "b.xlsx", ["B2:B3"], *rows)
    assert [one[:3] for one in import_errors(tally, path)] == [("上访批次", 3, "B")]


def test_refuses_cells_merged_side_by_side(tally):
    path = write_merged(tally.folder / "b.xlsx", ["H2:I2"], [*batch_row(), "V002", None])
    assert [one[:3] for one in import_errors(tally, path)] == [("上访批次", 2, "I")]


def test_accepts_merged_titles_headers_and_empty_cells(tmp_path):
    path = write_book(
        tmp_path / "b.xlsx",
        上访批次=[["二季度"], HEADER, [None], [*batch_row(), None, None], [None], [None]],
    )
    book = openpyxl.load_workbook(path)
    # A title, a header of two rows, empty cells of an entry, and what is below all entries.
    for cells in ("A1:I1", "A2:A3", "B2:B3", "H4:I4", "A5:I6"):
        book["上访批次"].merge_cells(cells)
    book.save(path)
    entries, refusals = read(path)
    assert (list(entries), refusals) == (["B-1"], [])


def test_refuses_merged_cells_in_an_xls(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("黄牌警告")
    for at, title in enumerate(("编号", "单位", "发文日期", "备注")):
        sheet.write(2, at, title)
    for row in (3, 4):
        sheet.write(row, 0, f"Y-{row}")
        sheet.write(row, 1, "V001")
        sheet.write(row, 2, "2016-03-01")
    sheet.write_merge(3, 4, 3, 3, "两件")
    book.save(str(tmp_path / "y.xls"))
    entries, refusals = read(tmp_path / "y.xls")
    assert list(entries) == ["Y-3"]
    assert [one[:3] for one in refusals] == [("黄牌警告", 5, "D")]


def test_refuses_a_hidden_sheet_of_entries(tally):
    path = write_book(
        tally.folder / "b.xlsx",
        黄牌警告=[["编号", "单位", "发文日期"], ["Y-1", "V001", date(2016, 3, 1)]],
        上访批次=[BATCH, batch_row()],
        混合=[["kind", "编号"], ["yellow_card", "Y-2"]],
        WpsReserved=[["什么", "都行"]],
    )
    book = openpyxl.load_workbook(path)
    book["上访批次"].sheet_state = "hidden"
    book["混合"].sheet_state = "veryHidden"
    book["WpsReserved"].sheet_state = "veryHidden"
    book.save(path)
    message = "is hidden; unhide it, so that you see what is imported, or delete it"
    assert read(path)[1] == [("上访批次", None, None, message), ("混合", None, None, message)]


def test_reads_hidden_rows(tmp_path):
    path = write_book(tmp_path / "b.xlsx", 上访批次=[BATCH, batch_row(), batch_row("B-2")])
    book = openpyxl.load_workbook(path)
    book["上访批次"].row_dimensions[2].hidden = True
    book.save(path)
    assert list(read(path)[0]) == ["B-1", "B-2"]


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_reads_dates_counted_from_1904(tmp_path, ending):
    """Excel on a Macintosh counts them so."""
    path = tmp_path / f"b.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904
        book.active.title = "上访批次"
        for row in (BATCH, batch_row()):
            book.active.append(row)
    else:
        book = xlwt.Workbook()
        book.dates_1904 = True
        sheet = book.add_sheet("上访批次")
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
        for number, row in enumerate((BATCH, batch_row())):
            for at, value in enumerate(row):
                sheet.write(number, at, value, *([style] if isinstance(value, datetime) else []))
    book.save(str(path))
    assert f"{read(path)[0]['B-1'].occurred_at:%Y-%m-%d %H:%M}" == "2016-03-05 09:30"


def test_refuses_a_date_without_its_format(tally):
    """42434.4 is 2016-03-05 09:36, but another day if counted from 1904."""
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(发生时间=42434.4)])
    ((*position, message),) = import_errors(tally, path)
    assert position[:3] == ["上访批次", 2, "F"]
    assert message == (
        "is the number 42434.4, as which Excel stores a date; format the cell as a date and check "
        "the date, or write it as 2016-03-05"
    )


def write_formulas(path):
    """Write a batch of formulas with results: two values, an empty text, an error."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("上访批次")
    moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
    for at, title in enumerate(HEADER):
        sheet.write(0, at, title)
    for at, value in enumerate(batch_row()):
        sheet.write(1, at, value, *([moment] if isinstance(value, datetime) else []))
    sheet.write_formula("B2", '="V"&"001"', None, "V001")
    sheet.write_formula("E2", "=1+2", None, 3)
    sheet.write_formula("H2", "=VLOOKUP(9,A1:B2,2)", None, "#N/A")
    sheet.write_formula("I2", '=IF(A2="","无","")', None, "nothing")
    book.close()
    path = write_changed(path, in_sheets(rb"<v>nothing</v>", b"<v></v>"))
    return write_changed(path, calculated)


def write_changed(path, change):
    """Write a copy of a workbook with the XML of its parts changed."""
    target = path.with_name(f"of-{path.name}")
    target.write_bytes(rewrite(path.read_bytes(), change))
    return target


def in_sheets(pattern, replacement):
    """Return a change of the sheets' XML only."""
    return lambda name, xml: re.sub(pattern, replacement, xml) if "worksheets/" in name else xml


def strict(_, xml):
    """Change the namespaces to those of Strict Open XML."""
    old = b"http://schemas.openxmlformats.org/"
    xml = xml.replace(
        old + b"spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    links = b"officeDocument/2006/relationships"
    return xml.replace(old + links, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def prefixed(name, xml):
    """Add prefixes to the elements, as the Open XML SDK does."""
    if "worksheets/" not in name:
        return xml
    return re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "change",
    [
        lambda _, xml: xml,
        strict,
        prefixed,
        in_sheets(rb' r="[A-Z]*\d+"', b""),
        in_sheets(rb't="e"', b"t = 'e'"),
    ],
    ids=["as Excel", "strict", "prefixed", "no references", "other quotes"],
)
def test_refuses_an_excel_error_in_any_notation(tmp_path, change):
    """A reader gives it as an empty cell; a formula's empty text is one."""
    path = write_changed(write_formulas(tmp_path / "b.xlsx"), change)
    assert read(path) == ({}, [("上访批次", 2, "H", EXCEL_ERROR)])


def test_reads_the_results_of_formulas(tmp_path):
    path = write_formulas(tmp_path / "b.xlsx")
    path = write_changed(path, in_sheets(rb'<c r="H2".*?</c>', b""))
    entries, refusals = read(path)
    assert refusals == []
    entry = entries["B-1"]
    assert (entry.unit, entry.headcount, entry.host_unit, entry.note) == ("V001", 3, None, None)


def test_refuses_an_excel_error_in_an_xls(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("黄牌警告")
    for at, title in enumerate(("编号", "单位", "发文日期", "备注")):
        sheet.write(3, at + 1, title)
    for at, value in enumerate(("Y-1", "V001", "2016-03-01")):
        sheet.write(5, at + 1, value)
    sheet.row(5).set_cell_error(4, NOT_APPLICABLE)
    book.save(str(tmp_path / "y.xls"))
    assert read(tmp_path / "y.xls") == ({}, [("黄牌警告", 6, "E", EXCEL_ERROR)])


@pytest.mark.parametrize("kind", BY_KIND)
def test_refuses_a_changed_example_row(empty, kind):
    """An import skips an unchanged one; here a clerk wrote over it."""
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    book = openpyxl.load_workbook(path)
    sheet = book[BY_KIND[kind].TITLE]
    note = next(cell.column for cell in sheet[1] if cell.value == "备注")
    sheet.cell(2, note, "本季度")
    book.save(path)
    message = (
        "is the id of the template's example, but the row was changed; give the entry an id of its "
        "own, or delete the row"
    )
    assert read(path) == ({}, [(BY_KIND[kind].TITLE, 2, "A", message)])


def test_refuses_1_as_a_flag_and_asks_for_the_words(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(非正常上访=1)])
    assert import_errors(tally, path)[0][5] == "must be 是 (true) or 否 (false)"


@pytest.mark.parametrize("ending", ["xlsm", "et", "jsonl", "XLS.bak"])
def test_refuses_a_workbook_with_another_ending_once(tally, ending):
    """It is read as JSONL, which would refuse each of its lines."""
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row()])
    other = path.rename(tally.folder / f"b.{ending}")
    run = tally("import", other, "--by", "clerk").refused()
    message = f"tally: {other}: is a workbook, not JSONL; save it as .xlsx, .xls or .csv\n"
    assert run.err.startswith(message)
    assert run.err.count("\n") == 2


def test_refuses_a_sheet_of_unknown_name(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row()], 汇总=[["合计", 1]])
    ((sheet, *_, message),) = import_errors(tally, path)
    assert sheet == "汇总"
    assert message.startswith("is not named after a kind of entry; name it as 单位 or ")


def test_refuses_a_second_header(tally):
    rows = [BATCH, batch_row(), BATCH, batch_row("B-2")]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    assert {one[1] for one in import_errors(tally, path)} == {3}


def test_accepts_headers_with_invisible_characters(tmp_path):
    """A line break, a space and a zero-width character, as in a pasted table."""
    pasted = {"编号": "编\u200b号 ", "发生时间": "发生\n时间", "人数": "*人 数（必填）"}
    header = [pasted.get(title, title) for title in BATCH]
    path = write_book(tmp_path / "b.xlsx", 上访批次=[header, batch_row()])
    entries, refusals = read(path)
    assert (list(entries), refusals) == (["B-1"], [])
