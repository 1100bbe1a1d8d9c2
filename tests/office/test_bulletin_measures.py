"""Bulletins and workbooks speak of what the measure has: a year alone, yuan, no petitions."""

from __future__ import annotations

from datetime import datetime

import openpyxl
import pytest
from docx import Document

from ledger.vocabulary import OFFICE_TIME
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.office.documents import rows_of, text_of, under, write_bulletin

VILLAGES = [
    {"kind": "unit", "id": f"V{number}", "name": f"{name}村", "type": "village"}
    for number, name in enumerate("甲乙丙", 1)
]


def visit(number, unit, level, headcount, day, **fields):
    """Return a visit of 2010."""
    at = f"2010-{day}T09:00"
    return batch(number, unit=unit, level=level, headcount=headcount, occurred_at=at, **fields)


@pytest.fixture
def money(tmp_path):
    """Return `tally` on accounts of 2,000 yuan: 甲村 700 left, 乙村 0 of −200, 丙村 all."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shengzhou-2010-62").ok()
    tally.take_in(
        *VILLAGES,
        visit("B-1", "V1", "national", 6, "09-01"),
        visit("B-2", "V1", "province", 1, "09-02"),
        visit("B-3", "V2", "national", 5, "09-03"),
        visit("B-4", "V2", "national", 9, "09-04"),
        visit("B-5", "V2", "city", 1, "09-05"),
    )
    return tally


def test_the_bulletin_of_a_measure_without_periods_is_of_its_year(money):
    document = write_bulletin(money, 2010)
    header, rows = rows_of(document)
    assert header == ["单位", "信访专项奖惩金（元）", "年度金额", "备注"]
    assert {name: row[1:3] for name, row in rows.items()} == {
        "甲村": ["700", "700"],
        "乙村": ["0", "0"],
        "丙村": ["2000", "2000"],
    }
    text = text_of(document)
    assert "关于2010年度\n信访工作考核结果的通报\n\n各行政村：\n" in text
    assert (
        "根据嵊州开发区管理委员会《开发区各行政村信访工作专项奖惩办法》（嵊开委〔2010〕62号）"
        in text
    )
    # The mean of 700, 0 and 2,000 is 900.
    assert "年度满额2000元，年度金额平均900元，最高2000元（1个单位），最低0元（1个单位）。" in text
    assert "共5次，扣减3500元，涉及2个单位：乙村扣减2200元（3次）；甲村扣减1300元（2次）。" in text
    bound = "信访专项奖惩金（元）保底（三.1）：按最低限额增加200元，涉及1个单位：乙村增加200元。"
    assert bound in under(document, "年度金额情况")
    assert not [one for one in under(document, "存在的问题") if "保底" in one]
    assert "本办法不排名" in text
    assert not [
        word for word in ("季度", "名次", "奖分", "否决", "分；", "得分", "扣分") if word in text
    ]


def test_its_facts_and_slip_speak_of_yuan_and_of_visits_alone(money):
    """The measure does not ask whether a visit was abnormal."""
    text = text_of(write_bulletin(money, 2010))
    assert "9月1日，甲村6人进京集体上访；9月2日，甲村1人到省上访；" in text
    assert "正常上访" not in text
    path = money.folder / "s.docx"
    money("slip", "V2", 2010, "-o", path).ok()
    slip = text_of(Document(str(path)))
    assert "2010年度信访工作考核，你单位得0元。" in slip
    assert "1．2010年9月3日，5人进京集体上访，扣减1000元。" in slip
    assert "甲村" not in slip
    assert not [
        word
        for word in ("季度", "名次", "奖分", "分。", "得分", "扣分", "加分", "满分")
        if word in slip
    ]
    page = money.folder / "s.html"
    money("slip", "V2", 2010, "-o", page).ok()
    html = page.read_text(encoding="utf-8")
    assert "<h2>一、扣减和原因</h2>" in html
    assert '<th scope="col">金额</th>' in html
    assert not [word for word in ("得分", "扣分", "加分", "满分") if word in html]


def test_the_year_of_such_a_measure_is_published_and_restated(money):
    """Ten people to the zone cost 100, of a special group half."""
    receipt = money("publish", "2010", "--by", "office", "--json").ok().json
    assert (receipt["period"], receipt["edition"], receipt["units"]) == ("2010", 1, 3)
    money("verify", "2010", "--by", "head").ok()
    money.take_in(visit("B-6", "V3", "town", 10, "10-01", group="veterans"))
    (row,) = [line for line in money("score").ok().out.splitlines() if "丙村" in line]
    assert row.split() == ["V3", "丙村", "1950", "1950", "(2000)"]
    text = text_of(write_bulletin(money, 2010))
    assert "2010年度通报的丙村年度金额2000元，现更正为1950元。" in text
    assert "2010年度通报的丙村信访专项奖惩金（元）2000元，现更正为1950元。" in text


def test_refuses_a_period_that_the_measure_does_not_have(money):
    run = money("bulletin", "2010Q1", "-o", money.folder / "b.docx").refused()
    assert "2010Q1 is not a period of the measure; one of 2010" in run.err


def test_the_score_workbook_has_the_columns_of_the_measure(money):
    path = money.folder / "s.xlsx"
    money("score", "--format", "xlsx", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["金额", "图表", "增减明细", "待办事项"]
    scope, header, *rows = book["金额"].iter_rows(values_only=True)
    assert scope[0].endswith("单位：元")
    assert header == ("单位", "名称", "信访专项奖惩金（元）", "合计", "待办事项", "备注")
    assert [row[:4] for row in rows] == [
        ("V1", "甲村", 700, 700),
        ("V2", "乙村", 0, 0),
        ("V3", "丙村", 2000, 2000),
    ]


def test_the_template_has_sheets_for_what_the_measure_reads_alone(tmp_path):
    """Of rivers: the kinds of its own, no petitions; types in the measure's words."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shicheng-2018-rivers").ok()
    path = tmp_path / "t.xlsx"
    tally("template", path).ok()
    book = openpyxl.load_workbook(path)
    assert "部门评分" in book.sheetnames
    assert "上访批次" not in book.sheetnames
    assert "结转成绩" not in book.sheetnames
    sheet = book["单位"]
    sheet.append(["T1", "琴江镇", "乡镇"])
    scores = book["部门评分"]
    scores.append(["S-1", "T1", 2018, "1", 5, "县河长办"])
    book.save(path)
    tally("import", path, "--by", "clerk", "--verify-by", "head").ok()
    # Item 1 gives 5 points of 5.
    sections = tally("score", "--json").ok().json["units"][0]["sections"]
    assert sections["organisation"] == "5"
    text = text_of(write_bulletin(tally, 2018))
    assert "关于2018年度\n河长制湖长制工作考核结果的通报\n\n各乡镇：\n" in text
    assert "信访" not in text
    assert "第1名：琴江镇" in text


def test_the_year_of_a_measure_with_periods_is_ranked_by_its_total(town):
    document = write_bulletin(town, 2016)
    header, rows = rows_of(document)
    columns = ["一季度", "二季度", "三季度", "四季度", "年度考核", "奖分", "罚分", "年度得分"]
    assert header == ["名次", "单位", *columns, "备注"]
    today = datetime.now(OFFICE_TIME).date()
    scored = town("score", "--year", 2016, "--through", today, "--json").ok().json["units"]
    for unit in scored:
        row = [text.replace("−", "-") for text in rows[unit["name"]]]
        assert row[0] == str(unit["rank"])
        assert row[2:6] == [one["score"] for one in unit["periods"]]
        assert row[9] == unit["total"]
    assert "本办法未规定" not in text_of(document)


@pytest.fixture
def quarters(tmp_path):
    """Return `tally` on 甲村 and 乙村 with all reports of the first quarter of 2016."""
    tally = Tally(tmp_path)
    tally("init").ok()
    months = ("2015-12", "2016-01", "2016-02")
    tally.take_in(*UNITS, *reports("V001", *months), *reports("V002", *months))
    return tally


GRAVE = batch("B-9", level="national", headcount=8, occurred_at="2016-04-05T09:00")
"""Of the second quarter; it disqualifies 甲村."""


def test_what_a_later_quarter_brought_does_not_show(quarters):
    """The day is in a later quarter: neither flags nor open points of that quarter."""
    quarters.take_in(GRAVE)
    document = write_bulletin(quarters, "2016Q1")
    text = text_of(document)
    assert "取消" not in text
    assert "材料不全" not in text
    assert "未检查" not in text
    assert "扣" not in "".join(under(document, "存在的问题"))
    assert "上访，取消评先评优资格" in text_of(write_bulletin(quarters, "2016Q2"))


def test_published_figures_are_without_flags_of_later_quarters(quarters):
    """So the flag of the second quarter restates no bulletin of the first."""
    quarters.take_in(GRAVE)
    quarters.publish("2016Q1")
    assert quarters("diff", "--from", "2016Q1", "--json").ok().json["units"] == []
    quarters.publish("2016Q2")
    quarters("reverse", "B-9", "--reason", "误录", "--by", "clerk", "--yes").ok()
    quarters("verify", "--all", "--by", "head").ok()
    text = text_of(write_bulletin(quarters, "2016Q2"))
    assert "2016年度第二季度通报的甲村：原通报有“取消评先评优资格”，现撤销。" in text
    assert "2016年度第一季度通报的甲村" not in text


def test_a_report_that_came_before_the_bulletin_was_made_is_late_not_missing(quarters):
    """丙村's report for February came on 1 March: late, −0.5, and not missing, −1."""
    unit = {**UNITS[0], "id": "V003", "name": "丙村"}
    late = reports("V003", "2015-12", "2016-01", "2016-02")
    late[-2]["submitted_on"] = "2016-03-01"
    quarters.take_in(unit, *late)
    _, rows = rows_of(write_bulletin(quarters, "2016Q1"))
    assert rows["丙村"][2] == "7.5"
    _, rows = rows_of(write_bulletin(quarters, "2016Q1", "--through", "2016-02-29"))
    assert rows["丙村"][2] == "7"


def test_nothing_differs_from_an_edition_published_after_its_year(quarters):
    """A report for March that came after the year's end is late, not missing."""
    late = reports("V001", "2016-03")[0] | {"submitted_on": "2016-12-20"}
    quarters.take_in(late)
    quarters.publish("2016Q2")
    assert quarters("diff", "--from", "2016Q2", "--json").ok().json["units"] == []
    early = ("--through", "2016-11-30")
    (change,) = quarters("diff", "--from", "2016Q2", *early, "--json").ok().json["units"]
    assert change["unit"] == "V001"


def test_a_period_is_ordered_with_rewards_and_says_that_no_rank_is_stated(quarters):
    """Both have 20; a commendation by the city puts 乙村 first."""
    good = {"kind": "commendation", "id": "C-1", "unit": "V002", "level": "city"}
    quarters.take_in({**good, "issued_on": "2016-01-10"})
    document = write_bulletin(quarters, "2016Q1")
    _, rows = rows_of(document)
    assert {name: row[0] for name, row in rows.items()} == {"乙村": "1", "甲村": "2"}
    text = text_of(document)
    # 20 + 2 + the special periods' none
    assert (
        "按季度得分加奖分、减罚分从高到低排列（本办法未规定季度排名），"
        "第1名：乙村（22分）；第2名：甲村（20分）。"
    ) in text


def test_a_ruling_leaves_ranks_out(quarters):
    ruling = {"year": 2016, "reading": "quarter_order", "value": "none", "basis": "会议纪要"}
    quarters.take_in({"kind": "ruling", "id": "RU-1", **ruling})
    document = write_bulletin(quarters, "2016Q1")
    header, rows = rows_of(document)
    assert header[0] == "单位"
    assert [*rows] == ["甲村", "乙村"]
    text = text_of(document)
    assert "本办法未规定季度排名，各单位按编号排列，得分见附件。" in text
    assert "名次" not in text


def test_says_what_was_carried_forward_and_who_was_assessed_for_a_part(quarters):
    sections = {"basic_work": "7.5", "abnormal_petitions": "11"}
    carried = {"unit": "V002", "period": "2016Q1", "sections": sections, "basis": "一季度通报"}
    late = {"kind": "unit", "id": "V003", "name": "丙村", "type": "village"}
    quarters.take_in(
        {"kind": "carried_quarter", "id": "CQ-1", **carried},
        {**late, "assessed_from": "2016-02-01"},
        *reports("V003", "2016-02"),
    )
    document = write_bulletin(quarters, "2016Q1")
    _, rows = rows_of(document)
    assert rows["乙村"][2:5] == ["7.5", "11", "18.5"]
    told = "本季度得分按原通报结转、未重新计算的单位1个：乙村18.5分。"
    assert told in under(document, "季度得分情况")
    assert "乙村" not in "".join(under(document, "存在的问题"))
    of_year = under(write_bulletin(quarters, 2016), "年度得分情况")
    assert "一季度得分按原通报结转、未重新计算的单位1个：乙村18.5分。" in of_year
    assert rows["乙村"][-1] == "一季度按原通报结转"
    assert rows["丙村"][-1] == "2016年2月1日起考核"
    assert rows["甲村"][-1] == ""
    path = quarters.folder / "s.xlsx"
    quarters("score", "--year", 2016, "--format", "xlsx", "-o", path).ok()
    remarks = {row[2]: row[-1] for row in openpyxl.load_workbook(path)["排名"].values}
    assert remarks["乙村"] == "一季度按原通报结转"
    assert remarks["丙村"] == "2016年2月1日起考核"


def test_notes_of_law_are_added_where_they_are_wanted(quarters):
    plain = text_of(write_bulletin(quarters, "2016Q1"))
    noted = text_of(write_bulletin(quarters, "2016Q1", "--notes-of-law"))
    assert "有关法律政策" not in plain
    assert "、有关法律政策\n排名：" in noted
    assert "信访信息报送" not in noted.partition("有关法律政策")[2].partition("附件")[0]


def test_opening_points_are_not_told_as_added(tmp_path):
    """Without a sample that failed a township keeps the 4 points that item 12 opens at."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shicheng-2018-rivers").ok()
    tally.take_in({"kind": "unit", "id": "T1", "name": "屏山镇", "type": "township"})
    text = text_of(write_bulletin(tally, 2018))
    assert "不达标河库" not in text
    tally("slip", "T1", 2018, "-o", tmp_path / "s.docx").ok()
    slip = text_of(Document(str(tmp_path / "s.docx")))
    assert "不达标河库" not in slip
    assert "．半年小结和年终总结应于2018年6月30日前报送，没有报送，扣1分。" in slip


def test_yes_or_no_is_told_in_words_and_no_number_of_a_section_begins_a_paragraph(tmp_path):
    """Section 三 alone is an inspection: the mean of one section of six is not told."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shicheng-2018-rivers").ok()
    at = {"unit": "T1"}
    taken = {"kind": "sample", "water": "琴江", "taken_on": "2018-05-05"}
    seen = {"kind": "incident", "what": "侵占岸线", "found_on": "2018-03-01"}
    tally.take_in(
        {"kind": "unit", "id": "T1", "name": "屏山镇", "type": "township"},
        {"id": "A", **at, **taken, "passes": False},
        {"id": "I", **at, **seen, "reported": True, "stopped": False},
        {"kind": "score", "id": "S", **at, "year": 2018, "item": "9.2", "points": "1",
         "office": "agriculture"},
    )  # fmt: skip
    document = write_bulletin(tally, 2018)
    text = text_of(document)
    assert "5月5日，屏山镇水质监测（不达标）。" in text
    assert "3月1日，屏山镇侵占水域岸线（已上报，未制止）。" in text
    assert "水岸联动，推进管治保措施（三）\n" in text
    assert not [one for one in under(document, "年度得分情况") if one.startswith("三、")]
    assert "检查1个单位" not in text
