"""Words of a measure in every output: its unit of score, its results by total, its titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.entries import batch
from tests.cli.running import Tally

STRAW = Path(__file__).parents[1] / "projections" / "measures" / "straw-2021-villages"


@pytest.fixture(scope="module")
def yuan(tmp_path_factory):
    """Return a ledger that counts in yuan: an account of 2,000, of which one visit takes 1,000."""
    tally = Tally(tmp_path_factory.mktemp("yuan"))
    tally("init", "--measure", "shengzhou-2010-62").ok()
    visit = {**batch(), "level": "national", "headcount": 6, "occurred_at": "2010-09-12T09:30"}
    tally.take_in({"kind": "unit", "id": "V001", "name": "甲村", "type": "village"}, visit)
    return tally


@pytest.fixture(scope="module")
def straw(tmp_path_factory):
    """Return a ledger of fires: 甲村 has 100 − 30 = 70 points, 乙村 100."""
    tally = Tally(tmp_path_factory.mktemp("straw"))
    tally("init", "--measure", STRAW).ok()
    fire = {"kind": "fire", "id": "F-1", "unit": "V1", "detector": "satellite"}
    tally.take_in(
        {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"},
        {"kind": "unit", "id": "V2", "name": "乙村", "type": "village"},
        {**fire, "found_at": "2021-06-01T14:00:00+08:00"},
    )
    return tally


@pytest.mark.parametrize(
    ("command", "english", "chinese"),
    [
        ("score", "in yuan", "计量单位：元"),
        ("explain V001", "opening 2000 yuan", "期初 2000 元"),
        ("explain V001", "closing 1000 yuan", "期末 1000 元"),
        ("rules", "manner individual): -500 yuan", "方式 个人上访）：-500元"),
        ("measure show shengzhou-2010-62", ": -1000 yuan", "：-1000元"),
        ("missing", "yuan", "元"),
    ],
)
def test_a_measure_that_counts_in_yuan_says_yuan(yuan, monkeypatch, command, english, chinese):
    for language, words in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TALLY_LANG", language)
        out = yuan(*command.split()).ok().out
        assert words in out
        assert " points" not in out
        assert "0分" not in out


def test_json_of_rules_states_amounts_in_the_unit_of_score(yuan):
    rules = yuan("rules", "--json").json
    assert rules["counted_in"] == "yuan"
    assert rules["clauses"][0]["amounts"][0]["states"] == "-1000 yuan"


def test_the_result_by_total_is_shown_with_scores_and_explanations(straw, monkeypatch):
    """Below 80 unqualified, from 90 excellent."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    rows = [one.split() for one in straw("score").ok().out.splitlines()]
    assert ["名次", "单位", "名称", "考核得分", "加分", "总分", "等次", "待办事项"] in rows
    assert ["1", "V2", "乙村", "100", "0", "100", "优秀"] in rows
    assert ["2", "V1", "甲村", "70", "0", "70", "不合格"] in rows
    assert "等次：不合格" in straw("explain", "V1", "2021").ok().out
    assert straw("explain", "V1", "2021", "--json").json["band"] == "unqualified"
    header, best, _ = straw("score", "--format", "csv").ok().out.splitlines()
    assert (header.split(",")[-1], best.split(",")[-1]) == ("band", "excellent")


def test_a_result_by_total_before_the_end_of_the_year_is_one_so_far(straw, monkeypatch):
    """The total may still change: on 2021-07-01 甲村 has lost 30 of 100 points."""
    through = ["--through", "2021-07-01"]
    assert "unqualified (so far)" in straw("score", *through).ok().out
    assert "by total: unqualified (so far)" in straw("explain", "V1", "2021", *through).ok().out
    monkeypatch.setenv("TALLY_LANG", "zh")
    assert "等次：不合格（截至目前）" in straw("explain", "V1", "2021", *through).ok().out
    assert straw("explain", "V1", "2021", *through, "--json").json["band"] == "unqualified"


@pytest.mark.parametrize("command", ["rules", f"measure show {STRAW}"])
def test_the_results_by_total_are_among_the_rules(straw, monkeypatch, command):
    for language, words in (
        ("en", ["excellent: total ≥ 90", "qualified: total ≥ 80", "unqualified: total < 80"]),
        ("zh", ["优秀：总分 ≥ 90", "合格：总分 ≥ 80", "不合格：总分 < 80"]),
    ):
        monkeypatch.setenv("TALLY_LANG", language)
        lines = [one.strip() for one in straw(*command.split()).ok().out.splitlines()]
        assert [one for one in lines if one in words] == words
    assert [one["from"] for one in straw("rules", "--json").json["bands"]] == [None, "80", "90"]


@pytest.mark.parametrize(
    ("clause", "english", "chinese"),
    [
        (
            "screening",
            ["report (state handed in late): -0.5 points", "state not handed in): -1 points"],
            ["报告（情形 迟报）：-0.5分", "报告（情形 少报）：-1分"],
        ),
        ("case-reports", ["owed: 2"], ["应报件数：2件"]),
        (
            "special-period",
            ["clean (level national): 3 points", "clean (level district): 1 points"],
            ["未发生（级别 全国）：3分", "未发生（级别 全区）：1分"],
        ),
        (
            "disqualification",
            ["level province/city, headcount 50 people or more, abnormal yes): disqualified"],
            ["级别 到省/到市、人数 50人以上、非正常上访 是）：取消评先评优资格"],
        ),
        (
            "abnormal-petitions",
            ["stay minutes 241 minutes or more): factor by"],
            ["滞留分钟 241分钟以上）"],
        ),
    ],
)
def test_amounts_are_said_in_the_words_of_the_measure(tally, monkeypatch, clause, english, chinese):
    """三（一）1（1）迟报、少报; 三（三）1（1）全国…全区特护期; 三（一）2 50人以上."""
    for language, expected in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("TALLY_LANG", language)
        out = tally("rules", clause).ok().out
        for words in expected:
            assert words in out
        assert "2 count" not in out


def test_missing_says_that_a_report_is_late_or_not_handed_in(tally, monkeypatch):
    """As the measure does: 迟报, 少报."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    unit = {"kind": "unit", "id": "V001", "name": "甲村", "type": "village"}
    report = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "month": "2016-03"}
    tally.take_in(unit, {**report, "submitted_on": "2016-04-02"})
    out = tally("missing", "--through", "2016-05-31").ok().out
    assert " 迟报 " in out
    assert " 少报 " in out
    assert "缺失" not in out


def test_rules_name_an_own_kind_of_entry_and_its_choices_in_chinese(straw, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", "zh")
    out = straw("rules", "fires").ok().out
    assert "- 火点（发现方 市监控/市巡查）：-5分" in out
    assert "- 火点（发现方 村自查、已扑灭、处罚、上报 是）：0分" in out
