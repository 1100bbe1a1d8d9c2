"""Files of any format and damage are read, or refused with a message."""

from __future__ import annotations

import os
import re
import zipfile

import pytest
import xlwt

from cli.output.workbooks.template import template_workbook
from cli.workbooks.reading import read_workbook
from ledger.errors import Refusal
from tests.office.workbooks import BATCH, batch_row, rewrite, write_book

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def write_valid(folder):
    """Write a workbook without faults."""
    return write_book(folder / "valid.xlsx", 上访批次=[BATCH, batch_row()])


def write_cut(folder):
    (folder / "f.xlsx").write_bytes(write_valid(folder).read_bytes()[:-200])


def write_other_zip(folder):
    with zipfile.ZipFile(folder / "f.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")


def write_changed(folder, change):
    """Write a valid workbook with changed parts."""
    (folder / "f.xlsx").write_bytes(rewrite(write_valid(folder).read_bytes(), change))


def write_broken_xml(folder):
    write_changed(folder, lambda name, xml: xml[:40] if name == "xl/workbook.xml" else xml)


def write_locked(folder):
    name = "EncryptedPackage".encode("utf-16-le")
    (folder / "f.xlsx").write_bytes(OLE + bytes(600) + name + bytes(600))


def write_far_cell(folder):
    """Write a small file that a reader would need gigabytes of memory for."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    write_changed(
        folder,
        lambda name, xml: xml.replace(b"</sheetData>", far) if "sheet1.xml" in name else xml,
    )


def write_false_count(folder):
    """State more strings than there are bytes; a reader would run out of memory."""
    many = b'uniqueCount="999999999999"'
    data = rewrite(template_workbook(), lambda _, xml: re.sub(rb'uniqueCount="\d+"', many, xml))
    (folder / "f.xlsx").write_bytes(data)


FILES = {
    "false count": (write_false_count, "f.xlsx", "is damaged"),
    "cut": (write_cut, "f.xlsx", "is damaged"),
    "other zip": (write_other_zip, "f.xlsx", "is damaged"),
    "broken XML": (write_broken_xml, "f.xlsx", "is damaged"),
    "damaged xls": (lambda at: (at / "f.xls").write_bytes(OLE + bytes(600)), "f.xls", "is damaged"),
    "password": (write_locked, "f.xlsx", "is protected by a password"),
    "far cell": (write_far_cell, "f.xlsx", "far out, in row 1048576"),
    "no bytes": (lambda at: (at / "f.xlsx").touch(), "f.xlsx", "is empty"),
    "missing": (lambda _: None, "f.xlsx", "cannot be read: No such file"),
    "folder": (lambda at: (at / "f.xlsx").mkdir(), "f.xlsx", "cannot be read"),
    "xls as xlsx": (
        lambda at: (at / "f.xlsx").write_bytes(OLE + bytes(600)),
        "f.xlsx",
        "contains .xls data, not .xlsx; rename it to end in .xls",
    ),
    "xlsx as xls": (
        lambda at: write_valid(at).rename(at / "f.xls"),
        "f.xls",
        "contains .xlsx data, not .xls; rename it to end in .xlsx",
    ),
    "xlsx as csv": (
        lambda at: write_valid(at).rename(at / "单位.csv"),
        "单位.csv",
        "contains .xlsx data, not .csv; rename it to end in .xlsx",
    ),
    "jsonl as xlsx": (
        lambda at: (at / "f.xlsx").write_text('{"kind": "unit"}'),
        "f.xlsx",
        "contains .jsonl data, not .xlsx; rename it to end in .jsonl",
    ),
    "text as xlsx": (
        lambda at: (at / "f.xlsx").write_text("编号,名称"),
        "f.xlsx",
        "contains .csv data, not .xlsx; rename it to end in .csv",
    ),
    "unknown sheet": (
        lambda at: write_book(at / "f.xlsx", 名册=[["a", "b"], [1, 2]]),
        "f.xlsx",
        "sheet 名册: is not named after a kind",
    ),
    "empty sheets": (lambda at: write_book(at / "f.xlsx", 名册=[], 单位=[]), "f.xlsx", "is empty"),
    "header alone": (lambda at: write_book(at / "f.xlsx", 上访批次=[BATCH]), "f.xlsx", "is empty"),
    "no header": (
        lambda at: write_book(at / "f.xlsx", 上访批次=[batch_row()]),
        "f.xlsx",
        "sheet 上访批次: has no header",
    ),
    "unknown csv": (
        lambda at: (at / "表.csv").write_text("编号,名称\n1,2\n", encoding="utf-8"),
        "表.csv",
        "is not named after a kind of entry",
    ),
    "binary csv": (
        lambda at: (at / "单位.csv").write_bytes(b"\xff\x80\x81\n\x80"),
        "单位.csv",
        "neither UTF-8 nor GB 18030",
    ),
    "open quote": (
        lambda at: (at / "单位.csv").write_text('编号,名称\n1,"2\n', encoding="utf-8"),
        "单位.csv",
        "row 2: is not valid CSV",
    ),
}
"""By name: writes the file into a folder; the file's name; a part of the message."""


@pytest.mark.parametrize("name", FILES)
def test_refuses_with_a_message_and_writes_nothing(tally, name):
    write, file, message = FILES[name]
    write(tally.folder)
    run = tally("import", tally.folder / file, "--by", "clerk").refused()
    assert message in run.err
    assert run.err.endswith("1 refused; nothing was written\n")
    assert tally.position == 5


def test_refuses_a_file_without_read_permission(tally):
    path = write_valid(tally.folder)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read" in tally("import", path, "--by", "clerk").refused().err


def test_imports_jsonl_workbook_and_csv_in_one_append(tally):
    """The sheet of instructions is ignored."""
    lines = tally.file("units.jsonl", {"kind": "unit", "id": "C1", "name": "丙", "type": "farm"})
    path = write_book(
        tally.folder / "b.xlsx",
        说明=[["联系人：办公室"]],
        petition_batch=[BATCH, batch_row(问题引发单位="C1")],
    )
    (tally.folder / "黄牌警告.csv").write_text("编号,单位,发文日期\nY-1,C1,2016/3/1\n")
    files = lines, path, tally.folder / "黄牌警告.csv"
    receipt = tally("import", *files, "--by", "clerk", "--json").ok().json
    assert receipt["recorded"] == 3


@pytest.mark.parametrize("above", ["", "二季度黄牌\n", "sep={}\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_recognises_the_separator_of_a_csv(tally, above, separator):
    """Excel chooses it by country; a title may precede the header."""
    rows = ("编号", "单位", "发文日期"), ("Y-1", "V001", "2016/3/1")
    text = above.format(separator) + "".join(separator.join(row) + "\n" for row in rows)
    path = tally.folder / "黄牌警告.csv"
    path.write_text(text, encoding="utf-8")
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 1


def test_reads_a_copy_of_a_sheet_as_the_same_kind(tally):
    sheets = {"上访批次": [BATCH, batch_row()], "上访批次 (2)": [BATCH, batch_row("B-2")]}
    path = write_book(tally.folder / "b.xlsx", **sheets)
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 2


def read_with_flipped_bytes(path, step):
    """Read a file again and again, each time with another byte changed."""
    valid = path.read_bytes()
    for at in range(0, len(valid), step):
        changed = bytearray(valid)
        changed[at] ^= 0x55
        path.write_bytes(changed)
        for outcome in read_workbook(path):
            if isinstance(outcome, Refusal):
                assert str(outcome)


def test_reads_or_refuses_an_xlsx_with_any_changed_byte(tmp_path):
    read_with_flipped_bytes(write_valid(tmp_path), 29)


def test_reads_or_refuses_an_xls_with_any_changed_byte(tmp_path):
    """In the reader of .xlsx some of these would end the process."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("黄牌警告")
    rows = [("编号", "单位", "发文日期"), *((f"Y-{n}", "V001", "2016-03-01") for n in range(9))]
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    sheet.write_merge(12, 13, 0, 2, "无")
    path = tmp_path / "y.xls"
    book.save(str(path))
    read_with_flipped_bytes(path, 13)
