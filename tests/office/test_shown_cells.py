"""What is recorded of a cell is what Excel shows in it; else the cell is refused."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt

from cli.workbooks.number_formats import shown_parts, shows_plain_number, shows_text, shows_value
from cli.workbooks.reading import read_workbook
from ledger.kinds import BUILT_IN
from ledger.submissions import Submission
from tests.office.workbooks import BATCH, batch_row, calculated, rewrite, write_book, write_xls

HEADER = [*BATCH, "备注"]
DAY, MOMENT = date(2016, 3, 1), datetime(2016, 3, 5, 9, 30)  # noqa: DTZ001 - as a cell has it
PLACES = {"编号": "A2", "信访事项": "C2", "人数": "E2", "发生时间": "F2", "备注": "H2"}


def outcome(path, kinds=BUILT_IN):
    """Return the entries of a file, and the (column, message)s of its refusals."""
    found = list(read_workbook(path, kinds=kinds))
    entries = [one.entry for one in found if isinstance(one, Submission)]
    return entries, [(one.column, one.message) for one in found if not isinstance(one, Submission)]


def written(path, title, value, number_format):
    """Write a batch with a cell of a value and number format, as Excel would."""
    write_book(path, 上访批次=[HEADER, [*batch_row(), None]])
    book = openpyxl.load_workbook(path)
    cell = book["上访批次"][PLACES[title]]
    cell.value, cell.number_format = value, number_format
    book.save(path)
    return path


SHOWN_OTHERWISE = [
    *(("信访事项", 12, "0000"), ("信访事项", 12, '"XF-2016-"000'), ("信访事项", 101102, "#,##0")),
    *(("信访事项", 12000, "0.00E+00"), ("信访事项", 0.5, "0%"), ("信访事项", 2016.1, "0.00")),
    *(("信访事项", True, "General"), ("编号", 12.5, "0"), ("编号", 360123456789, "General")),
    *(("编号", "B-1", "0;0;;"), ("信访事项", -12, "0;0"), ("信访事项", 12, ";;;")),
    *(("信访事项", 12, "[DBNum1]General"), ("信访事项", "012", '"XF-"@'), ("备注", "有", ";;;")),
    *(("信访事项", DAY, "yyyy/m/d"), ("备注", DAY, 'm"月"d"日"'), ("备注", 12, "0000")),
    *(("备注", False, "General"), ("人数", 5, "0%"), ("人数", 5, '0"万"'), ("人数", 5000, "0,")),
    *(("人数", 5, ";;;"), ("人数", -5, "0;0"), ("人数", 5, '"1"0')),
    *(
        ("发生时间", MOMENT, "yyyy/m/d"),
        ("发生时间", MOMENT, "h:mm"),
        ("发生时间", MOMENT, "m/d h:mm"),
    ),
    ("发生时间", MOMENT, "[$-130000]yyyy/m/d h:mm"),
    *(("发生时间", MOMENT, "[$-404]e/m/d hh:mm"), ("发生时间", MOMENT, "[$-411]ge.m.d hh:mm")),
    *(("发生时间", MOMENT, "yyyy-mm-dd hh"), ("发生时间", MOMENT, 'yyyy-mm-dd hh:mm "+1d"')),
    *(("人数", 5, '"-"0'), ("人数", 5, '"−"0'), ("人数", 5, "*-0"), ("人数", 5, '"<"0')),
    *(("人数", 5, '0"K"'), ("人数", 5, '0"打"'), ("人数", 5, '0"成"'), ("人数", 5, '0"折"')),
    *(("人数", 5, '"无"0'), ("人数", 5, '"约"0')),
    *(("信访事项", -3, "[>5]0;General"), ("人数", 5, "[<3]0;0")),
]


@pytest.mark.parametrize(("title", "value", "code"), SHOWN_OTHERWISE)
def test_refuses_a_cell_that_is_shown_otherwise(tmp_path, title, value, code):
    path = written(tmp_path / "b.xlsx", title, value, code)
    entries, ((column, message),) = outcome(path)
    assert (entries, column) == ([], PLACES[title][0])
    assert "format" in message


SHOWN_AS_RECORDED = [
    *(("信访事项", 12, "General", "12"), ("信访事项", 12, "0", "12"), ("信访事项", 12, "@", "12")),
    *(("编号", 20160012, "0_ ", "20160012"), ("信访事项", "012", "@", "012")),
    *(
        ("信访事项", "012", "0", "012"),
        ("备注", 12, "General", "12"),
        ("备注", "有", "yyyy/m/d;@", "有"),
    ),
    *(("人数", 5, "0000", 5), ("人数", 1005, "#,##0", 1005), ("人数", 5, '0"人"', 5)),
    *(("人数", 5, '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', 5), ("人数", 5, "0.00", 5)),
    *(("人数", 5, "0_);[Red]\\(0\\)", 5), ("人数", 5, '0 "人次"', 5), ("人数", 5, '0"件"', 5)),
    *(("人数", 5, '"¥"#,##0', 5), ("人数", 5, "[$¥-804]#,##0", 5), ("人数", 5, "0_-", 5)),
]


@pytest.mark.parametrize(("title", "value", "code", "recorded"), SHOWN_AS_RECORDED)
def test_reads_a_cell_that_is_shown_as_it_is_recorded(tmp_path, title, value, code, recorded):
    (entry,), refusals = outcome(written(tmp_path / "b.xlsx", title, value, code))
    fields = {
        "编号": entry.id,
        "信访事项": entry.matter,
        "人数": entry.headcount,
        "备注": entry.note,
    }
    assert (fields[title], refusals) == (recorded, [])


USUAL_MOMENTS = [
    *("yyyy/m/d h:mm", "yyyy-mm-dd hh:mm:ss", 'yyyy"年"m"月"d"日" h"时"mm"分"', "m/d/yy h:mm"),
    *(
        "yyyy/m/d\\ h:mm;@",
        "[$-409]yyyy/m/d h:mm AM/PM;@",
        'yyyy"年"m"月"d"日" 上午/下午h"时"mm"分"',
    ),
    *("[$-804]yyyy/m/d h:mm", "dd/mm/yyyy hh:mm", "yyyy\\-mm\\-dd\\ hh:mm"),
]


@pytest.mark.parametrize("code", USUAL_MOMENTS)
def test_reads_moments_in_the_usual_formats(tmp_path, code):
    """Of Excel, WPS and LibreOffice."""
    (entry,), refusals = outcome(written(tmp_path / "b.xlsx", "发生时间", MOMENT, code))
    assert (f"{entry.occurred_at:%Y-%m-%d %H:%M}", refusals) == ("2016-03-05 09:30", [])


USUAL_DAYS = [
    *(
        "yyyy/m/d",
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        'yyyy"年"m"月"d"日";@',
        "mm-dd-yy",
        "m/d/yyyy",
    ),
    *(
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
        "[$-804]yyyy/m/d aaaa",
        "yyyy\\.mm\\.dd",
        "d-mmm-yy",
    ),
    *("yyyy/m/d h:mm", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "YYYY/M/D", "yyyy/m/d;@"),
]
PARTIAL_DAYS = [
    "yyyy",
    'm"月"d"日"',
    "m/d",
    "d-mmm",
    "mmm-yy",
    "aaaa",
    "dddd",
    "yyyy/m",
    "[$-130000]yyyy/m/d",
]


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
@pytest.mark.parametrize("code", [*USUAL_DAYS, *PARTIAL_DAYS])
def test_reads_a_day_only_if_all_of_it_is_shown(tmp_path, ending, code):
    """A year that is not shown is the one in which the cell was typed."""
    path = tmp_path / f"黄牌.{ending}"
    rows = ["编号", "单位", "发文日期"], ["Y-1", "V001", DAY]
    if ending == "xlsx":
        write_book(path, 黄牌警告=rows)
        book = openpyxl.load_workbook(path)
        book["黄牌警告"]["C2"].number_format = code
        book.save(path)
    else:
        write_xls(path, "黄牌警告", *rows, styles={(1, 2): xlwt.easyxf(num_format_str=code)})
    entries, refusals = outcome(path)
    if code in USUAL_DAYS:
        assert (entries[0].issued_on, refusals) == (DAY, [])
    else:
        assert ([one[0] for one in refusals], entries) == (["C"], [])


@pytest.mark.parametrize(
    ("value", "code"), [(12, "0000"), (101102, "#,##0"), (0.5, "0%"), (DAY, "m/d")]
)
def test_refuses_in_an_xls_what_is_shown_otherwise(tmp_path, value, code):
    rows = ["编号", "单位", "发文日期", "备注"], ["Y-1", "V001", "2016-03-01", value]
    styles = {(1, 3): xlwt.easyxf(num_format_str=code)}
    entries, refusals = outcome(write_xls(tmp_path / "y.xls", "黄牌警告", *rows, styles=styles))
    assert ([one[0] for one in refusals], entries) == (["D"], [])


def write_formula(path, formula, value, *changes):
    """Write a batch whose headcount is a formula with a kept result."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("上访批次")
    for at, (title, cell) in enumerate(
        zip(BATCH, batch_row(发生时间="2016-03-05 09:30"), strict=True)
    ):
        sheet.write(0, at, title)
        sheet.write(1, at, cell)
    sheet.write_formula(1, 4, formula, None, value)
    book.close()
    data = path.read_bytes()
    for change in changes:
        data = rewrite(data, change)
    path.write_bytes(data)
    return path


def calculation(attributes):
    """Return a change of what a workbook says of its calculation."""
    return lambda name, xml: (
        xml.replace(b' fullCalcOnLoad="1"', attributes) if name == "xl/workbook.xml" else xml
    )


def kept(result):
    """Return a change of the result that a workbook, saved by Excel, keeps of its formula."""
    return lambda name, xml: calculated(name, xml).replace(b"</f><v>3</v>", b"</f>" + result)


def named(name, xml):
    """Define a name by a function that changes, and another by that name."""
    names = (
        '<definedName name="今日">TODAY()</definedName>'
        '<definedName name="差">今日-42431</definedName>'
    )
    return (
        xml.replace(b"</sheets>", f"</sheets><definedNames>{names}</definedNames>".encode())
        if name == "xl/workbook.xml"
        else xml
    )


UNCALCULATED = {
    "0 of XlsxWriter": ("=1+2", 0, lambda _, xml: xml),
    "on load": ("=1+2", 3, calculation(b" fullCalcOnLoad = 'true'")),
    "always": ("=1+2", 3, calculation(b' forceFullCalc="1"')),
    "interrupted": ("=1+2", 3, calculation(b' calcCompleted="0"')),
    "no result": ("=1+2", 3, kept(b"")),
    "empty": ("=1+2", 3, kept(b"<v/>")),
    "no text": ('="3"', "3", kept(b"")),
    "of today": ("=DAY(TODAY())", 3, calculated),
    "random": ("=rand()", 3, calculated),
    "on load, with blanks": ("=1+2", 3, calculation(b' fullCalcOnLoad=" true "')),
    **{
        formula: (formula, 3, calculated)
        for formula in (
            *('=CELL("row")', '=INFO("numfile")', "=OFFSET(A1,0,0)", '=INDIRECT("A1")'),
            *('=RTD("x",,"y")', '=WEBSERVICE("http")', "=RANDBETWEEN(1,9)"),
        )
    },
    "by a name": ("=差+1", 3, lambda name, xml: named(name, calculated(name, xml))),
}


@pytest.mark.parametrize("name", UNCALCULATED)
def test_refuses_a_formula_of_which_excel_may_show_another_result(tmp_path, name):
    formula, value, change = UNCALCULATED[name]
    entries, ((column, message),) = outcome(
        write_formula(tmp_path / "b.xlsx", formula, value, change)
    )
    assert (entries, column) == ([], "E")
    assert message.startswith("holds a formula ")


def test_reads_the_result_that_excel_has_calculated(tmp_path):
    (entry,), refusals = outcome(write_formula(tmp_path / "b.xlsx", "=1+2", 3, calculated))
    assert (entry.headcount, refusals) == (3, [])


def test_reads_a_workbook_without_formulas_that_asks_for_a_calculation(tmp_path):
    """As XlsxWriter and openpyxl always do."""
    path = write_book(tmp_path / "b.xlsx", 上访批次=[BATCH, batch_row()])
    assert [one.id for one in outcome(path)[0]] == ["B-1"]


def test_refuses_a_formula_of_an_xls_that_was_never_calculated(tmp_path):
    """Xlwt gives it an empty text, which would be taken for an empty cell."""
    formula = ["Y-1", "V001", "2016-03-01", xlwt.Formula("1+2")]
    header = ["编号", "单位", "发文日期", "备注"]
    path = write_xls(tmp_path / "y.xls", "黄牌警告", header, formula)
    entries, ((column, message),) = outcome(path)
    assert (entries, column) == ([], "D")
    assert message.startswith("holds a formula without a result")


def test_reads_formats_as_excel_does():
    """By hand from ECMA-376, 18.8.31."""
    assert not shows_text('"XF-"@')
    assert shows_text("_ @_ ") == shows_text("0;0;0;@") == shows_text("General") is True
    assert not shows_plain_number("General", 123456789012)
    assert shows_plain_number("General", 12345678901)
    assert shows_value("#,##0.0", 7.5)
    assert not shows_value("#,##0.0", 7.25)
    assert not shows_value("0.0,", 5000)
    assert shown_parts("yyyy/m/d h:mm:ss") == "yMdhms"
    assert shown_parts('mm"分"ss"秒"') == "ms"
    assert shown_parts('"day "0') == ""


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
@pytest.mark.parametrize("code", ["[h]:mm", "yyyy-mm-dd"])
def test_refuses_a_number_that_is_too_large_for_a_time(tmp_path, ending, code):
    """Excel shows ####; it ended in a traceback."""
    path = tmp_path / f"y.{ending}"
    rows = [["编号", "单位", "发文日期"], ["Y-1", "V001", 360123456789]]
    if ending == "xls":
        style = xlwt.easyxf(num_format_str=code)
        write_xls(path, "黄牌警告", *rows, styles={(1, 2): style})
    else:
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet("黄牌警告")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.write(1, 2, 360123456789, book.add_format({"num_format": code}))
        book.close()
    entries, refusals = outcome(path)
    assert (entries, bool(refusals)) == ([], True)
