"""Workbooks as offices really keep them: nothing in a cell is lost without a word."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cli.workbooks.reading import read_workbook
from ledger.entries import BY_KIND
from ledger.submissions import Submission
from tests.office.books import BATCH, batch_row, book
from tests.office.test_places import errors

HEADER = [*BATCH, "人员稳控单位", "备注"]
NOT_APPLICABLE = 42
"""The number under which an .xls keeps #N/A."""


def read(path):
    """The entries of a file and what is wrong with it, each by its place."""
    found = list(read_workbook(path))
    sound = {one.entry.id: one.entry for one in found if isinstance(one, Submission)}
    wrong = [one for one in found if not isinstance(one, Submission)]
    return sound, [(one.sheet, one.line, one.column, one.message) for one in wrong]


def merge(path, ranges, *rows):
    """A sheet of batches with merged cells."""
    book(path, 上访批次=[HEADER, *rows])
    opened = openpyxl.load_workbook(path)
    for one in ranges:
        opened["上访批次"].merge_cells(one)
    opened.save(path)
    return path


def test_a_cell_that_a_merged_one_covers_is_told(tally):
    """One host unit over two rows: whose, the program cannot know."""
    rows = [*batch_row(), "V002", None], [*batch_row("B-2"), None, None]
    path = merge(tally.folder / "b.xlsx", ["H2:H3"], *rows)
    ((*place, message),) = errors(tally, path)
    assert place == ["上访批次", 3, "H", "人员稳控单位", "host_unit"]
    assert message == (
        "is part of the merged cell H2:H3; unmerge it, and write the value into each row that it "
        "counts for"
    )


def test_a_required_cell_under_a_merged_one_is_told_once(tally):
    rows = [*batch_row(), None, None], [*batch_row("B-2", 问题引发单位=None), None, None]
    path = merge(tally.folder / "b.xlsx", ["B2:B3"], *rows)
    assert [one[:3] for one in errors(tally, path)] == [("上访批次", 3, "B")]


def test_cells_merged_side_by_side_are_told(tally):
    path = merge(tally.folder / "b.xlsx", ["H2:I2"], [*batch_row(), "V002", None])
    assert [one[:3] for one in errors(tally, path)] == [("上访批次", 2, "I")]


def test_merged_titles_headers_and_empty_cells_are_nobodys_business(tmp_path):
    path = book(
        tmp_path / "b.xlsx",
        上访批次=[["二季度"], HEADER, [None], [*batch_row(), None, None], [None], [None]],
    )
    opened = openpyxl.load_workbook(path)
    # A title, a header of two rows, empty cells of an entry, and what is below all entries.
    for one in ("A1:I1", "A2:A3", "B2:B3", "H4:I4", "A5:I6"):
        opened["上访批次"].merge_cells(one)
    opened.save(path)
    sound, wrong = read(path)
    assert (list(sound), wrong) == (["B-1"], [])


def test_merged_cells_of_an_old_workbook(tmp_path):
    made = xlwt.Workbook()
    sheet = made.add_sheet("黄牌警告")
    for at, title in enumerate(("编号", "单位", "发文日期", "备注")):
        sheet.write(2, at, title)
    for row in (3, 4):
        sheet.write(row, 0, f"Y-{row}")
        sheet.write(row, 1, "V001")
        sheet.write(row, 2, "2016-03-01")
    sheet.write_merge(3, 4, 3, 3, "两件")
    made.save(str(tmp_path / "y.xls"))
    sound, wrong = read(tmp_path / "y.xls")
    assert list(sound) == ["Y-3"]
    assert [one[:3] for one in wrong] == [("黄牌警告", 5, "D")]


def test_a_hidden_sheet_of_entries_is_refused(tally):
    path = book(
        tally.folder / "b.xlsx",
        黄牌警告=[["编号", "单位", "发文日期"], ["Y-1", "V001", date(2016, 3, 1)]],
        上访批次=[BATCH, batch_row()],
        混合=[["kind", "编号"], ["yellow_card", "Y-2"]],
        WpsReserved=[["什么", "都行"]],
    )
    opened = openpyxl.load_workbook(path)
    opened["上访批次"].sheet_state = "hidden"
    opened["混合"].sheet_state = "veryHidden"
    opened["WpsReserved"].sheet_state = "veryHidden"
    opened.save(path)
    told = "is hidden; unhide it, so that you see what is imported, or delete it"
    assert read(path)[1] == [("上访批次", None, None, told), ("混合", None, None, told)]


def test_hidden_rows_are_rows(tmp_path):
    path = book(tmp_path / "b.xlsx", 上访批次=[BATCH, batch_row(), batch_row("B-2")])
    opened = openpyxl.load_workbook(path)
    opened["上访批次"].row_dimensions[2].hidden = True
    opened.save(path)
    assert list(read(path)[0]) == ["B-1", "B-2"]


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_dates_counted_from_1904(tmp_path, ending):
    """As Excel on a Macintosh counts them."""
    path = tmp_path / f"b.{ending}"
    if ending == "xlsx":
        made = openpyxl.Workbook()
        made.epoch = CALENDAR_MAC_1904
        made.active.title = "上访批次"
        for row in (BATCH, batch_row()):
            made.active.append(row)
    else:
        made = xlwt.Workbook()
        made.dates_1904 = True
        sheet = made.add_sheet("上访批次")
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
        for number, row in enumerate((BATCH, batch_row())):
            for at, value in enumerate(row):
                sheet.write(number, at, value, *([style] if isinstance(value, datetime) else []))
    made.save(str(path))
    assert f"{read(path)[0]['B-1'].occurred_at:%Y-%m-%d %H:%M}" == "2016-03-05 09:30"


def test_a_date_that_lost_its_format_is_told(tally):
    """42434.4 is 2016-03-05 09:36, but in a workbook that counts from 1904 another day."""
    path = book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(发生时间=42434.4)])
    ((*place, message),) = errors(tally, path)
    assert place[:3] == ["上访批次", 2, "F"]
    assert message == (
        "is the number 42434.4, as which Excel stores a date; format the cell as a date and check "
        "the date, or write it as 2016-03-05"
    )


def formulas(path):
    """A batch of formulas, reckoned by Excel: two values, an empty text, an error."""
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("上访批次")
    moment = made.add_format({"num_format": "yyyy/m/d h:mm"})
    for at, title in enumerate(HEADER):
        sheet.write(0, at, title)
    for at, value in enumerate(batch_row()):
        sheet.write(1, at, value, *([moment] if isinstance(value, datetime) else []))
    sheet.write_formula("B2", '="V"&"001"', None, "V001")
    sheet.write_formula("E2", "=1+2", None, 3)
    sheet.write_formula("H2", "=VLOOKUP(9,A1:B2,2)", None, "#N/A")
    sheet.write_formula("I2", '=IF(A2="","无","")', None, "nothing")
    made.close()
    return rewritten(path, of_sheets(rb"<v>nothing</v>", b"<v></v>"))


def rewritten(path, change):
    """The same workbook, its sheet's XML written otherwise."""
    target = path.with_name(f"of-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def of_sheets(pattern, instead):
    """A change of the sheets' XML alone."""
    return lambda name, xml: re.sub(pattern, instead, xml) if "worksheets/" in name else xml


def strict(_, xml):
    """Strict Open XML, which has namespaces of its own."""
    old = b"http://schemas.openxmlformats.org/"
    xml = xml.replace(old + b"spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/ssml/main")
    links = b"officeDocument/2006/relationships"
    return xml.replace(old + links, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def prefixed(name, xml):
    """As the Open XML SDK writes it."""
    if "worksheets/" not in name:
        return xml
    return re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "change",
    [
        lambda _, xml: xml,
        strict,
        prefixed,
        of_sheets(rb' r="[A-Z]*\d+"', b""),
        of_sheets(rb't="e"', b"t = 'e'"),
    ],
    ids=["as Excel", "strict", "prefixed", "no places", "other quotes"],
)
def test_an_error_of_excel_is_told_however_it_is_written(tmp_path, change):
    """The values of formulas count, an empty text is none; an error is never read as empty."""
    path = rewritten(formulas(tmp_path / "b.xlsx"), change)
    told = "holds an Excel error (such as #N/A); write the value itself"
    assert read(path) == ({}, [("上访批次", 2, "H", told)])


def test_formulas_that_were_reckoned_are_their_values(tmp_path):
    path = rewritten(formulas(tmp_path / "b.xlsx"), of_sheets(rb'<c r="H2".*?</c>', b""))
    sound, wrong = read(path)
    assert wrong == []
    entry = sound["B-1"]
    assert (entry.unit, entry.headcount, entry.host_unit, entry.note) == ("V001", 3, None, None)


def test_an_error_in_an_old_workbook_is_told(tmp_path):
    made = xlwt.Workbook()
    sheet = made.add_sheet("黄牌警告")
    for at, title in enumerate(("编号", "单位", "发文日期", "备注")):
        sheet.write(3, at + 1, title)
    for at, value in enumerate(("Y-1", "V001", "2016-03-01")):
        sheet.write(5, at + 1, value)
    sheet.row(5).set_cell_error(4, NOT_APPLICABLE)
    made.save(str(tmp_path / "y.xls"))
    told = "holds an Excel error (such as #N/A); write the value itself"
    assert read(tmp_path / "y.xls") == ({}, [("黄牌警告", 6, "E", told)])


@pytest.mark.parametrize("kind", BY_KIND)
def test_an_example_that_somebody_wrote_over_is_not_lost(empty, kind):
    """Its number still says that it is one: without a word its row would never be recorded."""
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    opened = openpyxl.load_workbook(path)
    sheet = opened[BY_KIND[kind].TITLE]
    note = next(cell.column for cell in sheet[1] if cell.value == "备注")
    sheet.cell(2, note, "本季度")
    opened.save(path)
    sound, wrong = read(path)
    assert sound == {}
    told = (
        "is the id of the template's example, but the row was changed; give the entry an id of its "
        "own, or delete the row"
    )
    assert wrong == [(BY_KIND[kind].TITLE, 2, "A", told)]


def test_yes_and_no_are_asked_for_in_the_words_of_the_sheet(tally):
    path = book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(非正常上访=1)])
    assert errors(tally, path)[0][5] == "must be 是 (true) or 否 (false)"


@pytest.mark.parametrize("ending", ["xlsm", "et", "jsonl", "XLS.bak"])
def test_a_workbook_under_another_ending_is_told_once(tally, ending):
    path = book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row()])
    other = path.rename(tally.folder / f"b.{ending}")
    run = tally("import", other, "--by", "clerk").refused()
    told = f"tally: {other}: is no JSONL but a workbook; save it as .xlsx, .xls or .csv\n"
    assert run.err.startswith(told)
    assert run.err.count("\n") == 2


def test_a_sheet_of_unknown_name_is_told(tally):
    path = book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row()], 汇总=[["合计", 1]])
    ((sheet, *_, message),) = errors(tally, path)
    assert sheet == "汇总"
    assert message.startswith(
        "is not named after a kind of entry; name it as 上访批次 or petition_batch "
    )


def test_a_header_that_comes_again_further_down_is_told(tally):
    path = book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(), BATCH, batch_row("B-2")])
    assert {one[1] for one in errors(tally, path)} == {3}


def test_headers_with_what_nobody_sees(tmp_path):
    """A line break, a space and a character of no width, as they come with a pasted table."""
    seen = {"编号": "编\u200b号 ", "发生时间": "发生\n时间", "人数": "*人 数（必填）"}
    path = book(tmp_path / "b.xlsx", 上访批次=[[seen.get(one, one) for one in BATCH], batch_row()])
    sound, wrong = read(path)
    assert (list(sound), wrong) == (["B-1"], [])
