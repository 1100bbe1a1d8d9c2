"""What is said of wrong files and cells, word for word in golden files in both languages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.cli.entries import batch
from tests.golden import assert_golden
from tests.office.test_csv_files import row, write_batches
from tests.office.test_dependent_formulas import write as write_dependent
from tests.office.test_shown_cells import write_formula, written
from tests.office.test_two_readers import DISPUTED, HEADCOUNT, SHEET, UNCLEAR, in_part, write_two
from tests.office.workbooks import BATCH, batch_row, calculated, write_book

GOLDEN = Path(__file__).parent / "golden"


def text_file(name, text, encoding="utf-8"):
    """Return a function that writes a text file into a folder and returns its path."""

    def write(folder):
        (folder / name).write_text(text, encoding=encoding)
        return folder / name

    return write


def two_row_header(folder):
    head = ["编号", "问题引发单位", "信访事项", "上访情况", None, None, None]
    below = [None, None, None, *BATCH[3:]]
    return write_book(folder / "b.xlsx", 上访批次=[head, below, batch_row(), batch_row("B-2")])


def batches(*rows, header=BATCH):
    return lambda folder: write_book(folder / "b.xlsx", 上访批次=[header, *rows])


TABLE = "编号\t单位\t发文日期\n" + "Y-1\tV001\t2016-03-01\n" * 3000
CASES = {
    "formula not calculated": lambda at: write_formula(at / "b.xlsx", "=1+2", 0),
    "formula without a result": batches(batch_row(人数="=1+2")),
    "formula of today": lambda at: write_formula(at / "b.xlsx", "=DAY(TODAY())", 3, calculated),
    "formula of another workbook": lambda at: write_formula(
        at / "b.xlsx", "=[1]Sheet1!A1", 3, calculated
    ),
    "formula that depends on a changing cell": lambda at: write_dependent(
        at / "b.xlsx", "=K3-42429"
    ),
    "number shown otherwise": lambda at: written(at / "b.xlsx", "信访事项", 12, "0000"),
    "mobile number shown otherwise": lambda at: written(
        at / "b.xlsx", "信访事项", 13800138000, "000-0000-0000"
    ),
    "percentage": lambda at: written(at / "b.xlsx", "人数", 0.5, "0%"),
    "text shown otherwise": lambda at: written(at / "b.xlsx", "信访事项", "012", '"XF-"@'),
    "TRUE": lambda at: written(at / "b.xlsx", "信访事项", True, "General"),
    "date in prose": lambda at: written(at / "b.xlsx", "备注", date(2026, 3, 1), 'm"月"d"日"'),
    "time not shown": lambda at: written(at / "b.xlsx", "发生时间", batch_row()[5], "yyyy/m/d"),
    "rounded": lambda at: write_batches(at / "上访批次.csv", row(信访事项="3.60123E+11")),
    "too narrow": lambda at: write_batches(at / "上访批次.csv", row(信访事项="########")),
    "error": lambda at: write_batches(at / "上访批次.csv", row(信访事项="#N/A")),
    "formula in CSV": lambda at: write_batches(at / "上访批次.csv", row(信访事项='="000123"')),
    "apostrophe": lambda at: write_batches(at / "上访批次.csv", row(信访事项="'000123")),
    "date of Excel": lambda at: write_batches(at / "上访批次.csv", row(信访事项="3月1日")),
    "UTF-16 part": lambda at: write_two(at / "b.xlsx", DISPUTED["UTF-16 sheet"]),
    "blanks in a value": lambda at: write_two(
        at / "b.xlsx", in_part(SHEET, HEADCOUNT, UNCLEAR["blanks"])
    ),
    "two-row header": two_row_header,
    "line break in a note": batches([*batch_row(), "甲\n乙"], header=[*BATCH, "备注"]),
    ".tsv": text_file("y.tsv", TABLE),
    ".txt": text_file("y.txt", TABLE),
    ".json": text_file("y.json", json.dumps([batch()] * 300, indent=1)),
    "one object in lines": text_file("y.jsonl", json.dumps(batch(), indent=1)),
    "array of lines": text_file("y.jsonl", '[\n{"kind": "unit"},\n{"kind": "unit"}\n]\n'),
    "prose": text_file("y.txt", "各村：\n请报送\n"),
    "UTF-16": text_file("y.jsonl", '{"kind": "unit"}\n' * 300, "utf-16"),
    "web page as JSONL": text_file("y.htm", "<html>\n<table>\n" * 300),
    "web page as .xls": text_file("y.xls", "<html><table><tr><td>编号</td></tr></table></html>"),
    "XML as .xls": text_file("y.xls", '<?xml version="1.0"?>\n<Workbook/>', "utf-8-sig"),
    "web archive as .xls": text_file("y.xls", "MIME-Version: 1.0\n"),
    "unit almost named": batches(
        batch_row(问题引发单位="甲 村"), batch_row("B-2", 问题引发单位="v001")
    ),
    "unit of another id": batches(
        batch_row(问题引发单位="V009 甲村"), batch_row("B-2", 问题引发单位="乙村 V001")
    ),
    "lock file alone": text_file("~$b.xlsx", "office"),
}
"""By name: a function that writes a file into a folder and returns its path."""


def refusals(tally):
    """Return under a heading each what is said of the files, and that nothing is written."""
    found = []
    for name, write in CASES.items():
        folder = tally.folder / "files"
        folder.mkdir(exist_ok=True)
        run = tally("import", write(folder), "--by", "clerk").refused()
        assert tally.position == 5, name
        found += [f"# {name}", run.err.replace(str(folder), "…")]
    return "\n".join(found)


def test_refusals_are_worded_as_in_the_golden_file(tally):
    assert_golden(GOLDEN / "refusals.txt", refusals(tally))


def test_refusals_in_chinese_are_worded_as_in_the_golden_file(tally, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh_CN")
    assert_golden(GOLDEN / "refusals-zh.txt", refusals(tally))


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "  ", "\t", "\u2003"])
def test_takes_any_blanks_between_id_and_name(tally, blank):
    path = batches(batch_row(问题引发单位=f"V001{blank}甲村"))(tally.folder)
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 1


def test_takes_the_name_before_the_id_too(tally):
    path = batches(batch_row(问题引发单位="甲村 V001"))(tally.folder)
    assert tally("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 1


@pytest.mark.parametrize("name", ["~$b.xlsx", ".~b.xlsx"])
def test_skips_the_lock_file_of_an_open_workbook(tally, name):
    """`tally import *.xlsx` names it too."""
    path = batches(batch_row())(tally.folder)
    lock = text_file(name, "office")(tally.folder)
    run = tally("import", lock, path, "--by", "clerk").ok()
    assert f"{lock} skipped: it marks a workbook that is open in Excel or WPS" in run.err
    assert tally.position == 6


def test_a_former_name_of_a_unit_leads_to_it(tally):
    """Without this an office would record the unit a second time."""
    changes = ["--set", "name=新甲村", "--reason", "更名", "--by", "clerk", "--yes"]
    tally("correct", "V001", *changes).ok()
    path = batches(batch_row(问题引发单位="甲村"))(tally.folder)
    run = tally("import", path, "--by", "clerk").refused()
    assert "there is no unit 甲村; V001 is 新甲村: write its id or this name" in run.err


def test_examples_of_the_template_differ_in_their_ids(empty):
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    sheets = [one for one in openpyxl.load_workbook(path) if one["A1"].value == "编号"]
    ids = [sheet["A2"].value for sheet in sheets]
    assert len(set(ids)) == len(ids) == 18


def test_skips_the_example_of_an_older_template(empty):
    """Its id was made of the first two letters of the kind's name, as IN of two kinds."""
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    book = openpyxl.load_workbook(path)
    for sheet in book:
        if sheet["A1"].value == "编号":
            sheet["A2"] = "示例：IN-001"
    book.save(path)
    assert "no entry in it" in empty("import", path, "--by", "clerk").refused().err
