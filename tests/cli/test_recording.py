"""Recording: names of units, numbers of entries and imports, doubts, a measure's own kinds."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally

FIRES = Path(__file__).parents[1] / "pages" / "measures" / "fires-2021"
FIRE = ["--detector", "卫星", "--area", "40", "--found-at", "2021-05-20T10:00", "--by", "clerk"]
CARD = ["--issued-on", "2016-03-10", "--by", "clerk"]
PETITION = ["--level", "镇", "--headcount", 3, "--occurred-at", "2016-03-06T09:00"]
PETITION += ["--abnormal", "是", "--by", "clerk"]


def content(tally, entry):
    """Return the content of an entry as it was recorded."""
    return tally("history", entry, "--json").ok().json["events"][0]["content"]


def errors(run):
    """Return id, field and code of each error of a refusal."""
    return [(one["id"], one["field"], one["code"]) for one in run.refused().json["errors"]]


# ---- names of units
def test_record_takes_the_name_of_a_unit(town):
    words = ["--unit", "甲村", "--host-unit", "乙村", "--matter", "XF-9", "--id", "B-9"]
    town("record", "petition_batch", *words, *PETITION).ok()
    found = content(town, "B-9")
    assert (found["unit"], found["host_unit"]) == ("V001", "V002")


def test_correct_takes_the_name_of_a_unit(town):
    town("correct", "B-1", "--set", "问题引发单位=乙村", "--reason", "x", "--yes", "--by", "c").ok()
    assert content(town, "B-1.2")["unit"] == "V002"


def test_a_workbook_takes_ids_names_and_both(town):
    path = town.folder / "黄牌警告.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "黄牌警告"
    sheet.append(["编号", "单位", "发文日期"])
    for number, unit in enumerate(["V001", "甲村", "V002 乙村"]):
        sheet.append([f"Y-{number}", unit, f"2016-03-1{number}"])
    book.save(path)
    town("import", path, "--by", "clerk").ok()
    assert [content(town, f"Y-{number}")["unit"] for number in range(3)] == ["V001", "V001", "V002"]


def test_score_explain_and_object_take_the_name_of_a_unit(town):
    by_id = town("score", "--unit", "V001", "--json").ok().json
    assert town("score", "--unit", "甲村", "--json").ok().json == by_id
    explained = town("explain", "甲村", "2016Q2", "--json").ok().json
    assert explained["unit"] == "V001"
    words = ["object", "B-1", "--unit", "甲村", "--reason", "x", "--by", "clerk"]
    town(*words).ok()
    assert town("history", "B-1.O", "--json").ok().json["events"][0]["unit"] == "V001"


def test_a_name_of_several_units_is_refused_with_their_ids(town):
    twin = ["--id", "V003", "--name", "甲村", "--type", "村", "--alike", "--by", "clerk"]
    town("record", "unit", *twin).ok()
    town("verify", "V003", "--by", "head").ok()
    for words in (["score", "--unit", "甲村"], ["explain", "甲村"]):
        assert "甲村 is the name of V001, V003; write the id" in town(*words).refused().err
    run = town("record", "yellow_card", "--id", "Y-1", "--unit", "甲村", *CARD, "--json")
    assert errors(run) == [("Y-1", "unit", "ambiguous_unit")]


# ---- numbers
def test_the_ledger_numbers_an_entry_and_says_so(town):
    run = town("record", "yellow_card", "--unit", "V001", *CARD, "--json").ok()
    assert run.json["given"] == ["YC-2016-0001"]
    assert run.err == "tally: numbered YC-2016-0001\n"
    run = town("record", "yellow_card", "--unit", "V002", *CARD).ok()
    assert run.err == "tally: numbered YC-2016-0002\n"
    assert content(town, "YC-2016-0002")["unit"] == "V002"


def test_an_import_numbers_entries_in_their_order_and_names_the_first(town):
    cards = [
        {"kind": "yellow_card", "unit": "V001", "issued_on": f"2016-03-{day:02d}"}
        for day in range(1, 9)
    ]
    run = town("import", town.file("cards.jsonl", *cards), "--by", "clerk", "--json").ok()
    assert run.json["given"] == [f"YC-2016-{number:04d}" for number in range(1, 9)]
    assert run.err.endswith("YC-2016-0005 and 3 more\n")
    assert content(town, "YC-2016-0008")["issued_on"] == "2016-03-08"


def test_a_workbook_without_numbers_is_numbered(town):
    path = town.file("黄牌警告.csv", "编号,单位,发文日期", ",甲村,2016-03-01", ",乙村,2016/3/2")
    run = town("import", path, "--by", "clerk", "--json").ok()
    assert run.json["given"] == ["YC-2016-0001", "YC-2016-0002"]


def test_a_dry_run_gives_no_number(town):
    card = {"kind": "yellow_card", "unit": "V001", "issued_on": "2016-03-01"}
    path = town.file("card.jsonl", card)
    run = town("import", path, "--by", "clerk", "--dry-run", "--json").ok()
    assert "given" not in run.json
    assert run.json["import"] is None


@pytest.mark.parametrize("named", ["湘信〔2016〕11号", "信访（2016）3", "B(1)", "B/1.2_x"])
def test_brackets_of_document_numbers_are_ids(town, named):
    town("record", "yellow_card", "--id", named, "--unit", "V001", *CARD).ok()
    town("verify", named, "--by", "head").ok()
    assert content(town, named)["id"] == named


def test_verify_and_reverse_take_the_number_of_an_import(town):
    batches = [batch("B-2", matter="XF-2"), batch("B-3", matter="XF-3")]
    number = town.take_in(*batches, verify_by=None)["import"]
    assert number == 8
    town.take_in(batch("B-4", matter="XF-4"), verify_by=None)
    receipt = town("verify", "--import", number, "--by", "head", "--json").ok().json
    assert (receipt["verified"], receipt["import"]) == (2, None)
    receipt = town("reverse", "--import", number, "--reason", "x", "--by", "clerk", "--json").ok()
    assert (receipt.json["recorded"], receipt.json["import"]) == (2, 13)
    states = [town("history", f"B-{n}", "--json").ok().json["events"] for n in (2, 3, 4)]
    assert [[event["event"] for event in events] for events in states] == [
        ["recorded", "verified", "reversed"],
        ["recorded", "verified", "reversed"],
        ["recorded"],
    ]
    again = town("reverse", "--import", number, "--reason", "x", "--by", "clerk").refused()
    assert "nothing of it is left to take back" in again.err


@pytest.mark.parametrize("number", [1, 6, 7, 99])
def test_a_number_of_no_import_is_refused(town, number):
    before = town.stored()
    for words in (["verify", "--by", "head"], ["reverse", "--reason", "x", "--by", "clerk"]):
        run = town(*words, "--import", number, "--json")
        assert errors(run) == [(None, "import", "no_such_import")]
    assert town.stored() == before


def test_entries_and_their_import_are_not_named_together(town):
    town("verify", "B-1", "--import", 2, "--by", "head").misused()
    town("verify", "--all", "--import", 2, "--by", "head").misused()
    town("reverse", "B-1", "--import", 2, "--reason", "x", "--by", "clerk").misused()
    town("reverse", "--reason", "x", "--by", "clerk").misused()


def test_reverse_takes_several_entries_back_in_one_append(town):
    town.take_in(batch("B-2", matter="XF-2"))
    words = ["reverse", "B-1", "B-2", "--reason", "x", "--by", "clerk"]
    assert town(*words, "--json").ok().json["recorded"] == 2
    town(*words, "--id", "X-1").misused()


def test_verify_shows_what_it_would_move_and_writes_nothing(town):
    town.take_in(batch("B-2", matter="XF-2", headcount=8), verify_by=None)
    before = town.stored()
    run = town("verify", "B-2", "--by", "head", "--dry-run", "--json").ok()
    assert run.json["dry_run"]
    (year,) = run.json["preview"]
    (unit,) = year["units"]
    # Eight people to the town cost 2 points, 1 more as nobody was told of them, and the 3 of a year
    # without a collective batch.
    assert (year["year"], unit["unit"], unit["entries"]) == (2016, "V001", ["B-2"])
    was, now = (unit[side]["total"] for side in ("before", "after"))
    assert float(was) - float(now) == 6
    assert "because of B-2" in town("verify", "B-2", "--by", "head", "--dry-run").ok().out
    assert town.stored() == before


def test_verify_refuses_the_recorder_in_a_dry_run_too(town):
    town.take_in(batch("B-2", matter="XF-2"), verify_by=None)
    assert (
        "somebody else must verify"
        in town(*("verify", "B-2", "--by", "clerk", "--dry-run")).refused().err
    )


# ---- doubts
SAME = ["--unit", "V001", "--matter", "XF-B-1", "--level", "town", "--headcount", 4]
SAME += ["--occurred-at", "2016-03-05T09:30", "--abnormal", "--id", "B-2", "--by", "clerk"]
MANY = ["--unit", "V001", "--matter", "XF-2", "--headcount", 1000, "--id", "B-2", *PETITION[:2]]
MANY += [*PETITION[4:]]


def test_record_refuses_doubts_until_they_are_answered(town):
    before = town.stored()
    assert errors(town("record", "petition_batch", *SAME, "--json")) == [("B-2", "unit", "alike")]
    run = town("record", "petition_batch", *MANY, "--alike", "--json")
    assert errors(run) == [("B-2", "headcount", "implausible")]
    assert town.stored() == before
    town("record", "petition_batch", *SAME, "--alike").ok()


def test_record_takes_an_answer_for_each_kind_of_doubt(town):
    town("record", "petition_batch", *MANY, "--implausible").ok()


@pytest.mark.parametrize(("answer", "recorded"), [(b"y\n", True), (b"n\n", False), (b"", False)])
def test_record_asks_on_a_terminal(town, monkeypatch, answer, recorded):
    stdin = TextIOWrapper(BytesIO(answer), "utf-8")
    stdin.isatty = lambda: True
    monkeypatch.setattr("cli.commands.receipts.sys", SimpleNamespace(stdin=stdin))
    run = town("record", "petition_batch", *SAME)
    assert "has the same unit, matter, level, occurred_at as B-1" in run.err
    assert "Record it all the same? [y/N]" in run.err
    assert (run.status == 0) is recorded
    assert (town.position == 8) is recorded


def test_an_import_lists_all_doubts_and_refuses(town, refused_import):
    path = town.file("odd.jsonl", batch("B-2", matter="XF-B-1"), batch("B-3", headcount=2000))
    run = refused_import(path)
    assert errors(run) == [("B-2", "unit", "alike"), ("B-3", "headcount", "implausible")]
    town("import", path, "--by", "clerk", "--alike", "--implausible").ok()


def test_correct_refuses_what_becomes_implausible(town):
    words = ["correct", "B-1", "--set", "人数=1500", "--reason", "x", "--by", "clerk", "--yes"]
    assert errors(town(*words, "--json")) == [("B-1.2", "headcount", "implausible")]
    town(*words, "--implausible").ok()


def test_every_error_has_a_code(town, refused_import):
    run = refused_import(town.file("bad.jsonl", "{", batch("B-2", headcount=0, level="x"), b"\xff"))
    assert [one["code"] for one in run.json["errors"]] == [
        *("not_json", "not_a_choice", "out_of_range", "malformed"),
    ]


# ---- kinds of a measure
@pytest.fixture
def fires(tmp_path):
    """Return `tally` on a ledger under a measure with its own kind of entries."""
    tally = Tally(tmp_path)
    tally("init", "--measure", FIRES, "--by", "office").ok()
    tally.take_in(
        {"kind": "unit", "id": "H1", "name": "石坡村", "type": "village", "group": "hill"},
    )
    return tally


def test_record_has_a_command_for_a_measures_own_kind(fires):
    assert "fire" in fires("record", "--help").ok().out
    help_of_fire = fires("record", "fire", "--help").ok().out
    assert "--detector" in help_of_fire
    run = fires("record", "fire", "--unit", "石坡村", *FIRE, "--json").ok()
    (entry,) = run.json["given"]
    assert entry.endswith("-2021-0001")
    found = content(fires, entry)
    assert (found["kind"], found["unit"], found["detector"]) == ("fire", "H1", "satellite")


def test_record_refuses_a_value_that_the_kind_does_not_have(fires):
    words = ["record", "fire", "--unit", "H1", *FIRE]
    fires(*[word if word != "卫星" else "飞机" for word in words]).misused()


def test_correct_takes_titles_and_words_of_a_measures_own_kind(fires):
    fires("record", "fire", "--id", "F-1", "--unit", "H1", *FIRE).ok()
    words = ["--set", "detector=patrol", "--set", "面积=301", "--reason", "x", "--yes"]
    fires("correct", "F-1", *words, "--by", "clerk").ok()
    found = content(fires, "F-1.2")
    assert (found["detector"], found["area"], found["replaces"]) == ("patrol", 301, "F-1")


def test_the_template_has_a_sheet_for_a_measures_own_kind(fires):
    path = fires.folder / "t.xlsx"
    fires("template", path).ok()
    book = openpyxl.load_workbook(path)
    sheet = book["火点"]
    headers = [cell.value for cell in sheet[1]]
    values = {"编号": "F-1", "单位": "H1 石坡村", "发现方": "卫星", "面积": 40}
    values |= {"发现时间": "2021-05-20 10:00"}
    for at, header in enumerate(headers, 1):
        sheet.cell(row=2, column=at, value=values.get(header))
    book.save(path)
    assert fires("import", path, "--by", "clerk", "--json").ok().json["recorded"] == 1
    assert content(fires, "F-1")["detector"] == "satellite"


def test_wrong_cells_of_a_measures_own_kind_are_given_back(fires):
    path = fires.file(
        "火点.csv", "编号,单位,发现方,面积,发现时间", "F-1,H1,飞机,40,2021-05-20 10:00"
    )
    back = fires.folder / "back.xlsx"
    fires("import", path, "--by", "clerk", "--errors-to", back).refused()
    sheet = openpyxl.load_workbook(back)["火点"]
    assert any(cell.comment is not None for row in sheet.iter_rows() for cell in row)


def test_another_ledger_does_not_know_the_kind(town):
    town("record", "fire", "--unit", "V001", *FIRE).misused()
    line = {"kind": "fire", "id": "F-1", "unit": "V001"}
    run = town("import", town.file("fire.jsonl", line), "--by", "clerk", "--json")
    assert errors(run) == [("F-1", "kind", "unknown_kind")]


def test_units_of_the_towns_can_be_named_in_their_import(tally):
    lines = [batch("B-1", unit="甲村", host_unit="乙村"), *UNITS]
    tally("import", tally.file("all.jsonl", *lines), "--by", "clerk").ok()
    assert content(tally, "B-1")["host_unit"] == "V002"
