"""Cells that name a unit mean the same unit as the words of a command line."""

from __future__ import annotations

import openpyxl
import pytest

from tests.office.workbooks import BATCH, batch_row, import_errors, write_book


def units_of(tally, tmp_path, *cells):
    """Return the units of the batches whose cells name them so."""
    rows = [batch_row(f"B-{n}", 问题引发单位=cell) for n, cell in enumerate(cells)]
    path = write_book(tmp_path / "b.xlsx", 上访批次=[BATCH, *rows])
    tally("import", path, "--by", "clerk").ok()
    found = tally("list", "petition_batch", "--json").ok().json["entries"]
    return [one["content"]["unit"] for one in found]


def refusal_of(tally, tmp_path, cell):
    path = write_book(tmp_path / "b.xlsx", 上访批次=[BATCH, batch_row(问题引发单位=cell)])
    ((*_, message),) = import_errors(tally, path)
    return message


@pytest.fixture
def renamed(tally):
    """Return `tally` on a ledger whose V001 甲村 was renamed 新村."""
    words = "correct V001 --set name=新村 --reason x --by clerk --yes"
    tally(*words.split()).ok()
    tally("verify", "--all", "--by", "head").ok()
    return tally


def test_a_name_in_full_width_means_the_unit_of_exactly_this_name(tally, tmp_path):
    units = [
        {"kind": "unit", "id": "V011", "name": "丙1村", "type": "village"},
        {"kind": "unit", "id": "V012", "name": "丙１村", "type": "village"},
    ]
    tally("import", tally.file("u.jsonl", *units), "--by", "clerk", "--alike").ok()
    assert units_of(tally, tmp_path, "丙１村", "丙1村") == ["V012", "V011"]


def test_a_renamed_unit_has_its_present_name_in_cells(renamed, tmp_path):
    assert units_of(renamed, tmp_path, "V001 新村", "新村", "V001") == ["V001"] * 3


@pytest.mark.parametrize("cell", ["V001 甲村", "甲村 V001"])
def test_the_former_name_beside_the_id_is_refused(renamed, tmp_path, cell):
    assert refusal_of(renamed, tmp_path, cell) == "V001 is 新村, not 甲村"


def test_the_former_name_is_refused_with_the_present_one(renamed, tmp_path):
    words = "there is no unit 甲村; V001 is 新村: write its id or this name"
    assert refusal_of(renamed, tmp_path, "甲村") == words


def test_the_template_offers_the_present_name(renamed, tmp_path):
    renamed("template", tmp_path / "t.xlsx").ok()
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["黄牌警告"]
    lists = {one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert lists == {'"V001 新村,V002 乙村"'}


@pytest.mark.parametrize("cell", ["V001甲村", "V001-甲村", "甲村（V001）"])
def test_names_the_unit_whose_id_and_name_are_joined(tally, tmp_path, cell):
    assert "; V001 is 甲村: write its id or this name" in refusal_of(tally, tmp_path, cell)


@pytest.mark.parametrize("entry_id", ["HP-1", None])
def test_refuses_an_example_of_which_only_the_id_was_changed(tally, tmp_path, entry_id):
    tally("template", tmp_path / "t.xlsx").ok()
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book["黄牌警告"]["A2"] = entry_id
    book.save(tmp_path / "t.xlsx")
    ((sheet, row, *_, message),) = import_errors(tally, tmp_path / "t.xlsx")
    assert (sheet, row) == ("黄牌警告", 2)
    assert message.startswith("is the row of the template's example")
