"""The worked cases of the measures that ship, and how a case that fails is told.

Each case of the first measure quotes a sentence, or the clause table, and was computed by hand.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from projections.measure import UnsoundMeasureError, load_measure, read_measure, shipped
from projections.measure.cases import cases_of, failures, run, scores_of
from projections.postings import Flag, Posting

MEASURES = {name: load_measure(read_measure(name)) for name in shipped()}
EVERY = [(name, one) for name, measure in MEASURES.items() for one in cases_of(measure.content)]
FIRST = MEASURES["qianlianghu-2016"]


@pytest.mark.parametrize(
    ("name", "placed"), EVERY, ids=[f"{name}: {one.case.name}" for name, one in EVERY]
)
def test_case_comes_out_as_computed_by_hand(name, placed):
    assert [failure.sentence() for failure in run(placed, MEASURES[name])] == []


def test_sentences_of_cases_are_in_the_regulation():
    """A text in Chinese is a quotation, apart from white space."""
    regulation = "".join(FIRST.content["text.txt"].split())
    for placed in cases_of(FIRST.content):
        text = "".join(placed.case.text.split())
        assert text
        if re.search("[A-Za-z]", text) is None:
            assert text in regulation, placed.case.name


@cache
def scored():
    return [scores_of(placed.case, FIRST) for placed in cases_of(FIRST.content)]


def test_every_amount_is_read_by_a_case():
    """Each amount of the measure that gives points or a flag is read by some case."""
    read = {
        (result.clause, amount)
        for scores in scored()
        for score in scores.units
        for result in score.results
        if isinstance(result, Posting | Flag)
        for amount in map(repr, result.read)
    }
    stated = {
        (clause.slug, repr(amount))
        for clause in FIRST.clauses.values()
        for amount in clause.amount
        if amount.of
        not in (
            getattr(clause.parameters, "undetermined", None),
            getattr(clause.parameters, "excuse", None),
        )
    }
    assert sorted(stated - read) == []


def test_every_value_of_every_reading_is_ruled_in_a_case():
    """Some case rules each value of a reading, and a number where it takes one."""
    ruled = {item for scores in scored() for item in scores.town.readings.items()}
    for reading in FIRST.readings.values():
        named = {value.value for value in reading.value}
        tried = {value for name, value in ruled if name == reading.name}
        if reading.name != "quarter_order":  # the order of a bulletin, which no score shows
            assert sorted(named - tried) == [], reading.name
        assert reading.number is None or tried - named, f"{reading.name}: no number is tried"


CASE = """
[[case]]
name = "黄牌一次"
through = 2016-03-31
entry = [{ kind = "yellow_card", issued_on = "2016-03-10" }]
"""


RULES = {name: text for name, text in FIRST.content.items() if not name.startswith("cases/")}
"""The first measure without its own cases: they are run once, not with each case told here."""


def told(case):
    """Return what is told of a case of the first measure."""
    return [one.what for one in failures(load_measure({**RULES, "cases/own.toml": case}))]


# March's reports are missing on the 31st: 20 - 1 - 3 = 16. December to February: 20 - 3 - 9 = 8.
@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"penalties": '"2"', "2016Q2": '"16"', "2016Q2.basic_work": '"4"'}, []),
        ({"2016Q2.penalties": '"2"', "2016Q2.yellow-card": '"-2"', "rank": "1"}, []),
        ({"Q1": '"8"', "periods": '["2016Q1", "2016Q2"]', "eligible": "true", "flags": "[]"}, []),
        ({"penalties": '"3"'}, ["V1: penalties should be 3 and is 2"]),
        ({"penalties": '"two"'}, ["V1: penalties should be two and is 2"]),
        ({"clause.yellow-card": '"2"'}, ["V1: clause.yellow-card should be 2 and is -2"]),
        ({"2016Q3": '"20"'}, ["V1: 2016Q3 should be 20 and is nothing"]),
        ({"eligible": "false"}, ["V1: eligible should be false and is true"]),
        ({"flags": '["vetoed"]'}, ["V1: flags should be vetoed and is nothing"]),
        ({"rank": '"2"'}, ["V1: rank should be 2 and is 1"]),
        ({"open": '["incomplete"]'}, ["V1: open should be incomplete and is nothing"]),
        ({"penalty": '"2"'}, ["V1: there is no penalty to expect"]),
        ({"2016Q2.penalty": '"2"'}, ["V1: there is no 2016Q2.penalty to expect"]),
        ({"2017Q2": '"2"'}, ["V1: there is no 2017Q2 to expect"]),
        ({"clause.yellow": '"2"'}, ["V1: there is no clause.yellow to expect"]),
    ],
)
def test_what_does_not_come_out_is_told(expect, words):
    lines = "\n".join(f'"{key}" = {value}' for key, value in expect.items())
    assert told(f"{CASE}[case.expect.V1]\n{lines}\n") == words


POSTED = """
[[case]]
name = "加分"
through = 2016-03-30
in_time = true
entry = [
    { kind = "commendation", id = "C-1", level = "city", issued_on = "2016-03-10" },
    { kind = "yellow_card", issued_on = "2016-01-10" },
]
"""


CARD = '{ clause = "yellow-card", points = "-2" }'
PRAISE = '{ clause = "commendation", points = "2" }'


@pytest.mark.parametrize(
    ("postings", "fails"),
    [
        (f"{CARD}, {PRAISE}", 0),
        (f"{CARD[:-1]}, entries = ['yellow_card-1'] }}, {PRAISE}", 0),
        (f"{CARD}, {PRAISE[:-1]}, period = '2016Q2', entries = ['C-1'] }}", 0),
        (PRAISE, 1),
        (f"{CARD.replace('-2', '2')}, {PRAISE}", 1),
        (f"{CARD[:-1]}, period = '2016Q2' }}, {PRAISE}", 1),
        (f"{CARD}, {PRAISE}, {PRAISE}", 1),
    ],
)
def test_postings_are_compared_in_any_order(postings, fails):
    """All that are not 0, each once."""
    found = told(f"{POSTED}expect.V1 = {{ postings = [{postings}] }}\n")
    assert len(found) == fails
    assert all("V1: postings should be" in one for one in found)


@pytest.mark.parametrize(
    ("open_points", "fails"),
    [
        ('"incomplete"', 0),
        ('"incomplete B-1", "incomplete B-2"', 0),
        ('"incomplete B-1 abnormal-petitions", "incomplete B-2 abnormal-petitions"', 0),
        ('"incomplete B-1"', 1),
        ('"incomplete", "undetermined"', 1),
        ("", 1),
    ],
)
def test_open_points_are_compared_as_far_as_they_are_named(open_points, fails):
    """A kind alone stands for all of it, a whole point for itself."""
    batch = 'kind = "petition_batch", level = "city", headcount = 2, matter = "M", abnormal = true'
    case = f"""
[[case]]
name = "未处置"
entry = [
    {{ id = "B-1", {batch}, occurred_at = "2016-03-10T09:00" }},
    {{ id = "B-2", {batch}, occurred_at = "2016-03-11T09:00" }},
]
expect.V1 = {{ open = [{open_points}] }}
"""
    assert len(told(case)) == fails


def test_units_that_are_not_scored_and_another_order_are_told():
    case = f'{CASE}order = ["V2"]\nexpect.V2 = {{ total = "0" }}\n'
    assert told(case) == ["V2 is not scored", "the order should be V2 and is V1"]


def test_entries_are_refused_as_by_an_import():
    """The message names the entry and the field."""
    case = CASE.replace("issued_on", "issued_at") + 'expect.V1 = { total = "0" }\n'
    assert [str(one)[:25] for one in told(case)] == [
        "yellow_card-1: issued_on:",
        "yellow_card-1: issued_at:",
    ]
    ruled = f'{CASE}rulings = {{ combine = "sums" }}\nexpect.V1 = {{ total = "0" }}\n'
    assert ["ruling-1: value" in str(one) for one in told(ruled)] == [True]


@pytest.mark.parametrize(
    ("case", "place", "words"),
    [
        (f"{CASE}", "黄牌一次", "expects nothing"),
        (f"{CASE}expects.V1 = {{}}", "黄牌一次", "there is no key 'expects'; known are name, text"),
        (CASE.replace("[[case]]", "[[cases]]"), None, "there is no key 'cases'; known are case"),
        (f'{CASE}expect.V1 = {{ total = "$t" }}', "黄牌一次", "$t has no value in any row"),
        (
            f'{CASE}expect.V1 = {{ total = "1" }}\nrow = [{{ t = 1 }}]',
            "黄牌一次",
            "t of row is used nowhere",
        ),
        (
            f'{CASE}expect.V1 = {{ total = "1" }}\n' * 2,
            "黄牌一次",
            "there are two cases of that name",
        ),
    ],
)
def test_file_of_cases_without_its_form_is_refused(case, place, words):
    with pytest.raises(UnsoundMeasureError) as raised:
        told(case)
    assert (raised.value.file, raised.value.place) == ("cases/own.toml", place)
    assert raised.value.what.startswith(words)
