"""What is said of a measure and not refused, on copies of the first measure with one change."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest

from projections.measure import read_measure
from projections.measure.checking import sentence
from projections.measure.quoted_numbers import quoted, value_of
from projections.measure.remarks import dated_for, remarks

CONTENT = read_measure("qianlianghu-2016")
CARD = "clauses/13-yellow-card.toml"
MEASURE = "measure.toml"


def said(*changes):
    """Return the remarks that some changes (file, old, new) of the first measure bring."""
    content = dict(CONTENT)
    for name, old, new in changes:
        assert old in content[name]
        content[name] = content[name].replace(old, new, 1)
    found = [sentence(one) for one in remarks(content)]
    return [str(one) for one in found if one not in usual()]


@cache
def usual():
    """Return the remarks on the measure as it is."""
    return {sentence(one) for one in remarks(CONTENT)}


def test_first_measure_has_items_without_a_floor():
    """Each missing costs 0.5, and the text states no floor (四.3): that is its sense."""
    words = "what is missing can take more than the item's {}, and no floor is stated"
    assert [str(sentence(one)) for one in remarks(CONTENT)] == [
        f"clauses/06-inspection.toml, inspection-{item}: {words.format(points)}"
        for item, points in (("1.2", 1), ("3", 3), ("4", 3), ("6", 3))
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            (MEASURE, 'points = "20"', 'points = "21"'),
            "measure.toml, section[2].points: 21 is stated, and the parts give 20: 1 + 1",
        ),
        (
            ("clauses/06-inspection.toml", 'points = "1.5"', 'points = "1"'),
            "measure.toml, section[2].points: 20 is stated, and the parts give 19.5: 1 + 1",
        ),
    ],
)
def test_sums_that_do_not_meet_are_said(change, words):
    """Item 5 of the inspection has 1.5 + 1.5 points, the inspection 20."""
    assert any(one.startswith(words) for one in said(change))


def test_heading_over_several_clauses_that_does_not_meet_is_said():
    """A sentence that names two clauses, with the points of both."""
    place = '[[sentence]]\ntext = "一、指导思想"\nreason = "A heading."'
    change = '[[sentence]]\ntext = "工作条件（4分）"\nclause = ["inspection-5.1", "inspection-5.2"]'
    assert said(("sentences.toml", place, change)) == [
        "sentences.toml, sentence[8]: 4 is stated, and the parts give 3: 1.5 + 1.5"
    ]
    assert said(("sentences.toml", place, change.replace("4分", "3分"))) == []


def test_family_of_one_sentence_that_does_not_meet_is_said():
    """An item of 3 points with parts of 1 + 1."""
    text = '\nsentence.zh = "采砂管理（3分）：台账1分，淘汰1分。"'
    new = f'section = "penalties"{text}'
    clauses = CONTENT[CARD].replace('section = "penalties"', new, 1)
    clauses = clauses.replace('sentence.zh = "被黄牌警告的每次扣2分。"\n', "")
    clauses = clauses.replace(
        'kind = "occurrence"\nentry = "yellow_card"\nbase = "yellow card"',
        'kind = "graded"\nitem = "7"',
    )
    clauses = clauses.replace('of = "yellow card"\npoints = "-2"', 'of = "full"\npoints = "1"')
    both = clauses + clauses.replace('"yellow-card"', '"red-card"').replace('"7"', '"8"')
    found = remarks({**CONTENT, CARD: both})
    words = "3 is stated, and the parts give 2: 1 + 1"
    told = [(one.place, one.what) for one in found if one.file == CARD]
    assert ("yellow-card, red-card", words) in told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("clauses/01-screening.toml", 'points = "-1"', 'points = "-9"'),
            "clauses/01-screening.toml, screening.amount[1]: takes 9 of 8, and no floor",
        ),
        (
            ("clauses/06-inspection.toml", 'points = "-0.5"', 'points = "-1.5"'),
            "clauses/06-inspection.toml, inspection-1.2.amount[1]: takes 1.5 of 1, and",
        ),
    ],
)
def test_deduction_larger_than_its_item_is_said(change, words):
    assert any(one.startswith(words) for one in said(change))


def test_floor_ends_what_is_said_of_larger_deductions():
    floor = (MEASURE, 'opening = "8"', 'opening = "8"\nfloor = "0"')
    large = ("clauses/01-screening.toml", 'points = "-1"', 'points = "-9"')
    assert not any("floor" in one for one in said(floor, large))


@pytest.mark.parametrize(
    ("quote", "states", "contradicts"),
    [
        ("每次扣2分", 'points = "-2"', False),
        ("每次扣2分", 'points = "-1"', True),
        ("扣0.5分", 'points = "-1"', True),
        ("扣半分", 'points = "-0.5"', False),
        ("扣半分", 'points = "-1"', True),
        ("扣两分", 'points = "-2"', False),
        ("扣十二分", 'points = "-12"', False),
        ("扣十二分", 'points = "-2"', True),
        ("扣一分半", 'points = "-1.5"', False),
        ("扣1,000元", 'points = "-1000"', False),
        ("扣1万元", 'points = "-10000"', False),
        ("3人以上扣5分", 'points = "-3"', True),
        ("每批次分别扣3分、2分", 'points = "-2"', False),
        ("取消资格", 'points = "-2"', False),
        ("不扣分", 'points = "0"', False),
        ("不扣分", 'points = "-1"', True),
        ("加扣50%", 'factor = "1.5"', False),
        ("扣分50％", 'factor = "0.5"', False),
        ("扣分百分之三十", 'factor = "0.3"', False),
        ("扣分70%", 'factor = "0.6"', True),
        ("减半扣分", 'factor = "0.5"', False),
        ("减半扣分", 'factor = "0.25"', True),
        ("加倍扣分", 'factor = "2"', False),
        ("加倍扣分", 'factor = "3"', True),
        ("3倍扣分", 'factor = "3"', False),
        ("不少于2件", "count = 2", False),
        ("不少于二件", "count = 3", True),
        ("低于85%", 'percent = "85"', False),
        ("低于85%", 'percent = "80"', True),
    ],
)
def test_amount_that_its_quote_contradicts_is_said(quote, states, contradicts):
    old = 'points = "-2"\ncitation = "三（三）2"\nquote = "被黄牌警告的每次扣2分"'
    new = f'{states}\ncitation = "三（三）2"\nquote = "{quote}"'
    found = [one for one in said((CARD, old, new)) if "the words quoted say" in one]
    assert bool(found) == contradicts
    assert all(one.startswith(f"{CARD}, yellow-card.amount[0]: ") for one in found)


@pytest.mark.parametrize("words", ["酌情扣分", "视情节轻重扣1至2分", "视情况扣2分", "适当扣2分"])
def test_amounts_as_the_case_may_be_are_said(words):
    found = said((CARD, "被黄牌警告的每次扣2分。", f"被黄牌警告的{words}。"))
    assert all("the text leaves it to whoever decides" in one for one in found)
    assert found


def test_sentence_without_a_clause_is_looked_at_too():
    found = said(("sentences.toml", 'text = "一、指导思想"', 'text = "情况特殊的酌情处理"'))
    assert found == ["sentences.toml, sentence[8]: the text leaves it to whoever decides: “酌情”"]


@pytest.mark.parametrize(
    ("words", "open_"),
    [
        ("5次以上扣2分", "5次以上"),
        ("三次以下扣2分", "三次以下"),
        ("5次（含5次）以上扣2分", None),
        ("5次以上（含本数）扣2分", None),
        ("省级以上扣2分", None),
        ("超过5次扣2分", None),
    ],
)
def test_whether_a_bound_includes_its_number_is_said(words, open_):
    found = said((CARD, "被黄牌警告的每次扣2分。", f"被黄牌警告{words}。"))
    expected = [] if open_ is None else [f"{CARD}, yellow-card: it is open whether {open_}"]
    assert [one.split(" includes")[0] for one in found] == expected


def test_reading_of_a_bound_ends_what_is_said_of_it():
    """`fifty_people` asks whether 50人以上 includes 50."""
    file = "clauses/05-disqualification.toml"
    text = CONTENT[file].replace("50人以上是否包括50人", "是否包括")
    text = text.replace("50人以上 includes 50 people", "it includes")
    found = remarks({**CONTENT, file: text.replace("from 50 people", "from so many")})
    assert any("50人以上" in one.what for one in found)


def test_reading_that_decides_nothing_is_said():
    change = ("clauses/01-screening.toml", '{ reading = "late_until" }', '"arrived"')
    assert said(change) == [
        "clauses/01-screening.toml, screening.reading late_until: decides nothing"
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", "1000"),
        ("0.5", "0.5"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("两千", "2000"),
        ("三万五千", "35000"),
        ("二〇一六", "2016"),
    ],
)
def test_numbers_in_figures_and_in_chinese_have_their_value(text, value):
    assert value_of(text) == Decimal(value)


def test_numbers_of_a_quotation_are_told_apart():
    found = quoted("6人以下每批次扣4分、3分，重复加扣50%")
    assert found.points == {4, 3}
    assert found.percents == {50}
    assert found.factors == {Decimal("0.5"), Decimal("1.5")}
    assert found.numbers == {6, 4, 3, 50}


def test_listed_points_are_all_points():
    assert quoted("前三名分别加5、3、2分").points == {5, 3, 2}
    assert quoted("分别扣1、0.5和0.2分").points == {1, Decimal("0.5"), Decimal("0.2")}
    assert quoted("2、对迟报的扣1分").points == {1}


def test_days_outside_the_year_of_the_measure_are_said():
    """The year 2016 begins on 1 December 2015."""
    points = 'points = "-2"'
    new = f"{points}\nfrom = 2015-11-30"
    words = "2015-11-30 lies outside the year 2016, 2015-12-01 to 2016-11-30"
    (found,) = said((CARD, points, new))
    assert found.startswith(f"{CARD}, yellow-card.amount[0].from: {words}")
    assert said((CARD, points, f"{points}\nfrom = 2015-12-01")) == []
    assert said((CARD, points, f"{points}\nuntil = 2016-12-01")) != []


def test_days_outside_the_year_that_a_measure_is_adopted_for_are_said():
    text = CONTENT[CARD].replace('points = "-2"', 'points = "-2"\nfrom = 2016-01-01')
    content = {**CONTENT, CARD: text}
    assert dated_for(content, 2016) == []
    assert [one.place for one in dated_for(content, 2017)] == ["yellow-card.amount[0].from"]


def test_a_quote_without_a_text_is_said():
    content = {k: v for k, v in CONTENT.items() if k not in ("text.txt", "sentences.toml")}
    found = [str(sentence(one)) for one in remarks(content)]
    words = "there is no text.txt to look it up in; add it, or give a paraphrase"
    assert f"{CARD}, yellow-card.amount[0].quote: {words}" in found


def test_a_bound_of_a_band_is_said():
    band = """
[[band]]
name = "excellent"
title = { zh = "优秀（95分以上）", en = "excellent" }
from = 95
citation = "四"

[rank]"""
    (found,) = said((MEASURE, "[rank]", band))
    assert found.startswith("measure.toml, band[0].title: it is open whether 95分以上 includes 95")


def test_a_measure_without_worked_cases_is_said_to_have_none():
    content = {name: text for name, text in CONTENT.items() if not name.startswith("cases/")}
    found = [str(sentence(one)) for one in remarks(content)]
    assert found[-1].startswith("cases/: there is no worked case")


@pytest.mark.parametrize(
    ("words", "states", "contradicts"),
    [
        ("该项不得分", 'points = "-20"', False),
        ("该项不计分，扣3分", 'points = "-2"', True),
        ("不扣分", 'points = "-20"', True),
        ("一类单位", 'points = "-30"', False),
        ("前三名", 'points = "2"', False),
        ("第2档", 'points = "5"', False),
        ("自2024年6月1日起", 'points = "-3"', False),
        ("整改率低于80%", 'points = "-2"', False),
        ("3次以上的", 'points = "-2"', False),
        ("每缺一项扣0.5", 'points = "-2"', True),
        ("一类单位每月30家", "count = 30", False),
        ("一类单位每月30家", "count = 20", True),
    ],
)
def test_numbers_that_are_no_points_contradict_none(words, states, contradicts):
    old = 'points = "-2"\ncitation = "三（三）2"\nquote = "被黄牌警告的每次扣2分"'
    new = f'{states}\ncitation = "三（三）2"\nquote = "{words}"'
    found = [one for one in said((CARD, old, new)) if "the words quoted say" in one]
    assert bool(found) == contradicts


def test_a_paraphrase_that_says_another_number_is_called_one():
    """It is no quotation of the text."""
    old = 'quote = "被黄牌警告的每次扣2分"'
    (found,) = said((CARD, old, 'paraphrase = "黄牌每次扣3分"'))
    assert found.endswith("2 is stated, and the paraphrase says 3: “黄牌每次扣3分”")
