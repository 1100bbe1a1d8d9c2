"""A slip fills its page and no more: it names what costs most and adds up the rest."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cli.office import Office
from cli.output.documents.slip_page import lines_of
from tests.cli.entries import batch
from tests.office.fullest import fullest
from tests.office.slips import slip
from tests.projections.folders import (
    amount,
    clause,
    lone_batch,
    period,
    section,
    small_measure,
)

OFFICE = Office(
    name="某县某镇信访工作联席会议办公室", contact="镇政府二楼205室，电话略", objection_days=15
)


def heights(values):
    """Return the points that a slip takes: 12 of type on lines of 16, rows of 16, see GB/T 9704."""
    told = ("考核依据", "得分说明", "扣分", "加分", "待定", "异议")
    texts = [[values[one]] if isinstance(values[one], str) else values[one] for one in told]
    # Digits are half as wide as characters; 36 of these make a line of 156 mm, the first 34.
    lines = sum(
        -(-(2 + len(text) - len(re.findall("[ -~]", text)) // 2) // 36)
        for some in texts
        for text in some
    )
    rows = len(values["得分项"].rows) + 1
    # Title, period, unit, four headings, signature and day, the proof.
    return 36 + 16 * (2 + lines + 4 + 2) + 16 * rows + 6 + 12


@pytest.mark.parametrize("number", [None, 1, 2, 3, 4])
def test_the_fullest_slip_fills_its_page(number):
    """A page of A4 with margins of 20 and 18 mm has 734 points."""
    found = heights(slip(fullest(), number, office=OFFICE, cited=True))
    assert 734 - 5 * 16 < found <= 734


@pytest.mark.parametrize("kinds", [("special_period",), ("special_period", "commendation")])
def test_a_slip_of_rewards_alone_fits_its_page(kinds):
    """That nothing was taken takes a line too."""
    entries = [one for one in fullest() if one["kind"] in kinds]
    found = slip(entries, None, office=OFFICE, through=date(2016, 11, 29), cited=True)
    assert found["扣分"] == ["本年度没有扣分。"]
    assert heights(found) <= 734


def test_nothing_is_added_up_while_there_is_room():
    """Thirteen items of the inspection and a yellow card fit on the page of a year."""
    entries = [
        one
        for one in fullest()
        if one["kind"] == "inspection_finding"
        or (one["kind"] == "yellow_card" and one["issued_on"] == "2016-05-11")
    ]
    told = slip(entries, None, office=OFFICE)["扣分"]
    assert not [one for one in told if "合计" in one]
    assert len(told) == 13 + 1


def test_a_full_slip_names_the_costliest_of_each_section_and_its_costliest_clause_whole():
    """三（三）2: eleven yellow cards cost 22 points, an item of the inspection 2.9 at most."""
    entries = [one for one in fullest() if one["kind"] in {"yellow_card", "inspection_finding"}]
    found = slip(entries, None, office=OFFICE)["扣分"]
    assert [one.partition("．")[2] for one in found[:12]] == [
        *(f"2016年{month}月11日黄牌警告，扣2分。" for month in range(1, 12)),
        "队伍建设满分3分，检查评定0.1分，扣2.9分。",
    ]
    # The thirteen items cost 18.8 points: 2.9 three times, 1.4 twice, 1 and 0.9 seven times.
    assert re.fullmatch(r"\d+．另有\d+项，合计扣[\d.]+分。", found[-1])
    assert sum(map(float, re.findall(r"扣([\d.]+)分。", "".join(found)))) == pytest.approx(40.8)


def months():
    """Return a measure of twelve months, and a visit in each that costs a point."""
    taken = clause("visit", "occurrence", entry="petition_batch", base="visit",
                   amount=[amount("visit", points="-1")])  # fmt: skip
    found = [period(f"M{month:02}", f"{month:02}-01") for month in range(1, 13)]
    for month, one in enumerate(found, 1):
        one["title"] = {"zh": f"{month}月", "en": f"M{month}"}
    sections = [section("points", "period", opening="10")]
    visits = [lone_batch(f"XF-{month}", f"2021-{month:02}-10") for month in range(1, 13)]
    return small_measure(taken, section=sections, period=found), visits


def test_a_slip_names_the_clause_of_each_sentence_while_there_is_room():
    """三（三）2: a yellow card a month; with all that the fullest year has they are not named."""
    cards = [one for one in fullest() if one["kind"] == "yellow_card"]
    found = slip(cards, 2, office=OFFICE, cited=True)
    assert found["扣分"] == [
        f"{number}．2016年{month}月11日黄牌警告，扣2分（三（三）2）。"
        for number, month in enumerate((3, 4, 5), 1)
    ]
    assert heights(found) <= 734
    assert found["考核依据"] == (
        "根据《钱粮湖镇2016年信访工作、群众工作目标管理考核办法》（钱政办发〔2016〕11号），"
        "现将你单位考核得分告知如下。"
    )
    full = slip(fullest(), 2, office=OFFICE, cited=True)["扣分"]
    assert not [one for one in full if one.endswith("）。")]


def test_periods_that_are_too_many_come_in_one_sentence():
    """Twelve months that cost points leave no room for the clauses of each."""
    measure, visits = months()
    found = slip(visits, None, measure=measure, office=OFFICE)
    assert found["扣分"][0].startswith("各期扣分：1月1分、2月1分、")
    assert heights(found) <= 734


def test_a_latin_letter_takes_half_the_width_of_a_character():
    assert lines_of(["字" * 33]) == 1
    assert lines_of(["字" * 34]) == 2
    assert lines_of(["0" * 58]) == 1
    assert lines_of(["0" * 60]) == 2


def test_of_a_clause_that_has_no_room_for_reasons_each_entry_is_told_in_short():
    """三（一）2: three visits of the fullest quarter cost 12.6 points each: 70 % of 6 × 1.5 × 2."""
    found = slip(fullest(), 2, office=OFFICE)
    for number, month in enumerate((3, 4, 5), 1):
        assert found["扣分"][number - 1] == (
            f"{number}．2016年{month}月10日，{30 + month}人到市重复集体上访，你单位为问题引发单位，"
            "承担70%，扣12.6分。"
        )
    told = (
        "2016年3月10日，33人到市重复集体上访等3项：非正常上访工作应加重计分，加重多少尚未明确，"
        "暂按不加重计分。"
    )
    assert found["待定"] == [told, "前期遗留2项，见前期告知单。"]


@pytest.mark.parametrize("is_full", [True, False])
def test_what_may_cost_a_unit_its_awards_is_named_on_a_full_slip_too(is_full):
    """三（一）2: two lawful visits of 50 people to the province, in the fullest year."""
    visits = [
        batch(f"L-{day}", unit="V1", level="province", headcount=50, abnormal=False,
              occurred_at=f"2016-05-{day}T09:00")
        for day in (20, 21)
    ]  # fmt: skip
    left_out = ("province",) if is_full else ("province", "city")
    entries = [one for one in fullest() if one.get("issuer") not in left_out]
    if not is_full:
        entries = [one for one in entries if one["kind"] not in {"yellow_card", "commendation"}]
    found = slip([*entries, *visits], None, office=OFFICE)
    means = "取消年度评先评优资格如何适用尚待明确，暂未计入。"
    assert found["待定"][:2] == [f"2016年5月{day}日，50人到省集体上访：{means}" for day in (20, 21)]
    assert heights(found) <= 734


def test_where_there_is_no_room_what_earlier_quarters_left_is_counted():
    """Five visits from January to May stayed over 4 hours: how much more they cost is open."""
    found = slip(fullest(), 3, office=OFFICE)
    assert found["待定"][-1] == "前期遗留5项，见前期告知单。"
    assert heights(found) <= 734
