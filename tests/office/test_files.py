"""Files that are not what they should be: each refused in words, with status 1."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO

import pytest
import xlwt

from cli.output.workbooks.template import template_workbook
from cli.workbooks.reading import read_workbook
from ledger.errors import Refusal
from tests.office.books import BATCH, batch_row, book

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def sound(folder):
    """A workbook with nothing wrong in it."""
    return book(folder / "sound.xlsx", 上访批次=[BATCH, batch_row()])


def cut(folder):
    (folder / "f.xlsx").write_bytes(sound(folder).read_bytes()[:-200])


def hollow(folder):
    with zipfile.ZipFile(folder / "f.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")


def broken_xml(folder):
    with (
        zipfile.ZipFile(sound(folder)) as old,
        zipfile.ZipFile(folder / "f.xlsx", "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:40] if name == "xl/workbook.xml" else data)


def locked(folder):
    name = "EncryptedPackage".encode("utf-16-le")
    (folder / "f.xlsx").write_bytes(OLE + bytes(600) + name + bytes(600))


def far_off(folder):
    """A few bytes that would take up gigabytes."""
    with (
        zipfile.ZipFile(sound(folder)) as old,
        zipfile.ZipFile(folder / "f.xlsx", "w") as new,
    ):
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        for name in old.namelist():
            data = old.read(name)
            is_sheet = "sheet1" in name and name.endswith(".xml")
            new.writestr(name, data.replace(b"</sheetData>", far) if is_sheet else data)


def boastful(folder):
    """Announces more texts than there are bytes in it: the reader would die for want of memory."""
    with (
        zipfile.ZipFile(BytesIO(template_workbook())) as old,
        zipfile.ZipFile(folder / "f.xlsx", "w") as new,
    ):
        for name in old.namelist():
            many = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="999999999999"', old.read(name))
            new.writestr(name, many)


FILES = {
    "boastful": (boastful, "f.xlsx", "is damaged"),
    "damaged": (cut, "f.xlsx", "is damaged"),
    "not a workbook": (hollow, "f.xlsx", "is damaged"),
    "broken inside": (broken_xml, "f.xlsx", "is damaged"),
    "old inside": (lambda at: (at / "f.xls").write_bytes(OLE + bytes(600)), "f.xls", "is damaged"),
    "password": (locked, "f.xlsx", "is protected by a password"),
    "far off": (far_off, "f.xlsx", "far out, in row 1048576"),
    "nothing": (lambda at: (at / "f.xlsx").touch(), "f.xlsx", "is empty"),
    "missing": (lambda _: None, "f.xlsx", "cannot be read: No such file"),
    "folder": (lambda at: (at / "f.xlsx").mkdir(), "f.xlsx", "cannot be read"),
    "xls as xlsx": (
        lambda at: (at / "f.xlsx").write_bytes(OLE + bytes(600)),
        "f.xlsx",
        "contains .xls data, not .xlsx; rename it to end in .xls",
    ),
    "xlsx as xls": (
        lambda at: sound(at).rename(at / "f.xls"),
        "f.xls",
        "contains .xlsx data, not .xls; rename it to end in .xlsx",
    ),
    "xlsx as csv": (
        lambda at: sound(at).rename(at / "单位.csv"),
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
    "no known sheet": (
        lambda at: book(at / "f.xlsx", 名册=[["a", "b"], [1, 2]]),
        "f.xlsx",
        "sheet 名册: is not named after a kind",
    ),
    "empty sheets": (lambda at: book(at / "f.xlsx", 名册=[], 单位=[]), "f.xlsx", "is empty"),
    "header alone": (lambda at: book(at / "f.xlsx", 上访批次=[BATCH]), "f.xlsx", "is empty"),
    "no header": (
        lambda at: book(at / "f.xlsx", 上访批次=[batch_row()]),
        "f.xlsx",
        "sheet 上访批次: has no header",
    ),
    "csv of no kind": (
        lambda at: (at / "表.csv").write_text("编号,名称\n1,2\n", encoding="utf-8"),
        "表.csv",
        "is not named after a kind of entry",
    ),
    "csv of bytes": (
        lambda at: (at / "单位.csv").write_bytes(b"\xff\x80\x81\n\x80"),
        "单位.csv",
        "neither UTF-8 nor GB 18030",
    ),
    "csv with an open quote": (
        lambda at: (at / "单位.csv").write_text('编号,名称\n1,"2\n', encoding="utf-8"),
        "单位.csv",
        "row 2: is not valid CSV",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_refused_in_words(tally, name):
    make, file, words = FILES[name]
    make(tally.folder)
    run = tally("import", tally.folder / file, "--by", "clerk").refused()
    assert words in run.err
    assert run.err.endswith("1 refused; nothing was written\n")
    assert tally.position == 4


def test_unreadable(tally):
    path = sound(tally.folder)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read" in tally("import", path, "--by", "clerk").refused().err


def test_several_files_at_once(tally):
    """JSONL, a workbook and CSV in one append; sheets that stand aside are passed over."""
    lines = tally.file("units.jsonl", {"kind": "unit", "id": "C1", "name": "丙", "type": "farm"})
    path = book(
        tally.folder / "b.xlsx",
        说明=[["联系人：办公室"]],
        petition_batch=[BATCH, batch_row(问题引发单位="C1")],
    )
    (tally.folder / "黄牌警告.csv").write_text("编号,单位,发文日期\nY-1,C1,2016/3/1\n")
    files = lines, path, tally.folder / "黄牌警告.csv"
    receipt = tally("import", *files, "--by", "clerk", "--json").ok().json
    assert receipt["recorded"] == 3


@pytest.mark.parametrize("above", ["", "二季度黄牌\n", "sep={}\n"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_stands_between_the_cells_of_a_csv(tally, above, between):
    """Excel's own choice depends on the country; a title may stand above the header."""
    rows = ("编号", "单位", "发文日期"), ("Y-1", "V001", "2016/3/1")
    text = above.format(between) + "".join(between.join(row) + "\n" for row in rows)
    path = tally.folder / "黄牌警告.csv"
    path.write_text(text, encoding="utf-8")
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 1


def test_copies_of_a_sheet(tally):
    sheets = {"上访批次": [BATCH, batch_row()], "上访批次 (2)": [BATCH, batch_row("B-2")]}
    path = book(tally.folder / "b.xlsx", **sheets)
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 2


def test_arbitrary_bytes_never_break_the_reader(tmp_path):
    """A workbook with any one byte turned over is read or refused."""
    sound_bytes = sound(tmp_path).read_bytes()
    path = tmp_path / "turned.xlsx"
    for at in range(0, len(sound_bytes), 29):
        turned = bytearray(sound_bytes)
        turned[at] ^= 0x55
        path.write_bytes(turned)
        for outcome in read_workbook(path):
            if isinstance(outcome, Refusal):
                assert str(outcome)


def test_arbitrary_bytes_never_break_the_reader_of_old_ones(tmp_path):
    """Some of these would end the whole process in the reader of .xlsx, for want of memory."""
    made = xlwt.Workbook()
    sheet = made.add_sheet("黄牌警告")
    rows = [("编号", "单位", "发文日期"), *((f"Y-{n}", "V001", "2016-03-01") for n in range(9))]
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    sheet.write_merge(12, 13, 0, 2, "无")
    path = tmp_path / "y.xls"
    made.save(str(path))
    sound_bytes = path.read_bytes()
    for at in range(0, len(sound_bytes), 13):
        turned = bytearray(sound_bytes)
        turned[at] ^= 0x55
        path.write_bytes(turned)
        for outcome in read_workbook(path):
            if isinstance(outcome, Refusal):
                assert str(outcome)
