"""Templates and helps show examples of the ledger's own measure: its year, types and kinds."""

from __future__ import annotations

import shlex
from datetime import datetime
from io import BytesIO

import pytest

from tests.cli.running import Tally

openpyxl = pytest.importorskip("openpyxl")

OTHERS = {"shengzhou-2010-62": (2010, "village"), "shicheng-2018-rivers": (2018, "township")}


@pytest.fixture(params=OTHERS)
def office(request, tmp_path):
    """A ledger with one unit under a measure of another office, and the measure's year."""
    tally = Tally(tmp_path)
    tally("init", "--measure", request.param).ok()
    year, type_ = OTHERS[request.param]
    tally.take_in({"kind": "unit", "id": "V001", "name": "甲", "type": type_})
    return tally, year


def sheets(tally):
    """Return the example row of each sheet of the template."""
    path = tally.folder / "entries.xlsx"
    tally("template", path).ok()
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    rows = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}
    return {title: rows[title][0] for title in rows if title not in {"说明", "选项"}}


def test_the_examples_of_a_template_are_of_the_measures_year(office):
    tally, year = office
    found = sheets(tally)
    days = [cell for row in found.values() for cell in row if isinstance(cell, datetime)]
    assert days
    assert {day.year for day in days} == {year}
    assert found["解释"][1] == year
    assert ("上访批次" in found) == (year == 2010)
    assert "年终检查" not in found


def test_an_import_skips_the_examples_under_whatever_measure(office):
    tally, year = office
    sheets(tally)
    later = {2010: "shicheng-2018-rivers", 2018: "shengzhou-2010-62"}[year]
    tally("measure", "adopt", later, "--year", year + 1, "--basis", "文", "--by", "clerk").ok()
    tally("verify", "--all", "--by", "head").ok()
    run = tally("import", tally.folder / "entries.xlsx", "--by", "clerk").refused()
    assert "is empty: there is no entry in it" in run.err
    assert "was changed" not in run.err


def test_an_example_with_another_value_is_refused(office):
    tally, _ = office
    sheets(tally)
    book = openpyxl.load_workbook(tally.folder / "entries.xlsx")
    book["解释"].cell(2, 5).value = "领导小组会议"
    book.save(tally.folder / "changed.xlsx")
    run = tally("import", tally.folder / "changed.xlsx", "--by", "clerk").refused()
    assert "is the id of the template's example, but the row was changed" in run.err


def test_the_example_of_every_kind_is_recorded_as_it_stands(office):
    tally, _ = office
    listed = tally("record", "--help").ok().out.partition("Commands:\n")[2].partition("\n\n")[0]
    kinds = [line.split()[0] for line in listed.splitlines()]
    assert {"unit", "ruling"} < set(kinds)
    for kind in kinds:
        example = tally("record", kind, "--help").ok().out.partition("Example:\n")[2]
        words = shlex.split(example.strip())
        assert words[:3] == ["tally", "record", kind]
        if kind != "reversal":
            tally(*words[1:], "--alike").ok()
