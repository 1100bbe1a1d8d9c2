"""What xlrd passes over in an .xls: volatile formulas, links, conditional formats."""

from __future__ import annotations

import struct

import pytest
import xlwt

from tests.office.test_shown_cells import outcome

HEADER = ["编号", "单位", "发文日期", "备注"]
FONT = 1 << 26
"""The flag of a rule that has a font."""

ROW = ["Y-1", "V001", "2016-03-01", "有"]


def write(path, *records, formulas=(), is_linked=False):
    """Write a yellow card, with formulas as Excel keeps them and further records of its sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("黄牌警告")
    for number, row in enumerate((HEADER, ROW)):
        for at, value in enumerate(row):
            if (number, at) not in dict(formulas):
                sheet.write(number, at, value)
    for place, text in formulas:
        sheet.write(*place, xlwt.Formula(text))
    usual = sheet.get_biff_data
    end = struct.pack("<HH", 0x000A, 0)

    def with_records():
        data = usual()
        assert data.endswith(end)
        return data.removesuffix(end) + b"".join(records) + end

    sheet.get_biff_data = with_records
    book.save(str(path))
    content = path.read_bytes()
    if is_linked:
        # Let the references to the workbook itself (SupBook) be to another one.
        own = struct.pack("<HHHH", 0x01AE, 4, 1, 0x0401)
        assert content.count(own) == 1
        content = content.replace(own, struct.pack("<HHHH", 0x01AE, 4, 0, 0))
    path.write_bytes(content)
    return path


def record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def rule(flags, *, style=0, script=0, style_unset=0, script_unset=0):
    """Return the records of a rule for D2, whose format is as given ([MS-XLS] 2.4.56, 2.4.42)."""
    area = struct.pack("<HHHH", 1, 1, 3, 3)
    font = bytearray(118)
    struct.pack_into("<I", font, 68, style)
    struct.pack_into("<H", font, 74, script)
    struct.pack_into("<II", font, 88, style_unset, script_unset)
    rule = struct.pack("<BBHHIH", 2, 0, 3, 0, flags, 0)
    rule += bytes(font) if flags & FONT else bytes(4)
    return record(0x01B0, struct.pack("<HH", 1, 1) + area + struct.pack("<H", 1) + area) + record(
        0x01B1, rule + b"\x1d\x01\x00"
    )


@pytest.mark.parametrize(
    ("flags", "font", "refused"),
    [
        (FONT, {"style": 0x80}, True),
        (FONT, {"style": 0x80, "style_unset": 0x80}, False),
        (FONT, {"script": 1}, True),
        (FONT, {"script": 1, "script_unset": 1}, False),
        (FONT, {"style": 0x02}, False),
        (1 << 29, {}, False),
    ],
    ids=["struck", "struck unset", "raised", "raised unset", "italic", "pattern"],
)
def test_refuses_what_a_conditional_format_of_an_xls_shows_otherwise(
    tmp_path, flags, font, refused
):
    entries, refusals = outcome(write(tmp_path / "y.xls", rule(flags, **font)))
    if refused:
        ((column, message),) = refusals
        assert (entries, column) == ([], "D")
        assert message.startswith("is shown otherwise by a conditional format")
    else:
        assert ([one.note for one in entries], refusals) == (["有"], [])


def test_refuses_a_rule_of_later_versions(tmp_path):
    """A number format of Excel 2007 (CF12)."""
    area = struct.pack("<HHHH", 1, 1, 3, 3)
    header = bytes(12)
    ranges = record(0x0879, header + struct.pack("<HH", 1, 1) + area + struct.pack("<H", 1) + area)
    content = struct.pack("<BBHHIIH", 2, 0, 3, 0, 8, 1 << 25, 0) + b"\x00\x31"
    path = write(tmp_path / "y.xls", ranges, record(0x087A, header + content))
    ((column, message),) = outcome(path)[1]
    assert (column, message[:36]) == ("D", "is shown otherwise by a conditional ")


@pytest.mark.parametrize(
    ("formulas", "refused"),
    [
        ([((1, 3), "TODAY()")], "result changes every time"),
        ([((1, 3), "OFFSET(A1,1,1)")], "result changes every time"),
        ([((1, 3), 'INDIRECT("A1")&"x"')], "result changes every time"),
        ([((1, 3), "A1"), ((3, 9), "NOW()")], "depends, or may depend"),
        ([((1, 3), "1+2"), ((3, 9), "RAND()")], "depends, or may depend"),
        ([((1, 3), "A1&B1")], None),
    ],
)
def test_refuses_formulas_of_an_xls_that_change(tmp_path, formulas, refused):
    """Also one that does not depend on a changing cell: xlrd does not say what it refers to."""
    path = write(tmp_path / "y.xls", formulas=formulas)
    path.write_bytes(with_results(path.read_bytes()))
    entries, refusals = outcome(path)
    if refused is None:
        assert ([one.note for one in entries], refusals) == (["3"], [])
    else:
        (message,) = [message for column, message in refusals if column == "D"]
        assert entries == []
        assert refused in message


def with_results(content):
    """Give all formulas the result 3 in place of an empty text."""
    return content.replace(b"\x03\x00\x00\x00\x00\x00\xff\xff", struct.pack("<d", 3.0))


def test_refuses_formulas_of_an_xls_that_refers_to_another_workbook(tmp_path):
    formulas = [((1, 3), "'黄牌警告'!A1")]
    path = write(tmp_path / "y.xls", formulas=formulas, is_linked=True)
    path.write_bytes(with_results(path.read_bytes()))
    ((column, message),) = outcome(path)[1]
    assert column == "D"
    assert "that of another workbook" in message
