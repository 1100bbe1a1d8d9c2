"""A bulletin says for what a flag was raised, and whose eligibility is not determined."""

from __future__ import annotations

import openpyxl

from tests.cli.entries import batch
from tests.office.documents import text_of, under, write_bulletin


def test_a_veto_comes_with_its_reason_and_among_the_criticisms(tally):
    """三（三）2: criticism by the province costs no points; by the district 2."""
    criticism = {"kind": "criticism", "unit": "V001"}
    tally.take_in(
        {**criticism, "id": "CT-1", "issuer": "province", "issued_on": "2016-05-13"},
        {
            **criticism,
            "id": "CT-2",
            "unit": "V002",
            "issuer": "district",
            "issued_on": "2016-04-13",
        },
    )
    document = write_bulletin(tally, "2016Q2")
    assert (
        "通报批评（三（三）2）共1次，扣2分，涉及1个单位：乙村扣2分。"
        "另有甲村2016年5月13日受到省级通报批评，一票否决。"
    ) in under(document, "奖分和罚分情况")
    assert under(document, "取消评先评优资格和一票否决情况") == [
        "甲村因2016年5月13日受到省级通报批评，一票否决（三（三）2，二季度起）。"
    ]
    later = under(write_bulletin(tally, "2016Q3"), "奖分和罚分情况")
    assert later[-1] == "本季度无。"


def test_a_unit_whose_disqualification_is_not_determined_is_told_apart(tally):
    """三（一）2: 50 people lawfully at the province; whether that disqualifies is open. 8 abnormal
    ones in Beijing do.
    """
    third = {"kind": "unit", "id": "V003", "name": "丙村", "type": "village"}
    visit = batch("B-1", level="province", headcount=50, abnormal=False)
    grave = batch("B-2", unit="V002", level="national", headcount=8)
    tally.take_in(third, visit, grave)
    text = text_of(write_bulletin(tally, "2016"))
    assert (
        "具备年度评先评优资格的单位1个。另有1个单位有待定事项，资格尚未确定：甲村。"
        "不具备资格的单位1个：乙村。"
    ) in text
    path = tally.folder / "r.xlsx"
    tally("bulletin", "2016", "-o", path).ok()
    rows = openpyxl.load_workbook(path)["评先评优"].iter_rows(
        min_row=3, max_col=2, values_only=True
    )
    stands = {row[0]: row[1] for row in rows}
    assert stands == {"甲村": "待定", "乙村": "无资格", "丙村": "有资格"}
