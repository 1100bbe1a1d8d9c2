"""An import reports every wrong cell by sheet, row and column, as in Excel."""

from __future__ import annotations

import pytest

from cli.workbooks.columns import columns_of
from cli.workbooks.headers import read_header
from cli.workbooks.personal_data import names_personal_data
from ledger.entries import BY_KIND
from tests.office.workbooks import BATCH, batch_row, import_errors, write_book


def test_reports_every_wrong_cell_at_once(tally):
    rows = [
        BATCH,
        batch_row("B-1", 人数=5.5, 级别="县"),
        batch_row("B-2"),
        batch_row("B 3", 非正常上访="大概", 发生时间="昨天"),
        batch_row("B-4", 人数=None),
    ]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    found = import_errors(tally, path)
    assert [one[:5] for one in found] == [
        ("上访批次", 2, "D", "级别", "level"),
        ("上访批次", 2, "E", "人数", "headcount"),
        ("上访批次", 4, "A", "编号", "id"),
        ("上访批次", 4, "F", "发生时间", "occurred_at"),
        ("上访批次", 4, "G", "非正常上访", "abnormal"),
        ("上访批次", 5, "E", "人数", "headcount"),
    ]
    levels = "进京 national, 到省 province, 到市 city, 到区 district, 到镇 town"
    assert found[0][5] == f"must be one of {levels}"
    assert tally.position == 5


def test_names_sheet_row_and_column_in_the_message(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(人数=0)])
    line = tally("import", path, "--by", "clerk").refused().err.splitlines()[0]
    cell = f"tally: {path}, sheet 上访批次, row 2, column E (人数): "
    assert line == f"{cell}B-1: headcount: must be at least 1"


def test_reports_the_column_of_an_unknown_unit(tally):
    """Only validation against the ledger finds it."""
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(问题引发单位="V009")])
    ((sheet, line, column, header, field, _),) = import_errors(tally, path)
    assert (sheet, line, column, header, field) == ("上访批次", 2, "B", "问题引发单位", "unit")


def test_numbers_rows_and_columns_as_excel_does(tally):
    """Empty leading rows and columns, a title, and empty rows in between count."""
    blank = [None] * 9
    rows = [
        blank,
        blank,
        [None, "二季度上访情况"],
        blank,
        [None, None, *BATCH],
        blank,
        [None, None, *batch_row(人数="三")],
    ]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    assert [one[:4] for one in import_errors(tally, path)] == [("上访批次", 7, "G", "人数")]


def test_numbers_rows_of_a_csv_as_excel_does(tally):
    """A cell with a line break is in one row."""
    text = '\n\n编号,名称,类型\nC1,"丙\n社区",社区\n\nC2,丁村,县\n'
    path = tally.folder / "单位.csv"
    path.write_text(text, encoding="utf-8")
    found = import_errors(tally, path)
    assert [one[:4] for one in found] == [(None, 4, "B", "名称"), (None, 6, "C", "类型")]
    messages = tally("import", path, "--by", "clerk").refused().err
    assert f"{path}, row 6, column C (类型): C2: type: must be one of 村 village" in messages


@pytest.mark.parametrize(
    "header",
    [
        *("姓名", "联系电话", "手 机", "身份证号码", "家庭住址", "证件", "信访人"),
        *("姓\u200b名", "Name", "phone_no"),
    ],
)
@pytest.mark.parametrize("filled", [True, False])
def test_refuses_a_column_for_personal_data_by_its_header(tally, header, filled):
    """It does so even if the column is empty, and repeats no cell of it."""
    rows = [[*BATCH, None, header], [*batch_row(), None, "张三" if filled else None]]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    ((*position, _, message),) = import_errors(tally, path)
    assert position == ["上访批次", 1, "I", header]
    assert "is a column for personal data" in message
    assert "张三" not in tally("import", path, "--by", "clerk").refused().err


def test_refuses_personal_data_above_the_header(tally):
    """A header may have two rows."""
    rows = [["事项", None, "电话"], BATCH, batch_row()]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    assert [one[:4] for one in import_errors(tally, path)] == [("上访批次", 1, "C", "电话")]


def test_accepts_the_columns_of_every_kind():
    """None of them is mistaken for personal data."""
    for kind in BY_KIND:
        cells = tuple(one.title for one in columns_of(kind))
        assert read_header(0, cells, kind)[1] == []
    assert names_personal_data("petitioner's name")
    assert not names_personal_data("人数")


def test_refuses_repeated_unknown_and_missing_headers(tally):
    rows = [[*BATCH[:-1], "人数", "序号"], [*batch_row()[:-1], 3, 1]]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    found = import_errors(tally, path)
    assert [one[:3] for one in found] == [
        ("上访批次", 1, "G"),
        ("上访批次", 1, "H"),
        ("上访批次", 1, None),
    ]
    assert "is there twice: in column E and here" in found[0][5]
    assert "is not a column of petition_batch" in found[1][5]
    assert "has no column 非正常上访 (abnormal)" in found[2][5]


def test_refuses_a_cell_in_a_column_without_a_header(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, [*batch_row(), "看这里"]])
    ((*position, message),) = import_errors(tally, path)
    assert position[:4] == ["上访批次", 2, "H", None]
    assert "without a header" in message


def test_refuses_a_mobile_number_without_repeating_it(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(信访事项=13800138000)])
    run = tally("import", path, "--by", "clerk", "--json").refused()
    assert run.json["errors"][0]["column"] == "C"
    assert "13800138000" not in run.out + run.err


def test_refuses_excel_errors_and_formulas_without_a_result(tally):
    rows = [BATCH, batch_row(人数="=1+2"), batch_row("B-2", 人数="#DIV/0!")]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    found = import_errors(tally, path)
    assert [one[:3] for one in found] == [("上访批次", 2, "E"), ("上访批次", 3, "E")]
    assert "formula without a result" in found[0][5]
    assert "Excel error" in found[1][5]


def test_accepts_a_unit_with_its_name_and_refuses_another_name(tally):
    rows = [BATCH, batch_row(问题引发单位="V001 甲村"), batch_row("B-2", 问题引发单位="V001 乙村")]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    assert [(one[1], one[5]) for one in import_errors(tally, path)] == [
        (3, "V001 is 甲村, not 乙村")
    ]


def test_checks_each_row_under_its_own_kind(tally):
    """In a sheet with a column of kinds."""
    rows = [
        ["kind", "编号", "单位", "级别", "发文日期", "人数"],
        ["通报表扬", "C-1", "V001", "省", "2016年3月6日", None],
        ["yellow_card", "Y-1", "V001", None, "2016-03-06", 3],
        ["表扬", "C-2", "V001", "省", "2016-03-06", None],
        [None, "C-3", "V001", "省", "2016-03-06", None],
    ]
    path = write_book(tally.folder / "b.xlsx", 混合=rows)
    assert [one[:3] for one in import_errors(tally, path)] == [
        ("混合", 3, "F"),
        ("混合", 4, "A"),
        ("混合", 5, "A"),
    ]
