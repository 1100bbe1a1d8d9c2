"""Kinds of entries that a measure declares, from the command line."""

from __future__ import annotations

import re
import shutil

import pytest

import ledger.read_model
from cli.workbooks.words import meant
from tests.pages.test_other_measures import FIRES, fire

RIVERS = "shicheng-2018-rivers"
TOWNSHIP = {"kind": "unit", "id": "T1", "name": "屏山镇", "type": "township"}
SCORE = {"kind": "score", "unit": "T1", "year": 2018, "item": "1", "points": "4"}
HELPED = """
[[entry.field]]
name = "helped_by"
title = { zh = "支援单位", en = "unit that helped" }
type = "reference"
refers_to = "unit"
optional = true

[[entry]]
kind = "drill"
title = { zh = "演练", en = "drill" }
prefix = "DR"
dated_by = "of_year"

[[entry.field]]
name = "of_year"
title = { zh = "演练年度", en = "year of the drill" }
type = "year"

[[entry.field]]
name = "people"
title = { zh = "人数", en = "how many took part" }
type = "integer"
"""

DRILLS = """
[[clause]]
slug = "drills"
kind = "occurrence"
entry = "drill"
base = "drill"
section = "account"
citation = "二（九）"
title = { zh = "演练", en = "Drills" }
sentence = { zh = "每组织一次演练加1分。", en = "Each drill earns 1 point." }

[[clause.amount]]
of = "drill"
points = "1"
citation = "二（九）"
paraphrase = "每次加一分"
"""


@pytest.fixture
def rivers(nothing):
    """Return `tally` on a ledger of one township, under a measure of another office."""
    nothing("init", "--measure", RIVERS).ok()
    nothing.take_in(TOWNSHIP)
    return nothing


@pytest.fixture
def helped(nothing):
    """Return `tally` under a measure of fires and of drills, which a field `of_year` dates."""
    folder = nothing.folder / "helped"
    shutil.copytree(FIRES, folder)
    entries = folder / "entries.toml"
    entries.write_text(entries.read_text(encoding="utf-8") + HELPED, encoding="utf-8")
    (folder / "clauses" / "drills.toml").write_text(DRILLS, encoding="utf-8")
    nothing("init", "--measure", folder).ok()
    village = {"kind": "unit", "type": "village", "group": "hill"}
    nothing.take_in(
        {**village, "id": "H1", "name": "石坡村"}, {**village, "id": "H2", "name": "东岭 村"}
    )
    return nothing


def test_a_number_has_the_year_that_an_entry_names(rivers):
    path = rivers.file("scores.jsonl", {**SCORE, "office": "river_office"})
    receipt = rivers("import", path, "--by", "clerk", "--json").ok().json
    assert receipt["given"] == ["SB-2018-0001"]


def test_a_number_has_the_year_of_the_field_that_dates_its_kind(helped):
    drill = ("record", "drill", "--unit", "H1", "--of-year", "2021", "--people", "2020")
    assert helped(*drill, "--by", "clerk", "--json").ok().json["given"] == ["DR-2021-0001"]


def test_a_field_that_refers_to_a_unit_takes_its_name(helped):
    given = {**fire("F-1", "石坡村", "patrol", 40, "2021-05-20"), "helped_by": "东岭 村"}
    helped.take_in(given)
    (entry,) = helped("list", "fire", "--json").ok().json["entries"]
    assert (entry["unit"], entry["content"]["helped_by"]) == ("H1", "H2")


@pytest.mark.parametrize("small", [True, False])
def test_the_year_of_a_kind_is_that_of_its_field_whatever_its_name(helped, monkeypatch, small):
    """2022 is the latest year with a measure; the drill of 2021 is the only entry dated."""
    folder = helped.folder / "helped"
    helped("measure", "adopt", folder, "--year", "2022", "--basis", "文件", "--by", "clerk").ok()
    helped("verify", "--all", "--by", "head").ok()
    if not small:
        monkeypatch.setattr(ledger.read_model, "SMALL", 0)
    drill = {"kind": "drill", "id": "D-1", "unit": "H1", "of_year": 2021, "people": 2022}
    helped.take_in(drill)
    assert helped("score", "--json").ok().json["year"] == 2021


@pytest.mark.parametrize("small", [True, False])
def test_a_file_without_ids_is_not_recorded_twice(helped, monkeypatch, small):
    """The same fires again are refused, all of them; one that differs in a field is let in."""
    if not small:
        monkeypatch.setattr(ledger.read_model, "SMALL", 0)
    fires = [fire("", "H1", "patrol", 40, "2021-05-20"), fire("", "H2", "patrol", 40, "2021-05-20")]
    for one in fires:
        del one["id"]
    path = helped.file("fires.jsonl", *fires)
    helped("import", path, "--by", "clerk").ok()
    refused = helped("import", path, "--by", "clerk", "--json").refused()
    found = [(one["code"], one["message"]) for one in refused.json["errors"]]
    assert [code for code, _ in found] == ["alike", "alike"]
    assert "as FI-2021-0001; leave it out, or let it in with --alike" in found[0][1]
    helped("import", path, "--by", "clerk", "--alike").ok()
    other = helped.file("other.jsonl", {**fires[0], "area": 41})
    helped("import", other, "--by", "clerk").ok()


def test_a_correction_of_an_own_kind_is_not_alike(helped):
    helped.take_in(fire("F-1", "石坡村", "patrol", 40, "2021-05-20"))
    helped("correct", "F-1", "--set", "note=甲", "--reason", "补", "--by", "clerk", "--yes").ok()


def test_a_dry_run_shows_what_a_score_of_a_year_moves(rivers):
    rivers.take_in({**SCORE, "id": "S-1", "office": "river_office"}, verify_by=None)
    run = rivers("verify", "S-1", "--by", "head", "--dry-run", "--json").ok()
    (year,) = run.json["preview"]
    assert (year["year"], [unit["unit"] for unit in year["units"]]) == (2018, ["T1"])
    (posting,) = year["units"][0]["postings"]["after"]
    assert (posting["clause"], posting["points"]) == ("item-1", "4")


def test_a_year_without_a_measure_is_named(rivers):
    words = (
        "no measure is adopted for 2019 (`tally measure adopt ID|DIR --year 2019`); correct it, or "
        "let it in with --implausible if it is right"
    )
    ruling = ("--year", "2019", "--reading", "two_offices", "--value", "mean", "--basis", "会议")
    run = rivers("record", "ruling", *ruling, "--by", "clerk", "--json").refused()
    (error,) = run.json["errors"]
    assert (error["field"], error["code"], error["message"]) == ("year", "implausible", words)
    path = rivers.file("scores.jsonl", {**SCORE, "year": 2019, "office": "water"})
    (error,) = rivers("import", path, "--by", "clerk", "--json").refused().json["errors"]
    assert (error["field"], error["message"]) == ("year", words)


@pytest.mark.parametrize(
    ("word", "level"), [("县", "county"), ("县级", "county"), ("市", "city"), ("省级", "province")]
)
def test_a_level_of_the_measure_is_written_with_or_without_its_last_character(rivers, word, level):
    given = ("--id", "PU-1", "--unit", "T1", "--level", word, "--published-on", "2018-04-05")
    rivers("record", "publication", *given, "--by", "clerk").ok()
    (entry,) = rivers("list", "publication", "--json").ok().json["entries"]
    assert entry["content"]["level"] == level


def test_a_short_word_that_two_choices_have_is_refused():
    own = (("river", "河级"), ("river_2", "河"), ("lake", "湖级"))
    choices = tuple(code for code, _ in own)
    assert meant("湖", choices, own) == "lake"
    assert meant("河", choices, own) == "river_2", "a whole word has precedence"
    assert meant("海", choices, own) is None
    twice = (("one", "一级"), ("two", "一级"))
    assert meant("一", ("one", "two"), twice) is None


def test_tables_have_the_words_of_the_entrys_own_kind(rivers, monkeypatch):
    """`office` is 评分部门 of a score and 监测部门 of a sample; 用稿 is no bulletin."""
    article = {"kind": "publication", "id": "PU-1", "unit": "T1", "level": "county"}
    rivers.take_in(
        {**SCORE, "id": "SC-1", "office": "river_office"},
        {**article, "published_on": "2018-04-05"},
    )
    rivers("publish", "2018", "--through", "2018-12-31", "--by", "office").ok()
    monkeypatch.setenv("TALLY_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")
    found = rivers("history", "SC-1").ok().out
    assert "SC-1（部门评分）" in found
    assert "评分部门：县河长办" in found
    assert "PU-1（用稿）" in rivers("history", "PU-1").ok().out
    assert "2018（通报）" in rivers("history", "2018").ok().out
    listed = rivers("list").ok().out
    assert "类型：乡镇" in listed
    assert "级别：县级、采用日期：2018-04-05" in listed
    assert not {"dated", "recorded by", "status"} & set(listed.split())


def test_workings_of_every_clause_are_in_chinese(rivers, monkeypatch):
    """Item 7 is for another town alone; items 12 and 24.2 open with points."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    page = rivers("explain", "T1").ok().out
    workings = [line for line in page.splitlines() if line.startswith((" 2 ", " 4 ", " 0 "))]
    assert [line.split() for line in workings if re.search("[a-z]", line)] == []
    assert [" ".join(line.split()) for line in workings if "项目" not in line][1:3] == [
        "2 本条不适用于该单位",
        "4 基础分",
    ]
