"""A filled template, CSV and XLS are read into the same entries as JSONL."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime

import openpyxl
import pytest
import xlwt

from cli.language.chinese import chinese, word
from cli.workbooks.cells import value_of
from cli.workbooks.columns import columns_of
from cli.workbooks.reading import read_workbook
from cli.workbooks.words import EXAMPLE, SPELLINGS
from ledger.entries import BY_KIND
from ledger.submissions import Submission, parse
from tests.cli.entries import OF_EACH_KIND, UNITS
from tests.office.workbooks import cell_value, fill_template

ALL = [*UNITS, *OF_EACH_KIND]


def from_jsonl(entries):
    """Return entries as JSONL gives them."""
    return [parse(json.dumps(entry).encode()).entry for entry in entries]


def read(path):
    """Return the entries of a file without faults, by id."""
    found = list(read_workbook(path))
    assert all(isinstance(one, Submission) for one in found), [str(one) for one in found]
    return {one.entry.id: one.entry for one in found}


@pytest.fixture
def filled(empty):
    """Return the path of a template with an entry of each kind, and the units."""
    path = empty.folder / "事项.xlsx"
    empty("template", path).ok()
    fill_template(path, ALL)
    return path


def test_reads_every_field_of_every_kind_from_the_template(filled):
    assert {entry["kind"] for entry in ALL} == set(BY_KIND)
    assert read(filled) == {entry.id: entry for entry in from_jsonl(ALL)}


def test_records_the_same_entries_as_jsonl(empty, filled):
    """Imported again, as a workbook or as JSONL, they are skipped."""
    receipt = empty("import", filled, "--by", "clerk", "--verify-by", "head", "--json").ok().json
    assert receipt["recorded"] == len(ALL)
    again = empty("import", filled, "--by", "clerk", "--json").ok().json
    assert again["skipped"] == len(ALL)
    lines = empty.file("same.jsonl", *ALL)
    receipt = empty("import", lines, "--by", "clerk", "--json").ok().json
    assert (receipt["recorded"], receipt["skipped"]) == (0, len(ALL))
    units = empty("score", "--year", 2016, "--json").ok().json["units"]
    assert {unit["unit"] for unit in units} == {"V001", "V002", "C001"}


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("form", ["utf-8-sig", "gb18030", "english", "kind column"])
def test_reads_every_kind_from_csv(tmp_path, kind, form):
    columns = columns_of(kind)
    entries = [entry for entry in ALL if entry["kind"] == kind]
    english = form in {"english", "kind column"}
    name = "mixed.csv" if form == "kind column" else f"{BY_KIND[kind].TITLE}.csv"
    encoding = "utf-8" if english else form
    with (tmp_path / name).open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        head = ["kind"] if form == "kind column" else []
        writer.writerow([*head, *(one.field if english else one.title for one in columns)])
        for entry in entries:
            cells = [cell_value(entry[c.field], c) if c.field in entry else "" for c in columns]
            writer.writerow([*([kind] if head else []), *cells])
    assert list(read(tmp_path / name).values()) == from_jsonl(entries)


def test_reads_every_kind_from_xls(tmp_path):
    book = xlwt.Workbook()
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for kind, entry_type in BY_KIND.items():
        sheet = book.add_sheet(entry_type.TITLE)
        for at, column in enumerate(columns_of(kind)):
            sheet.write(0, at, column.title)
        for row, entry in enumerate((one for one in ALL if one["kind"] == kind), 1):
            for at, column in enumerate(columns_of(kind)):
                if column.field in entry:
                    value = cell_value(entry[column.field], column)
                    is_date = isinstance(value, date)
                    style = moment if isinstance(value, datetime) else day
                    sheet.write(row, at, value, *([style] if is_date else []))
    book.save(str(tmp_path / "all.xls"))
    assert read(tmp_path / "all.xls") == {entry.id: entry for entry in from_jsonl(ALL)}


def test_template_has_a_sheet_for_each_kind_and_a_note_for_each_column(empty):
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", *(one.TITLE for one in BY_KIND.values()), "选项"]
    for kind, entry_type in BY_KIND.items():
        sheet = book[entry_type.TITLE]
        assert sheet.freeze_panes == "B2"
        notes = {cell.value: cell.comment.text for cell in sheet[1]}
        for column in columns_of(kind):
            needed = "必填" if column.required else "可空"
            first, meaning, *_ = notes[column.title].split("\n")
            assert first == f"{column.title}（{needed}） {column.field}"
            assert meaning == chinese(column.description)
            assert re.search("[一-龥]", meaning), (kind, column.field)
        assert sheet["A2"].value.startswith(EXAMPLE)


def test_examples_of_the_template_are_valid_but_for_their_ids(empty):
    """An import skips them; with other ids they are entries."""
    path = empty.folder / "t.xlsx"
    empty("template", path).ok()
    assert "no entry in it" in empty("import", path, "--by", "clerk").refused().err
    book = openpyxl.load_workbook(path)
    for number, kind in enumerate(BY_KIND):
        book[BY_KIND[kind].TITLE]["A2"] = f"E-{number}"
    book.save(path)
    assert [entry.KIND for entry in read(path).values()] == list(BY_KIND)


def lists_of(path, sheet):
    """Return the drop-down lists of a sheet by column."""
    rules = openpyxl.load_workbook(path)[sheet].data_validations.dataValidation
    return {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule.formula1 for rule in rules}


def test_template_has_drop_down_lists_of_units_and_choices(tally):
    path = tally.folder / "t.xlsx"
    tally("template", path).ok()
    batches = lists_of(path, "上访批次")
    assert batches["B"] == '"V001 甲村,V002 乙村"'
    assert batches["E"] == '"进京,到省,到市,到区,到镇"'
    assert batches["H"] == batches["I"] == '"是,否"'
    assert lists_of(path, "现场处置")["D"] == (
        '"提前到达,同步到达,通知后及时赶到,延迟赶到,一直没有领导接访劝返"'
    )


def test_template_lists_many_units_on_a_hidden_sheet(tally):
    more = [
        {"kind": "unit", "id": f"W{n}", "name": f"第{n}村", "type": "village"} for n in range(99)
    ]
    tally.take_in(*more)
    path = tally.folder / "t.xlsx"
    tally("template", path).ok()
    assert lists_of(path, "上访批次")["B"] == "选项!$A$1:$A$101"
    hidden = openpyxl.load_workbook(path)["选项"]
    assert hidden.sheet_state == "hidden"
    assert hidden["A1"].value == "V001 甲村"


def test_template_refuses_an_existing_file_and_another_ending(tally):
    path = tally.folder / "t.xlsx"
    tally("template", path).ok()
    assert "exists already" in tally("template", path).refused().err
    message = tally("template", tally.folder / "t.pdf").misused().err
    assert "t.pdf must end in .xlsx or .docx" in message


def test_reads_every_chinese_word_of_a_choice():
    """In every column that has the word's value among its choices."""
    for kind in BY_KIND:
        for column in columns_of(kind):
            for value in column.choices:
                assert value_of(value, column) == value
                for one in (word(value), *SPELLINGS.get(value, ())):
                    assert value_of(one, column) == value, (kind, column.field, one)
