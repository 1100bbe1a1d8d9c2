"""`import --errors-to` writes the rows back and marks their wrong cells."""

from __future__ import annotations

from datetime import datetime

import openpyxl
import pytest

from tests.office.workbooks import BATCH, batch_row, write_book

RED = "FFFFC7CE"


@pytest.fixture
def written_back(tally):
    """Return `tally`, the file written for a refused import, and its workbook."""
    rows = [
        [None, "二季度"],
        [*BATCH, "姓名"],
        [*batch_row("B-1", 人数=5.5), "张三"],
        [*batch_row("B-2"), None],
        [*batch_row("B-3", 信访事项="13800138000", 问题引发单位="=1+1"), None],
    ]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    target = tally.folder / "wrong.xlsx"
    run = tally("import", path, "--by", "clerk", "--errors-to", target).refused()
    assert str(target) in run.err
    return tally, target, openpyxl.load_workbook(target)


def test_colours_and_comments_wrong_cells(written_back):
    _, _, found = written_back
    sheet = found["上访批次"]
    wrong = {
        cell.coordinate: cell.comment.text
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None
    }
    assert set(wrong) == {"H2", "E3", "B5", "C5"}
    assert "应为整数" in wrong["E3"]
    assert "个人信息列" in wrong["H2"]
    coloured = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED
    }
    assert coloured == set(wrong)


def test_writes_all_other_cells_as_they_were(written_back):
    _, _, found = written_back
    sheet = found["上访批次"]
    assert sheet["B1"].value == "二季度"
    assert [cell.value for cell in sheet[2]] == [*BATCH, "姓名"]
    assert [cell.value for cell in sheet[4]][:7] == batch_row("B-2")
    assert sheet["E3"].value == 5.5
    assert sheet["F4"].value == datetime(2016, 3, 5, 9, 30)  # noqa: DTZ001 - as a cell has it


def test_writes_no_personal_data(written_back):
    _, target, found = written_back
    sheet = found["上访批次"]
    assert sheet["H3"].value is None
    assert "13800138000" not in sheet["C5"].value
    cells = [str(cell.value) for one in found for row in one.iter_rows() for cell in row]
    assert not any("张三" in text or "13800138000" in text for text in cells)
    assert target.is_file()


def test_lists_all_refusals_on_a_sheet(written_back):
    _, _, found = written_back
    rows = list(found["错误"].iter_rows(min_row=2, values_only=True))
    assert [(row[2], row[3]) for row in rows] == [(2, "H"), (3, "E"), (5, "B"), (5, "C")]


def test_the_file_is_imported_once_its_cells_are_corrected(written_back):
    tally, target, found = written_back
    sheet = found["上访批次"]
    sheet.delete_cols(8)
    sheet["E3"], sheet["B5"], sheet["C5"] = 5, "V002", "XF-3"
    found.save(target)
    assert tally("import", target, "--by", "clerk", "--json").ok().json["recorded"] == 3


def test_writes_no_file_if_nothing_is_refused(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row()])
    target = tally.folder / "wrong.xlsx"
    tally("import", path, "--by", "clerk", "--errors-to", target).ok()
    assert not target.exists()


def test_refuses_to_overwrite_the_imported_file(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(人数=0)])
    before = path.read_bytes()
    run = tally("import", path, "--by", "clerk", "--errors-to", path).refused()
    assert "is one of the files to import" in run.err
    assert path.read_bytes() == before


def test_writes_back_a_csv_and_only_lists_the_refusals_of_a_jsonl(tally):
    lines = tally.file("bad.jsonl", "{}")
    (tally.folder / "单位.csv").write_text("编号,名称,类型\nC1,丙,县\n", encoding="utf-8")
    target = tally.folder / "wrong.xlsx"
    files = lines, tally.folder / "单位.csv"
    tally("import", *files, "--by", "clerk", "--errors-to", target).refused()
    found = openpyxl.load_workbook(target)
    assert found.sheetnames == ["错误", "单位"]
    assert found["单位"]["C2"].comment is not None
    assert found["错误"].max_row == 3


def test_refuses_a_file_in_a_missing_folder(tally):
    path = write_book(tally.folder / "b.xlsx", 上访批次=[BATCH, batch_row(人数=0)])
    target = tally.folder / "nowhere" / "wrong.xlsx"
    run = tally("import", path, "--by", "clerk", "--errors-to", target).refused()
    assert "cannot be written" in run.err


def test_has_the_layout_of_the_template(written_back):
    """Frozen header, drop-down lists, and text format so that ids stay text."""
    _, _, found = written_back
    sheet = found["上访批次"]
    assert sheet.freeze_panes == "A3"
    rules = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert rules["D3:D1048576"] == '"进京,到省,到市,到区,到镇"'
    assert rules["G3:G1048576"] == '"是,否"'
    assert sheet["A4"].number_format == "@"
    assert (sheet["C5"].number_format, sheet["C5"].fill.fgColor.rgb) == ("@", RED)
    assert sheet["E3"].number_format == "General"
    assert sheet["F4"].number_format == "yyyy-mm-dd hh:mm"


def test_keeps_instructions_and_hidden_sheets(tally):
    path = tally.folder / "t.xlsx"
    tally("template", path).ok()
    filled = openpyxl.load_workbook(path)
    filled["黄牌警告"].append(["Y-1", "V009", "2016-03-01"])
    filled["通报表扬"].append(["C-1", "V001", "省", "2016-03-01"])
    filled["通报表扬"].sheet_state = "hidden"
    filled.save(path)
    target = tally.folder / "wrong.xlsx"
    tally("import", path, "--by", "clerk", "--errors-to", target).refused()
    found = openpyxl.load_workbook(target)
    assert found.sheetnames == ["错误", *filled.sheetnames]
    # 通报表扬 is shown: it was refused because it was hidden.
    hidden = [sheet.title for sheet in found if sheet.sheet_state == "hidden"]
    assert hidden == ["选项"]
    assert "已隐藏；请取消隐藏" in found["通报表扬"]["A1"].comment.text
    found["黄牌警告"]["B3"] = "V001"
    found.save(target)
    receipt = tally("import", target, "--by", "clerk", "--json").ok().json
    assert receipt["recorded"] == 2


def test_refuses_masked_cells_until_they_are_written_again(tally):
    """The rows come back without the numbers, and so without part of their text."""
    rows = [
        [*BATCH, "备注"],
        [*batch_row("B-1", 信访事项="13800138000"), None],
        [*batch_row("B-2"), "联系13812345678转"],
    ]
    path = write_book(tally.folder / "b.xlsx", 上访批次=rows)
    target = tally.folder / "wrong.xlsx"
    tally("import", path, "--by", "clerk", "--errors-to", target).refused()
    before = tally("score", "--json").ok().json["position"]
    run = tally("import", target, "--by", "clerk")
    assert run.status == 1
    message = "has *** in place of an identity-card or mobile number; write the whole text again"
    assert run.err.count(message) == 2
    assert [cell in run.err for cell in ("row 2, column C", "row 3, column H")] == [True, True]
    assert tally("score", "--json").ok().json["position"] == before


def test_lists_the_refusals_of_a_jsonl_alone(tally):
    target = tally.folder / "wrong.xlsx"
    run = tally("import", tally.file("bad.jsonl", "{}"), "--by", "clerk", "--errors-to", target)
    assert f"{target} lists what is wrong; correct the JSONL file itself" in run.refused().err
    assert openpyxl.load_workbook(target).sheetnames == ["错误"]
