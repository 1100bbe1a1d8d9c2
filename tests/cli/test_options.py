"""Shared options and types of values: who acts, Chinese words, titles of fields, citations."""

from __future__ import annotations

from datetime import date, datetime

import click
import pytest

from cli.language.chinese import word
from cli.main import tally as tally_group
from cli.options import ScoreOptions
from cli.parameters import MalformedError
from cli.parameters.entry_fields import field_type
from cli.parameters.times import (
    DAY,
    MOMENT,
    MOMENT_OR_EDITION,
    PERIOD,
    TIME,
    YEAR,
    EditionName,
    Period,
)
from cli.parameters.values import FLAG, ITEMS, WHOLE, Word
from ledger.entries import BY_KIND
from ledger.vocabulary import OFFICE_TIME
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch

COMMON = ["--unit", "V001", "--matter", "XF-1", "--headcount", "3"]
COMMON += ["--occurred-at", "2016-03-05T09:30"]


def content(tally, entry):
    """Return the content of an entry as it was recorded."""
    return tally("history", entry, "--json").ok().json["events"][0]["content"]


# Commands that append, without the option --by.
ACTING = {
    "record": "record yellow_card --id Y-1 --unit V001 --issued-on 2016-03-01",
    "verify": "verify --all",
    "reverse": "reverse B-1 --reason x",
    "correct": "correct B-1 --set headcount=4 --reason x --yes",
    "publish": "publish 2016Q2",
    "object": "object B-1 --unit V001 --reason x",
}


@pytest.mark.parametrize("words", ACTING.values(), ids=ACTING)
def test_the_environment_may_name_who_acts(town, monkeypatch, words):
    assert "Missing option '--by' (or TALLY_BY)." in town(*words.split()).misused().err
    monkeypatch.setenv("TALLY_BY", "")
    assert "Missing option '--by' (or TALLY_BY)." in town(*words.split()).misused().err
    monkeypatch.setenv("TALLY_BY", "deputy")
    town(*words.split()).ok()


def test_every_command_that_asks_who_acts_takes_the_environment_and_says_so():
    """`list --by` is a filter: it selects entries; a region's `--by` says which divisions."""

    def options(command, name):
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            for one in command.list_commands(ctx):
                yield from options(command.get_command(ctx, one), f"{name} {one}")
        for one in command.params:
            if "--by" in one.opts and one.name != "digits":
                yield name, one

    found = dict(options(tally_group, "tally"))
    assert isinstance(found.pop("tally list"), click.Option)
    assert {"tally set-aside", "tally decide", "tally measure adopt", "tally init"} <= found.keys()
    assert {name for name, one in found.items() if one.envvar != "TALLY_BY"} == set()
    assert {name for name, one in found.items() if "TALLY_BY" not in one.help} == set()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("  ", "must not be empty"),
        ("a\x01", "has a control or invisible character in it (U+0001)"),
        ("甲" * 65, "must have at most 64 characters"),
        ("110101199003074514", "holds an identity-card"),
    ],
)
def test_a_wrong_name_in_the_environment_is_refused_as_such(town, monkeypatch, name, why):
    """The message names TALLY_BY, since nobody gave `--by`; of `--by` it names `by`."""
    before = town.stored()
    monkeypatch.setenv("TALLY_BY", name)
    assert f"tally: TALLY_BY: {why}" in town("publish", "2016Q2").refused().err
    assert f"tally: by: {why}" in town("publish", "2016Q2", "--by", name).refused().err
    assert town.stored() == before
    town("publish", "2016Q2", "--by", "clerk").ok()


def test_the_environment_may_name_who_imports(tally, monkeypatch):
    monkeypatch.setenv("TALLY_BY", "deputy")
    tally("import", tally.file("units.jsonl", *UNITS)).ok()
    (recorded,) = tally("history", "V001", "--json").ok().json["events"]
    assert recorded["by"] == "deputy"


def test_the_option_overrides_the_environment(town, monkeypatch):
    monkeypatch.setenv("TALLY_BY", "deputy")
    town("object", "B-1", "--unit", "V001", "--reason", "x", "--by", "clerk").ok()
    (raised,) = town("history", "B-1.O", "--json").ok().json["events"]
    assert raised["by"] == "clerk"


@pytest.mark.parametrize(
    ("level", "abnormal", "code", "flag"),
    [
        ("省", "是", "province", True),
        ("进京", "否", "national", False),
        ("区级", "√", "district", True),
        ("镇", "×", "town", False),
        ("city", "Yes", "city", True),
        (" 市 ", "Ｎ", "city", False),
    ],
)
def test_record_takes_chinese_words(town, level, abnormal, code, flag):
    words = ["--level", level, "--abnormal", abnormal, "--id", "B-2", "--by", "clerk"]
    town("record", "petition_batch", *COMMON, *words).ok()
    found = content(town, "B-2")
    assert (found["level"], found["abnormal"]) == (code, flag)


def test_every_choice_accepts_its_code_and_its_chinese_word():
    for kind in BY_KIND.values():
        for field in kind.FIELDS.values():
            words = field_type(field)
            for code in words.choices if isinstance(words, Word) else ():
                for text in (code, word(code)):
                    assert words.convert(text, None, None) == code


def test_record_takes_an_arrival_in_chinese(town):
    words = "--id R-1 --unit V001 --batch B-1 --arrival 及时 --effective 是 --by clerk"
    town("record", "on_site_response", *words.split()).ok()
    found = content(town, "R-1")
    assert (found["arrival"], found["effective"]) == ("prompt", True)


@pytest.mark.parametrize("outcome", ["upheld", "成立"])
def test_decide_takes_an_outcome_in_chinese(town, outcome):
    town("object", "B-1", "--unit", "V001", "--reason", "x", "--by", "clerk").ok()
    words = ["decide", "B-1.O", outcome, "--reason", "x", "--by", "head", "--json"]
    assert town(*words).ok().json["outcome"] == "upheld"


def test_an_unknown_word_lists_the_codes_with_their_chinese(town):
    words = ["--level", "县", "--abnormal", "是", "--id", "B-2", "--by", "clerk"]
    run = town("record", "petition_batch", *COMMON, *words).misused()
    choices = "national (进京), province (到省), city (到市), district (到区), town (到镇)"
    assert f"'--level': '县' is not one of the choices: {choices}" in run.err


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("人数=5", "headcount", 5),
        ("级别=省", "level", "province"),
        ("level=全区", "level", "district"),
        ("非正常上访=否", "abnormal", False),
        ("发生时间=2016-03-06 10:00", "occurred_at", "2016-03-06T10:00:00+08:00"),
        ("备注=更正", "note", "更正"),
        ("人员稳控单位=V002", "host_unit", "V002"),
    ],
)
def test_correct_takes_the_titles_of_fields(town, setting, field, value):
    words = ["correct", "B-1", "--set", setting, "--reason", "x", "--by", "clerk", "--yes"]
    town(*words).ok()
    found = content(town, "B-1.2")
    assert found[field] == value
    others = {**batch(), "repeated": False, "key_person": False, "replaces": "B-1", "id": "B-1.2"}
    assert {**found, field: None} == {**others, field: None}


def test_correct_refuses_a_field_set_by_name_and_title(town):
    words = ["--set", "人数=5", "--set", "headcount=6", "--reason", "x", "--by", "clerk"]
    assert "--set: headcount is given twice" in town("correct", "B-1", *words).refused().err


@pytest.mark.parametrize(
    ("named", "clauses"),
    [
        ("screening", ["screening"]),
        ("三（一）1（1）", ["screening"]),
        ("三(一)1(1)", ["screening"]),
        ("三（一）1", ["screening", "case-reports", "information"]),
        ("三（一）2", ["abnormal-petitions", "disqualification"]),
        ("三（三）2", ["criticism", "yellow-card"]),
        ("三（二）6", ["inspection-6"]),
        ("inspection-6", ["inspection-6"]),
    ],
)
def test_rules_takes_a_citation(town, named, clauses):
    found = town("rules", named, "--json").ok().json
    assert [one["clause"] for one in found["clauses"]] == clauses
    assert all(f"({one})" in town("rules", named).ok().out for one in clauses)


@pytest.mark.parametrize("named", ["三（一）", "三"])
def test_rules_takes_a_heading_for_all_clauses_under_it(town, named):
    every = town("rules", "--json").ok().json["clauses"]
    found = town("rules", named, "--json").ok().json["clauses"]
    assert found == [one for one in every if one["citation"].startswith(named)]


@pytest.mark.parametrize("named", ["三（一）3", "四", "1", "", "三（二）11"])
def test_rules_refuses_an_unknown_citation_and_lists_the_known(town, named):
    run = town("rules", named).refused()
    assert f"no clause or citation {named!r}; one of 三（一）1（1） screening, " in run.err
    assert run.err.endswith("三（三）2 yellow-card\n")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DAY, "2016-02-29", date(2016, 2, 29)),
        (TIME, "2016-03-05T09:30", datetime(2016, 3, 5, 9, 30, tzinfo=OFFICE_TIME)),
        (TIME, "2016-03-05 01:30:00Z", datetime(2016, 3, 5, 9, 30, tzinfo=OFFICE_TIME)),
        (MOMENT, "128", 128),
        (MOMENT, "2016", 2016),
        (MOMENT, "2016-03-05", datetime(2016, 3, 5, 23, 59, 59, 999999, tzinfo=OFFICE_TIME)),
        (MOMENT_OR_EDITION, "2016", 2016),
        (MOMENT_OR_EDITION, "2016Q2", EditionName(Period(2016, "Q2"), None)),
        (MOMENT_OR_EDITION, "2016q2#3", EditionName(Period(2016, "Q2"), 3)),
        (YEAR, "2016", 2016),
        (PERIOD, "2016", (2016, "")),
        (PERIOD, "2016q4", (2016, "Q4")),
        (FLAG, "TRUE", True),
        (FLAG, "否", False),
        (WHOLE, "-5", -5),
        (ITEMS, "a, b,,c", ("a", "b", "c")),
        (ITEMS, "甲、乙，丙；丁", ("甲", "乙", "丙", "丁")),
        (ITEMS, "", ()),
    ],
)
def test_parses_a_value(kind, text, value):
    assert kind.parse(text) == value
    assert kind.convert(value, None, None) == value


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (DAY, ["", "2016-2-29", "2015-02-29", "2016-03-05T09:30", " 2016-03-05"]),
        (TIME, ["", "2016-03-05", "2016-03-05T25:00", "20160305T0930", "9:30"]),
        (MOMENT, ["", "1.5", "-1", "2016Q2", "９", "2016-03-05T"]),
        (MOMENT_OR_EDITION, ["", "2016Q2#", "2016Q2#x", "0016Q2"]),
        (YEAR, ["", "16", "1900", "2200", "２０１６", "20160"]),
        (PERIOD, ["", "2016Q2#1", "1900Q1", "Q2"]),
        (FLAG, ["", "maybe", "2"]),
        (WHOLE, ["", "1.0", "five", "１", "1_000", "9" * 19]),
    ],
)
def test_refuses_a_malformed_value(kind, texts):
    for text in texts:
        with pytest.raises(MalformedError):
            kind.parse(text)
        with pytest.raises(click.BadParameter):
            kind.convert(text, None, None)


def test_options_make_a_score_query():
    options = ScoreOptions(year=2016, through=None, as_of=7, cached=False)
    assert isinstance(options, ScoreQuery)
    assert (options.unit, options.provisional, options.cached) == (None, False, False)


def test_malformed_values_of_record_are_wrong_usage(town):
    before = town.stored()
    for setting, message in {
        ("--headcount", "many"): "'many' is not a whole number; write digits, as 5",
        ("--occurred-at", "2016-03-05"): "'2016-03-05' is not a valid time; write YYYY-MM-DDThh",
        ("--level", "x"): "'x' is not one of the choices: national (进京), province",
        ("--repeated", "maybe"): "'maybe' is neither yes nor no; write true (是) or false (否)",
    }.items():
        words = ["--level", "town", "--abnormal", "--id", "B-2", "--by", "clerk", *setting]
        run = town("record", "petition_batch", *COMMON, *words, "--json").misused()
        assert setting[0] in run.err
        assert message in run.err
        assert run.out == ""
    words = ["--id", "Y-1", "--unit", "V001", "--issued-on", "5.3.2016", "--by", "clerk"]
    run = town("record", "yellow_card", *words).misused()
    assert "'5.3.2016' is not a valid date; write YYYY-MM-DD" in run.err
    assert town.stored() == before


def test_invalid_values_of_record_are_refused(town):
    before = town.stored()
    words = ["--level", "town", "--abnormal", "--id", "B-2", "--by", "clerk", "--headcount", "0"]
    run = town("record", "petition_batch", *COMMON, *words, "--json").refused()
    assert [(one["field"], one["message"]) for one in run.json["errors"]] == [
        ("headcount", "must be at least 1")
    ]
    assert town.stored() == before
