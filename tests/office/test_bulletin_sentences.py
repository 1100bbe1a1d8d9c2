"""The sentence on a clause in a bulletin is true of one unit, of some, of ties and of all."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cli.output.documents.entry_names import EntryNames
from cli.output.documents.problems import by_clause, open_matters, problems
from cli.output.documents.terms import terms_of
from projections.bulletin import open_counts
from projections.bulletin_parts import ClausePoints, Share
from projections.measure.case_entries import entries_of, state_of
from projections.measure.cases import Case
from projections.postings import OpenPoint
from projections.scores import score_year
from tests.office.slips import FIRST

NAMES = ["甲村", "乙村", "丙村", "丁村", "戊村", "己村", "庚村", "辛村"]
TERMS = terms_of(FIRST, of_year=True)


def shares(*points, times=1):
    """Return the share of each unit in their order."""
    return tuple(Share(name, Decimal(one), times) for name, one in zip(NAMES, points, strict=False))


def lacking(*points, judged, times=1, clause="rate"):
    """Return what units lack of 3 points."""
    shown = "quarterly", "三", "办结率"
    found = shares(*points, times=times)
    return ClausePoints(clause, "lacking", *shown, found, full=Decimal(3), judged=judged)


def told(*clauses):
    """Return the paragraphs on problems, of a measure that has no inspection of them."""
    blocks = problems(clauses, NAMES, FIRST, TERMS)
    return [one.text for one in blocks if one.style == "段落"]


def test_units_below_full_points_are_named_where_others_were_not_judged():
    assert told(lacking("-1", "-1", judged=2)) == [
        "满分3分，考核2个单位，均未得满分：甲村、乙村各扣1分。"
    ]


def test_one_unit_alone_is_named_without_all():
    assert told(lacking("-1", judged=1)) == ["满分3分，考核1个单位，未得满分：甲村扣1分。"]


def test_full_points_of_several_periods_are_told_as_those_of_each():
    """Of four quarters 5 points are lost, more than the 3 of one."""
    assert told(lacking("-5", judged=8, times=4)) == [
        "每次满分3分，考核8个单位，除甲村扣5分外，其余7个单位均得满分。"
    ]


def test_points_taken_from_some_and_given_to_others_do_not_cancel():
    clause = ClausePoints("rate", "points", "quarterly", "三", "办结率", shares("-2", "2", "-1"))
    (_, paragraph) = by_clause([clause], NAMES, TERMS)
    assert paragraph.text == ("共3次，扣3分、加2分，涉及3个单位：甲村扣2分；乙村加2分；丙村扣1分。")


def inspected(*points):
    """Return two items of the inspection of which units lack the same; 三（二）."""
    return [
        ClausePoints(slug, "lacking", "inspection", "三（二）", slug, shares(*points),
                     full=Decimal(3), judged=8)
        for slug in ("a", "b")
    ]  # fmt: skip


def test_no_unit_is_named_as_the_worst_beside_another_that_lost_the_same():
    """Of eight, five at most are named; of these the three that lost more than the others."""
    (some,) = told(*inspected("-2", "-2", "-1.5", "-1", "-1", "-1", "-1", "-1"))
    assert some.endswith("；扣分最多的是甲村（4分）、乙村（4分）、丙村（3分）。")
    (equal,) = told(*inspected(*["-1"] * 8))
    assert equal == (
        "共2项未得满分，扣16分，涉及8个单位，其中a（三（二））扣8分（8个单位）、"
        "b（三（二））扣8分（8个单位）。"
    )


def test_an_objection_to_a_clause_that_the_measure_has_no_longer_comes_last():
    """三（三）2 has yellow cards; an earlier measure had a clause that this one has not."""
    case = Case(name="", units=[{"id": "V1", "name": "甲村", "type": "village"}], entry=[])
    state = state_of(entries_of(case, FIRST, 2016), FIRST)
    scores = score_year(state, FIRST, 2016, FIRST.calendar.last_day(2016))
    objections = [OpenPoint("objection", f"O-{slug}", slug) for slug in ("gone", "yellow-card")]
    (score,) = scores.units
    scores = replace(scores, units=(replace(score, open=objections),))
    names_of = EntryNames(state, FIRST, 5, set())
    blocks = open_matters([*open_counts(scores, None, by_clause=True)], FIRST, TERMS, names_of)
    assert [one.text for one in blocks] == [
        "（一）黄牌警告（三（三）2）",
        "异议1项，尚未答复，涉及1个单位：甲村。",
        "（二）其他",
        "异议1项，尚未答复，涉及1个单位：甲村。",
    ]
