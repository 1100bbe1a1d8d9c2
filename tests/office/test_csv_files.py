"""A CSV file is read in any usual form; what Excel showed in place of a value is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.kinds import Kinds
from projections.measure import load_measure, read_measure
from tests.office.test_shown_cells import outcome
from tests.office.workbooks import BATCH, batch_row

REWRITTEN = [
    *("3.60123E+11", "3.6E+05", "1E-05", "########", "##", "#N/A", "#VALUE!", "#REF!", "#DIV/0!"),
    *(
        "#NAME?",
        '="000123"',
        "=A1",
        "'000123",
        "3月1日",
        "1-Mar",
        "Mar-16",
        "2016年3月",
        "50%",
        "TRUE",
    ),
    *("9:30", "1,234", "Err:502"),
]


def write_batches(path, *rows, delimiter=",", encoding="utf-8"):
    """Write batches as CSV, quoting a cell where Excel does."""

    def cell(value):
        text = str(value)
        quoted = any(one in text for one in (delimiter, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if quoted else text

    lines = [delimiter.join(map(cell, row)) for row in ([*BATCH, "备注"], *rows)]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


def row(note="", **cells):
    return [*batch_row(发生时间="2016-03-05 09:30", **cells), note]


@pytest.mark.parametrize("text", REWRITTEN)
def test_refuses_in_a_column_of_codes_what_excel_has_rewritten(tmp_path, text):
    """Two cases became one: 360123000001 and 360123000002 are both shown as 3.60123E+11."""
    path = write_batches(tmp_path / "上访批次.csv", row(信访事项=text))
    entries, refusals = outcome(path)
    assert (entries, [one[0] for one in refusals]) == ([], ["C"])


@pytest.mark.parametrize("text", ["3.60123E+11", "########", "#N/A", '="000123"', "3月1日"])
def test_refuses_in_a_list_what_excel_has_rewritten(tmp_path, text):
    path = tmp_path / "information_report.csv"
    path.write_text(
        "编号,单位,类别,信访事项,报送时间\n"
        f'I-1,V001,紧急,"XF-1、{text}",2016-03-05 09:30\n'.replace('="000123"', '=""000123""'),
        encoding="utf-8",
    )
    entries, refusals = outcome(path)
    assert (entries, [one[0] for one in refusals]) == ([], ["D"])


@pytest.mark.parametrize("text", ["########", "#N/A", "3.60123E+11", '="一件"'])
def test_refuses_in_a_column_of_prose_what_excel_has_rewritten(tmp_path, text):
    path = write_batches(tmp_path / "上访批次.csv", row(text))
    assert [one[0] for one in outcome(path)[1]] == ["H"]


@pytest.mark.parametrize(
    "text", ["3月1日", "50%", "9:30", "见 #12", "'引文'", "TRUE", "a=b", "共1,234件"]
)
def test_reads_prose_that_only_looks_like_it(tmp_path, text):
    path = write_batches(tmp_path / "上访批次.csv", row(text))
    assert [one.note for one in outcome(path)[0]] == [text]


@pytest.mark.parametrize("text", ["000123", "XF-2016-001", "2016/3/1", "12E3", "信访〔2016〕3号"])
def test_reads_the_codes_of_an_office(tmp_path, text):
    path = write_batches(tmp_path / "上访批次.csv", row(信访事项=text))
    assert [one.matter for one in outcome(path)[0]] == [text]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_reads_any_encoding_and_delimiter(tmp_path, encoding, delimiter):
    path = write_batches(
        tmp_path / "上访批次.csv", row(), row(编号="B-2"), encoding=encoding, delimiter=delimiter
    )
    entries, refusals = outcome(path)
    assert ([one.id for one in entries], refusals) == (["B-1", "B-2"], [])


def test_reads_utf_16_without_its_mark_that_begins_with_a_zero_byte(tmp_path):
    """一 is U+4E00, whose first byte is zero."""
    path = write_batches(tmp_path / "上访批次.csv", row())
    text = "一季度\r\n" + path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("utf-16-le"))
    assert [one.id for one in outcome(path)[0]] == ["B-1"]


def test_does_not_take_the_delimiter_from_lists_in_cells(tmp_path):
    """There are more semicolons than commas in it."""
    lists = ";".join(f"XF-{number}" for number in range(60))
    path = tmp_path / "information_report.csv"
    text = f"编号,单位,类别,信访事项,报送时间\nI-1,V001,紧急,{lists},2016-03-05 09:30\n"
    path.write_text(text, encoding="utf-8")
    entries, refusals = outcome(path)
    assert ([len(one.matters) for one in entries], refusals) == ([60], [])


FOREST = Path(__file__).parents[1] / "cli" / "measures" / "forest-2023"
LOG = "单位,所属月份,交来日期,巡护里程,应巡里程"
WITHOUT_IDS = {
    "named after the kind": ("巡护日志", LOG, "{}"),
    "with a column of kinds": ("表", f"种类,{LOG}", "巡护日志,{}"),
    "with English headers": ("表", "kind,unit,month,handed_on,done,planned", "patrol_log,{}"),
    "below a title": ("巡护日志", f"3月巡护情况\n{LOG}", "{}"),
}


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("name", WITHOUT_IDS)
def test_a_table_of_entries_needs_no_column_of_ids(tmp_path, name, delimiter):
    """The ledger numbers entries without an id; the header has the columns of the kind."""
    stem, header, row = WITHOUT_IDS[name]
    path = tmp_path / f"{stem}.csv"
    text = f"{header}\n{row.format('V1,2023-03,2023-03-31,40,50')}\n"
    path.write_text(text.replace(",", delimiter), encoding="utf-8")
    entries, refusals = outcome(path, Kinds.of(load_measure(read_measure(FOREST))))
    assert refusals == []
    assert [(one.KIND, one.unit, one.values["month"]) for one in entries] == [
        ("patrol_log", "V1", "2023-03")
    ]


def test_says_which_columns_a_kind_without_a_header_needs(tmp_path):
    path = tmp_path / "单位.csv"
    path.write_text("V001,甲村\n", encoding="utf-8")
    (_, message) = outcome(path)[1][0]
    assert message.startswith("has no header")
    assert message.endswith("the columns of unit: 名称, 类型")


def test_refuses_unknown_columns_beside_a_column_of_kinds(tmp_path):
    """It was told to add a column of kinds, which it has."""
    path = tmp_path / "表.csv"
    path.write_text("种类,甲,乙\n单位,丙,丁\n", encoding="utf-8")
    messages = dict(outcome(path)[1])
    assert messages["B"].startswith("is not a column of any kind of entry")


@pytest.mark.parametrize("text", ["1,234", "1，234,567"])
def test_names_the_commas_of_a_number_as_its_fault(tmp_path, text):
    path = write_batches(tmp_path / "上访批次.csv", row(人数=text))
    plain = text.replace("，", "").replace(",", "")
    message = f"{text} has commas in the number; write {plain}"
    assert outcome(path) == ([], [("E", message)])


def test_names_the_commas_of_a_decimal_as_its_fault(tmp_path):
    path = tmp_path / "年终检查.csv"
    path.write_text('单位,年度,项目,得分\nV001,2016,2.1,"1,234.5"\n', encoding="utf-8")
    message = "1,234.5 has commas in the number; write 1234.5"
    assert outcome(path) == ([], [("D", message)])


UNREADABLE = {
    "UTF-32": (lambda text: text.encode("utf-32"), "is UTF-32"),
    "zero bytes": (lambda text: b"a\0b" + text.encode(), "has bytes that are zero"),
    "；": (lambda text: text.replace(",", "；").encode(), "has ； between its columns"),
    "、": (lambda text: text.replace(",", "、").encode(), "has 、 between its columns"),
    "｜": (lambda text: text.replace(",", "｜").encode(), "has ｜ between its columns"),
    "JSONL": (lambda _: b'{"kind": "unit", "id": "V1"}\n', "contains .jsonl data"),
    "PDF": (lambda _: b"%PDF-1.4\n", "is a PDF document"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_says_what_a_file_is_that_is_not_read(tmp_path, name):
    """Each was said to have no header."""
    encode, expected = UNREADABLE[name]
    path = write_batches(tmp_path / "上访批次.csv", row())
    path.write_bytes(encode(path.read_text(encoding="utf-8")))
    entries, ((_, message),) = outcome(path)
    assert (entries, message.startswith(expected)) == ([], True)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("a.xlsx", b"%PDF-1.4\n", "is a PDF document"),
        ("a.xls", b"{\\rtf1}", "is a RTF document"),
        ("a.xls", "编号\t单位\r\n".encode("utf-16"), "contains .csv data, not .xls"),
    ],
)
def test_says_what_is_under_the_name_of_a_workbook(tmp_path, name, raw, expected):
    (tmp_path / name).write_bytes(raw)
    entries, ((_, message),) = outcome(tmp_path / name)
    assert (entries, message.startswith(expected)) == ([], True)
