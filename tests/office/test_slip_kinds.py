"""Each kind of clause has its sentences on slips: small measures, points by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.office.slips import slip
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    section,
    small_measure,
)


def titled(title, *given, **keys):
    return clause(*given, **{**keys, "title": {"zh": title, "en": "A"}})


def told(clauses, entries, field, *, kinds=None, **head):
    """Return the sentences of a field of the slip of V1 in 2021."""
    measure = small_measure(*clauses, entries=kinds, **head)
    return [one.partition("．")[2] or one for one in slip(entries, None, measure=measure)[field]]


CHECK = kind_of_entry("check", {"on": "date", "missing": "integer", "lacks": "flag?"}, prefix="CK")
NUMBERS = kind_of_entry("counts", {"on": "date", "good": "integer", "all": "integer"}, prefix="CT")
FINE = kind_of_entry("fine", {"on": "date", "number": "integer"}, prefix="FI")
CHECKED = [{"kind": "check", "on": "2021-03-01", "missing": 2}]


def test_what_a_check_found_missing_is_counted_or_named():
    """2 of something at a point each; a yes-or-no field costs 5 once."""
    counted = titled("台账", "ledgers", "checklist", entry="check",
                     amount=[amount("missing", points="-1")])  # fmt: skip
    lacks = titled("设卡", "post", "checklist", entry="check", missing="lacks",
                   amount=[amount("missing", points="-5")])  # fmt: skip
    checks = [{**CHECKED[0], "lacks": True}]
    assert told([counted, lacks], checks, "扣分", kinds=[CHECK]) == [
        "设卡：2021年3月1日检查不符合要求，扣5分。",
        "台账：2021年3月1日检查缺2项，扣2分。",
    ]


def test_a_rate_below_its_threshold_is_told_with_both_numbers():
    """84 of 100 where 85 % are owed cost a point."""
    rate = titled("办结率", "rate", "rate", entry="counts", numerator="good", denominator="all",
                  amount=[amount("threshold", percent="85"),
                          amount("below", points="-1")])  # fmt: skip
    counts = [{"kind": "counts", "on": "2021-03-01", "good": 84, "all": 100}]
    assert told([rate], counts, "扣分", kinds=[NUMBERS]) == [
        "办结率应达到85%，all项100，good项84，未达到，扣1分。"
    ]


def test_points_by_a_number_of_the_entry_come_with_the_number():
    """3 at 2 points each."""
    fines = titled("罚款", "fines", "occurrence", entry="fine", base="fine",
                   amount=[amount("fine", points="-2", times="number")])  # fmt: skip
    three = [{"kind": "fine", "on": "2021-02-01", "number": 3}]
    assert told([fines], three, "扣分", kinds=[FINE]) == [
        "罚款：2021年2月1日fine件，标准扣2分，乘以number项3，扣6分。"
    ]


def test_bounds_and_weights_say_what_they_changed_and_are_not_told_as_points():
    """Twice 2 points, 3 at most; 10 opening points less 3 count for half."""
    taken = titled("上访", "visits", "occurrence", entry="fine", base="fine", floor="-3",
                   amount=[amount("fine", points="-2")])  # fmt: skip
    fines = [{"kind": "fine", "on": f"2021-02-0{day}", "number": 1} for day in (1, 2)]
    sections = [section(opening="10", weight="0.5", title={"zh": "日常", "en": "A"})]
    found = told([taken], fines, "扣分", kinds=[FINE], section=sections)
    assert found == [
        "上访：2021年2月1日fine件，扣2分。",
        "上访：2021年2月2日fine件，扣2分。",
        "日常合计7分，乘以0.5，计3.5分。",
        "上访扣到−3分为止，少扣1分。",
    ]


@pytest.mark.parametrize(
    ("done", "field", "sentence"),
    [("2021-05-01", "加分", "化解到期的1件全部按期完成，加5分。"),
     ("2021-07-01", "扣分",
      "化解没有全部按期完成（市级督办件（编号督1，2021年6月30日到期）），扣2分。")],
)  # fmt: skip
def test_whether_all_that_fell_due_was_done(done, field, sentence):
    whole = titled("化解", "done", "all_done", entry="supervised_case", done_by="case_resolution",
                   over="year", award="once",
                   amount=[amount("done", points="5"),
                           amount("not_done", points="-2")])  # fmt: skip
    entries = [
        {"kind": "supervised_case", "id": "督1", "level": "city", "due_on": "2021-06-30"},
        {"kind": "case_resolution", "case": "督1", "resolved_on": done},
    ]
    assert told([whole], entries, field) == [sentence]


def test_a_place_and_opening_points_are_told_where_they_add():
    """V1 opens at 4 points in a section without full points; both units share the first place."""
    opening = titled("基本分项", "base", "occurrence", entry="fine", base="fine", opening="4",
                     amount=[amount("fine", points="1")])  # fmt: skip
    places = titled("名次奖", "places", "rank",
                    amount=[amount("place", when={"place": "1"}, points="2")])  # fmt: skip
    assert told([opening, places], [], "加分", kinds=[FINE]) == [
        "基本分项基础分，加4分。",
        "名次奖：列第1名，加2分。",
    ]


def test_a_flag_by_the_sum_of_a_year_says_the_sum():
    flagged = titled("约谈", "talk", "flag", entry="fine", total="number",
                     amount=[amount("flag", when={"total": "3-"}, flag="talk")])  # fmt: skip
    flag = [{"flag": "talk", "title": {"zh": "约谈", "en": "talk"}, "eligible": False}]
    fines = [{"kind": "fine", "on": "2021-02-01", "number": 3}]
    measure = small_measure(flagged, entries=[FINE], flag=flag)
    assert slip(fines, None, measure=measure)["得分说明"] == (
        "2021年度考核，你单位得0分。全年number项合计3，按一实行约谈。"
        "排第1名，不具备年度评先评优资格。"
    )


def test_a_rate_beside_the_periods_is_a_reward():
    """Three in four of 2 points: 1.5 are given, and nothing is lost."""
    rate = titled("办结奖", "rate", "rate", entry="counts", numerator="good", denominator="all",
                  section="rewards", amount=[amount("full", points="2")])  # fmt: skip
    sections = [section(of="period", opening="10"), section("rewards", "beside")]
    measure = small_measure(rate, entries=[NUMBERS], section=sections, period=HALVES)
    counts = [{"kind": "counts", "on": "2021-03-01", "good": 3, "all": 4}]
    found = slip(counts, 1, measure=measure)
    assert found["扣分"] == ["本期没有扣分。"]
    assert found["加分"] == ["1．办结奖：all项4，good项3，加1.5分。"]


def test_full_points_of_another_unit_have_its_word():
    """A rate of 3 in 4 of 400 yuan."""
    rate = titled("办结率", "rate", "rate", entry="counts", numerator="good", denominator="all",
                  amount=[amount("full", points="400")])  # fmt: skip
    counts = [{"kind": "counts", "on": "2021-03-01", "good": 3, "all": 4}]
    issued = {"id": "small", "name": "小办法", "issuer": "某镇", "issued_on": date(2021, 1, 1)}
    yuan = {**issued, "year": 2021, "counted_in": {"zh": "元", "en": "yuan"}}
    measure = small_measure(rate, entries=[NUMBERS], measure=yuan, section=[section(points="400")])
    found = slip(counts, None, measure=measure)
    assert found["扣分"] == ["1．办结率满额400元，all项4，good项3，计300元，扣减100元。"]
    assert found["加分"] == ["本年度没有增加。"]
