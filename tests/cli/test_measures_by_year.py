"""Each year's measure alone says what is recorded for its year."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from typing import Any

import openpyxl
import pytest

from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from tests.projections.folders import amount, clause, kind_of_entry, small_measure
from tests.support import submissions

VILLAGE = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"}


def measure(victims: str, title: str, *, dated_by: str = "on", starts: str = "01-01", **more: Any):
    """Return a measure whose fires cost a point for each victim: a field of that name."""
    words = {"zh": title, "en": victims}
    fires = kind_of_entry("fire", {dated_by: "date", victims: "integer"}, dated_by, "FI")
    fires["field"][1]["title"] = words
    fires["field"][1]["min"] = "0"
    fires["title"] = {"zh": "火情", "en": "fire"}
    priced = amount("fire", points="-1", times=victims, when={victims: "0-"})
    of_fires = clause("fires", "occurrence", entry="fire", base="fire", amount=[priced])
    calendar = {"calendar": {"citation": "一", "starts": starts}}
    return small_measure(of_fires, entries=[fires], **calendar, **more)


def written(tally, made, name):
    """Return the folder that a measure is written to."""
    folder = tally.folder / name
    for file, text in made.content.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def adopt(tally, year, adopted, *, verified=True):
    """Adopt a measure for a year, verified by another person."""
    folder = written(tally, adopted, f"measure-{year}-{adopted.sha256[:6]}")
    words = ("--year", year, "--basis", "文件", "--by", "clerk")
    tally("measure", "adopt", folder, *words).ok()
    if verified:
        tally("verify", f"measure:{year}", "--by", "head").ok()
    return folder


@pytest.fixture
def town(tally):
    """Return `tally` under measures of 2021, with `dead`, and of 2022, with `hurt`."""
    adopt(tally, 2021, measure("dead", "死亡人数"))
    adopt(tally, 2022, measure("hurt", "受伤人数"))
    tally.take_in(VILLAGE)
    return tally


def total(tally, year):
    """Return the total of the unit in a year."""
    (unit,) = tally("score", "--year", year, "--json").ok().json["units"]
    return unit["total"]


def record(tally, *words):
    return tally("record", "fire", "--unit", "V1", *words, "--by", "clerk")


def test_an_entry_has_the_fields_of_its_own_year(town):
    """2021: 3 dead cost 3 points; 2022: 2 hurt cost 2."""
    record(town, "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--on", "2022-03-01", "--hurt", "2").ok()
    town("verify", "--all", "--by", "head").ok()
    assert (total(town, 2021), total(town, 2022)) == ("-3", "-2")


@pytest.mark.parametrize(
    ("day", "given", "field", "words"),
    [
        ("2021-03-01", "hurt", "hurt", "is not a field of fire; its fields are"),
        ("2022-03-01", "dead", "dead", "is not a field of fire; its fields are"),
        ("2021-12-31", None, "dead", "is missing: fire needs it"),
        ("2022-01-01", None, "hurt", "is missing: fire needs it"),
        ("2019-01-01", None, "hurt", "is missing: fire needs it"),
    ],
)
def test_what_another_year_asks_for_is_neither_taken_nor_missed(town, day, given, field, words):
    more = () if given is None else (f"--{given}", "3")
    errors = record(town, "--on", day, *more, "--json").refused().json["errors"]
    assert words in {one["field"]: one["message"] for one in errors}[field]
    other = {"dead": "hurt", "hurt": "dead"}[field]
    if given is None:
        assert other not in {one["field"] for one in errors}


def test_an_entry_of_an_earlier_year_is_corrected_by_the_fields_of_that_year(town):
    record(town, "--id", "F-1", "--on", "2021-03-01", "--dead", "3").ok()
    town("verify", "F-1", "--by", "head").ok()
    words = ("--reason", "录错", "--by", "clerk", "--yes")
    town("correct", "F-1", "--set", "死亡人数=4", *words).ok()
    town("verify", "--all", "--by", "head").ok()
    assert total(town, 2021) == "-4"
    assert "hurt" in town("correct", "F-1.2", "--set", "hurt=4", *words).refused().err
    moved = ("--set", "on=2022-03-01", "--set", "dead=", "--set", "hurt=1")
    town("correct", "F-1.2", *moved, *words).ok()


def test_what_is_listed_of_every_year_is_imported_again(town):
    record(town, "--id", "F-1", "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--id", "F-2", "--on", "2022-03-01", "--hurt", "2").ok()
    listed = town("list", "fire", "--format", "jsonl").ok().out
    path = town.file("listed.jsonl", listed)
    assert town("import", path, "--by", "clerk", "--json").ok().json["skipped"] == 2
    for line in listed.splitlines():
        other = {**json.loads(line), "id": f"G-{line.count('dead')}", "note": "另一起"}
        other.pop("evidence", None)
        other["on"] = other["on"].replace("-01", "-02")
        town("import", town.file("other.jsonl", other), "--by", "clerk").ok()


@pytest.mark.usefixtures("zh")
def test_tables_have_the_titles_of_the_entrys_own_year(town):
    record(town, "--id", "F-1", "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--id", "F-2", "--on", "2022-03-01", "--hurt", "2").ok()
    listed = town("list", "fire").ok().out
    assert "死亡人数：3" in listed
    assert "受伤人数：2" in listed
    assert "死亡人数：3" in town("history", "F-1").ok().out


def test_check_finds_nothing_wrong_with_entries_of_both_years(town):
    record(town, "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--on", "2022-03-01", "--hurt", "2").ok()
    town("check").ok()


def test_the_year_is_that_of_the_definitions_own_field_and_calendar(tally):
    """2022 begins on 1 December 2021 and is dated by another field; 2021 ends on 31 December."""
    adopt(tally, 2021, measure("dead", "死亡人数"))
    adopt(tally, 2022, measure("hurt", "受伤人数", dated_by="seen", starts="12-01"))
    tally.take_in(VILLAGE)
    record(tally, "--on", "2021-12-15", "--dead", "1").ok()
    record(tally, "--seen", "2021-12-15", "--hurt", "2").ok()
    record(tally, "--seen", "2021-11-30", "--hurt", "2").refused()


def test_a_choice_is_one_of_the_entrys_own_year(tally):
    """Both years have a field `cause`, with other values and other Chinese for one of them."""

    def causes(*values):
        made = kind_of_entry("fire", {"on": "date", "cause": "text"}, prefix="FI")
        choices = [{"value": value, "zh": zh, "en": value} for value, zh in values]
        made["field"][1] |= {"type": "choice", "choices": choices}
        priced = amount("fire", points="-1")
        of_fires = clause("fires", "occurrence", entry="fire", base="fire", amount=[priced])
        return small_measure(of_fires, entries=[made])

    adopt(tally, 2021, causes(("grave", "祭扫"), ("field", "农事")))
    adopt(tally, 2022, causes(("grave", "上坟"), ("storm", "雷击")))
    tally.take_in(VILLAGE)
    record(tally, "--on", "2021-03-01", "--cause", "祭扫").ok()
    record(tally, "--on", "2022-03-01", "--cause", "上坟").ok()
    record(tally, "--on", "2021-03-02", "--cause", "农事").ok()
    record(tally, "--on", "2022-03-02", "--cause", "雷击").ok()
    assert record(tally, "--on", "2022-03-03", "--cause", "农事").status != 0
    assert record(tally, "--on", "2021-03-03", "--cause", "storm").status != 0


def test_help_offers_what_any_year_asks_for(town):
    shown = town("record", "fire", "--help").ok().out
    assert "--hurt" in shown
    assert "--dead" in shown


def test_recording_follows_verified_measures_alone(tally):
    """What is adopted awaits verification: neither its kinds nor its year are there yet."""
    adopt(tally, 2021, measure("dead", "死亡人数"))
    adopt(tally, 2021, measure("hurt", "受伤人数"), verified=False)
    adopt(tally, 2022, measure("hurt", "受伤人数"), verified=False)
    tally.take_in(VILLAGE)
    record(tally, "--on", "2021-03-01", "--dead", "3").ok()
    errors = record(tally, "--on", "2022-03-01", "--dead", "3", "--json").refused().json["errors"]
    words = (
        "the measure of 2022 awaits verification: `tally verify measure:2022`; correct it, or let "
        "it in with --implausible if it is right"
    )
    assert [one["message"] for one in errors] == [words]
    tally("verify", "--all", "--by", "head").ok()
    record(tally, "--on", "2021-03-02", "--hurt", "3").ok()
    record(tally, "--on", "2022-03-01", "--hurt", "3").ok()
    tally("check").ok()


def test_what_was_recorded_under_an_unverified_measure_stays_valid(tally):
    """Earlier versions let an adoption govern before it was verified."""
    hill = {"units": {"type": [{"value": "hill", "title": {"zh": "山村", "en": "hill"}}]}}
    adopt(tally, 2022, measure("hurt", "受伤人数", **hill), verified=False)
    with closing(open_store(tally.url)) as store:
        before = Ledger(store, lambda adoptions, **_: Measures(adoptions, provisional=True))
        before.record(submissions([{**VILLAGE, "type": "hill"}]), "clerk")
    tally("check").ok()


@pytest.fixture
def both(town):
    """Return the town with a fire in each year: 2022 is the latest year with an entry."""
    record(town, "--id", "F-1", "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--id", "F-2", "--on", "2022-03-01", "--hurt", "2").ok()
    town("verify", "--all", "--by", "head").ok()
    return town


@pytest.mark.parametrize(
    ("words", "title", "day", "score"),
    [((), "受伤人数", "2022-05-01", "-7"), (("--year", "2021"), "死亡人数", "2021-05-01", "-8")],
)
def test_a_template_has_the_fields_of_its_year(both, words, title, day, score):
    """5 victims more than the 2, or 3, of the fire recorded before."""
    path = both.folder / "entries.xlsx"
    both("template", path, *words).ok()
    book = openpyxl.load_workbook(path)
    sheet = book["火情"]
    headers = [cell.value for cell in sheet[1]]
    assert {"死亡人数", "受伤人数"} & set(headers) == {title}
    row = {"编号": "F-9", "on项": day, title: 5, "单位": "V1"}
    for at, header in enumerate(headers, 1):
        sheet.cell(3, at, row.get(header))
    book.save(path)
    both("import", path, "--by", "clerk", "--verify-by", "head").ok()
    assert total(both, day[:4]) == score


def test_a_table_may_have_rows_of_several_years(both):
    path = both.file(
        "fires.csv",
        "种类,编号,单位,on项,死亡人数,受伤人数\n火情,F-8,V1,2021-05-01,1,\n火情,F-9,V1,2022-05-01,,1\n",
    )
    both("import", path, "--by", "clerk", "--verify-by", "head").ok()
    assert (total(both, 2021), total(both, 2022)) == ("-4", "-3")


def test_the_example_of_a_help_is_of_the_latest_year(both):
    shown = both("record", "fire", "--help").ok().out
    example = shown.split("tally record fire")[-1]
    assert "--hurt" in example
    assert "--dead" not in example


def test_an_unverified_adoption_is_taken_back(tally):
    """After it the year has the measure of before, and --all verifies nothing of it."""
    adopt(tally, 2021, measure("dead", "死亡人数"))
    folder = adopt(tally, 2021, measure("hurt", "受伤人数"), verified=False)
    words = ("--reason", "录错年度", "--by", "clerk")
    again = ("measure", "adopt", folder, "--year", "2021", "--basis", "文件", "--by", "clerk")
    assert "or withdraw it (`tally withdraw measure:2021`) first" in tally(*again).refused().err
    run = tally("withdraw", "measure:2021", *words, "--json").ok()
    assert run.json == {
        "measure": "measure:2021",
        "withdrawn": "small",
        "in_force": "small",
        "position": run.json["position"],
    }
    assert (
        "in force and cannot be withdrawn"
        in tally("withdraw", "measure:2021", *words).refused().err
    )
    listed = tally("measure", "list").ok().out
    assert "withdrawn by clerk" in listed
    events = tally("history", "measure:2021", "--json").ok().json["events"]
    assert [one["event"] for one in events] == ["adopted", "verified", "adopted", "withdrawn"]
    assert "awaits" not in tally("verify", "--all", "--by", "head").ok().err
    tally.take_in(VILLAGE)
    record(tally, "--on", "2021-03-01", "--dead", "3").ok()
    tally("measure", "adopt", folder, "--year", "2022", "--basis", "文件", "--by", "clerk").ok()
    tally("withdraw", "measure:2022", *words).ok()
    tally("check").ok()
    assert tally("withdraw", "measure:20x", *words).misused()


def test_a_measure_is_adopted_for_a_year_in_which_every_day_has_its_amount(tally):
    """The amounts are of 2021 until its end, and from February 2022 on: January has none."""
    fires = kind_of_entry("fire", {"on": "date"}, prefix="FI")
    until = amount("fire", points="-1", until=date(2021, 12, 31))
    since = amount("fire", points="-2", since=date(2022, 2, 1))
    of_fires = clause("fires", "occurrence", entry="fire", base="fire", amount=[until, since])
    folder = written(tally, small_measure(of_fires, entries=[fires]), "gap")
    tally("measure", "check", folder).ok()
    words = ("--basis", "文件", "--by", "clerk")
    err = tally("measure", "adopt", folder, "--year", "2022", *words).refused().err
    assert "no amount of “fire” for day 2022-01-01–2022-01-31" in err
    tally("measure", "adopt", folder, "--year", "2021", *words).ok()
    tally("measure", "adopt", folder, "--year", "2023", *words).ok()


def test_a_table_has_the_titles_of_any_year(tally):
    """2021 calls the field 死亡人数, 2022 伤亡人数: a sheet under either title is taken in."""
    adopt(tally, 2021, measure("dead", "死亡人数"))
    adopt(tally, 2022, measure("dead", "伤亡人数"))
    tally.take_in(VILLAGE)
    for year, title in ((2021, "死亡人数"), (2022, "伤亡人数")):
        path = tally.folder / f"{year}.csv"
        path.write_text(f"种类,单位,on项,{title}\n火情,V1,{year}-03-01,3\n", encoding="utf-8")
        tally("import", path, "--by", "clerk", "--verify-by", "head").ok()
        assert total(tally, year) == "-3"


def test_a_day_says_which_year_is_meant(town):
    """Up to 1 June 2021 three dead cost 3 points; without a day the latest year is shown."""
    record(town, "--id", "F-1", "--on", "2021-03-01", "--dead", "3").ok()
    record(town, "--id", "F-2", "--on", "2022-03-01", "--hurt", "2").ok()
    town("verify", "--all", "--by", "head").ok()
    for words, year, points in (
        (["--through", "2021-06-01"], 2021, "-3"),
        (["--through", "2022-06-01"], 2022, "-2"),
        ([], 2022, "-2"),
        (["--through", "2023-06-01"], 2022, "-2"),
    ):
        found = town("score", *words, "--json").ok().json
        assert (found["year"], found["units"][0]["total"]) == (year, points)
    draft = written(town, measure("dead", "死亡人数"), "draft")
    words = ["score", "--measure", draft, "--through", "2021-06-01", "--json"]
    assert town(*words).ok().json["year"] == 2021


def test_the_example_of_a_kind_dated_by_a_year_has_the_year(tally):
    """2021, and not a number that is no year."""
    fields = {"of_year": "year", "count": "integer"}
    checks = kind_of_entry("check", fields, "of_year", "CK")
    counted = amount("check", points="-1", times="count")
    given = clause("checks", "occurrence", entry="check", base="check", amount=[counted])
    adopt(tally, 2021, small_measure(given, entries=[checks]))
    path = tally.folder / "entries.xlsx"
    tally("template", path, "--year", 2021).ok()
    header, example = list(openpyxl.load_workbook(path)["check件"].values)[:2]
    assert dict(zip(header, example, strict=True))["of_year项"] == 2021
