"""Where readers of a workbook may see different cells, nothing is lost without a message."""

from __future__ import annotations

import os
import random
import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter

from tests.office.test_shown_cells import outcome
from tests.office.workbooks import BATCH, batch_row, read_parts, rewrite, write_book

SHEET = "xl/worksheets/sheet1.xml"


def write_two(path, change):
    """Write a workbook of two batches as Excel does, with its parts changed."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("上访批次")
    moment = "2016-03-05 09:30"
    rows = BATCH, batch_row(发生时间=moment), batch_row("B-2", 发生时间=moment)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    path.write_bytes(rewrite(path.read_bytes(), change))
    return path


def in_part(part, old, new):
    """Return a change of one part, which must change it."""

    def change(name, xml):
        if name != part:
            return xml
        assert old in xml
        return xml.replace(old, new)

    return change


def utf_16(part):
    return lambda name, xml: xml.decode().encode("utf-16") if name == part else xml


def gbk(name, xml):
    """Declare an encoding that only some readers know."""
    if name != SHEET:
        return xml
    return xml.replace(b"UTF-8", b"GBK")


def elsewhere(part, links):
    """Name another part than the usual one, which is there too; readers take one of them."""
    name = part.rpartition("/")[2].encode()

    def change(one, xml):
        return xml.replace(name, name.replace(b".", b"2.")) if one == links else xml

    return change


BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
HEADCOUNT, ERROR = b'<c r="E2"><v>3</v></c>', b'<c r="E2" t="e"><v>#N/A</v></c>'
DISPUTED = {
    "UTF-16 sheet": utf_16(SHEET),
    "UTF-16 strings": utf_16("xl/sharedStrings.xml"),
    "UTF-16 workbook": utf_16("xl/workbook.xml"),
    "GBK": gbk,
    "CDATA": in_part(SHEET, HEADCOUNT, b'<c r="E2"><v><![CDATA[3]]></v></c>'),
    "half CDATA": in_part(SHEET, HEADCOUNT, b'<c r="E2"><v>1<![CDATA[3]]></v></c>'),
    "comment": in_part(SHEET, HEADCOUNT, b'<c r="E2"><v>1<!-- -->3</v></c>'),
    "instruction": in_part(SHEET, HEADCOUNT, b'<c r="E2"><v>1<?x y?>3</v></c>'),
    "cell twice": in_part(SHEET, HEADCOUNT, HEADCOUNT + b'<c r="E2"><v>4</v></c>'),
    "other strings": elsewhere("xl/sharedStrings.xml", LINKS),
    "other styles": elsewhere("xl/styles.xml", LINKS),
    "other workbook": elsewhere(BOOK, "_rels/.rels"),
    "link twice": in_part(LINKS, b"</Relationships>", b'<Relationship Id="rId1"/></Relationships>'),
    "foreign cell": in_part(
        SHEET, HEADCOUNT, HEADCOUNT + b'<q:c xmlns:q="urn:x" r="H2"><v>5</v></q:c>'
    ),
    "foreign value": in_part(SHEET, HEADCOUNT, b'<c r="E2"><v xmlns="urn:x">5</v><v>3</v></c>'),
    "second sheet data": in_part(SHEET, b"<sheetData>", b"<sheetData/><sheetData>"),
    "foreign text": in_part(
        "xl/sharedStrings.xml", b"<t>V001</t>", b'<t>V001</t><q:t xmlns:q="urn:x">2</q:t>'
    ),
    "two texts": in_part("xl/sharedStrings.xml", b"<t>V001</t>", b"<t>V001</t><t/>"),
    "CDATA in a text": in_part("xl/sharedStrings.xml", b"<t>V001</t>", b"<t><![CDATA[V001]]></t>"),
    "blanks in date1904": in_part(BOOK, b"<workbookPr", b'<workbookPr date1904=" 1 "'),
    "two workbookPr": in_part(BOOK, b"<workbookPr", b'<workbookPr date1904="1"/><workbookPr'),
}
"""By name: a change after which the readers may see other cells; the file is refused."""

UNCLEAR = {
    "blanks": b'<c r="E2"><v> 3 </v></c>',
    "line breaks": b'<c r="E2"><v>\n3\n</v></c>',
    "entity": b'<c r="E2"><v>&#51;</v></c>',
    "number in inline": b'<c r="E2" t="inlineStr"><v>3</v></c>',
    "text in a shared one": b'<c r="E2" t="s"><v>0</v><is><t>3</t></is></c>',
    "text in a result": b'<c r="E2" t="str"><v>3</v><is><t>5</t></is></c>',
    "value of an inline one": b'<c r="E2" t="inlineStr"><v>5</v><is><t>3</t></is></c>',
    "blanks in a number of a text": b'<c r="E2" t="s"><v> 0 </v></c>',
    "two values": b'<c r="E2"><v>1</v><v>3</v></c>',
}
"""By name: XML of a cell that readers differ about; the cell is refused."""


@pytest.mark.parametrize("name", DISPUTED)
def test_refuses_a_workbook_in_which_readers_find_other_cells(tmp_path, name):
    entries, ((column, message),) = outcome(write_two(tmp_path / "b.xlsx", DISPUTED[name]))
    assert (entries, column) == ([], None)
    assert message.startswith(("is written in a way that programs read", "is damaged"))


@pytest.mark.parametrize("name", UNCLEAR)
def test_refuses_a_cell_that_readers_read_differently(tmp_path, name):
    path = write_two(tmp_path / "b.xlsx", in_part(SHEET, HEADCOUNT, UNCLEAR[name]))
    entries, refusals = outcome(path)
    assert "B-1" not in [one.id for one in entries]
    assert refusals[0][0] == "E" or refusals[0][1].startswith("is written in a way")


@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"]
)
def test_checks_the_cells_of_parts_in_another_case(tmp_path, part):
    """Calamine ignores case: an error in such a sheet was read as an empty cell."""
    path = write_two(tmp_path / "b.xlsx", in_part(SHEET, HEADCOUNT, ERROR))
    folder, _, name = part.rpartition("/")
    parts = read_parts(path.read_bytes())
    assert part in parts
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in parts.items():
            archive.writestr(
                f"{folder}/{name[0].upper()}{name[1:]}" if one == part else one, content
            )
    entries, refusals = outcome(path)
    assert ([one.id for one in entries], [one[0] for one in refusals]) == (["B-2"], ["E"])


@pytest.mark.parametrize("raw", ["\n", "&#10;", "\t"])
def test_checks_a_sheet_with_a_line_break_in_its_name(tmp_path, raw):
    """XML parsers make a blank of it; calamine does not."""
    change = in_part(
        "xl/workbook.xml", 'name="上访批次"'.encode(), f'name="上访{raw}批次"'.encode()
    )
    path = write_two(tmp_path / "b.xlsx", change)
    entries, refusals = outcome(path)
    assert ([one.id for one in entries], refusals) == (["B-1", "B-2"], [])
    with_error = in_part(SHEET, HEADCOUNT, ERROR)
    path = write_two(tmp_path / "c.xlsx", lambda name, xml: with_error(name, change(name, xml)))
    entries, refusals = outcome(path)
    assert ([one.id for one in entries], [one[0] for one in refusals]) == (["B-2"], ["E"])


def test_refuses_two_sheets_of_one_name(tmp_path):
    """Calamine gives the cells of the first one for both."""
    path = tmp_path / "b.xlsx"
    write_book(path, 上访批次=[BATCH, batch_row()], 黄牌警告=[["编号", "单位", "发文日期"]])
    change = in_part("xl/workbook.xml", "黄牌警告".encode(), "上访批次".encode())
    path.write_bytes(rewrite(path.read_bytes(), change))
    assert outcome(path)[0] == []


VALUES = [
    *(12, 12.5, 0.5, 7, 101102, 360123456789, 2016.1, -3, 0, True, "012", "XF-1", "有", "3-1"),
    *(datetime(2016, 3, 5, 9, 30), datetime(2016, 3, 5)),  # noqa: DTZ001 - as cells have it
]
FORMATS = [
    *("General", "0", "@", "0000", "#,##0", "0%", "0.00", "0.00E+00", '"XF-"000', '"XF-"@', ";;;"),
    *("yyyy-mm-dd", "yyyy/m/d h:mm", 'm"月"d"日"', "yyyy", "0_ ", '0"人"', "[Red]0;[Blue]0;0"),
    *(
        "#",
        "0.#",
        "?",
        "0;-0",
        "[>5]0;General",
        "0\\ ",
        "*x0",
        "[h]:mm",
        "# ?/?",
        "[DBNum2]0",
        "0E+0",
    ),
    *("000-0000", "_(0_)", "@@", "G/通用格式", "[$-804]0", "0!人", "0,,", '""0""', "General;;;@"),
]


def shown(cell):
    """Return what Excel shows of a cell that openpyxl reads, or None where that is not simple.

    Written from ECMA-376, 18.8.31, without the program's code, for plain cells alone.
    """
    value, code = cell.value, cell.number_format
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return (
            value if "@" not in code.replace("@", "", 1) and code not in {'"XF-"@', ";;;"} else None
        )
    if isinstance(value, datetime):
        patterns = {"yyyy-mm-dd": "%Y-%m-%d", "yyyy/m/d h:mm": "%Y-%m-%d %H:%M"}
        return f"{value:{patterns[code]}}" if code in patterns else None
    if code in {"General", "@", "G/通用格式"} or (code == "General;;;@" and value > 0):
        return str(value) if abs(value) < 1e11 else None
    is_whole = code in {"0", '""0""', "0_ ", "[$-804]0", "_(0_)", "0\\ ", "0;-0"}
    if is_whole or (code in {"#", "?"} and value != 0) or (code.startswith("[Red]") and value >= 0):
        return str(round(value)) if value == int(value) else None
    return None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")
def test_records_what_an_independent_reader_shows(tmp_path):
    """Random cells and formats in columns of text: recorded as shown by openpyxl, or refused."""
    seed = int(os.environ.get("TALLY_SEED", random.SystemRandom().randrange(10**9)))
    chance, path = random.Random(seed), tmp_path / "f.xlsx"
    tried = refused = compared = 0
    for _ in range(300):
        rows = [[*BATCH, "备注"], *([*batch_row(f"B-{number}"), None] for number in range(12))]
        write_book(path, 上访批次=rows)
        book = openpyxl.load_workbook(path)
        sheet = book["上访批次"]
        for row in range(2, 14):
            cell = sheet.cell(row, chance.choice([3, 8]))
            cell.value, cell.number_format = chance.choice(VALUES), chance.choice(FORMATS)
            tried += 1
        book.save(path)
        by_row = {
            row[0].value: row for row in openpyxl.load_workbook(path)["上访批次"].iter_rows(2)
        }
        entries, refusals = outcome(path)
        refused += len(refusals)
        for entry in entries:
            for at, recorded in ((2, entry.matter), (7, entry.note)):
                cell = by_row[entry.id][at]
                if cell.value is not None:
                    assert recorded == shown(cell), (
                        f"seed {seed}: {cell.value!r} {cell.number_format}"
                    )
                    compared += 1
    print(f"seed {seed}: {tried} cells, {refused} refused, {compared} recorded as shown")
    assert compared > 1000, seed
