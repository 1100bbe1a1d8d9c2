"""A bulletin tells problems by clause, those that cost most first, with what is not full."""

from __future__ import annotations

import pytest

from tests.cli.entries import batch, reports
from tests.cli.running import Tally
from tests.office.documents import text_of, under, write_bulletin

NAMES = "甲乙丙丁"


def finding(unit, item, **graded):
    of = {"unit": unit, "year": 2016, "item": item}
    return {"kind": "inspection_finding", "id": f"IF-{unit}-{item}", **of, **graded}


@pytest.fixture
def villages(tmp_path):
    """Return `tally` on four villages."""
    tally = Tally(tmp_path)
    tally("init").ok()
    for number, name in enumerate(NAMES, 1):
        tally.take_in(
            {"kind": "unit", "id": f"V00{number}", "name": f"{name}村", "type": "village"}
        )
    return tally


def test_the_result_of_a_year_tells_the_inspection_in_a_sentence_and_what_was_lost(villages):
    """Item 1.1 is graded up to 1; of item 1.2 half a point is lost for a meeting that is missing.

    甲村 has 0.5 + 1, 乙村 1 + 0.5, the others 1 + 1: 1.75 on average.
    """
    for number in range(1, 5):
        villages.take_in(
            finding(f"V00{number}", "1.1", points="0.5" if number == 1 else "1"),
            finding(f"V00{number}", "1.2", missing=1 if number == 2 else 0),
        )
    document = write_bulletin(villages, 2016)
    assert (
        "年度考核（三（二））满分20分，检查4个单位，平均1.75分，最高2分（2个单位），"
        "最低1.5分（2个单位）。"
    ) in text_of(document)
    told = under(document, "存在的问题")
    at = next(at for at, text in enumerate(told) if text.endswith("年度考核（三（二））"))
    assert told[at + 1] == (
        "共2项未得满分，扣1分，涉及2个单位：工作部署与计划（三（二）1，满分1分）甲村扣0.5分；"
        "每季度专题研究（三（二）1，满分1分）乙村扣0.5分。"
    )
    assert "加分" not in text_of(document)


def test_of_many_losses_an_inspection_names_the_items_and_who_lost_most(villages):
    """Four villages lose 0.1 to 0.4 at each of four items of 1 point: 16 losses, 4 in all."""
    for number in range(1, 5):
        points = f"0.{10 - number}"
        villages.take_in(
            *(finding(f"V00{number}", item, points=points) for item in ("1.1", "1.3", "2.1", "2.2"))
        )
    told = under(write_bulletin(villages, 2016), "存在的问题")
    at = next(at for at, text in enumerate(told) if text.endswith("年度考核（三（二））"))
    assert told[at + 1] == (
        "共4项未得满分，扣4分，涉及4个单位，其中工作部署与计划（三（二）1）扣1分（4个单位）、"
        "领导接访制度（三（二）1）扣1分（4个单位）、入户走访（三（二）2）扣1分（4个单位）、"
        "信访信息员（三（二）2）扣1分（4个单位）；扣分最多的是丁村（1.6分）、丙村（1.2分）、"
        "乙村（0.8分）、甲村（0.4分）。"
    )


def test_an_inspection_of_some_units_says_how_many_are_left(villages):
    villages.take_in(finding("V001", "1.1", points="1"))
    text = text_of(write_bulletin(villages, 2016))
    assert "年度考核（三（二））满分20分，检查1个单位，其余3个单位尚未检查。" in text


@pytest.fixture
def rivers(tmp_path):
    """Return `tally` on four townships under a measure of rates and graded items."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shicheng-2018-rivers").ok()
    for number, name in enumerate(NAMES, 1):
        tally.take_in({"kind": "unit", "id": f"T{number}", "name": f"{name}镇", "type": "township"})
    return tally


def measured(unit, done, of=8):
    what = {"unit": unit, "year": 2018, "indicator": "reservoirs"}
    return {
        "kind": "measurement", "id": f"ME-{unit}", **what, "numerator": done, "denominator": of
    }  # fmt: skip


def test_a_rate_below_full_points_is_a_problem_told_by_exception(rivers):
    """6 of 8 reservoirs give 3 of 4 points; a township without reservoirs is not judged."""
    rivers.take_in(measured("T1", 6), measured("T2", 8), measured("T3", 8), measured("T4", 0, 0))
    document = write_bulletin(rivers, 2018)
    told = under(document, "存在的问题")
    at = next(at for at, text in enumerate(told) if "水库人放天养" in text)
    assert told[at].endswith("）水库人放天养（四.21）")
    assert told[at + 1] == "满分4分，考核3个单位，除甲镇扣1分外，其余2个单位均得满分。"
    assert "加分事项" not in text_of(document)


def test_what_all_units_lack_is_told_at_once_and_sections_have_one_number(rivers):
    """Nobody prosecuted a case (3 points of item 20.2); nothing was inspected yet."""
    document = write_bulletin(rivers, 2018)
    told = under(document, "存在的问题")
    at = next(at for at, text in enumerate(told) if text.endswith("（四.20.2）"))
    assert told[at + 1] == "满分3分，考核4个单位，均未得满分，各扣3分。"
    first = under(document, "尚未确定的事项")[0]
    assert first == "（一）巩固成果，提升河长制工作实效（一）"


def test_a_graded_item_at_full_points_is_neither_reward_nor_problem(rivers):
    """Item 2 gives up to 4: 丁镇 lacks 1, then nobody."""

    def score(number, unit, points):
        what = {"unit": unit, "year": 2018, "item": "2", "office": "river_office"}
        return {"kind": "score", "id": f"S-{number}", **what, "points": points}

    rivers.take_in(*(score(n, f"T{n}", "4") for n in (1, 2, 3)), score(4, "T4", "3"))
    told = under(write_bulletin(rivers, 2018), "存在的问题")
    at = next(at for at, text in enumerate(told) if text.endswith("督查督办（一.2）"))
    assert told[at + 1] == "满分4分，考核4个单位，除丁镇扣1分外，其余3个单位均得满分。"
    rivers("correct", "S-4", "--set", "points=4", "--reason", "误录", "--by", "clerk", "--yes").ok()
    rivers("verify", "--all", "--by", "head").ok()
    assert "督查督办" not in text_of(write_bulletin(rivers, 2018))


def test_what_most_units_lack_is_told_by_the_exceptions(villages):
    """Nobody but 甲村 reported cases in the second quarter: 3 months, 3 points each."""
    villages.take_in(
        *(one for one in reports("V001", "2016-03", "2016-04", "2016-05")),
        *(one for n in (2, 3, 4) for one in reports(f"V00{n}", "2016-03", "2016-04", "2016-05")
          if one["kind"] == "screening_report"),
    )  # fmt: skip
    assert under(write_bulletin(villages, "2016Q2"), "存在的问题") == [
        "（一）信访事项办理情况月报（三（一）1（2））",
        "不达标9次，扣27分：除甲村外，其余各单位各扣9分。",
    ]


def test_problems_come_by_what_they_cost(villages):
    """All twelve months lack reports: 12 of screening cost 1 each a village, of cases 3."""
    titles = [one for one in under(write_bulletin(villages, 2016), "存在的问题") if "（三" in one]
    assert titles == [
        "（一）信访事项办理情况月报（三（一）1（2））",
        "（二）矛盾纠纷排查（三（一）1（1））",
    ]


def test_a_split_of_responsibility_is_told_with_its_cause(villages):
    """6 people at the province cost 10: 甲村 bears 70 %, 乙村, where the people live, 30 %.

    A batch of 3 of its own at the town costs 乙村 1 more.
    """
    months = [f"2016-0{n}" for n in (3, 4, 5)]
    villages.take_in(
        *(one for n in range(1, 5) for one in reports(f"V00{n}", *months)),
        batch("B-1", host_unit="V002", level="province", headcount=6),
        batch("B-2", unit="V002", occurred_at="2016-04-05T09:00"),
    )
    document = write_bulletin(villages, "2016Q2")
    told = under(document, "存在的问题")
    at = next(at for at, text in enumerate(told) if "非正常上访工作" in text)
    assert told[at + 1] == (
        "共3次（涉及责任共担的，按单位分别计次），扣11分，"
        "涉及2个单位：甲村扣7分（问题引发单位，承担70%）；"
        "乙村扣4分（2次，其中1次为人员稳控单位，承担30%）。"
    )
    assert "3月5日，甲村6人到省集体上访（人员稳控单位：乙村）；" in text_of(document)


def test_the_last_quarter_has_a_sentence_on_the_year(villages):
    """Of 20 a quarter each loses 3 × (1 + 3) for reports; no collective batch in the year gives 3.

    4 × 8 + 3 = 35.
    """
    told = under(write_bulletin(villages, "2016Q4"), "季度得分情况")
    assert told[-1] == (
        "本年度考核结束，年度得分（含奖分、罚分）平均35分，最高35分（4个单位），最低35分（4个单位）。"
        "按年度得分从高到低排列，并列第1名：甲村、乙村、丙村、丁村（35分）。"
    )
    early = write_bulletin(villages, "2016Q4", "--through", "2016-11-29")
    assert "年度考核结束" not in text_of(early)


def test_what_is_counted_but_for_a_surcharge_is_not_told_as_left_out(villages):
    """三（一）2: over 4 hours cost more, but the text says not how much; points are taken."""
    response = {
        "kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1",
        "arrival": "with", "effective": True, "stay_minutes": 241,
    }  # fmt: skip
    villages.take_in(batch("B-1", level="city", headcount=6), response)
    assert under(write_bulletin(villages, "2016Q2"), "尚未确定的事项")[1] == (
        "待定1项，应加重计分，加重多少尚未明确，暂按不加重计分，涉及1个单位：甲村（3月5日6人到市集体上访）。"
    )
