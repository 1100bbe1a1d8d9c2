"""Each sentence of a slip says what happened and what the measure makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from cli.office import Office
from tests.cli.entries import batch
from tests.office.slips import slip
from tests.projections.folders import amount, clause, lone_batch, section, small_measure

SPECIAL = {
    "kind": "special_period", "id": "SP-1", "starts_on": "2016-03-01", "ends_on": "2016-03-16",
}  # fmt: skip


@pytest.mark.parametrize(
    ("level", "to", "points"),
    [("national", "进京", "3"), ("province", "赴省", "2"), ("city", "到市", "1.5"),
     ("district", "到区、镇", "1")],
)  # fmt: skip
def test_the_reward_of_a_special_period_names_the_level_that_it_concerns(level, to, points):
    """三（三）1（1）: a visit to another level is not in its way."""
    whose = {"national": "国", "province": "省", "city": "市", "district": "区"}[level]
    period = f"全{whose}特护期（2016年3月1日至2016年3月16日）"
    special = {**SPECIAL, "level": level}
    elsewhere = "town" if level == "city" else "city"
    visit = batch(unit="V1", level=elsewhere, occurred_at="2016-03-10T09:00")
    assert slip([special, visit], 2)["加分"] == [
        f"1．{period}没有发生{to}非正常上访，加{points}分。"
    ]
    visit["level"] = level
    assert slip([special, visit], 2)["加分"] == [f"1．{period}发生{to}非正常上访，不加分。"]


def test_where_a_visit_is_shared_the_reward_names_the_liable_unit():
    """人事分离: the host unit keeps its reward, the liable unit loses it."""
    special = {**SPECIAL, "level": "district"}
    visit = batch(unit="V1", host_unit="V2", occurred_at="2016-03-10T09:00")
    period = "全区特护期（2016年3月1日至2016年3月16日）"
    lost, kept = (slip([special, visit], 2, unit)["加分"] for unit in ("V1", "V2"))
    assert lost == [f"1．{period}发生你单位为责任单位的到区、镇非正常上访，不加分。"]
    assert kept == [f"1．{period}没有发生你单位为责任单位的到区、镇非正常上访，加1分。"]


def test_what_is_counted_but_for_a_surcharge_is_not_told_as_left_out():
    """三（一）2: over 4 hours cost more, but the text says not how much; 4 points are taken."""
    response = {
        "kind": "on_site_response", "id": "R-1", "unit": "V1", "batch": "B-1",
        "arrival": "with", "effective": True, "stay_minutes": 241,
    }  # fmt: skip
    visit = batch(unit="V1", level="city", headcount=6, occurred_at="2016-03-10T09:00")
    found = slip([visit, response], 2)
    told = "2016年3月10日，6人到市集体上访"
    assert [one for one in found["扣分"] if told in one and "扣4分。" in one]
    assert f"{told}：非正常上访工作应加重计分，加重多少尚未明确，暂按不加重计分。" in found["待定"]


def test_an_undetermined_consequence_is_not_counted():
    """三（一）2: whether a lawful visit of 50 people to the province disqualifies is open."""
    visit = batch(
        unit="V1", level="province", headcount=50, abnormal=False, occurred_at="2016-03-10T09:00"
    )
    told = "2016年3月10日，50人到省集体上访：取消年度评先评优资格如何适用尚待明确，暂未计入。"
    assert told in slip([visit], 2)["待定"]


CRITICISM = {
    "kind": "criticism", "id": "CT-1", "unit": "V1", "issuer": "province",
    "issued_on": "2016-05-13",
}  # fmt: skip


def test_what_is_not_settled_of_an_earlier_quarter_is_told_as_such():
    """A visit of the second quarter without a response: its own slip has it as its own."""
    visit = batch(unit="V1", level="city", headcount=6, occurred_at="2016-03-10T09:00")
    what = "2016年3月10日，6人到市集体上访：非正常上访工作缺现场处置记录"
    told = f"{what}，暂按现有材料计分，请补报。"
    own, later, before = (slip([visit], number)["待定"] for number in (2, 3, 1))
    assert own == [told]
    assert later == ["本季度没有尚未确定的事项。", f"前期遗留：{told}"]
    assert before == ["本季度没有尚未确定的事项。"]


def test_what_is_missing_of_a_visit_is_named():
    """三（一）2: half is taken where the leader came in time, to effect, within an hour."""
    visit = batch(unit="V1", level="district", headcount=6, occurred_at="2016-03-10T09:00")
    response = {
        "kind": "on_site_response", "id": "R-1", "unit": "V1", "batch": "B-1", "arrival": "ahead",
    }  # fmt: skip
    lacks = "2016年3月10日，6人到区集体上访：非正常上访工作缺{}，暂按现有材料计分，请补报。"
    assert slip([visit, response], 2)["待定"] == [lacks.format("处置效果、滞留时间")]
    response["effective"] = True
    assert slip([visit, response], 2)["待定"] == [lacks.format("滞留时间")]


@pytest.mark.parametrize("number", [2, 3, None])
def test_a_veto_comes_with_its_reason_from_its_quarter_on(number):
    """三（三）2: criticism by the province is a veto and costs no points."""
    told = "2016年5月13日受到省级通报批评，按三（三）2实行一票否决（二季度起）。"
    assert told in slip([CRITICISM], number)["得分说明"]
    assert "否决" not in slip([CRITICISM], 1)["得分说明"]


def test_a_disqualification_names_the_first_of_the_visits_that_caused_it():
    """三（一）2: collective visits to Beijing; the clause's citation comes with it."""
    visits = [
        batch(f"B-{day}", unit="V1", level="national", headcount=6,
              occurred_at=f"2016-07-0{day}T09:00")
        for day in (1, 2)
    ]  # fmt: skip
    told = "2016年7月1日，6人进京集体上访等2次，按三（一）2取消评先评优资格（三季度起）。"
    assert told in slip(visits, None)["得分说明"]


def test_the_office_that_criticised_is_named_with_its_level():
    district = {**CRITICISM, "issuer": "district"}
    conference = {**CRITICISM, "id": "CT-2", "issuer": "joint_conference"}
    assert slip([district, conference], 2)["扣分"] == [
        "1．2016年5月13日受到区级通报批评，扣2分。",
        "2．2016年5月13日受到区联席会议通报批评，扣1分。",
    ]


@pytest.mark.parametrize(
    ("unit", "share"),
    [("V1", "你单位为问题引发单位，承担70%，扣4.2分。"),
     ("V2", "你单位为人员稳控单位，承担30%，扣1.8分。")],
)  # fmt: skip
def test_a_share_comes_with_its_cause(unit, share):
    """三（一）2: 3 points to the district, doubled where no leader came, 70 % and 30 %."""
    visit = batch(
        unit="V1", host_unit="V2", level="district", headcount=6, occurred_at="2016-03-10T09:00"
    )
    response = {
        "kind": "on_site_response", "id": "R-1", "unit": unit, "batch": "B-1", "arrival": "absent",
        "effective": False, "stay_minutes": 60,
    }  # fmt: skip
    told = (
        "2016年3月10日，6人到区集体上访（第一责任人到场：一直没有领导接访劝返，效果不明显，"
        f"滞留60分钟），标准扣3分，按“一直没有领导接访劝返的加倍扣分”乘以2，{share}"
    )
    assert [one for one in slip([visit, response], 2, unit)["扣分"] if one.endswith(told)]


def test_visits_that_would_be_named_alike_are_told_apart_by_their_matters():
    visits = [
        batch(f"B-{number}", unit="V1", level="city", occurred_at=f"2016-03-10T0{number}:00")
        for number in (1, 2)
    ]
    told = "\n".join(slip(visits, 2)["扣分"])
    for number in (1, 2):
        assert f"2016年3月10日，3人到市上访（信访事项XF-B-{number}）（无现场处置记录），" in told


def test_a_supervised_case_is_named_by_its_number():
    """三（三）1（4）: one of two that fell due in the quarter was not resolved: no reward."""
    case = {"kind": "supervised_case", "unit": "V1", "level": "city"}
    cases = [
        {**case, "id": "督2016-3", "due_on": "2016-04-20"},
        {**case, "id": "督2016-4", "due_on": "2016-05-20"},
        {"kind": "case_resolution", "id": "R-1", "unit": "V1", "case": "督2016-3",
         "resolved_on": "2016-04-10"},
    ]  # fmt: skip
    assert slip(cases, 2)["加分"] == [
        (
            "1．督办件化解：市级督办件（编号督2016-3，2016年4月20日到期），2016年4月10日化解，"
            "但同期到期的还有1件没有化解，不加分。"
        ),
        "2．督办件化解：市级督办件（编号督2016-4，2016年5月20日到期），到期没有化解，不加分。",
    ]


def test_a_carried_quarter_is_told_as_carried():
    """7.5 of 8 and 12 of 12 points, 1 rewarded, as published before the ledger began."""
    sections = {"basic_work": "7.5", "abnormal_petitions": "12", "rewards": "1"}
    carried = {
        "kind": "carried_quarter", "id": "CQ-1", "unit": "V1", "period": "2016Q1",
        "sections": sections, "basis": "一季度通报",
    }  # fmt: skip
    found = slip([carried], 1)
    assert found["得分说明"] == (
        "2016年度第一季度信访工作考核，你单位得19.5分。另有奖分1分、罚分0分，计入年度得分。"
        "本季度得分按原通报（一季度通报）结转。"
    )
    assert found["扣分"] == ["1．基础工作按原通报结转，扣0.5分。"]
    assert found["加分"] == ["1．奖分按原通报结转，加1分。"]
    of_year = slip([carried], None)["扣分"]
    assert of_year[0] == "一季度扣0.5分（基础工作0.5分），按原通报结转。"


def test_the_days_to_object_count_from_the_day_on_which_the_slip_is_made():
    """Of a quarter through 10 June, made on 1 July: five days, the last one included."""
    office = Office(name="某镇信访办", objection_days=5)
    days = {"through": date(2016, 6, 10), "made_on": date(2016, 7, 1)}
    found = slip([], 2, office=office, **days)
    assert found["异议"].startswith("对以上得分有异议的，请于2016年7月6日（含当日）前，")
    assert found["成文日期"] == "2016年7月1日"
    assert "截至2016年6月10日" in found["台账证明"]


def test_the_slip_of_a_year_has_rank_and_eligibility_of_its_own_unit_alone():
    """Both have 83 points; 甲村 is vetoed, which disqualifies it from awards (三（三）2)."""
    assert slip([CRITICISM], None, "V2")["得分说明"].endswith(
        "你单位得83分。排第1名，具备年度评先评优资格。"
    )
    veto = slip([CRITICISM], None)["得分说明"]
    assert veto.endswith("（二季度起）。排第1名，不具备年度评先评优资格。")
    so_far = slip([CRITICISM], None, through=date(2016, 6, 10))["得分说明"]
    assert so_far.endswith("。目前排第1名，不具备年度评先评优资格。")
    assert "名" not in slip([CRITICISM], 2)["得分说明"]


LAWFUL = batch(
    unit="V1", level="province", headcount=50, abnormal=False, occurred_at="2016-03-10T09:00"
)


@pytest.mark.parametrize(
    ("entry", "what"),
    [(LAWFUL, "2016年3月10日，50人到省集体上访"), (CRITICISM, "2016年5月13日受到省级通报批评")],
)
def test_eligibility_is_open_while_something_may_yet_cost_it(entry, what):
    """三（一）2: whether a lawful visit disqualifies; 三（三）2: a veto, once it is verified."""
    unverified = (CRITICISM["id"],)
    text = slip([entry], None, unverified=unverified)["得分说明"]
    assert text.endswith(f"名，年度评先评优资格待定（{what}，是否影响资格尚未确定）。")


def test_eligibility_is_not_open_for_what_costs_points_alone_or_of_a_vetoed_unit():
    """三（三）2: criticism by the district costs 2 points; a verified veto is final."""
    district = {**CRITICISM, "id": "CT-2", "issuer": "district"}
    found = slip([district], None, unverified=("CT-2",))["得分说明"]
    assert found.endswith("，具备年度评先评优资格。")
    assert slip([CRITICISM, LAWFUL], None)["得分说明"].endswith("，不具备年度评先评优资格。")


def test_the_slip_of_a_year_has_its_band_and_no_rank_where_the_measure_has_none():
    """From 80 points on a year is 合格, in a measure without flags that ranks nobody."""
    bands = [
        {"name": "low", "title": {"zh": "不合格", "en": "low"}, "citation": "一"},
        {"name": "high", "title": {"zh": "合格", "en": "high"}, "from": "80", "citation": "一"},
    ]
    taken = clause("visit", "occurrence", entry="petition_batch", base="visit",
                   amount=[amount("visit", points="-20.5")])  # fmt: skip
    head = {"band": bands, "rank": {"none": True}, "section": [section(opening="100")]}
    measure = small_measure(taken, **head)
    assert slip([], None, measure=measure)["得分说明"].endswith("你单位得100分。等次为合格。")
    assert slip([lone_batch("XF-1")], None, measure=measure)["得分说明"].endswith(
        "你单位得79.5分。等次为不合格。"
    )


def test_the_slip_of_a_quarter_that_runs_says_so():
    """Its last day is 31 May."""
    start = "2016年度第二季度信访工作考核，"
    early, over = (slip([], 2, through=day)["得分说明"]
                   for day in (date(2016, 5, 30), date(2016, 5, 31)))  # fmt: skip
    assert early.startswith(f"{start}截至2016年5月30日（本季度尚未结束），你单位得20分。")
    assert over.startswith(f"{start}你单位得20分。")
