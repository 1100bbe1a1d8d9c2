"""What a bulletin titles its periods, and which points it names as added or deducted."""

from __future__ import annotations

from datetime import date

import pytest

from cli.output.documents.terms import named
from tests.cli.running import Tally
from tests.office.documents import rows_of, text_of, write_bulletin
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    period,
    section,
    small_measure,
)

FAULT = kind_of_entry("fault", {"on": "date", "places": "integer"}, prefix="DD")
PRAISE = kind_of_entry("praise", {"on": "date"}, prefix="BY")
MONTHS = [
    period(f"M{number:02}", f"{number:02}-01", title={"zh": f"{number}月", "en": f"m{number}"})
    for number in (12, *range(1, 12))
]
VILLAGES = [
    {"kind": "unit", "id": f"V{number}", "name": f"{name}村", "type": "village"}
    for number, name in enumerate("甲乙丙", 1)
]


def titled(slug, zh, of="period", **keys):
    return section(slug, of, title={"zh": zh, "en": slug}, paraphrase="略", **keys)


def measure_of_months(*clauses, sections):
    """Return a measure of December 2020 to November 2021, month by month."""
    head = {
        "calendar": {"starts": "12-01", "named_after": "last", "citation": "一"},
        "period": MONTHS,
        "section": sections,
        "measure": {
            "id": "small", "name": "小办法", "issuer": "某镇", "issued_on": date(2020, 11, 1),
            "year": 2021, "counted_in": {"zh": "元", "en": "yuan"},
        },
    }  # fmt: skip
    return small_measure(*clauses, entries=[FAULT, PRAISE], **head)


def occurring(slug, entry, points, **keys):
    given = amount("each", points=points, **({"times": "places"} if entry == "fault" else {}))
    return clause(slug, "occurrence", entry=entry, base="each", amount=[given], **keys)


@pytest.fixture
def months(tmp_path):
    """Return `tally` under accounts of 100 yuan a month, weighed by a twentieth.

    Faults cost 10 a place, of 40 at most; praise brings 200, of 300 a year at most.
    """
    measure = measure_of_months(
        occurring("faults", "fault", "-10", section="account", opening="40", floor="0",
                  title={"zh": "点位", "en": "sites"}),
        occurring("praise", "praise", "200", section="reward",
                  title={"zh": "表扬", "en": "praise"}),
        sections=[
            titled("account", "月度考核", opening="60", weight="0.05"),
            titled("reward", "奖励", of="beside", cap="300"),
        ],
    )  # fmt: skip
    return begun(tmp_path, measure)


def begun(tmp_path, measure):
    """Return `tally` on three villages under a measure."""
    folder = tmp_path / "small"
    for name, text in measure.content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    tally = Tally(tmp_path)
    tally("init", "--measure", folder).ok()
    tally.take_in(*VILLAGES)
    return tally


def fault(number, unit, places, day="2020-12-10"):
    return {"kind": "fault", "id": f"DD-{number}", "unit": unit, "on": day, "places": places}


def praise(number, unit, day="2020-12-10"):
    return {"kind": "praise", "id": f"BY-{number}", "unit": unit, "on": day}


def test_a_period_is_of_the_assessment_year_where_that_is_not_the_calendar_year(months):
    """12月 of 2021年度 is December 2020; 2021年12月 would be another month."""
    text = text_of(write_bulletin(months, "2021M12"))
    assert "关于2021年度12月\n" in text
    assert "现将2021年度12月（2020年12月1日至2020年12月31日）" in text
    assert "2021年12月" not in text


def test_the_last_month_tells_of_the_year_also_where_no_section_is_of_the_year_alone(tmp_path):
    """Twelve months of 10 less a fault of 10 in December: 110, and 120."""
    tally = begun(
        tmp_path,
        measure_of_months(
            occurring("faults", "fault", "-10", section="account"),
            sections=[titled("account", "月度考核", opening="10")],
        ),
    )
    tally.take_in(fault(1, "V1", 1))
    document = write_bulletin(tally, "2021M11")
    (_, *header), rows = rows_of(document)
    assert header[-3:] == ["年度金额", "年度名次", "备注"]
    assert rows["甲村"][-3:-1] == ["110", "3"]
    assert "本年度考核结束，年度金额平均116.67元，" in text_of(document)


def test_the_words_of_a_month_and_of_yuan_are_those_of_a_notice(months):
    """The month is 月 behind 本 and 上, 月度 before another word; its numeral is a digit."""
    months.take_in(fault(1, "V1", 1), fault(2, "V2", 1, "2021-01-10"))
    document = write_bulletin(months, "2021M01")
    (_, *header), _ = rows_of(document)
    assert header == [
        "单位",
        "月度考核",
        "月度金额",
        "上月金额",
        "增减",
        "奖励",
        "年度累计",
        "备注",
    ]
    text = text_of(document)
    assert "月度金额情况" in text
    assert "金额上升的单位1个，下降的1个，持平的1个。" in text
    assert "考核金额表" in text
    assert not [word for word in ("得分", "扣分", "加分", "满分") if word in text]
    yearly = small_measure(period=[period("M12", "01-01", title={"zh": "十二月", "en": "m"})])
    assert named(2023, yearly.calendar.period(2023, 1), yearly) == "2023年12月"


def test_a_quarter_of_a_shifted_year_has_its_ordinal_and_one_of_a_calendar_year_none():
    quarters = [
        period(f"Q{number}", starts, title={"zh": f"{zh}季度", "en": f"Q{number}"})
        for number, (zh, starts) in enumerate(
            zip("一二三四", ("07-01", "10-01", "01-01", "04-01"), strict=True), 1
        )
    ]
    shifted = small_measure(
        period=quarters, calendar={"starts": "07-01", "named_after": "first", "citation": "一"}
    )
    assert named(2024, shifted.calendar.period(2024, 3), shifted) == "2024年度第三季度"
    plain = small_measure(period=[{**quarters[0], "starts": "01-01"}])
    assert named(2024, plain.calendar.period(2024, 1), plain) == "2024年一季度"
    assert named(2024, None, shifted) == "2024年度"


def test_counts_entries_and_not_what_the_floor_of_their_clause_cuts(months):
    """甲村: 50 of a fault, of which the clause's 40 can be lost: one fault, 40 less."""
    months.take_in(fault(1, "V1", 5), fault(2, "V2", 1))
    text = text_of(write_bulletin(months, "2021M12"))
    assert "共2次，扣减50元，涉及2个单位：甲村扣减40元；乙村扣减10元。" in text


def test_names_no_weight_among_what_was_deducted(months):
    """100 yuan weighed by a twentieth are 5; no unit was deducted 95."""
    months.take_in(fault(1, "V1", 1))
    text = text_of(write_bulletin(months, "2021M12"))
    deducted = text.partition("情况\n（一）")[2].partition("五、")[0]
    assert "95" not in deducted
    assert "折算" not in deducted
    assert "月度考核" not in deducted


def test_tells_what_was_added_beside_a_period_whole_where_the_cap_is_of_the_year(months):
    """丙村 has 2 × 200 in December; that 300 count at most is decided when the year is over."""
    months.take_in(praise(1, "V3"), praise(2, "V3", "2020-12-11"), praise(3, "V1"))
    text = text_of(write_bulletin(months, "2021M12"))
    assert "表扬（一）共3次，增加600元，涉及2个单位：丙村增加400元（2次）；甲村增加200元。" in text
    assert "奖励封顶" not in text
